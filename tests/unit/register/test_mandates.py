"""Who may sign which decision."""

from __future__ import annotations

import base64

import pytest

from defectreg.register.mandates import (
    ROLES,
    Signatory,
    objection_to_author,
    objections_to_role,
)
from defectreg.register.parties import Parties, Party
from defectreg.register.record import Record
from defectreg.register.statement import Statement
from tests.unit.register.cases import PUBLIC_KEY, SIGNATURE, party, policy, record, said

_HEAD = base64.b64decode(PUBLIC_KEY.split()[1])[:-32]


def key(number: int) -> str:
    """An invented public key."""
    return "ssh-ed25519 " + base64.b64encode(_HEAD + bytes([number]) * 32).decode()


def people(*roles: str, first: int) -> list[dict[str, object]]:
    """One person for each role, named after it."""
    return [
        {"pseudonym": role, "roles": [role], "keys": [{"key": key(first + number)}]}
        for number, role in enumerate(roles)
    ]


PARTIES = Parties(
    {
        each.slug: each
        for each in (
            party("dcc", "dcc", people=people("validator", "reporter", "security", first=10)),
            party("peer", "large-supplier", people=people("validator", first=20)),
            party("maker", "device-manufacturer", manufacturer_ids=["FF01"],
                  people=people("manufacturer", first=30)),
            party("other-maker", "device-manufacturer", manufacturer_ids=["FF09"],
                  people=people("manufacturer", first=40)),
            party("ssc", "ssc", people=people("security", first=50)),
            party("supplier", "large-supplier", people=people("reporter", first=60)),
        )
    }
)  # fmt: skip


def who(slug: str, pseudonym: str) -> Signatory:
    found: Party = PARTIES.by_slug[slug]
    return Signatory(found, next(each for each in found.people if each.pseudonym == pseudonym))


VALIDATOR = who("dcc", "validator")
PEER = who("peer", "validator")
MAKER = who("maker", "manufacturer")
OTHER_MAKER = who("other-maker", "manufacturer")
SECURITY = who("ssc", "security")
REPORTER = who("supplier", "reporter")


def objections(
    decision: str,
    role: str,
    signatory: Signatory,
    reporting: tuple[str, ...] = ("supplier",),
    of: Record | None = None,
    **switches: str,
) -> str:
    found = objections_to_role(
        decision, role, signatory, of or record(), reporting, PARTIES, policy(**switches)
    )
    return " | ".join(objection.sentence for objection in found)


@pytest.mark.parametrize("decision", ["accept", "return"])
@pytest.mark.parametrize(
    ("who_validates", "may"),
    [
        ("dcc", {"dcc"}),
        ("peer", {"dcc", "peer"}),
        ("manufacturer", {"maker"}),
        ("both", {"dcc", "peer", "maker"}),
    ],
)
def test_who_accepts_and_returns_is_whom_the_policy_names(
    decision: str, who_validates: str, may: set[str]
) -> None:
    asked = [(VALIDATOR, "validator"), (PEER, "validator"), (MAKER, "manufacturer"),
             (OTHER_MAKER, "manufacturer")]  # fmt: skip
    able = {
        signatory.party.slug
        for signatory, role in asked
        if not objections(decision, role, signatory, who_validates=who_validates)
    }
    assert able == may


@pytest.mark.parametrize(
    ("dcc_reports", "may"),
    [("self", {"dcc"}), ("other-party", {"dcc", "peer"}), ("manufacturer", {"maker"})],
)
def test_what_the_dcc_reported_is_accepted_as_its_own_switch_says(
    dcc_reports: str, may: set[str]
) -> None:
    asked = [(VALIDATOR, "validator"), (PEER, "validator"), (MAKER, "manufacturer")]
    able = {
        signatory.party.slug
        for signatory, role in asked
        if not objections(
            "accept", role, signatory, ("supplier", "dcc"), dcc_reports_validated_by=dcc_reports
        )
    }
    assert able == may


def test_what_the_dcc_reported_is_not_accepted_by_the_dcc_where_another_party_is_named() -> None:
    report = said("report", "dcc").statement
    found = objection_to_author(
        report, "reporter", VALIDATOR, PARTIES, policy(dcc_reports_validated_by="other-party")
    )
    assert found is not None
    assert found.sentence == f"dcc is the reporter of {report.file}"


def test_a_role_that_a_person_does_not_have_is_the_only_objection() -> None:
    assert objections("accept", "validator", REPORTER) == (
        "supplier's reporter has not the role validator"
    )


def test_a_manufacturer_decides_only_where_a_device_of_its_own_is_affected() -> None:
    asked = ("accept", "manufacturer", OTHER_MAKER)
    assert "answers for no Device" in objections(*asked, who_validates="both")
    theirs = record(affected=["ESME:FF09/00010100"])
    assert objections(*asked, of=theirs, who_validates="both") == ""


@pytest.mark.parametrize("decision", ["hold", "lift"])
def test_only_the_security_role_holds_and_lifts(decision: str) -> None:
    assert objections(decision, "security", SECURITY) == ""
    assert objections(decision, "security", who("dcc", "security")) == ""
    assert objections(decision, "validator", VALIDATOR) == (
        f"the role validator may not decide {decision}"
    )


def test_security_accepts_nothing() -> None:
    assert "may not decide accept" in objections("accept", "security", SECURITY)


@pytest.mark.parametrize(("who_validates", "peer_may"), [("dcc", False), ("peer", True)])
def test_a_validator_of_whom_the_policy_names_withdraws(who_validates: str, peer_may: bool) -> None:
    assert objections("withdraw", "validator", VALIDATOR, who_validates=who_validates) == ""
    by_peer = objections("withdraw", "validator", PEER, who_validates=who_validates)
    assert (by_peer == "") is peer_may


def test_a_validator_withdraws_where_manufacturers_accept() -> None:
    assert objections("withdraw", "validator", VALIDATOR, who_validates="manufacturer") == ""


def test_anybody_of_a_party_withdraws_in_its_name_and_accepts_nothing_so() -> None:
    assert objections("withdraw", "party", REPORTER) == ""
    assert objections("accept", "party", REPORTER) == "the role party may not decide accept"


def test_what_is_no_decision_is_nobodys() -> None:
    assert objections("publish", "validator", VALIDATOR) == (
        "the role validator may not decide publish"
    )


def test_every_decision_is_somebodys() -> None:
    everyone = [Signatory(each, person) for each in PARTIES for person in each.people]
    for decision, roles in ROLES.items():
        for role in roles:
            able = [each for each in everyone
                    if not objections(decision, role, each, who_validates="both")]  # fmt: skip
            assert able, (decision, role)


def signed(by: str) -> Statement:
    return said("report", by, signature=SIGNATURE).statement


def holding(slug: str, *pseudonyms: str, keys: tuple[str, ...] = (PUBLIC_KEY,)) -> Party:
    """A Party of the category dcc whose people hold these keys, each person all of them."""
    persons = [
        {"pseudonym": pseudonym, "roles": ["validator"], "keys": [{"key": each} for each in keys]}
        for pseudonym in pseudonyms
    ]
    return party(slug, "dcc", people=persons)


def objection(statement: Statement, signatory: Signatory, *parties: Party) -> str:
    known = Parties({each.slug: each for each in (*parties, signatory.party)})
    found = objection_to_author(statement, "author", signatory, known, policy())
    return found.sentence if found else ""


def test_a_person_does_not_accept_what_they_signed_with_another_of_their_keys() -> None:
    both = holding("dcc", "one", keys=(PUBLIC_KEY, key(1)))
    assert "you are the author" in objection(signed("dcc"), Signatory(both, both.people[0]))


def test_another_person_of_the_dcc_accepts_what_it_said() -> None:
    author, validator = holding("dcc", "one").people[0], holding("dcc", "two", keys=(key(1),))
    dcc = party("dcc", "dcc")
    together = Party(dcc.slug, dcc.name, dcc.category, frozenset(), "",
                     (author, validator.people[0]))  # fmt: skip
    assert objection(signed("dcc"), Signatory(together, validator.people[0])) == ""
    assert "you are" in objection(signed("dcc"), Signatory(together, author))


def test_a_person_who_signs_for_two_parties_is_one_person() -> None:
    here = holding("supplier", "one", keys=(PUBLIC_KEY, key(2)))
    there = holding("dcc", "one", keys=(key(2), key(3)))
    assert "you are the author" in objection(
        signed("supplier"), Signatory(there, there.people[0]), here
    )
    stranger = holding("dcc", "one", keys=(key(3),))
    assert objection(signed("supplier"), Signatory(stranger, stranger.people[0]), here) == ""


def test_what_another_party_said_unsigned_is_nobodys_own() -> None:
    statement = said("report", "supplier").statement
    assert objection(statement, VALIDATOR) == ""


def test_a_party_other_than_the_dcc_never_accepts_what_it_said() -> None:
    statement = said("report", "peer").statement
    found = objection_to_author(statement, "reporter", PEER, PARTIES, policy(who_validates="peer"))
    assert found is not None
    assert found.hint == "another Party accepts it"
