"""What a review shows beside its findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from defectreg.gate.reviewing import reviews_of
from defectreg.gate.showing import changes_of, outlooks_of, shown
from defectreg.register.yamltext import dump
from defectreg.store.requests import target_of
from tests.registers import ID, good_record, make_register, sign_off, statement
from tests.unit.gate.reviews import (
    CAUSE,
    DAY,
    PATH,
    READING,
    RECORD,
    REPORT,
    landed_and_accepted,
    reviewed,
    said,
)

NEW = {**RECORD, **said(REPORT)}


def outlook(new: dict[str, bytes], landed: dict[str, bytes] | None = None, **switches: Any) -> (
    dict[str, tuple[str, tuple[str, ...]]]
):  # fmt: skip
    """Audience → the stage it would see, and the marks."""
    found, target = reviewed(new, landed, **switches)
    seen = outlooks_of(found, target.grounds, DAY)
    return {one.audience: (one.stage.name, one.marks) for one in seen}


def test_each_audience_up_to_the_ceiling_is_told_of() -> None:
    assert list(outlook(NEW)) == ["clear", "green"]
    assert list(outlook(NEW, ceiling="red")) == ["clear", "green", "amber", "red"]


def test_what_is_not_accepted_yet_is_shown_as_it_will_be_once_it_is() -> None:
    cause = said(CAUSE)
    stage, marks = outlook({**NEW, **cause})["green"]
    assert (stage, marks) == ("to-notify", ("cause-suspected",))
    assert outlook(NEW)["green"][1] == ("cause-unknown",)


def test_a_return_of_today_does_not_hide_what_an_accept_would_bring() -> None:
    returned = said(sign_off("return", read=READING, says="See the title."))
    assert outlook({**NEW, **returned})["green"][0] == "to-notify"


def test_what_the_world_sees_only_with_a_fix_is_told_apart() -> None:
    assert outlook(NEW)["clear"][0] == "recorded"


def test_what_is_held_stays_held_for_everybody() -> None:
    held = said(sign_off("hold", "ssc", role="security", read=READING))
    assert {stage for stage, _ in outlook({**NEW, **held}).values()} == {"held"}


def test_what_cannot_be_read_has_no_outlook_and_no_change() -> None:
    found, target = reviewed({PATH: b"id: [\n"}, landed_and_accepted())
    assert outlooks_of(found, target.grounds, DAY) == []
    assert changes_of(found, target.grounds) == []


def test_a_change_is_told_field_by_field_in_the_order_of_the_schema() -> None:
    record = good_record(title="Meter sends no billing alerts", frequency="daily")
    changed = {PATH: dump(dict(reversed(record.items()))).encode()}
    found, target = reviewed(changed, landed_and_accepted())
    fields = [one.field for one in changes_of(found, target.grounds)]
    assert fields == ["title", "frequency"]


def test_a_new_record_changes_nothing() -> None:
    found, target = reviewed(NEW)
    assert changes_of(found, target.grounds) == []


def test_a_new_record_is_shown_beside_landed_ones_that_are_like_it(tmp_path: Path) -> None:
    other = good_record(id="DR-AAAA-BBBB")
    made = make_register(tmp_path / "register", [other], signs=False)
    made.add(good_record(), accept=False, ref=f"refs/heads/submit/{ID}")
    cause = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")
    made.say("DR-AAAA-BBBB", cause, ref="refs/heads/submit/DR-AAAA-BBBB-supplier-two")
    target = target_of(made.register())
    pages = {
        page.review.request.record_id: page
        for page in shown(reviews_of(target, [], made.today), target, made.today)
    }
    (similar,) = pages[ID].similar
    assert (similar.id, similar.title) == ("DR-AAAA-BBBB", other["title"])
    assert similar.likeness > 0.9
    assert pages["DR-AAAA-BBBB"].similar == ()
    assert pages[ID].unheld == ("FF02", "FF03")
