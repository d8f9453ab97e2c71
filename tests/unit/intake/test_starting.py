from __future__ import annotations

import pytest

from defectreg.intake.starting import EXAMPLE, Founder, plan, read_founder, warnings_of
from defectreg.register.errors import UsageProblem
from defectreg.register.grounds import Grounds
from defectreg.register.yamltext import load
from tests.registers import key_of, public_key


def founder(party: str, category: str, *roles: str, key: str) -> Founder:
    return Founder(party, category, roles, public_key(key))


REPORTER = founder("supplier-one", "large-supplier", "reporter", key="supplier-one")
VALIDATOR = founder("dcc", "dcc", "validator", "administrator", key="dcc")
SECOND = founder("secas", "secas", "publisher", "administrator", key="secas")
GOOD = (REPORTER, VALIDATOR, SECOND)


def grounds(*founders: Founder) -> Grounds:
    return plan("example", founders).grounds


def test_a_register_of_three_parties_starts_without_a_warning() -> None:
    assert plan("example", GOOD).warnings == ()


def test_it_starts_with_formats_policy_people_ci_and_settings_and_nothing_said() -> None:
    files = plan("example", GOOD).files
    folders = {path.partition("/")[0] for path in files}
    assert folders == {
        *(".editorconfig", ".gitattributes", ".github", ".gitignore", ".gitlab-ci.yml", ".vscode"),
        *("README.md", "catalogue", "policy", "schema", "templates"),
    }
    assert not [path for path in files if path.startswith("templates/register/")]


def test_its_policy_holds_its_name_and_where_to_read_on() -> None:
    text = plan("example", GOOD).files["policy/register.yaml"]
    assert load(text).data == {"name": "example"}
    assert b"defectreg policy show" in text


def test_its_page_carries_the_name_and_the_disclaimer() -> None:
    page = plan("example", GOOD).files["README.md"].decode()
    assert page.startswith("# The register example\n")
    assert "No recommendations are made or intended." in page
    assert "{" not in page


def test_people_of_one_party_are_numbered_and_have_keys_without_comments() -> None:
    another = founder("supplier-one", "large-supplier", "reporter", key="supplier-two")
    parties = grounds(REPORTER, another, VALIDATOR).parties
    people = parties.by_slug["supplier-one"].people
    assert [person.pseudonym for person in people] == ["person-1", "person-2"]
    assert [person.keys[0].public for person in people] == [REPORTER.key, another.key]


def test_the_first_commit_carries_a_party_with_an_administrator() -> None:
    assert plan("example", GOOD).party == "dcc"
    assert plan("example", (REPORTER,)).party == "supplier-one"
    assert plan("example", ()).party == "defectreg"


def test_a_manufacturer_answers_for_its_identifiers() -> None:
    maker = founder("maker-one", "device-manufacturer", "manufacturer", key="maker-one")
    made = plan("example", (*GOOD, maker), ["maker-one:FF01", "maker-one:FF02"])
    assert made.grounds.parties.by_slug["maker-one"].manufacturer_ids == {"FF01", "FF02"}


def warned(*founders: Founder) -> str:
    found = grounds(*founders)
    return " | ".join(warnings_of(found.parties, found.policy))


def test_without_a_person_it_says_that_nobody_could_do_anything() -> None:
    assert "it has nobody" in warned()


def test_without_a_validator_of_the_dcc_nobody_could_accept() -> None:
    other = founder("secas", "secas", "validator", "administrator", key="secas")
    assert "nobody could accept a record: this takes a person of the DCC" in warned(REPORTER, other)


def test_a_reporter_who_is_the_only_validator_could_accept_nothing() -> None:
    both = founder("dcc", "dcc", "reporter", "validator", key="dcc")
    assert "another person than its reporter" in warned(both, SECOND)


def test_two_people_of_the_dcc_may_report_and_validate_under_the_default_policy() -> None:
    reporter = founder("dcc", "dcc", "reporter", key="dcc-second")
    assert "nobody could accept" not in warned(reporter, VALIDATOR, SECOND)


def test_without_a_reporter_it_says_so() -> None:
    assert "it has no reporter" in warned(VALIDATOR, SECOND)


def test_administrators_of_one_party_only_are_warned_of() -> None:
    assert "only dcc has an administrator" in warned(REPORTER, VALIDATOR)


def test_without_an_administrator_nothing_could_be_changed() -> None:
    validator = founder("dcc", "dcc", "validator", key="dcc")
    assert "it has no administrator" in warned(REPORTER, validator)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("dcc:dcc:validator", "names no person"),
        ("dcc::validator:key", "names no person"),
        ("dcc:supplier:validator:{key}", "is no category of Parties"),
        ("Dcc:dcc:validator:{key}", "cannot name a Party"),
        ("supplier-1:large-supplier:reporter:{key}", "cannot name a Party"),
        ("../dcc:dcc:validator:{key}", "cannot name a Party"),
        ("dcc:dcc:validator:{key}-absent", "there is no key file"),
    ],
)
def test_a_person_in_another_form_is_refused_with_an_example(typed: str, sentence: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        read_founder(typed.format(key=key_of("dcc")))
    assert sentence in caught.value.sentence
    assert EXAMPLE in caught.value.hint


def test_an_absent_key_file_is_told_how_to_be_made() -> None:
    with pytest.raises(UsageProblem) as caught:
        read_founder(f"dcc:dcc:validator:{key_of('dcc')}-absent")
    assert "`defectreg key " in caught.value.hint


@pytest.mark.parametrize("suffix", ["", ".pub"])
def test_a_key_file_may_hold_either_half(suffix: str) -> None:
    found = read_founder(f"dcc:dcc:validator+administrator:{key_of('dcc')}{suffix}")
    assert found == VALIDATOR


def test_a_role_that_there_is_not_is_refused() -> None:
    wrong = founder("dcc", "dcc", "judge", key="dcc")
    with pytest.raises(UsageProblem) as caught:
        plan("example", (wrong,))
    assert "role is not one of the values allowed" in caught.value.sentence


def test_one_key_for_two_people_is_refused() -> None:
    twin = founder("secas", "secas", "administrator", key="dcc")
    with pytest.raises(UsageProblem) as caught:
        plan("example", (VALIDATOR, twin))
    assert "is named for two people" in caught.value.sentence


def test_one_party_with_two_categories_is_refused() -> None:
    other = founder("dcc", "secas", "publisher", key="secas")
    with pytest.raises(UsageProblem) as caught:
        plan("example", (VALIDATOR, other))
    assert "two categories" in caught.value.sentence


@pytest.mark.parametrize("name", ["x", "Register", "a b", "9lives", "r" * 41, "name: other"])
def test_a_name_that_no_signature_could_carry_is_refused(name: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        plan(name, GOOD)
    assert "--name" in caught.value.hint


@pytest.mark.parametrize(
    "typed", ["maker-one", "maker-one:", "maker-two:FF01", "dcc:FF 01", f"dcc:{'F' * 31}"]
)
def test_a_manufacturer_in_another_form_is_refused(typed: str) -> None:
    with pytest.raises(UsageProblem):
        plan("example", GOOD, [typed])


def test_one_identifier_for_two_parties_is_refused() -> None:
    with pytest.raises(UsageProblem) as caught:
        plan("example", GOOD, ["dcc:FF01", "secas:ff01"])
    assert "is named for dcc already" in caught.value.sentence
