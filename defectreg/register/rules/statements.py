"""Rules of every statement: its keys, its Party, its date, and what it points at."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.register.findings import Problem
from defectreg.register.rules.registry import Case, rule
from defectreg.register.statement import KINDS, Statement

_LATER = tuple(kind for kind in KINDS if kind != "report")


@rule("R060")
def a_key_stands_where_its_kind_has_it(statement: Statement, case: Case) -> Iterator[Problem]:
    """A statement has only the keys of its kind.

    Hint: the field reference says which kinds have the key; take it out, or change the kind.
    Source: the schema of statements (x-kinds).
    """
    kind, kinds = statement.kind, case.shape(statement).kinds
    for key in statement.data:
        if key in kinds and kind not in kinds[key]:
            hint = f"it belongs to: {', '.join(sorted(kinds[key]))}"
            yield Problem((key,), f"a statement of kind {kind} has no {key}", hint)


@rule("R061")
def a_kind_has_the_keys_it_needs(statement: Statement, case: Case) -> Iterator[Problem]:
    """A statement has every key that its kind needs.

    Hint: add the key; the field reference says what belongs there.
    Source: the schema of statements (x-required-in).
    """
    for key in case.shape(statement).needs.get(statement.kind, ()):
        if key not in statement.data:
            yield Problem((), f"a statement of kind {statement.kind} needs {key}")


@rule("R062")
def a_statement_is_by_a_party(statement: Statement, case: Case) -> Iterator[Problem]:
    """A statement is by a Party of the register, and so is whom it names.

    Hint: write the name of the Party's file under policy/parties, without .yaml.
    Source: the register's policy (policy/parties).
    """
    for key in ("by", "from", "to"):
        party = statement.text(key)
        if party and case.grounds.parties.get(party) is None:
            yield Problem((key,), f"{party} is no Party of this register")


@rule("R063", kinds=_LATER)
def nothing_is_said_before_the_first_report(statement: Statement, case: Case) -> Iterator[Problem]:
    """Nothing is said of a record before the day of its earliest report.

    Hint: correct the date, in the file's name too.
    Source: our policy.
    """
    if case.first_day is not None and statement.date < case.first_day:
        yield Problem(("date",), f"it is dated before the earliest report, of {case.first_day}")


@rule("R064")
def no_statement_is_made_twice(statement: Statement, case: Case) -> Iterator[Problem]:
    """No two statements of a record have the same bytes.

    Hint: remove the second file.
    Source: our policy: what a sign-off names is one file.
    """
    if case.by_sha256[statement.sha256] is not statement:
        yield Problem((), "another statement of this record has the same bytes")


@rule("R065")
def what_is_superseded_is_an_earlier_one(statement: Statement, case: Case) -> Iterator[Problem]:
    """A statement supersedes an earlier one of the same kind, Party and record.

    Hint: name the file that it takes the place of, or take supersedes out.
    Source: our policy.
    """
    file = statement.text("supersedes")
    if not file:
        return
    earlier = case.statement(file)
    if earlier is None:
        yield Problem(("supersedes",), "what it supersedes is not there")
    elif (earlier.by, earlier.kind) != (statement.by, statement.kind):
        yield Problem(("supersedes",), "what it supersedes is of another Party or kind")
    elif earlier.date > statement.date or earlier.file == statement.file:
        yield Problem(("supersedes",), "what it supersedes is not an earlier statement")
    elif _supersedes_itself(statement, case):
        yield Problem(("supersedes",), "what it supersedes supersedes it in turn")


def _supersedes_itself(statement: Statement, case: Case) -> bool:
    """Whether the chain of what supersedes what comes back to its beginning."""
    passed = set()
    earlier = case.statement(statement.text("supersedes"))
    while earlier is not None and earlier.file not in passed:
        passed.add(earlier.file)
        earlier = case.statement(earlier.text("supersedes"))
    return statement.file in passed


@rule("R066", kinds=("consent",))
def who_told_it_consents(statement: Statement, case: Case) -> Iterator[Problem]:
    """What was given in confidence is shown with the consent of who gave it.

    Hint: the Party that reported it first, or that made the statement, signs the consent.
    Source: MP137 section 7, Confidentiality.
    """
    for place, reading in enumerate(statement.read):
        givers = case.givers(reading.sha256)
        if givers and statement.by not in givers:
            yield Problem(("read", place), "the consent is not by the Party that gave it")


@rule("R067", kinds=("response",))
def a_response_is_by_the_manufacturer(statement: Statement, case: Case) -> Iterator[Problem]:
    """A response is that of a Party that answers for an affected manufacturer identifier.

    Hint: the Party's file lists its manufacturer-ids; anyone else adds a challenge.
    Source: Panel paper 3.4, the manufacturer is informed and invited.
    """
    key = "from" if "from" in statement.data else "by"
    party = case.grounds.parties.get(statement.text(key))
    if party is not None and not party.manufacturer_ids & case.record.manufacturer_ids:
        yield Problem((key,), "this Party answers for no manufacturer of an affected Device")


@rule("R068", kinds=("response",))
def a_letter_entered_says_whose_it_is(statement: Statement, case: Case) -> Iterator[Problem]:
    """A response that came by letter says from whom, and the SHA-256 of the letter.

    Hint: write received: letter together with from and letter, or none of the three.
    Source: MP137 section 3; our policy for manufacturers without a key.
    """
    if "received" not in statement.data:
        for key in ("from", "letter"):
            if key in statement.data:
                yield Problem((key,), f"it has {key} and was not received by letter")
        return
    if statement.text("received") != "letter":
        yield Problem(("received",), "a response is received by letter or signed by its Party")
    for key in ("from", "letter"):
        if key not in statement.data:
            yield Problem(("received",), f"it came by letter and has no {key}")
