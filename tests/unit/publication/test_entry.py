"""An entry in groups: what ends it, and beside each claim what was said of it."""

from __future__ import annotations

from defectreg.publication.entry import entry_of
from defectreg.register.public import PublicField
from tests.unit.publication.editions import FIELDS, entry, said


def test_fixes_stand_before_workarounds_and_accommodations() -> None:
    record = entry(said("accommodation"), said("workaround"), said("cause"), said("fix"))
    kinds = [item.statement.kind for item in entry_of(record, FIELDS).ending]
    assert kinds == ["fix", "workaround", "accommodation"]


def test_a_replaced_fix_stands_after_the_one_that_counts() -> None:
    record = entry(said("fix", is_superseded=True), said("fix", "fix-2"))
    keys = [item.statement.key for item in entry_of(record, FIELDS).ending]
    assert keys == ["fix-2", "fix-1"]


def test_a_challenge_stands_beside_the_statement_it_is_about() -> None:
    record = entry(
        said("cause"), said("cause", "cause-2"), said("challenge", about="cause-2"), said("fix")
    )
    causes = entry_of(record, FIELDS).causes
    assert [[remark.key for remark in item.remarks] for item in causes] == [[], ["challenge-1"]]


def test_what_is_said_of_behaviour_and_scope_stands_beside_them() -> None:
    record = entry(said("confirmation", about="behaviour"), said("challenge", about="scope"))
    shown = entry_of(record, FIELDS)
    assert [remark.key for remark in shown.on_behaviour] == ["confirmation-1"]
    assert [remark.key for remark in shown.on_scope] == ["challenge-1"]
    assert shown.on_what_is_not_shown == ()


def test_a_challenge_of_what_the_audience_may_not_see_is_still_shown() -> None:
    shown = entry_of(entry(said("challenge", about="cause-7")), FIELDS)
    assert [remark.key for remark in shown.on_what_is_not_shown] == ["challenge-1"]


def test_details_are_the_fields_without_a_place_of_their_own() -> None:
    details = [(detail.title, detail.words) for detail in entry_of(entry(), FIELDS).details]
    assert details == [
        ("Alert codes", "8F1E"),
        ("Devices seen", "2\N{EN DASH}9"),
        ("Seen in a laboratory", "no"),
    ]


def test_certainty_and_impact_are_facts_that_stand_apart() -> None:
    facts = [(fact.title, fact.words) for fact in entry_of(entry(), FIELDS).facts]
    assert facts == [("Certainty", "reported"), ("Impact on consumers", "high")]


def test_what_nobody_gave_is_told_from_what_somebody_said() -> None:
    shown = entry_of(entry(), FIELDS)
    unsaid = {detail.title for detail in (*shown.facts, *shown.details) if detail.is_default}
    assert unsaid == {"Certainty", "Seen in a laboratory"}


def test_a_field_that_is_a_day_is_read_as_one() -> None:
    field = PublicField(("since",), "First seen", "", None, False)
    (detail,) = entry_of(entry(values={"since": "2026-01-31"}), (field,)).details
    assert detail.words == "31 January 2026"


def test_what_a_fix_changes_and_what_an_accommodation_lives_with_are_said_in_words() -> None:
    record = entry(said("fix", device="ESME:FF01/00010100"), said("accommodation", lives_with="X"))
    fix, accommodation = entry_of(record, FIELDS).ending
    assert (fix.changes, fix.lives_with) == ("Electricity meter", "")
    assert (accommodation.changes, accommodation.lives_with) == ("", "X")


def test_a_field_that_a_schema_gains_appears_by_itself() -> None:
    field = PublicField(("colour",), "Colour", "", None, False)
    details = entry_of(entry(values={"colour": "blue-green"}), (field,)).details
    assert [(detail.title, detail.words) for detail in details] == [("Colour", "blue-green")]
