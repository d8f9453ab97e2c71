from __future__ import annotations

import pytest

from defectreg.register.devices import parse_combination
from defectreg.register.errors import UsageProblem
from defectreg.register.schema import Schema
from defectreg.search.language import LONGEST, fields_of, parse_query
from defectreg.store.index import AnyOf, Models, Query
from tests.registers import grounds

HUB = "CHF:FF02/00020001 + ESME:FF01/00010100@00010005 in North"


@pytest.fixture(scope="module")
def schema() -> Schema:
    return grounds().schemas["record"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Query()),
        ("   ", Query()),
        ("billing", Query(phrases=(("billing",),))),
        ("billing alerts", Query(phrases=(("billing",), ("alerts",)))),
        ('"billing alerts"', Query(phrases=(("billing", "alerts"),))),
        ("re-boot", Query(phrases=(("re", "boot"),))),
        ("0x8F1E", Query(phrases=(("8F1E",),))),
        ("-billing", Query(excluded_phrases=(("billing",),))),
        ('-"no alert"', Query(excluded_phrases=(("no", "alert"),))),
        ("kind:defect", Query(facets=(AnyOf("kind", ("defect",)),))),
        ("KIND:Defect", Query(facets=(AnyOf("kind", ("defect",)),))),
        ("kind:defect kind:issue", Query(facets=(AnyOf("kind", ("defect", "issue")),))),
        ("-kind:defect", Query(facets=(AnyOf("kind", ("defect",), True),))),
        ('region:"4g north"', Query(facets=(AnyOf("region", ("4G North", "")),))),
        ("alert:0x8f1e", Query(facets=(AnyOf("alert", ("8F1E",)),))),
        ("variant:AD", Query(facets=(AnyOf("variant", ("AD",)),))),
        ("has-fix:true", Query(facets=(AnyOf("has-fix", ("true",)),))),
        ("stage:withdrawn", Query(stages=("withdrawn",))),
        ("-stage:published", Query(excluded_stages=("published",))),
        ("id:7k3q-x", Query(ids=("DR-7K3Q-X",))),
        ("model:00010100", Query(models=(Models("00010100"),))),
        ("model:00010100 manufacturer:FF01", Query(models=(Models("00010100", "FF01"),))),
        ("FF01/00010100", Query(models=(Models("00010100", "FF01"),))),
        (HUB, Query(combinations=(parse_combination(HUB),))),
        (f'"{HUB}"', Query(combinations=(parse_combination(HUB),))),
        ("esme:FF01/1", Query(combinations=(parse_combination("ESME:FF01/1"),))),
        ("12:30", Query(phrases=(("12", "30"),))),
        ('"time: late"', Query(phrases=(("time", "late"),))),
        ("AND OR NOT", Query(phrases=(("AND",), ("OR",), ("NOT",)))),
    ],
)
def test_what_is_typed_is_understood(schema: Schema, typed: str, expected: Query) -> None:
    assert parse_query(typed, schema) == expected


def test_a_combination_ends_where_the_words_go_on(schema: Schema) -> None:
    found = parse_query(f"late {HUB},4G North billing kind:issue", schema)
    assert found.combinations == (parse_combination(f"{HUB},4G North"),)
    assert found.phrases == (("late",), ("billing",))
    assert found.facets == (AnyOf("kind", ("issue",)),)


def test_options_mean_what_the_same_field_means(schema: Schema) -> None:
    beside = [("kind", "defect"), ("region", "4G North")]
    assert parse_query("late", schema, beside) == parse_query(
        'late kind:defect region:"4G North"', schema
    )


@pytest.mark.parametrize(
    ("typed", "sentence", "hint"),
    [
        ("knid:defect", "no field 'knid'", "did you mean kind"),
        ("nofield:x", "no field 'nofield'", "fields are alert, certainty"),
        ("http://example", "no field 'http'", "quotation marks"),
        ("kind:defct", "no value of kind", "did you mean defect"),
        ("has-fix:maybe", "no value of has-fix", "true, false"),
        ("kind:", "kind: has no value", "without a blank"),
        ("alert:xyz", "not an alert code", ""),
        ("id:!", "no id of a record", "DR-7K3Q-X4MB"),
        ('say "hello', "not closed", '"like this"'),
        ("+", "no letter or digit", "leave it out"),
        ("manufacturer:FF01", "only together with model:", "model:00010100 manufacturer:FF01"),
        ("manufacturer:FF01 kind:issue", "only together with model:", "alone"),
        ("-manufacturer:FF01 model:1", "none can be excluded", "alone"),
        ("model:1 manufacturer:FF01 manufacturer:FF02", "takes one manufacturer", "alone"),
        ("ESME:FF01", "in the combination", "TYPE:MANUFACTURER/MODEL"),
        ("ESME:FF01/1 +", "in the combination", ""),
        ("ESME:FF01/1 in Nowhere", "is not a region", "North"),
        ("-ESME:FF01/1", "cannot be excluded", "-"),
        ("x" * (LONGEST + 1), "longer than", "ask for less"),
        ("x " * 500, "words", "ask for less"),
    ],
)
def test_what_is_not_understood_is_said_with_what_to_type(
    schema: Schema, typed: str, sentence: str, hint: str
) -> None:
    with pytest.raises(UsageProblem) as problem:
        parse_query(typed, schema)
    assert sentence in problem.value.sentence
    assert hint in problem.value.hint


def test_every_facet_of_the_schema_is_a_field_and_none_counts_by_manufacturer(
    schema: Schema,
) -> None:
    fields = fields_of(schema)
    assert {"kind", "variant", "trigger", "frequency", "alert", "certainty"} <= fields.keys()
    assert {"region", "has-fix", "stage", "model", "id"} <= fields.keys()
    assert fields["kind"].values[0] == "issue"
    assert fields["manufacturer"].values == ()
