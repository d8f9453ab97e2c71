from __future__ import annotations

import hashlib

import pytest

from defectreg.intake.naming import about, readings, statement_names, the_one
from defectreg.register.errors import UsageProblem
from defectreg.register.record import record_path, statements_folder
from tests.registers import ID

CAUSE = "2026-03-03-cause-supplier-one.yaml"
FIX = "2026-03-04-fix-maker-one.yaml"
FIX_AGAIN = "2026-03-05-fix-maker-one-2.yaml"
REPORT = "2026-03-02-report-supplier-one.yaml"
FILES = {
    record_path(ID): b"record",
    **{
        f"{statements_folder(ID)}/{name}": name.encode() for name in (CAUSE, FIX, FIX_AGAIN, REPORT)
    },
}


@pytest.mark.parametrize("typed", ["cause", CAUSE, CAUSE.removesuffix(".yaml"), "03-cause"])
def test_a_cause_is_meant_by_its_kind_its_name_or_a_part_of_it(typed: str) -> None:
    assert about(typed, FILES) == CAUSE


@pytest.mark.parametrize("typed", ["behaviour", "scope"])
def test_the_two_words_stay(typed: str) -> None:
    assert about(typed, FILES) == typed


def test_a_whole_name_is_meant_although_another_holds_it() -> None:
    assert about(FIX, FILES) == FIX


@pytest.mark.parametrize("typed", ["fix", "report", "workaround", "", "\x1b[2J"])
def test_what_means_none_or_several_is_refused_with_the_choice(typed: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        about(typed, FILES)
    assert FIX in refused.value.hint
    assert "\x1b" not in refused.value.sentence


def test_only_the_statements_of_a_party_can_be_superseded_by_it() -> None:
    assert statement_names(FILES, ("fix",), "maker-one") == [FIX, FIX_AGAIN]
    assert statement_names(FILES, ("fix",), "supplier-one") == []
    with pytest.raises(UsageProblem):
        the_one("fix", [], "fix of yours")


def test_a_record_is_read_where_nothing_is_named() -> None:
    digest = hashlib.sha256(b"record").hexdigest()
    line = f"{digest}  {ID}.yaml"
    assert readings(ID, FILES, ()) == readings(ID, FILES, ("record",)) == [line]
    assert readings(ID, FILES, (line,)) == [line]


def test_a_statement_is_read_by_its_name() -> None:
    digest = hashlib.sha256(CAUSE.encode()).hexdigest()
    assert readings(ID, FILES, ("cause",)) == [f"{digest}  {CAUSE}"]
