"""``review --new``: what came in is listed; in a terminal a validator decides of it by key.

Each answer is kept at once, so that whoever is stopped before signing goes on where they were.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from defectreg.cli.asking import is_terminal
from defectreg.cli.errors import FINDINGS
from defectreg.cli.output import disclaimer_lines, emit_json, escape, progress
from defectreg.cli.today import today
from defectreg.register.errors import CannotRun

if TYPE_CHECKING:
    from defectreg.gate.new_records import Arrivals, Group
    from defectreg.gate.resuming import Desk
    from defectreg.gate.sitting import Sitting
    from defectreg.gate.wishes import Occasion
    from defectreg.store.requests import Target

_KEPT = "your answers are kept, and `defectreg review --new` offers them again"


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who decides, as it was typed: Party, key, and the role in which to accept and return."""

    party: str | None
    key: str | None
    role: str


def review_new(
    target: Target, now: datetime.datetime, sitter: Sitter, *, as_json: bool, dry_run: bool
) -> None:
    """List what came in; in a terminal, ask about it and sign what was answered."""
    from defectreg.gate.new_records import arrivals
    from defectreg.gate.wishes import Occasion
    from defectreg.store.identity import identify

    day = today(now)
    if as_json or not is_terminal():
        came = arrivals(target, day, _counting, proves=as_json)
        list_new(target, came, as_json=as_json)
        return
    occasion = Occasion(identify(target.register, sitter.party, sitter.key), target, now, day)
    roles = occasion.signatory.person.roles  # before anything is judged: who has no key is told
    decide_new(arrivals(target, day, _counting), occasion, sitter.role, roles, dry_run=dry_run)


def list_new(target: Target, came: Arrivals, *, as_json: bool) -> None:
    """Print what came in, in groups."""
    from defectreg.cli.reviewing_new import new_json, print_groups

    batch = target.grounds.policy.review_batch
    if not as_json:
        print_groups(came, batch)
        return
    from defectreg.gate.showing import similar_to_each

    with progress("like what has landed", len(came.groups)) as done:
        first = [group[0].review for group in came.groups]
        similar = similar_to_each(first, target, done)
    emit_json(new_json(came, similar, batch))


def decide_new(
    came: Arrivals, occasion: Occasion, role: str, roles: Collection[str], *, dry_run: bool
) -> None:
    """Ask about what came in and awaits this person, and sign what they answered."""
    from defectreg.cli.deciding import Outcome, print_decided
    from defectreg.cli.reviewing_new import print_unreadable
    from defectreg.gate.new_records import awaiting
    from defectreg.gate.resuming import Desk
    from defectreg.gate.signing import sign
    from defectreg.gate.sitting import Sitting

    sitting = Sitting(occasion, role, came.taken_back)
    desk = None if dry_run else Desk.of(occasion)
    with _nothing_lost(sitting, desk, "nothing was signed"):
        print("\n".join(disclaimer_lines()))
        print_unreadable(came)
        if not _answered(sitting, awaiting(came.groups, roles), desk):
            return
    with _nothing_lost(sitting, desk, "it was stopped while it was signed"):
        lost = sitting.renewed()
        decisions, carried = sitting.decisions, sitting.carried()
        made = [] if dry_run else sign(decisions, occasion, carried)
    if desk is not None:
        desk.clear()
    repository = occasion.target.register.repository
    has_remote = bool(repository.config("remote.origin.url"))
    party = occasion.identity.party
    outcome = Outcome(party, [*lost, *decisions], decisions, made, carried, is_trial=dry_run)
    print_decided(outcome, has_remote=has_remote)
    if lost:
        raise typer.Exit(FINDINGS)


def _answered(sitting: Sitting, groups: Sequence[Group], desk: Desk | None) -> bool:
    """Ask about what came in; returns whether what was answered is to be signed."""
    from defectreg.cli.deciding_new import agree_to_sign, answer_by_key
    from defectreg.gate.new_records import questions

    batch = sitting.occasion.target.grounds.policy.review_batch
    again = _taken_up(sitting, groups, desk) if desk is not None else []
    keep = desk.keep if desk is not None else _keep_nothing
    answer_by_key(sitting, list(questions(groups, batch)), keep, list(questions(again, batch)))
    if agree_to_sign(sitting):
        return True
    if desk is not None and sitting.decisions:
        print(f"Nothing was signed. {_KEPT}.")
    return False


def _taken_up(sitting: Sitting, groups: Sequence[Group], desk: Desk) -> list[Group]:
    """Offer the answers of a sitting that was stopped; the groups of those that hold again."""
    from defectreg.cli.deciding_new import decided_words
    from defectreg.gate.resuming import taken_up

    kept = desk.answers()
    if not kept:
        return []
    counts = decided_words(Counter(each.decision for each in kept))
    print(f"Answered before and not signed: {', '.join(counts)}.")
    if not typer.confirm("Take these answers up again (no forgets them)?", default=True):
        desk.clear()
        return []
    held, lost = taken_up(kept, groups, sitting)
    for each in lost:
        print(f"{escape(each.record_id)}: decided or changed meanwhile; its answer is left out.")
    desk.keep(sitting)
    return [(one,) for one in held]


def _keep_nothing(sitting: Sitting) -> None:
    """Of a trial nothing is kept."""


@contextmanager
def _nothing_lost(sitting: Sitting, desk: Desk | None, told: str) -> Iterator[None]:
    """Whatever stops it before all is signed: say so, and that the answers are kept."""
    try:
        yield
    except (CannotRun, KeyboardInterrupt, typer.Abort) as reason:
        is_kept = desk is not None and bool(sitting.decisions)
        reason.add_note(f"{told}; {_KEPT}" if is_kept else told)
        raise


def _counting(total: int) -> AbstractContextManager[Callable[[int], None]]:
    """A bar over so many records."""
    return progress("new records", total)
