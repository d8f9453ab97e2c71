"""Decide: read what awaits a sign-off, and sign it."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.completing import complete_id
from defectreg.cli.errors import FINDINGS
from defectreg.cli.options import DryRunOption, JsonOption, KeyOption, PartyOption
from defectreg.cli.output import bold, disclaimer_lines, emit_json, escape, escape_block
from defectreg.cli.today import today
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.gate.accepting import Accepted
    from defectreg.gate.reviewing import Decision, Review
    from defectreg.register.findings import Finding
    from defectreg.register.statement import Statement

app = typer.Typer()

SCHEMA_VERSION = 1


class Role(StrEnum):
    """In which role a person accepts."""

    validator = "validator"
    manufacturer = "manufacturer"


@app.callback()
def deciding() -> None:
    """Makes typer keep the command's name where it is the only one."""


_EXAMPLES = """\b
Examples:
  defectreg review                      what awaits a sign-off
  defectreg review 7k3q                 read what its request brings
  defectreg review 7k3q --accept        sign it"""


@app.command(epilog=_EXAMPLES)
def review(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            autocompletion=complete_id,
            help="Records; without, what awaits a sign-off.",
        ),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept, with a signature, what each request brings.")
    ] = False,
    role: Annotated[
        Role,
        typer.Option(
            "--role", metavar="ROLE", help="In which role you accept: validator or manufacturer."
        ),
    ] = Role.validator,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            help="Answer the three questions of an accept with yes: data correct, references to "
            "fixes checked, presentation consistent.",
        ),
    ] = False,
    party: PartyOption = None,
    key: KeyOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Read what requests bring and, with --accept, sign it.

    Exit code 1: a record has errors, or was not accepted.
    """
    from defectreg.gate.accepting import Accepting
    from defectreg.gate.accepting import accept as sign
    from defectreg.gate.reviewing import decide, reviews_of, waiting
    from defectreg.store.identity import identify
    from defectreg.store.places import open_register
    from defectreg.store.requests import target_of

    if accept and not ids:
        raise UsageProblem(
            "--accept takes the ids of records", "`defectreg review` lists what awaits a sign-off"
        )
    now = datetime.datetime.now(datetime.UTC)
    day = today(now)
    target = target_of(open_register(Path()))
    identity = identify(target.register, party, key) if accept else None
    reviews = reviews_of(target, ids or [], day)
    if identity is None:
        _show(reviews, as_json=as_json, as_list=not ids)
        return
    decisions = waiting(decide(found, identity, role.value, target) for found in reviews)
    wanted = [decision for decision in decisions if not decision.refusals]
    if not (as_json or yes):
        _print_reviews(reviews)
    if not (yes or dry_run):
        wanted = [decision for decision in wanted if _answered(decision)]
    made = [] if dry_run else sign(wanted, Accepting(identity, target, now, day))
    if as_json:
        emit_json(accepted_json(decisions, wanted, made))
    else:
        _print_accepted(decisions, wanted, made)
    if len(wanted) < len(decisions):
        raise typer.Exit(FINDINGS)


def _show(reviews: Sequence[Review], *, as_json: bool, as_list: bool) -> None:
    waiting = [found for found in reviews if found.awaits or found.errors]
    if as_json:
        emit_json(reviews_json(waiting if as_list else reviews))
    elif as_list:
        _print_list(waiting)
    else:
        _print_reviews(reviews)
        _print_next(reviews)
    if not as_list and any(found.errors for found in reviews):
        raise typer.Exit(FINDINGS)


def _answered(decision: Decision) -> bool:
    """Ask the three questions on a terminal; a no leaves the record as it is."""
    from defectreg.gate.accepting import QUESTIONS

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageProblem(
            "an accept answers three questions, and there is no terminal to ask them",
            "--yes answers them: data correct, references to fixes checked, presentation "
            "consistent",
        )
    print(f"{decision.review.request.record_id}: to be accepted is {_what(decision)}.")
    return all(typer.confirm(f"{question}?") for question in QUESTIONS.values())


def _print_list(reviews: Sequence[Review]) -> None:
    print("\n".join(disclaimer_lines()))
    if not reviews:
        print("Nothing on a request awaits a sign-off.")
        return
    for found in reviews:
        title = found.record.title if found.record else "(cannot be read)"
        print(f"{bold(found.request.record_id)}  {escape(title)}")
        print(f"  on {escape(found.request.branch)}, awaits: {_named(found.awaits)}")
        if found.errors:
            print(f"  errors: {len(found.errors)}, to be mended first")
    print("Next: defectreg review ID")


def _print_reviews(reviews: Sequence[Review]) -> None:
    print("\n".join(disclaimer_lines()))
    for found in reviews:
        print()
        print("\n".join(_page(found)))


def _print_next(reviews: Sequence[Review]) -> None:
    ready = [found.request.record_id for found in reviews if found.awaits and not found.errors]
    if ready:
        print(f"\nNext: defectreg review {' '.join(dict.fromkeys(ready))} --accept")


def _page(found: Review) -> Iterator[str]:
    request, record = found.request, found.record
    yield f"{bold(request.record_id)} on {escape(request.branch)}"
    if record is not None:
        yield bold(escape(record.title))
        for number, combination in enumerate(record.affected):
            yield f"  {'affected ' if number == 0 else '         '}  {escape(str(combination))}"
        yield f"  kind       {record.kind}, certainty {record.certainty}, impact {record.impact}"
        yield "  behaviour"
        yield _indented(str(record.data["behaviour"]))
    yield from _changes(found)
    for statement in found.new:
        yield from _said(statement)
    yield from _finding_lines(found.findings)
    yield f"  awaits     {_named(found.awaits)}"


def _changes(found: Review) -> Iterator[str]:
    """What a request changes in a record that has landed, line by line."""
    request = found.request
    before = request.landed.get(request.record_path)
    if not found.brings_record or before is None:
        return
    yield "  changes"
    after = request.new[request.record_path]
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (before, after))
    for line in unified_diff(old, new, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield f"    {escape(line)}"


def _said(statement: Statement) -> Iterator[str]:
    signed = "" if statement.is_signed else ", not signed yet"
    what = statement.text("decision") or statement.kind
    yield f"  new        {what} by {escape(statement.by)}{signed}: {escape(statement.file)}"
    if statement.says:
        yield _indented(statement.says)


def _finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        place = f"{escape(finding.file)}:{finding.line}:{finding.column}"
        yield f"  {place}: {finding.severity}[{finding.code}]: {escape(finding.sentence)}"
        if finding.hint:
            yield f"    hint: {escape(finding.hint)}"


def _print_accepted(
    decisions: Sequence[Decision], wanted: Sequence[Decision], made: Sequence[Accepted]
) -> None:
    for decision in decisions:
        record_id = decision.review.request.record_id
        if decision not in wanted:
            print(f"{record_id}: not accepted.")
        for refusal in (*decision.refusals, *(decision.left if not decision.refusals else ())):
            print(f"  {escape(refusal.sentence)}")
            if refusal.hint:
                print(f"  hint: {escape(refusal.hint)}")
        if decision in wanted and not made:
            print(f"{record_id}: would accept {_what(decision)}.")
    for accepted in made:
        record_id = accepted.decision.review.request.record_id
        print(f"{record_id}: accepted {_what(accepted.decision)}.")
        print(f"  {accepted.path} on {accepted.branch}")
    branches = dict.fromkeys(accepted.branch for accepted in made)
    if branches:
        print("Next, on the branch where it is to land:")
        print("\n".join(f"  git merge --no-ff {branch}" for branch in branches))


def accepted_json(
    decisions: Sequence[Decision], wanted: Sequence[Decision], made: Sequence[Accepted]
) -> dict[str, Any]:
    """What was accepted, as one object of JSON.

    As without ``--accept``; each of ``records`` has besides ``accepted``, ``read`` (lines as
    sha256sum writes them), ``refusals`` (why it was not), ``left`` (what somebody else must
    accept, and why), ``sign_off`` (a path), ``branch`` and ``commit`` (null where nothing was
    written).
    """
    written = {id(accepted.decision): accepted for accepted in made}
    records = []
    for decision in decisions:
        accepted = written.get(id(decision))
        records.append(
            {
                **_data(decision.review),
                "accepted": decision in wanted,
                "read": decision.read,
                "refusals": [refusal.sentence for refusal in decision.refusals],
                "left": [refusal.sentence for refusal in decision.left],
                "sign_off": accepted.path if accepted else None,
                "branch": accepted.branch if accepted else None,
                "commit": accepted.commit if accepted else None,
            }
        )
    return _enveloped(records)


def reviews_json(reviews: Sequence[Review]) -> dict[str, Any]:
    """What requests bring, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``; ``records``, each with ``id``, ``request`` (a
    branch, or HEAD where nothing is on its way), ``tip`` (its commit), ``title``, ``affected`` and
    ``behaviour`` (null or empty where the record cannot be read), ``new`` (statements: ``file``,
    ``kind``, ``by``, ``signed``), ``awaits`` (names of the files to be accepted) and ``findings``
    (as in ``validate``).
    """
    return _enveloped([_data(found) for found in reviews])


def _data(found: Review) -> dict[str, Any]:
    record = found.record
    return {
        "id": found.request.record_id,
        "request": found.request.branch,
        "tip": found.request.commit,
        "title": record.title if record else None,
        "affected": [str(combination) for combination in record.affected] if record else [],
        "behaviour": record.data["behaviour"] if record else None,
        "new": [
            {
                "file": statement.file,
                "kind": statement.kind,
                "by": statement.by,
                "signed": statement.is_signed,
            }
            for statement in found.new
        ],
        "awaits": found.awaits,
        "findings": [
            {
                "file": finding.file,
                "line": finding.line,
                "column": finding.column,
                "code": finding.code,
                "severity": finding.severity,
                "sentence": finding.sentence,
                "hint": finding.hint,
            }
            for finding in found.findings
        ],
    }


def _enveloped(records: list[dict[str, Any]]) -> dict[str, Any]:
    from defectreg.register.public import DISCLAIMER

    meta = {"disclaimer": DISCLAIMER}
    return {"schema_version": SCHEMA_VERSION, "meta": meta, "records": records}


def _what(decision: Decision) -> str:
    """What is accepted, in words: the record, and the names of statements."""
    record = ["the record"] if decision.record is not None else []
    return _named([*record, *(statement.file for statement in decision.statements)])


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in escape_block(text.rstrip("\n")).split("\n"))


def _named(names: Sequence[str]) -> str:
    return escape(", ".join(names)) or "nothing"
