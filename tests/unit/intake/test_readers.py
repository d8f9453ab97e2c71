from __future__ import annotations

from defectreg.intake.readers import handed_to_security, not_for_this_register, who_will_read
from tests.unit.intake.grounds_for_tests import grounds


def test_it_is_said_in_two_lines_who_reads_it_and_that_they_see_who_says_it() -> None:
    readers, left_out = who_will_read(grounds(ceiling="amber"), "supplier-one")
    assert readers.startswith("Everyone with a clone of for-tests (those who need to know)")
    assert "that supplier-one says it" in readers
    assert "MPANs" in left_out


def test_where_no_statement_is_made_nobody_is_said_to_say_it() -> None:
    assert "says it" not in " ".join(who_will_read(grounds(), ""))


def test_only_what_is_above_the_ceiling_is_not_for_this_register() -> None:
    assert not_for_this_register("green", grounds()) == []
    assert "classified amber" in not_for_this_register("amber", grounds())[0]
    assert not_for_this_register("amber", grounds(ceiling="amber")) == []


def test_what_touches_security_is_handed_to_the_parties_with_that_role() -> None:
    (sentence,) = handed_to_security(grounds())
    assert "Security Sub-Committee (security@ssc.example)" in sentence
    assert handed_to_security(grounds(ceiling="red")) == []
