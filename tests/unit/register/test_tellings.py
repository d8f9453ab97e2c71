"""What a record gives to tell, and whom: from one good record, one thing changed."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace
from typing import Any

import pytest

from defectreg.register.parties import Parties, Party
from defectreg.register.record import Record
from defectreg.register.standing import Landed, Landing, Standing
from defectreg.register.statement import Statement
from defectreg.register.tellings import Asked, Telling, tellings_of, told_of
from tests.registers import good_record, grounds

DAY = datetime.date(2026, 3, 2)
"""The Monday on which the record lands."""
SHA, CHANGED = "ab" * 32, "cd" * 32
MAKER = "ESME:FF01/00010100@0001* in North"
OTHER = "CHF:FF02/00020001 in North"
POLICY = grounds().policy
PARTIES = Parties(
    {
        slug: Party(slug, slug, category, frozenset(ids), "", ())
        for slug, category, ids in (
            ("supplier-one", "large-supplier", ()),
            ("supplier-two", "small-supplier", ()),
            ("maker-one", "device-manufacturer", ("FF01",)),
            ("maker-two", "device-manufacturer", ("FF02",)),
            ("dcc", "dcc", ()),
            ("secas", "secas", ()),
            ("ssc", "ssc", ()),
        )
    }
)
TOLD = {"affected": [MAKER], "certainty": "suspected", "impact": "high"}


def said(kind: str, by: str, step: int = 1, **keys: Any) -> Landed:
    """A statement that lands so many days after the record."""
    day = DAY + datetime.timedelta(days=step - 1)
    data = {"of": "DR-7K3Q-X4MB", "kind": kind, "by": by, "date": day.isoformat(), **keys}
    name = f"{day.isoformat()}-{kind}-{by}.yaml"
    sha256 = hashlib.sha256(f"{name} {keys}".encode()).hexdigest()
    return Landed(Statement(name, data, sha256), Landing(step, day, "dcc", "self"))


def read(sha256: str = SHA) -> list[str]:
    return [f"{sha256}  DR-7K3Q-X4MB.yaml"]


def notice(to: str = "maker-one", step: int = 2, **keys: Any) -> Landed:
    return said("notice", "secas", step, **{"to": to, "told": TOLD, "read": read(), **keys})


def sign_off(decision: str, step: int = 1, by: str = "dcc", **keys: Any) -> Landed:
    return said("sign-off", by, step,
                **{"decision": decision, "role": "validator", "read": read(), **keys})  # fmt: skip


def standing(*more: Landed, sha256: str = SHA, **changes: Any) -> Standing:
    """A record that was reported by supplier-one, accepted, and what else was said of it."""
    record = Record(good_record(**{"affected": [MAKER], **changes}), sha256)
    return Standing(record, (said("report", "supplier-one"), sign_off("accept"), *more), PARTIES)


def asked(after: int = 1, **changes: Any) -> Asked:
    day = DAY + datetime.timedelta(days=after)
    return replace(Asked(POLICY, day, DAY - datetime.timedelta(days=31)), **changes)


def tellings(case: Standing, how: Asked | None = None) -> dict[tuple[str, str], Telling]:
    found = list(tellings_of(case, how or asked()))
    by_place = {(each.kind, each.to): each for each in found}
    assert len(by_place) == len(found), "nobody is told the same twice"
    return by_place


def kinds(case: Standing, how: Asked | None = None) -> set[str]:
    return {kind for kind, _ in tellings(case, how)}


def test_at_the_thresholds_the_manufacturer_and_the_dcc_are_told_and_parties_not_yet() -> None:
    found = tellings(standing())
    assert set(found) == {("manufacturer", "maker-one"), ("dcc", "dcc"),
                          ("landed", "supplier-one")}  # fmt: skip
    letter = found["manufacturer", "maker-one"]
    assert letter.told == TOLD
    assert letter.read == SHA
    assert letter.until == datetime.date(2026, 3, 17)


@pytest.mark.parametrize(
    "changes", [{"certainty": "reported"}, {"impact": {"consumers": "low"}}], ids=str
)
def test_below_a_threshold_only_who_reported_is_told(changes: dict[str, Any]) -> None:
    assert kinds(standing(**changes)) == {"landed"}


def test_in_a_combination_each_manufacturer_is_told_of_what_has_its_own_device() -> None:
    both = standing(affected=[MAKER, OTHER, f"{OTHER.removesuffix(' in North')} + {MAKER}"])
    one, two = (told_of(both, PARTIES.by_slug[slug])["affected"] for slug in
                ("maker-one", "maker-two"))  # fmt: skip
    assert len(one) == len(two) == 2
    assert MAKER in one
    assert OTHER in two
    found = tellings(both)
    assert {to for kind, to in found if kind == "manufacturer"} == {"maker-one", "maker-two"}
    assert found["manufacturer", "maker-one"].key != found["manufacturer", "maker-two"].key


def test_a_manufacturer_that_no_party_is_gets_no_letter() -> None:
    assert "manufacturer" not in kinds(standing(affected=["ESME:FF09/00010100 in North"]))


def test_once_told_the_manufacturer_is_not_told_again_until_more_is_to_tell() -> None:
    assert "manufacturer" not in kinds(standing(notice()))
    raised = standing(notice(told={**TOLD, "impact": "medium"}))
    assert "manufacturer" in kinds(raised)


def test_the_parties_are_told_once_the_manufacturers_were() -> None:
    found = tellings(standing(notice()))
    assert {to for kind, to in found if kind == "parties"} == {
        "supplier-one", "supplier-two", "maker-two",
    }  # fmt: skip
    omitted = asked(policy=replace(POLICY, letter_to_parties="omit"))
    assert "parties" not in kinds(standing(notice()), omitted)


@pytest.mark.parametrize(("day", "is_due"), [(12, False), (13, True), (17, True), (18, False)])
def test_a_reminder_is_due_in_the_last_working_days_of_the_window(day: int, is_due: bool) -> None:
    # Told on Tuesday 3 March, the tenth working day after is Tuesday 17 March.
    found = kinds(standing(notice()), asked(after=day - 2))
    assert ("reminder" in found) == is_due


def test_past_the_window_a_reminder_is_due_where_the_entry_waits() -> None:
    holds = asked(after=60, policy=replace(POLICY, silence="hold"))
    assert "reminder" in kinds(standing(notice()), holds)
    assert "reminder" not in kinds(standing(notice()), asked(after=60))


def test_a_reminder_that_became_a_notice_is_the_reminder_of_that_window() -> None:
    holds = asked(after=60, policy=replace(POLICY, silence="hold"))
    (one,) = (each for (kind, _), each in tellings(standing(notice()), holds).items()
              if kind == "reminder")  # fmt: skip
    again = standing(notice(), notice(step=12))
    (two,) = (each for (kind, _), each in tellings(again, holds).items() if kind == "reminder")
    assert one.key == two.key


def test_a_response_is_thanked_for_and_ends_reminders() -> None:
    answer = said("response", "maker-one", 3, position="investigating")
    found = tellings(standing(notice(), answer), asked(after=14))
    assert found["thanks", "maker-one"].why == "investigating"
    assert ("reminder", "maker-one") not in found
    assert {to for kind, to in found if kind == "publication"} == {"maker-one", "supplier-one"}


def test_a_response_by_letter_is_thanked_for_to_the_manufacturer() -> None:
    answer = said("response", "dcc", 3, position="disputed", received="letter",
                  **{"from": "maker-one"})  # fmt: skip
    assert ("thanks", "maker-one") in tellings(standing(notice(), answer))


def test_who_told_it_as_an_incident_is_written_to_by_nobody_here() -> None:
    incident = said("report", "dcc", 1, received="incident")
    assert ("landed", "dcc") not in tellings(standing(incident))


def test_what_was_returned_is_told_with_the_reason_that_its_reader_may_have() -> None:
    returned = sign_off("return", 2, says="Which firmware?")
    assert tellings(standing(returned))["returned", "supplier-one"].why == "Which firmware?"
    secret = sign_off("return", 2, says="Which firmware?", classification="red")
    assert tellings(standing(secret))["returned", "supplier-one"].why == ""


def test_a_fix_is_told_to_who_reported_once_it_is_accepted_and_shown() -> None:
    fix = said("fix", "maker-one", 3, device="ESME", firmware="00030005")
    answer = said("response", "maker-one", 3, position="fix-available")
    waiting = standing(notice(), answer, fix)
    assert "fix" not in kinds(waiting)
    accepted = sign_off("accept", 4, read=[f"{fix.statement.sha256}  {fix.statement.file}"])
    found = tellings(standing(notice(), answer, fix, accepted))
    assert found["fix", "supplier-one"].key == fix.statement.file


def test_everyone_who_was_told_of_another_text_is_told_of_the_correction() -> None:
    again = sign_off("accept", 4, read=read(CHANGED))
    answer = said("response", "maker-one", 3, position="waiver")
    case = standing(notice(), answer, again, sha256=CHANGED)
    how = asked(told={"supplier-two": frozenset({SHA}), "dcc": frozenset({CHANGED})})
    found = {to: each for (kind, to), each in tellings(case, how).items() if kind == "correction"}
    assert set(found) == {"maker-one", "supplier-two"}
    assert found["maker-one"].told == TOLD
    assert found["supplier-two"].told == {}


def test_of_a_withdrawal_who_was_told_and_who_reported_is_told_and_nobody_else() -> None:
    gone = sign_off("withdraw", 3, code="not-a-defect")
    how = asked(told={"supplier-two": frozenset({SHA})})
    assert set(tellings(standing(notice(), gone), how)) == {
        ("withdrawal", "maker-one"), ("withdrawal", "supplier-one"), ("withdrawal", "supplier-two"),
    }  # fmt: skip
    assert set(tellings(standing(gone))) == {("withdrawal", "supplier-one")}


def test_of_what_is_held_the_security_body_alone_is_told_and_only_where_it_says_security() -> None:
    assert set(tellings(standing(security=True))) == {("security", "ssc")}
    hold = sign_off("hold", 2, by="ssc", role="security")
    assert tellings(standing(hold)) == {}


def test_what_happened_before_the_days_that_are_asked_about_is_told_to_nobody() -> None:
    answer = said("response", "maker-one", 3, position="waiver")
    late = asked(after=90, since=DAY + datetime.timedelta(days=60))
    assert tellings(standing(notice(), answer), late) == {}
    assert kinds(standing(), late) == {"manufacturer"}
