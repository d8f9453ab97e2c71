"""Decisions of reviews: what a person is asked before they sign, and what is told afterwards."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from defectreg.cli.output import disclaimer_lines, escape
from defectreg.cli.reviewing import enveloped, named, review_data, summary_lines
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.gate.merging import Carried
    from defectreg.gate.showing import Shown
    from defectreg.gate.signing import Signed
    from defectreg.gate.wishes import Decision
    from defectreg.register.mandates import Objection

_DONE = {
    "accept": "accepted",
    "return": "returned",
    "hold": "held",
    "lift": "freed",
    "withdraw": "withdrawn",
}
"""Decision → what has been done to what it is of."""
_DID = {**_DONE, "withdraw": "withdrew"}
"""Decision → what was done, before what it is of."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a person decided: all that was asked, what of it they wanted, and what was signed."""

    party: str
    """For which they signed."""
    decisions: Sequence[Decision]
    wanted: Sequence[Decision]
    made: Sequence[Signed]
    carried: Sequence[Carried]
    """Reports told anew of the record into which theirs was merged."""
    is_trial: bool
    """Whether nothing was to be written."""


def answered(decisions: Sequence[Decision]) -> list[Decision]:
    """Ask the three questions of each; a no leaves the record as it is."""
    from defectreg.gate.signoffs import QUESTIONS

    wanted = []
    for decision in decisions:
        print(f"{decision.review.request.record_id}: to be accepted is {_what(decision)}.")
        if all(typer.confirm(f"{question}?") for question in QUESTIONS.values()):
            wanted.append(decision)
    return wanted


def answered_in_batches(
    decisions: Sequence[Decision], pages: Sequence[Shown], batch: int, audience: str
) -> list[Decision]:
    """Show so many at once, a few lines each, and ask one question of them."""
    print("\n".join(disclaimer_lines()))
    wanted: list[Decision] = []
    for start in range(0, len(decisions), batch):
        some = decisions[start : start + batch]
        print()
        for number, page in enumerate(pages[start : start + batch], start + 1):
            print("\n".join(summary_lines(number, page, audience)))
        which = "it" if len(some) == 1 else f"these {len(some)}"
        print(f"To accept {which} says: the data are correct, references to fixes were checked, "
              "the presentation is consistent.")  # fmt: skip
        if typer.confirm(f"Accept {which}?"):
            wanted += some
    return wanted


def need_terminal(*, as_json: bool) -> None:
    """Raises UsageProblem where nobody can be asked."""
    where = "JSON is no place" if as_json else "there is no terminal"
    if as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageProblem(
            f"an accept answers three questions, and {where} to ask them",
            "--yes answers them: data correct, references to fixes checked, presentation "
            "consistent",
        )


def print_decided(outcome: Outcome, *, has_remote: bool) -> None:
    """What was decided and what was not, and what is to be done next."""
    if not outcome.decisions and not outcome.carried:
        print("Nothing on a request awaits your sign-off.")
    for line in _decided_lines(outcome):
        print(line)
    for signed in outcome.made:
        decision = signed.decision
        record_id = decision.review.request.record_id
        other = f", in favour of {decision.wish.other}" if decision.wish.other else ""
        print(f"{record_id}: {_DID[decision.wish.decision]} {_what(decision)}{other}.")
        print(f"  {signed.path} on {signed.branch}")
    for one in outcome.carried:
        verb = "would be told" if outcome.is_trial else "told"
        print(f"{one.record_id}: {verb} what was reported of {', '.join(one.merged)}.")
        print(f"  {one.path} on {one.branch}")
    steps = [] if outcome.is_trial else list(_next(outcome, has_remote=has_remote))
    if steps:
        print("Next:")
        print("\n".join(f"  {command}" for command in steps))


def _decided_lines(outcome: Outcome) -> Iterator[str]:
    """What was not decided and why, and of a trial what would be."""
    chosen = set(map(id, outcome.wanted))
    for decision in outcome.decisions:
        record_id = decision.review.request.record_id
        verb = decision.wish.decision
        if id(decision) not in chosen:
            yield f"{record_id}: not {_DONE[verb]}."
        for objection in (*decision.refusals, *(() if decision.refusals else decision.left)):
            yield from objection_lines(objection)
        if id(decision) in chosen and outcome.is_trial:
            yield f"{record_id}: {_what(decision)} would be {_DONE[verb]}."


def objection_lines(objection: Objection) -> Iterator[str]:
    yield f"  {escape(objection.sentence)}"
    if objection.hint:
        yield f"  hint: {escape(objection.hint)}"


def _next(outcome: Outcome, *, has_remote: bool) -> Iterator[str]:
    """What follows: for this person, for others who have still to sign, for who lands it."""
    made, carried = outcome.made, outcome.carried
    branches = dict.fromkeys([*(each.branch for each in made), *(each.branch for each in carried)])
    if has_remote and branches:
        yield f"git push origin {' '.join(branches)}"
    ready: dict[str, None] = {}
    steps: dict[str, None] = {}
    for signed in made:
        review = signed.decision.review
        is_taken_back = signed.decision.wish.decision == "withdraw" and not review.record_has_landed
        others = list(_after_merge(signed.decision, outcome) if is_taken_back
                      else _others(signed.decision))  # fmt: skip
        steps |= dict.fromkeys(others)
        if not others and not is_taken_back:
            ready[review.request.record_id] = None
    ready |= dict.fromkeys(one.record_id for one in carried)
    yield from steps
    if ready:
        yield f"defectreg land {' '.join(ready)}"


def _after_merge(decision: Decision, outcome: Outcome) -> Iterator[str]:
    """Who says of the record that stays what was reported of one that was taken back."""
    from defectreg.gate.merging import own_reports, reporters

    stays, review = decision.wish.other, decision.review
    party = outcome.party
    if not stays:
        return
    for other in reporters(review, party):
        yield f"{other}: defectreg add report {stays}"
    told = {record_id for one in outcome.carried for record_id in one.merged}
    if own_reports(review, party) and review.request.record_id not in told:
        yield f"once {stays} has landed: defectreg review --new tells what was reported of it"


def _others(decision: Decision) -> Iterator[str]:
    """What somebody else has to do before it can land."""
    record_id, review = decision.review.request.record_id, decision.review
    verb = decision.wish.decision
    if verb == "return" and not review.is_landed:
        yield f"its reporter: defectreg edit {record_id}"
        return
    done = {decision.role} if verb == "accept" and decision.record else set()
    waiting = sorted(review.awaited_roles - done)
    if verb == "accept" or not review.is_landed:
        yield from (f"a {role}: defectreg review {record_id} --accept" for role in waiting)
    if decision.left and not waiting:
        yield f"another validator: defectreg review {record_id} --accept"
    if not review.is_landed and verb != "lift" and (verb == "hold" or _is_held(decision)):
        yield f"the security body: defectreg review {record_id} --lift"


def _is_held(decision: Decision) -> bool:
    standing = decision.review.standing
    return standing is not None and standing.is_held


def decided_json(pages: Sequence[Shown], outcome: Outcome) -> dict[str, Any]:
    """What was decided, as one object of JSON.

    As without a decision; each of ``records`` has besides ``decision``, ``role`` (empty where
    several would do), ``decided`` (whether it was, or with ``--dry-run`` would be), ``read`` (lines
    as sha256sum writes them), ``refusals`` (why it was not), ``left`` (what somebody else must
    accept, and why), ``sign_off`` (a path), ``branch`` and ``commit`` (null where nothing was
    written). ``carried`` are reports on records that were merged, told of the one that stays:
    ``id`` (of that one), ``merged`` (ids), ``report`` (a path) and ``branch``.
    """
    written = {id(signed.decision): signed for signed in outcome.made}
    chosen = set(map(id, outcome.wanted))
    records = []
    for page, decision in zip(pages, outcome.decisions, strict=True):
        signed = written.get(id(decision))
        records.append(
            {
                **review_data(page),
                "decision": decision.wish.decision,
                "role": decision.role,
                "decided": id(decision) in chosen,
                "read": decision.read,
                "refusals": [objection.sentence for objection in decision.refusals],
                "left": [objection.sentence for objection in decision.left],
                "sign_off": signed.path if signed else None,
                "branch": signed.branch if signed else None,
                "commit": signed.commit if signed else None,
            }
        )
    carried = [
        {"id": one.record_id, "merged": list(one.merged), "report": one.path, "branch": one.branch}
        for one in outcome.carried
    ]
    return {**enveloped(records), "carried": carried}


def _what(decision: Decision) -> str:
    """What is decided, in words: the record, and the names of statements."""
    record = ["the record"] if decision.record is not None else []
    return named([*record, *(statement.file for statement in decision.statements)])
