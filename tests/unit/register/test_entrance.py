from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from defectreg.register.entrance import OF_EVERY_STEP, OF_WHAT_STANDS, Entrance, check_entrance
from defectreg.register.record import Record
from defectreg.register.rules.case import Case
from defectreg.register.rules.pages import code_pages
from defectreg.register.statement import Statement, statement_name
from tests.registers import ID, good_record, grounds

DAY = date(2026, 3, 10)
RECORD = Record(good_record(), "a" * 64)
_ANSWERS = {"data-correct": True, "fixes-checked": True, "presentation-consistent": True}


def said(kind: str, by: str, day: str = "2026-03-02", **keys: Any) -> Statement:
    data = {"of": ID, "kind": kind, "by": by, "date": day} | {
        key.replace("_", "-"): value for key, value in keys.items()
    }
    sha256 = hashlib.sha256(repr(data).encode()).hexdigest()
    return Statement(statement_name(date.fromisoformat(day), kind, by), data, sha256)


def decided(
    decision: str, day: str = "2026-03-10", sha256: str = "a" * 64, **keys: Any
) -> Statement:
    words: Mapping[str, Any] = {"role": "validator", **_ANSWERS, **keys}
    return said("sign-off", "dcc", day, decision=decision, read=[f"{sha256}  x.yaml"], **words)


REPORT = said("report", "supplier-one")


def codes(
    landed: tuple[Statement, ...],
    new: tuple[Statement, ...],
    *,
    brings_record: bool = True,
    before: str | None = None,
) -> list[str]:
    case = Case(RECORD, (*landed, *new), grounds())
    entrance = Entrance(case, new, brings_record, before, DAY)
    return sorted(each.code for each in check_entrance(entrance))


def test_an_added_record_lands_with_its_report_and_accept() -> None:
    assert codes((), (REPORT, decided("accept"))) == []
    assert codes((), (decided("accept"),)) == ["G010"]
    assert codes((), (REPORT,)) == ["G011"]


def test_a_changed_record_lands_with_an_accept_that_says_what_it_replaces() -> None:
    stood = "b" * 64
    assert codes((REPORT,), (decided("accept", replaces=stood),), before=stood) == []
    assert codes((REPORT,), (decided("accept", replaces="c" * 64),), before=stood) == ["G012"]
    assert codes((REPORT,), (decided("accept"),), before=stood) == ["G012"]


def test_the_accept_of_an_earlier_step_is_none_of_this_one() -> None:
    assert codes((REPORT, decided("accept", "2026-03-02")), (), before="b" * 64) == ["G011"]


def test_what_is_added_to_a_landed_record_asks_for_no_accept() -> None:
    late = said("report", "supplier-two", "2026-03-09")
    assert codes((REPORT,), (late,), brings_record=False) == []


def test_nothing_is_of_tomorrow() -> None:
    late = said("report", "supplier-two", "2026-03-11")
    assert codes((REPORT,), (late,), brings_record=False) == ["G016"]


def test_an_accept_reads_what_lands_with_it() -> None:
    other = decided("accept", sha256="d" * 64)
    assert codes((REPORT,), (other,), brings_record=False) == ["G015"]


def test_an_accept_signed_before_a_withdrawal_does_not_end_it() -> None:
    withdrawn = decided("withdraw", "2026-03-05", code="not-a-defect")
    for day, found in (("2026-03-04", ["G012"]), ("2026-03-05", []), ("2026-03-06", [])):
        accept = decided("accept", day)
        assert codes((REPORT, withdrawn), (accept,), brings_record=False) == found


def test_the_reporters_of_a_changed_record_are_the_first_and_the_new_ones() -> None:
    later = said("report", "supplier-two", "2026-03-05")
    new = said("report", "maker-one", "2026-03-10")
    case = Case(RECORD, (REPORT, later, new), grounds())
    changed = Entrance(case, (new,), True, "b" * 64, DAY)
    assert [report.by for report in changed.reports] == ["supplier-one", "maker-one"]
    as_it_is = Entrance(case, (new,), False, "b" * 64, DAY)
    assert len(as_it_is.reports) == 3


def test_rules_of_every_step_are_rules() -> None:
    assert code_pages().keys() >= OF_EVERY_STEP >= OF_WHAT_STANDS
