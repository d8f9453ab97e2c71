"""Rules of sign-offs: what each decision says, and in which role."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.register.findings import Problem
from defectreg.register.mandates import ROLES
from defectreg.register.rules.registry import Case, rule
from defectreg.register.statement import Statement

_SIGN_OFF = ("sign-off",)
ANSWERS = ("data-correct", "fixes-checked", "presentation-consistent")
"""What an accept answers."""
_NAMING = ("duplicate-of", "superseded")
"""Reason codes that name another record."""


@rule("R080", kinds=_SIGN_OFF)
def an_accept_gives_its_answers(statement: Statement, case: Case) -> Iterator[Problem]:
    """An accept answers three questions with true, and no other decision answers them.

    The data are correct, references to fixes were checked, the presentation is consistent.
    Hint: where an answer is no, return the record and say why.
    Source: MP137 section 3, correct data, any references to fixes and consistent presentation.
    """
    is_accept = statement.text("decision") == "accept"
    for key in ANSWERS:
        answer = statement.data.get(key)
        if is_accept and answer is None:
            yield Problem((), f"an accept without its answer {key}")
        elif is_accept and answer is not True:
            yield Problem((key,), f"an accept whose answer {key} is no")
        elif not is_accept and answer is not None:
            yield Problem((key,), f"only an accept answers {key}")


@rule("R081", kinds=_SIGN_OFF)
def a_return_says_why(statement: Statement, case: Case) -> Iterator[Problem]:
    """A return says what is to be changed.

    Hint: add says.
    Source: MP137 section 3, the validator's check.
    """
    if statement.text("decision") == "return" and not statement.says:
        yield Problem((), "a return that does not say why")


@rule("R082", kinds=_SIGN_OFF)
def a_withdrawal_has_a_code(statement: Statement, case: Case) -> Iterator[Problem]:
    """A withdrawal has a reason code, and no other decision has one.

    Hint: add code with one of the reasons, or take it out.
    Source: our policy.
    """
    is_withdrawal = statement.text("decision") == "withdraw"
    if is_withdrawal and "code" not in statement.data:
        yield Problem((), "a withdrawal without a reason code")
    if not is_withdrawal and "code" in statement.data:
        yield Problem(("code",), "only a withdrawal has a reason code")


@rule("R083", kinds=_SIGN_OFF)
def another_record_is_named_where_the_code_asks(
    statement: Statement, case: Case
) -> Iterator[Problem]:
    """A withdrawal as duplicate or superseded names the other record, and no other does.

    Hint: add other with the id of the record that stays, or take it out.
    Source: our policy.
    """
    is_asked = statement.text("code") in _NAMING
    other = statement.data.get("other")
    if is_asked and other is None:
        yield Problem(("code",), "the code asks for the other record, which is not named")
    if not is_asked and other is not None:
        yield Problem(("other",), "it names another record, and no code asks for one")
    if other == case.record.id:
        yield Problem(("other",), "it names the record itself as the other one")


@rule("R084", kinds=_SIGN_OFF)
def a_decision_is_in_a_role_that_may(statement: Statement, case: Case) -> Iterator[Problem]:
    """A decision is made in a role that may make it.

    Accept and return: validator or manufacturer. Hold and lift: security. Withdraw: validator,
    and the Party itself of its own statement.
    Hint: change role, or ask somebody who has the role.
    Source: MP137 section 3; the SSC releases security items.
    """
    allowed = ROLES.get(statement.text("decision"), ())
    role = statement.text("role")
    if role and allowed and role not in allowed:
        sentence = f"the role {role} may not decide {statement.text('decision')}"
        yield Problem(("role",), sentence, f"it is for: {', '.join(allowed)}")


@rule("R085", kinds=_SIGN_OFF)
def a_party_withdraws_only_its_own(statement: Statement, case: Case) -> Iterator[Problem]:
    """In its own role a Party withdraws its own statements and nothing else.

    Hint: a validator withdraws the record, or what another Party said.
    Source: our policy.
    """
    if statement.text("role") != "party" or statement.text("decision") != "withdraw":
        return
    for place, reading in enumerate(statement.read):
        said = case.by_sha256.get(reading.sha256)
        if said is None or said.by != statement.by:
            yield Problem(("read", place), "this is no statement of the Party that withdraws it")


@rule("R088", kinds=_SIGN_OFF)
def what_frees_or_withdraws_reads_what_is_there(
    statement: Statement, case: Case
) -> Iterator[Problem]:
    """A lift or withdraw names the present bytes of the record, or a statement of it.

    Both have their effect on the record: a SHA-256 mistyped would free or withdraw it. One that
    has landed may name bytes that have changed since: that is history.
    Hint: sign it off anew, with the SHA-256 of the files as they are now.
    Source: our policy: a sign-off is a signature over bytes that were read.
    """
    if case.is_landed(statement) or statement.text("decision") not in ("lift", "withdraw"):
        return
    for place, reading in enumerate(statement.read):
        if reading.sha256 != case.record.sha256 and reading.sha256 not in case.by_sha256:
            yield Problem(("read", place), "this is no file of the record as it stands")


@rule("R086", kinds=_SIGN_OFF)
def only_an_accept_replaces(statement: Statement, case: Case) -> Iterator[Problem]:
    """Only an accept says which bytes it replaces.

    Hint: take replaces out.
    Source: our policy.
    """
    if "replaces" in statement.data and statement.text("decision") != "accept":
        yield Problem(("replaces",), "only an accept replaces what stood before")


@rule("R087", kinds=_SIGN_OFF)
def a_manufacturer_decides_of_its_own_devices(
    statement: Statement, case: Case
) -> Iterator[Problem]:
    """In the role manufacturer a Party decides only of records that affect a Device of its own.

    Hint: the Party's file lists its manufacturer-ids; anyone else confirms or challenges.
    Source: MP137 section 3, optionally the manufacturer validates.
    """
    party = case.party(statement)
    if statement.text("role") != "manufacturer" or party is None:
        return
    if not party.manufacturer_ids & case.record.manufacturer_ids:
        yield Problem(("role",), "this Party answers for no manufacturer of an affected Device")
