"""Decide: read what awaits a sign-off, and sign it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectreg.cli.completing import complete_id
from defectreg.cli.errors import FINDINGS
from defectreg.cli.options import DryRunOption, JsonOption, KeyOption, PartyOption
from defectreg.cli.output import emit_json
from defectreg.cli.today import today
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.gate.reviewing import Review
    from defectreg.gate.wishes import Decision, Occasion, Wish
    from defectreg.store.requests import Target

app = typer.Typer()


class Role(StrEnum):
    """In which role a person decides."""

    validator = "validator"
    manufacturer = "manufacturer"
    security = "security"
    party = "party"


class Code(StrEnum):
    """Why something is withdrawn."""

    duplicate_of = "duplicate-of"
    not_a_defect = "not-a-defect"
    supplier_process = "supplier-process"
    reported_in_error = "reported-in-error"
    superseded = "superseded"
    cannot_be_substantiated = "cannot-be-substantiated"


_Ids = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID]...",
        autocompletion=complete_id,
        help="Records, or the branches of requests; without, what awaits a sign-off.",
    ),
]
_Accept = Annotated[bool, typer.Option("--accept", help="Accept what each request brings.")]
_Return = Annotated[
    str | None, typer.Option("--return", metavar="REASON", help="Ask for another text: say why.")
]
_Hold = Annotated[bool, typer.Option("--hold", help="Hold the record, as the security body.")]
_Lift = Annotated[
    bool, typer.Option("--lift", help="Lift what holds the record, as the security body.")
]
_Withdraw = Annotated[
    Code | None, typer.Option("--withdraw", metavar="CODE", help=f"Withdraw: {', '.join(Code)}.")
]
_Other = Annotated[
    str | None,
    typer.Option(
        "--other",
        metavar="ID",
        autocompletion=complete_id,
        help="The record of which it is a duplicate, or which takes its place.",
    ),
]
_Says = Annotated[
    str | None,
    typer.Option("--says", metavar="TEXT", help="Why it is held, freed or withdrawn."),
]
_Of = Annotated[
    list[str] | None,
    typer.Option(
        "--of",
        metavar="FILE",
        help="Decide of this statement, and not of the record; may be repeated. Anybody withdraws "
        "what their own Party said.",
    ),
]
_All = Annotated[
    bool,
    typer.Option(
        "--all",
        help="With --accept: all that awaits it, in a few lines each, so many to a question as "
        "the policy says, and signed in one act.",
    ),
]
_New = Annotated[
    bool,
    typer.Option(
        "--new",
        help="New records, those alike together. In a terminal you accept, merge or return them "
        "by key, so many to a question as the policy says, and sign all of it in one act; "
        "elsewhere they are listed.",
    ),
]
_Role = Annotated[
    Role | None,
    typer.Option(
        "--role",
        metavar="ROLE",
        help=f"In which role: {', '.join(Role)}. Without it, the one that you have and the "
        "decision needs.",
    ),
]
_Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        help="Answer the three questions of an accept with yes: data correct, references to "
        "fixes checked, presentation consistent.",
    ),
]
_WHOLE = "a record is held, and freed, as a whole"
_EXAMPLES = """\b
Examples:
  defectreg review                      what awaits a sign-off
  defectreg review 7k3q                 read what its request brings
  defectreg review 7k3q --accept        sign it
  defectreg review 7k3q --accept --of 2026-10-21-cause-maker-one.yaml
  defectreg review 7k3q --return "Which region is it?"
  defectreg review 7k3q --withdraw duplicate-of --other 9xw2
  defectreg review --new                a day's new records, decided by key
  defectreg review --all --accept       all that awaits you, signed in one act"""


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is decided: with the questions answered, shown only, told as JSON, all at once."""

    yes: bool
    dry_run: bool
    as_json: bool
    every: bool


@app.callback()
def deciding() -> None:
    """Makes typer keep the command's name where it is the only one."""


@app.command(epilog=_EXAMPLES)
def review(
    ids: _Ids = None,
    accept: _Accept = False,
    return_: _Return = None,
    hold: _Hold = False,
    lift: _Lift = False,
    withdraw: _Withdraw = None,
    other: _Other = None,
    says: _Says = None,
    of: _Of = None,
    every: _All = False,
    new: _New = False,
    role: _Role = None,
    yes: _Yes = False,
    party: PartyOption = None,
    key: KeyOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Read what requests bring, and decide of it with a signature.

    A record withdrawn as a duplicate before it lands is merged: what your Party reported of it is
    told of the other record, once that one has landed.

    Exit code 1: a record has errors, or something was not decided as asked.
    """
    from defectreg.cli.sitting import Sitter, review_new
    from defectreg.gate.wishes import Occasion, Wish
    from defectreg.store.identity import identify
    from defectreg.store.places import open_register
    from defectreg.store.requests import target_of

    decision = _decision(accept=accept, returns=return_ is not None, hold=hold, lift=lift,
                         withdraw=withdraw is not None)  # fmt: skip
    wish = Wish(decision, role or "", return_ or says or "", withdraw or "", other or "",
                tuple(map(_name, of or ())))  # fmt: skip
    _check_asked(wish, ids or [], says, every=every, new=new)
    now = datetime.datetime.now(datetime.UTC)
    target = target_of(open_register(Path()))
    if new:
        review_new(target, now, Sitter(party, key, role or ""), as_json=as_json, dry_run=dry_run)
        return
    if not decision:
        _show(target, ids or [], today(now), as_json=as_json)
        return
    occasion = Occasion(identify(target.register, party, key), target, now, today(now))
    _decide(ids or [], wish, occasion, Manner(yes, dry_run, as_json, every))


def _decision(**asked: bool) -> str:
    """The one decision that was asked for; empty for none. Raises UsageProblem for several."""
    names = [name.replace("returns", "return") for name, is_asked in asked.items() if is_asked]
    if len(names) > 1:
        options = " and ".join(f"--{name}" for name in names)
        raise UsageProblem(f"{options} are different decisions", "make one at a time")
    return names[0] if names else ""


def _name(typed: str) -> str:
    """The name of a statement's file, of which somebody may have typed the path."""
    return typed.rpartition("/")[2]


def _check_asked(
    wish: Wish, ids: Sequence[str], says: str | None, *, every: bool, new: bool
) -> None:
    """Raises UsageProblem for what does not go together."""
    decision = wish.decision
    if new and (decision or ids or every):
        raise UsageProblem("--new goes alone", "a decision names the ids of records, or --all")
    if every and (decision != "accept" or ids or wish.files):
        raise UsageProblem("--all goes with --accept alone", "or name the ids of records")
    if decision and not (ids or every):
        raise UsageProblem(
            f"--{decision} takes the ids of records", "`defectreg review` lists what awaits one"
        )
    if wish.files and len(ids) != 1:
        raise UsageProblem("--of names a statement of one record", "name that record's id")
    if wish.files and decision not in ("accept", "return", "withdraw"):
        raise UsageProblem("--of goes with --accept, --return or --withdraw", _WHOLE)
    if wish.other and decision != "withdraw":
        raise UsageProblem("--other goes with --withdraw", "it names the record that stays")
    if says is not None and decision not in ("hold", "lift", "withdraw"):
        raise UsageProblem(
            "--says goes with --hold, --lift and --withdraw", "--return has its own reason"
        )


def _show(target: Target, ids: Sequence[str], day: datetime.date, *, as_json: bool) -> None:
    from defectreg.cli.reviewing import print_list, print_next, print_pages, reviews_json
    from defectreg.gate.reviewing import reviews_of
    from defectreg.gate.showing import shown

    reviews = reviews_of(target, ids, day)
    if not ids:
        reviews = _waiting(reviews)
    if as_json:
        emit_json(reviews_json(shown(reviews, target, day)))
    elif not ids:
        print_list(reviews)
    else:
        print_pages(shown(reviews, target, day))
        print_next(reviews)
    if ids and any(found.errors for found in reviews):
        raise typer.Exit(FINDINGS)


def _decide(ids: Sequence[str], wish: Wish, occasion: Occasion, manner: Manner) -> None:
    from defectreg.cli.deciding import Outcome, decided_json, print_decided
    from defectreg.gate.deciding import at_odds, decide, for_me, waiting
    from defectreg.gate.merging import carried_by
    from defectreg.gate.showing import shown
    from defectreg.gate.signing import sign

    wish = _with_whole_id(wish, occasion.target)
    reviews = _all(occasion) if manner.every else list(_each(ids, wish, occasion))
    decisions = at_odds(decide(found, wish, occasion) for found in reviews)
    if wish.decision == "accept":
        decisions = for_me(decisions) if manner.every else waiting(decisions)
    wanted = [decision for decision in decisions if not decision.refusals]
    if wish.decision == "accept" and not (manner.yes or manner.dry_run):
        wanted = _asked(decisions, wanted, occasion, manner)
    carried = carried_by(wanted, occasion)
    made = [] if manner.dry_run else sign(wanted, occasion, carried)
    party = occasion.identity.party
    outcome = Outcome(party, decisions, wanted, made, carried, is_trial=manner.dry_run)
    if manner.as_json:
        pages = shown([each.review for each in decisions], occasion.target, occasion.day)
        emit_json(decided_json(pages, outcome))
    else:
        repository = occasion.target.register.repository
        has_remote = bool(repository.config("remote.origin.url"))
        print_decided(outcome, has_remote=has_remote)
    if len(wanted) < len(decisions):
        raise typer.Exit(FINDINGS)


def _all(occasion: Occasion) -> list[Review]:
    from defectreg.gate.reviewing import reviews_of

    return _waiting(reviews_of(occasion.target, [], occasion.day))


def _waiting(found: Sequence[Review]) -> list[Review]:
    """Without what awaits nothing, and what was withdrawn before it landed."""
    return [each for each in found if (each.awaits or each.errors) and not each.was_taken_back]


def _each(ids: Sequence[str], wish: Wish, occasion: Occasion) -> Iterator[Review]:
    """Of each record the reviews on which the decision has its place."""
    from defectreg.gate.reviewing import ids_of, reviews_of, reviews_of_each, told_apart
    from defectreg.gate.wishes import fitting

    typed, branches = told_apart(ids)
    if branches:
        yield from reviews_of(occasion.target, branches, occasion.day)
    record_ids = ids_of(occasion.target, typed)
    reviews = sorted(
        reviews_of_each(occasion.target, record_ids, occasion.day),
        key=lambda found: record_ids.index(found.request.record_id),
    )
    for _, same in groupby(reviews, key=lambda found: found.request.record_id):
        yield from fitting(same, wish)


def _with_whole_id(wish: Wish, target: Target) -> Wish:
    """The wish with the id that the beginning of one meant."""
    from dataclasses import replace

    from defectreg.gate.reviewing import ids_of

    return replace(wish, other=ids_of(target, [wish.other])[0]) if wish.other else wish


def _asked(
    decisions: Sequence[Decision], wanted: Sequence[Decision], occasion: Occasion, manner: Manner
) -> list[Decision]:
    """What a person answers with yes, once they have seen it."""
    from defectreg.cli.deciding import answered, answered_in_batches, need_terminal
    from defectreg.cli.reviewing import print_pages
    from defectreg.gate.showing import shown

    if wanted:
        need_terminal(as_json=manner.as_json)
    seen = wanted if manner.every else decisions
    pages = shown([each.review for each in seen], occasion.target, occasion.day)
    if manner.every:
        policy = occasion.target.grounds.policy
        return answered_in_batches(wanted, pages, policy.review_batch, policy.audience)
    print_pages(pages)
    return answered(wanted)
