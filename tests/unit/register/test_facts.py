"""The facts behind the stage, and the marks, as functions of what landed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from defectreg.register.catalogue import Catalogue, parse_catalogue
from defectreg.register.record import Record
from defectreg.register.stage import MARKS, Stage, facts_of, marks_of, stage_of
from defectreg.register.standing import Landed
from defectreg.register.working_days import (
    MOST_HOLIDAYS,
    holidays_of_package,
    is_over,
    is_working_day,
    last_day,
)
from tests.unit.register.cases import FIRST_DAY, decided, policy, record, said, standing

EMPTY = Catalogue({}, {}, {}, {}, ())
AFFECTED = "ESME:FF01/00010100@00010001"
REPORT = said("report", "supplier-one")
ACCEPT = decided("accept")


def notice(step: int = 1, **told: Any) -> Landed:
    told = {"affected": [AFFECTED], "certainty": "suspected", "impact": "medium", **told}
    return said("notice", "secas", step, to="maker-one", delivered="e-mail", told=told)


def answer(step: int = 2, position: str = "acknowledged", **keys: Any) -> Landed:
    return said("response", "maker-one", step, position=position, **keys)


def stage(
    *landed: Landed,
    of: Record | None = None,
    audience: str = "green",
    day: datetime.date = FIRST_DAY,
    **switches: Any,
) -> Stage:
    return stage_of(facts_of(standing(*landed, of=of), policy(**switches), audience, day))


def test_an_accepted_record_goes_by_way_of_notice_and_reply_to_published() -> None:
    assert stage(REPORT).name == "reported"
    assert stage(REPORT, ACCEPT).name == "to-notify"
    assert stage(REPORT, ACCEPT, notice()).name == "in-reply"
    assert stage(REPORT, ACCEPT, notice(), answer()).name == "published"


def test_the_reply_window_counts_working_days_from_the_step_that_landed_the_notice() -> None:
    told = (REPORT, ACCEPT, notice(step=1))
    end = datetime.date(2026, 3, 17)
    assert last_day(FIRST_DAY + datetime.timedelta(days=1), 10) == end
    assert stage(*told, day=end).until == end
    assert stage(*told, day=end + datetime.timedelta(days=1)).name == "published"


def test_silence_holds_where_the_policy_says_so() -> None:
    late = FIRST_DAY + datetime.timedelta(days=60)
    held = stage(REPORT, ACCEPT, notice(), day=late, silence="hold")
    assert (held.name, held.until) == ("in-reply", None)
    assert stage(REPORT, ACCEPT, notice(), day=late, silence="proceed").name == "published"


def test_a_waiver_ends_the_window_and_a_letter_entered_for_the_maker_does_too() -> None:
    assert stage(REPORT, ACCEPT, notice(), answer(position="waiver")).name == "published"
    by_letter = said("response", "dcc", 2, position="investigating", from_="maker-one")
    assert stage(REPORT, ACCEPT, notice(), by_letter).name == "published"
    by_other = said("response", "supplier-two", 2, position="investigating")
    assert stage(REPORT, ACCEPT, notice(), by_other).name == "in-reply"


@pytest.mark.parametrize(
    "told",
    [
        {"affected": ["ESME:FF01/00010100@00010002"]},
        {"certainty": "reported"},
        {"impact": "low"},
    ],
)
def test_what_was_added_or_raised_since_needs_a_new_notice(told: dict[str, Any]) -> None:
    earlier = (REPORT, ACCEPT, notice(1, **told), answer(2))
    assert stage(*earlier).name == "to-notify"
    assert stage(*earlier, notice(3)).name == "in-reply"
    assert stage(*earlier, notice(3), answer(4)).name == "published"


def test_a_cause_that_was_not_told_needs_a_new_notice() -> None:
    cause = said("cause", "supplier-one", 3, cause="suspected", says="A counter overflows.")
    counted = (cause, decided("accept", cause, step=3))
    before = (REPORT, ACCEPT, notice(1), answer(2))
    assert stage(*before, *counted).name == "to-notify"
    told = notice(4, causes=[cause.statement.file])
    assert stage(*before, *counted, told, answer(5)).name == "published"


def test_a_maker_that_no_party_answers_for_needs_no_notice() -> None:
    of = record(affected=["ESME:FF0A/00010100"])
    assert stage(REPORT, ACCEPT, of=of).name == "published"


@pytest.mark.parametrize(
    ("changes", "switches", "name"),
    [
        ({"certainty": "reported"}, {}, "recorded"),
        ({"certainty": "reported"}, {"certainty_threshold": "reported"}, "published"),
        ({"impact": {"consumers": "low"}}, {}, "recorded"),
        ({"impact": {"consumers": "low"}}, {"impact_threshold": "low"}, "published"),
        ({}, {"minimum_parties": 2}, "recorded"),
        ({}, {"show_without_fix_to_parties": "withhold"}, "recorded"),
        ({"kind": "superfluous-alerts"}, {"show_without_fix_to_parties": "withhold"}, "published"),
        ({"kind": "device-information"}, {"show_without_fix_to_parties": "withhold"}, "published"),
        ({"classification": "amber"}, {}, "recorded"),
        ({"given-in-confidence": True}, {}, "recorded"),
    ],
)
def test_what_keeps_an_accepted_record_back(
    changes: dict[str, Any], switches: dict[str, Any], name: str
) -> None:
    of = record(**{"affected": ["ESME:FF0A/00010100"], **changes})
    assert stage(REPORT, ACCEPT, of=of, **switches).name == name


def test_the_world_sees_what_has_a_fix_and_is_clear() -> None:
    of = record(affected=["ESME:FF0A/00010100"], classification="clear")
    fix = said("fix", "maker-one", device="ESME", firmware="00010002", classification="clear")
    fixed = (REPORT, ACCEPT, fix, decided("accept", fix, number=2))
    unshown = said("fix", "maker-one", device="ESME", firmware="00010002")
    unseen = (REPORT, ACCEPT, unshown, decided("accept", unshown, number=2))
    assert stage(*unseen, of=of, audience="clear").name == "recorded"
    assert stage(REPORT, ACCEPT, of=of, audience="clear").name == "recorded"
    assert stage(*fixed, of=of, audience="clear").name == "published"
    green = record(affected=["ESME:FF0A/00010100"])
    assert stage(*fixed, of=green, audience="clear").name == "recorded"


def marks(*landed: Landed, of: Record | None = None, catalogue: Catalogue = EMPTY) -> set[str]:
    return set(marks_of(standing(*landed, of=of), catalogue, "green", policy()))


def test_a_fix_is_fixed_once_another_party_confirms_it() -> None:
    fix = said("fix", "maker-one", device="ESME", firmware="00010002")
    counted = (fix, decided("accept", fix))
    assert marks(*counted) == {"fix", "cause-unknown"}
    own = said("confirmation", "maker-one", 1, about=fix.statement.file)
    assert "fixed" not in marks(*counted, own, decided("accept", own, step=1))
    other = said("confirmation", "supplier-two", 1, about=fix.statement.file)
    assert "fixed" in marks(*counted, other, decided("accept", other, step=1))
    assert "fixed" not in marks(*counted, other)
    of_behaviour = said("confirmation", "supplier-two", 1, about="behaviour")
    assert "fixed" not in marks(*counted, of_behaviour, decided("accept", of_behaviour, step=1))


def test_the_cause_is_the_surest_that_counts() -> None:
    suspected = said("cause", "maker-one", cause="suspected")
    identified = said("cause", "supplier-one", cause="identified")
    accepts = decided("accept", suspected), decided("accept", identified, number=2)
    assert "cause-suspected" in marks(suspected, accepts[0])
    assert "cause-identified" in marks(suspected, identified, *accepts)
    assert "cause-unknown" in marks(suspected, identified)


@pytest.mark.parametrize(
    ("position", "disputed"),
    [
        ("disputed", True),
        ("not-reproduced", True),
        ("supplier-process", True),
        ("acknowledged", False),
        ("not-affected", False),
    ],
)
def test_it_is_disputed_by_a_challenge_that_counts_or_by_what_the_maker_says(
    position: str, disputed: bool
) -> None:
    assert ("disputed" in marks(answer(position=position))) is disputed


def test_a_challenge_disputes_once_it_is_accepted() -> None:
    challenge = said("challenge", "supplier-two", about="scope", says="Seen in Central too.")
    assert "disputed" not in marks(challenge)
    assert "disputed" in marks(challenge, decided("accept", challenge))


@pytest.mark.parametrize(
    ("code", "mark"), [("duplicate-of", "duplicate"), ("superseded", "superseded")]
)
def test_the_code_of_a_withdrawal_marks_duplicates_and_superseded_ones(
    code: str, mark: str
) -> None:
    withdraw = decided("withdraw", code=code, other="DR-0000-0001")
    assert mark in marks(withdraw)
    assert mark not in marks(decided("withdraw", code="reported-in-error"))


def test_a_newer_firmware_of_the_catalogue_marks_until_somebody_names_it() -> None:
    catalogue = parse_catalogue(
        {
            "manufacturers.yaml": {"manufacturers": [{"id": "FF01", "name": "Invented One"}]},
            "products.yaml": {
                "products": [
                    {
                        "type": "ESME",
                        "manufacturer": "FF01",
                        "model": "00010100",
                        "name": "Invented meter",
                        "smets_version": "5.0",
                        "variants": ["A"],
                        "firmware": [
                            {"version": "00010001", "released": "2025-01-10"},
                            {"version": "00010002", "released": "2026-01-10"},
                        ],
                    }
                ]
            },
            "esme_variants.yaml": {"esme_variants": []},
            "alert_codes.yaml": {"alert_codes": []},
            "service_requests.yaml": {"service_requests": []},
        }
    )
    mark = "not-confirmed-with-newer-firmware"
    assert mark in marks(catalogue=catalogue)
    fix = said("fix", "maker-one", device="ESME", firmware="00010002")
    assert mark not in marks(fix, decided("accept", fix), catalogue=catalogue)
    tried = ["ESME:FF01/00010100@00010002"]
    challenge = said("challenge", "supplier-two", about="scope", says="Not seen.", tried_with=tried)
    assert mark not in marks(challenge, decided("accept", challenge), catalogue=catalogue)
    assert mark not in marks(of=record(affected=["ESME:FF01/00010100"]), catalogue=catalogue)


def test_every_mark_has_its_explanation() -> None:
    assert all(MARKS.values())


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-12-24", True), ("2026-12-25", False), ("2026-12-28", False), ("2026-11-22", False)],
)
def test_bank_holidays_and_weekends_are_no_working_days(day: str, works: bool) -> None:
    assert is_working_day(datetime.date.fromisoformat(day)) is works


def test_a_window_of_no_days_ends_on_the_day_it_opens() -> None:
    assert last_day(FIRST_DAY, 0) == FIRST_DAY


@pytest.mark.parametrize("working_days", [0, 1, 10, 40])
@pytest.mark.parametrize("start", ["2026-03-27", "2026-12-18", "2022-05-30", "2026-11-21"])
def test_a_window_is_over_on_the_days_after_its_last(start: str, working_days: int) -> None:
    first = datetime.date.fromisoformat(start)
    end = last_day(first, working_days)
    for days in range(-3, 160):
        day = first + datetime.timedelta(days)
        assert is_over(first, working_days, day) is (end < day)


def test_no_year_has_more_bank_holidays_than_a_window_is_judged_by() -> None:
    assert max(len(holidays_of_package(year)) for year in range(1990, 2100)) < MOST_HOLIDAYS


def test_a_notice_sent_again_opens_no_new_window() -> None:
    told = (REPORT, ACCEPT, notice(1), answer(2), notice(3))
    assert stage(*told).name == "published"


def test_a_notice_that_names_a_combination_in_another_writing_tells_of_it() -> None:
    told = notice(1, affected=["esme:ff01/00010100@00010001"])
    assert stage(REPORT, ACCEPT, told, answer(2)).name == "published"


def test_a_combination_without_a_makers_device_needs_no_notice_to_that_maker() -> None:
    of = record(affected=[AFFECTED, "ESME:FF0A/00010100"])
    assert stage(REPORT, ACCEPT, notice(1), answer(2), of=of).name == "published"


def test_marks_are_of_what_the_audience_may_be_shown() -> None:
    challenge = said(
        "challenge", "supplier-two", about="scope", says="Seen.", classification="amber"
    )
    landed = standing(challenge, decided("accept", challenge))
    assert "disputed" not in marks_of(landed, EMPTY, "green", policy())
    assert "disputed" in marks_of(landed, EMPTY, "amber", policy())
