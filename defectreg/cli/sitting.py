"""``review --new``: what came in is listed; in a terminal a validator decides of it by key."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from defectreg.cli.asking import is_terminal
from defectreg.cli.errors import FINDINGS
from defectreg.cli.output import emit_json, progress
from defectreg.cli.today import today

if TYPE_CHECKING:
    from defectreg.gate.new_records import Arrivals
    from defectreg.gate.wishes import Occasion
    from defectreg.store.requests import Target


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
    from defectreg.cli.deciding_new import agree_to_sign, answer_by_key
    from defectreg.gate.new_records import awaiting, questions
    from defectreg.gate.signing import sign
    from defectreg.gate.sitting import Sitting

    sitting = Sitting(occasion, role, came.taken_back)
    groups = awaiting(came.groups, roles)
    batch = occasion.target.grounds.policy.review_batch
    answer_by_key(sitting, list(questions(groups, batch)))
    if not agree_to_sign(sitting):
        return
    lost = sitting.renewed()
    decisions, carried = sitting.decisions, sitting.carried()
    made = [] if dry_run else sign(decisions, occasion, carried)
    repository = occasion.target.register.repository
    has_remote = bool(repository.config("remote.origin.url"))
    party = occasion.identity.party
    outcome = Outcome(party, [*lost, *decisions], decisions, made, carried, is_trial=dry_run)
    print_decided(outcome, has_remote=has_remote)
    if lost:
        raise typer.Exit(FINDINGS)


def _counting(total: int) -> AbstractContextManager[Callable[[int], None]]:
    """A bar over so many records."""
    return progress("new records", total)
