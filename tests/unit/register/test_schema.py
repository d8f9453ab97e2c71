from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectreg.register.schema import SCHEMA_CODES, Schema, Validator, check_schema
from defectreg.register.yamltext import YamlError, load
from tests.examples.loading import EXAMPLES, ROOT, base, example

NAMES = ("record", "statement", "party", "policy")
GOOD: dict[str, Any] = {
    "title": "A thing",
    "description": "A thing of tests.",
    "type": "object",
    "additionalProperties": False,
    "required": ["word"],
    "properties": {
        "word": {
            "title": "Word",
            "description": "A word.",
            "type": "string",
            "pattern": "^[a-z]+$",
            "x-classification": "green",
        },
        "day": {
            "title": "Day",
            "description": "A day.",
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            "x-classification": "green",
        },
        "words": {
            "title": "Words",
            "description": "Words.",
            "type": "array",
            "items": {"$ref": "#/$defs/word"},
        },
    },
    "$defs": {
        "word": {
            "title": "Word",
            "description": "A word.",
            "type": "string",
            "x-classification": "green",
        }
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good schema with one thing changed; None takes it out."""
    document = copy.deepcopy(GOOD)
    *outer, last = path.split("/")
    place = document
    for part in outer:
        place = place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return document


@cache
def schema(name: str) -> Schema:
    return Schema(json.loads((ROOT / "schema" / f"{name}.schema.json").read_bytes()))


@cache
def validator(name: str) -> Validator:
    return Validator(schema(name))


def test_a_good_schema_passes_its_own_check() -> None:
    assert list(check_schema(GOOD)) == []


@pytest.mark.parametrize("name", NAMES)
def test_our_schemas_pass_their_own_check(name: str) -> None:
    assert list(check_schema(schema(name).document)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_leaf_of_our_schemas_has_a_class(name: str) -> None:
    assert schema(name).leaves
    assert {leaf.classification for leaf in schema(name).leaves} <= {
        "clear",
        "green",
        "amber",
        "red",
    }


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("properties/word/x-classification", None, "without x-classification"),
        ("properties/word/x-classification", "white", "without x-classification"),
        ("$defs/word/x-classification", None, "without x-classification"),
        ("additionalProperties", None, "does not refuse other keys"),
        ("additionalProperties", True, "does not refuse other keys"),
        ("properties/word/title", None, "without a title"),
        ("properties/word/description", "", "without a description"),
        ("required", ["nothing"], "required and not described"),
        ("properties/words/items", None, "what its items are"),
        ("properties/word/type", "number", "the type is none of"),
        ("properties/word/type", ["string", "integer"], "the type is none of"),
        ("properties/word/type", None, "the type is none of"),
        ("properties/word/pattern", "[a-z]+", "not anchored"),
        ("properties/word/pattern", "^[a-z]+", "not anchored"),
        ("properties/word/pattern", r"^\d+$", "more than ASCII"),
        ("properties/word/pattern", r"^\w+$", "more than ASCII"),
        ("properties/word/pattern", "^(?=a)[a-z]+$", "more than ASCII"),
        ("properties/word/pattern", "^\u00e4$", "more than ASCII"),
        ("properties/word/format", "email", "format other than date"),
        ("properties/day/pattern", None, "fixes its written form"),
        ("properties/words/items", {"$ref": "other.json"}, "leaves the file"),
        ("properties/words/items", {"$ref": "https://example.org/a"}, "leaves the file"),
        ("properties/words/items", {"$ref": "#/$defs/none"}, "definition that is not there"),
        ("properties/words/items", {"$ref": 3}, "leaves the file"),
        (
            "properties/words/items",
            {"$ref": "#/$defs/word", "minLength": 3},
            "with something beside it",
        ),
        ("$defs/word", {"$ref": "#/$defs/word"}, "refers to itself"),
        ("properties", 3, "what properties says is of the wrong kind"),
        ("properties", {}, "no object with properties"),
        ("properties", None, "no object with properties"),
        ("type", "string", "no object with properties"),
        ("$defs", [], "what $defs says is of the wrong kind"),
        ("$defs/word", 3, "a schema is a mapping"),
        ("properties/word", [], "a schema is a mapping"),
        ("properties/words/items", 3, "a schema is a mapping"),
        ("required", 3, "what required says is of the wrong kind"),
        ("required", [["word"]], "what required says is of the wrong kind"),
        ("required", ["word", "word"], "what required says is of the wrong kind"),
        ("properties/word/pattern", 3, "what pattern says is of the wrong kind"),
        ("properties/word/pattern", "^(($", "cannot be read"),
        ("properties/word/pattern", "^a|b$", "not anchored"),
        ("properties/word/pattern", "^[^]|]|b$", "not anchored"),
        ("properties/word/pattern", "^(a)\\1$", "more than ASCII"),
        ("properties/word/pattern", "^a*+$", "more than ASCII"),
        ("properties/word/maxLength", "q", "what maxLength says is of the wrong kind"),
        ("properties/word/maxLength", True, "what maxLength says is of the wrong kind"),
        ("properties/word/minLength", -1, "what minLength says is of the wrong kind"),
        ("properties/word/minimum", "1", "what minimum says is of the wrong kind"),
        ("properties/word/enum", "a", "what enum says is of the wrong kind"),
        ("properties/word/title", 3, "what title says is of the wrong kind"),
        ("properties/word/items", {"$ref": "#/$defs/word"}, "items says nothing of this type"),
        ("properties/word/$id", "urn:a", "stands at the top alone"),
        ("$schema", "http://json-schema.org/draft-04/schema#", "what $schema says"),
        ("$id", "https://example.org/a", "what $id says"),
        *(
            (f"properties/word/{keyword}", value, f"the keyword {keyword} is not one")
            for keyword, value in {
                "if": {},
                "then": {},
                "else": {},
                "allOf": [],
                "anyOf": [],
                "oneOf": [],
                "not": {},
                "dependentSchemas": {},
                "patternProperties": {},
                "unevaluatedProperties": False,
                "propertyNames": {},
                "$dynamicRef": "#a",
                "$anchor": "a",
                "contains": {},
                "uniqueItems": True,
                "multipleOf": 2,
                "minimun": 1,
            }.items()
        ),
    ],
)
def test_the_own_check_refuses(path: str, value: Any, words: str) -> None:
    assert any(words in problem.sentence for problem in check_schema(changed(path, value)))


@pytest.mark.parametrize("pattern", ["^(?:a|b)$", "^[|]$", "^[]|]$", "^[^]|]$", r"^a\|b$"])
def test_a_choice_within_a_group_or_class_is_anchored(pattern: str) -> None:
    assert list(check_schema(changed("properties/word/pattern", pattern))) == []


def _object(**properties: Any) -> dict[str, Any]:
    about = {"title": "A", "description": "B.", "type": "object", "additionalProperties": False}
    return {**about, "properties": properties}


@pytest.mark.parametrize(
    "definitions",
    [
        {"a": _object(inner={"$ref": "#/$defs/a"})},
        {"a": _object(inner={"$ref": "#/$defs/b"}), "b": _object(inner={"$ref": "#/$defs/a"})},
        {
            "a": {
                "title": "A",
                "description": "B.",
                "type": "array",
                "items": {"$ref": "#/$defs/a"},
            }
        },
    ],
)
def test_a_definition_that_leads_back_to_itself_is_refused(definitions: dict[str, Any]) -> None:
    definitions = {**GOOD["$defs"], **definitions}
    sentences = {problem.sentence for problem in check_schema(changed("$defs", definitions))}
    assert sentences == {"a definition that refers to itself"}


def test_a_schema_that_is_nested_too_deep_is_refused() -> None:
    node: dict[str, Any] = {"$ref": "#/$defs/word"}
    for _ in range(3000):
        node = _object(inner=node)
    problems = list(check_schema(changed("properties/word", node)))
    assert any("nested" in problem.sentence for problem in problems)


@given(
    st.sampled_from(["", "properties/", "properties/word/", "properties/words/", "$defs/word/"]),
    st.sampled_from(
        "type properties required items enum const pattern format minimum maxLength $ref $defs "
        "title default additionalProperties x-classification $id $schema".split()
    ),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=4)
        | st.sampled_from(["string", "object", "array", "^a$", "#/$defs/word"]),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["type", "$ref", "items", "word"]), inner, max_size=2)
        ),
        max_leaves=4,
    ),
)
def test_the_own_check_says_something_of_any_schema_that_cannot_be_used(
    place: str, keyword: str, value: Any
) -> None:
    document = copy.deepcopy(GOOD)
    target: Any = document
    for part in filter(None, place.split("/")):
        target = target[part]
    target[keyword] = value
    if not list(check_schema(document)):
        assert jsonschema.Draft202012Validator.check_schema(document) is None
        made = Schema(document)
        assert made.leaves
        assert Validator(made).holds({}) in (True, False)
        made.coerced({"word": "1", "words": ["1"]})


def test_scalars_become_what_the_schema_names() -> None:
    data = {"stands-for": "12", "given-in-confidence": "true", "says": "12", "firmware": "00020120"}
    assert schema("statement").coerced(data) == {
        "stands-for": 12,
        "given-in-confidence": True,
        "says": "12",
        "firmware": "00020120",
    }
    assert data["stands-for"] == "12"


@pytest.mark.parametrize("text", ["yes", "True", "1", "", "on"])
def test_only_true_and_false_are_booleans(text: str) -> None:
    assert schema("record").coerced({"security": text}) == {"security": text}


@pytest.mark.parametrize("text", ["012", "1.0", "+1", "1e3", "0x1", " 1", "1_000"])
def test_only_plain_digits_are_integers(text: str) -> None:
    assert schema("statement").coerced({"stands-for": text}) == {"stands-for": text}


def test_nothing_to_coerce_gives_the_data_themselves() -> None:
    data: dict[str, Any] = {"title": "abc"}
    assert schema("record").coerced(data) is data


def accepts(name: str, data: Any) -> bool:
    """What jsonschema says, asked as strictly as jsonschema-rs is."""
    return not list(validator(name)._explained(data))


def verdicts_agree(name: str, data: Any) -> bool:
    return validator(name).holds(data) == accepts(name, data)


def documents() -> list[tuple[str, dict[str, Any]]]:
    """The documents of the base and of every example that can be read, with their schema."""
    found = []
    every = [base()]
    for folder in sorted((EXAMPLES / "rules").iterdir()):
        every.extend(example(folder.name, name) for name in ("pass", "fail"))
    for files in every:
        for path, source in files.items():
            name = schema_of(path)
            if name is not None:
                found.extend(read(name, source))
    return found


def read(name: str, source: bytes) -> list[tuple[str, dict[str, Any]]]:
    try:
        return [(name, schema(name).coerced(load(source).data))]
    except YamlError:
        return []


def schema_of(path: str) -> str | None:
    if path.startswith("policy/parties/"):
        return "party"
    if path == "policy/register.yaml":
        return "policy"
    if path.startswith("records/") and path.endswith(".yaml"):
        return "record" if path.count("/") == 2 else "statement"
    return None


def test_both_libraries_give_one_verdict_on_every_example() -> None:
    seen: dict[str, set[bool]] = {name: set() for name in NAMES}
    unique = {json.dumps([name, data]): (name, data) for name, data in documents()}
    for name, data in unique.values():
        assert verdicts_agree(name, data), (name, data)
        seen[name].add(validator(name).holds(data))
    assert seen["record"] == {True, False}


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 20_000_000),
    st.sampled_from(
        [
            "",
            "\n",
            "a\n",
            "DR-7K3Q-X4MB\n",
            "2026-02-30",
            "2026-02-28\n",
            "2026-02-28",
            "20260228",
            "\u0662\u0660\u0662\u0666-02-28",
            "\u00e4" * 30,
            "a" * 121,
            "a" * 8001,
            "8F1E",
            "8f1e",
            "AD",
            "ADEG",
            "red",
            "high",
            "true",
        ]
    ),
    st.text(max_size=8),
    st.lists(st.sampled_from(["8F1E", "A", "", "x"]), max_size=70),
    st.dictionaries(st.sampled_from(["consumers", "devices", "x", ""]), st.text(max_size=3)),
)


def starting() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, schema(name).coerced(load(source).data))
        for path, source in base().items()
        for name in [schema_of(path)]
        if name is not None
    ]


def mutated(name: str, data: Mapping[str, Any], changes: list[tuple[str, Any]]) -> dict[str, Any]:
    """Data with some values replaced, added or (by Ellipsis) taken out."""
    made = copy.deepcopy(dict(data))
    for key, value in changes:
        if value is ...:
            made.pop(key, None)
        else:
            made[key] = value
    return made


@given(st.data())
def test_both_libraries_give_one_verdict_on_mutated_documents(data: st.DataObject) -> None:
    name, good = data.draw(st.sampled_from(starting()))
    keys = st.sampled_from([*schema(name).properties, "unknown"])
    changes = data.draw(st.lists(st.tuples(keys, st.just(...) | ODD), max_size=4))
    document = mutated(name, good, changes)
    assert verdicts_agree(name, document), document


@given(st.data())
def test_a_document_that_does_not_hold_has_a_problem_with_a_known_code(
    data: st.DataObject,
) -> None:
    name, good = data.draw(st.sampled_from(starting()))
    keys = st.sampled_from([*schema(name).properties, "unknown"])
    changes = data.draw(st.lists(st.tuples(keys, st.just(...) | ODD), min_size=1, max_size=3))
    document = mutated(name, good, changes)
    problems = list(validator(name).problems(document))
    assert bool(problems) == (not validator(name).holds(document))
    assert {code for code, _ in problems} <= SCHEMA_CODES.keys()


def test_what_no_other_code_says_is_s009() -> None:
    class Silent(Validator):
        def _explained(self, data: Any) -> Any:
            return iter(())

    ((code, problem),) = Silent(schema("record")).problems({})
    assert (code, problem.path) == ("S009", ())


def test_a_value_is_never_repeated_in_a_sentence() -> None:
    good = dict(starting()[0][1]) if starting()[0][0] == "record" else None
    record = good or next(data for name, data in starting() if name == "record")
    secret = "mrs-smith-of-number-9"
    for key in ("kind", "since", "frequency", "title"):
        value = secret * 10 if key == "title" else secret
        problems = list(validator("record").problems({**record, key: value}))
        assert problems
        assert not [problem for _, problem in problems if secret in problem.sentence]


def test_a_missing_key_is_named_with_what_belongs_there() -> None:
    ((code, problem),) = validator("policy").problems({})
    assert (code, problem.sentence) == ("S002", "the key name is missing")
    assert "short name" in problem.hint


def test_an_unknown_key_is_answered_with_the_one_that_was_meant() -> None:
    problems = list(validator("policy").problems({"name": "abc", "ceilling": "red"}))
    assert [(code, problem.hint) for code, problem in problems] == [
        ("S001", "did you mean ceiling?")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_our_schemas_are_schemas_of_draft_2020_12(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(dict(schema(name).document))
