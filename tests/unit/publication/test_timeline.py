"""The time-line of an entry: day by day in words, and as a picture."""

from __future__ import annotations

import datetime

from defectreg.publication.timeline import days_of, picture_of
from defectreg.publication.words import STATEMENTS
from defectreg.register.public import SHOWN_KINDS, PublicEvent
from tests.unit.publication.editions import DAY, entry, said, tombstone

LATER = DAY + datetime.timedelta(days=40)


def _event(what: str, day: datetime.date = DAY, whose: str = "Large Supplier") -> PublicEvent:
    return PublicEvent(day, what, whose)


def test_the_events_of_a_day_stand_together_in_the_order_in_which_they_came() -> None:
    record = entry(timeline=(_event("report"), _event("accept"), _event("fix", LATER)))
    told = [(day.day, [event.what for event in day.events]) for day in days_of(record)]
    assert told == [(DAY, ["Reported", "Accepted"]), (LATER, ["Fix"])]


def test_events_of_one_kind_are_told_once_a_day_with_all_whose_they_are() -> None:
    events = (
        _event("report"),
        _event("report", whose="DCC"),
        _event("report", whose="DCC"),
        _event("report", whose=""),
    )
    (day,) = days_of(entry(timeline=events))
    assert [event.whose for event in day.events] == ["Large Supplier, DCC (2) and not shown"]


def test_a_picture_has_a_lane_for_each_group_of_what_was_said() -> None:
    record = entry(timeline=(_event("report"), _event("notice"), _event("fix", LATER)))
    picture = picture_of(record)
    assert picture is not None
    assert "Reported" in picture.text
    assert "Manufacturers: told" in picture.text
    assert "Fix, workaround or accommodation" in picture.text
    assert "challenged" not in picture.text


def test_everything_that_a_time_line_may_tell_stands_on_a_lane_of_the_picture() -> None:
    for what in (*SHOWN_KINDS, "notice", "accept", "withdraw"):
        first, last = _event(what), _event(what, LATER)
        picture = picture_of(entry(timeline=(first, last)))
        assert picture is not None, what
        assert f"{STATEMENTS[what]}, 9 March 2026" in picture.text


def test_since_when_it_was_seen_is_part_of_the_picture() -> None:
    record = entry(said("report", since="2026-01-05", until="2026-02-01"))
    picture = picture_of(record)
    assert picture is not None
    assert "Seen from 5 January 2026 to 1 February 2026" in picture.text


def test_what_the_entry_says_of_since_when_is_shown_where_no_report_says_it() -> None:
    picture = picture_of(entry(said("report"), values={"since": "2026-01-05"}))
    assert picture is not None
    assert "Seen from 5 January 2026 to 2 March 2026" in picture.text
    told = picture_of(entry(said("report", since="2026-02-05"), values={"since": "2026-01-05"}))
    assert told is not None
    assert "5 January" not in told.text


def test_an_entry_of_one_day_and_a_tombstone_have_no_picture() -> None:
    assert picture_of(entry(said("report"))) is None
    assert picture_of(tombstone()) is None
