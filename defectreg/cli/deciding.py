"""Decisions of reviews: what a person is asked before they sign, and what is told afterwards."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from defectreg.cli.output import disclaimer_lines, escape
from defectreg.cli.reviewing import enveloped, named, review_data, summary_lines
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
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


def print_decided(
    decisions: Sequence[Decision],
    wanted: Sequence[Decision],
    made: Sequence[Signed],
    *,
    has_remote: bool,
) -> None:
    """What was decided and what was not, and what is to be done next."""
    if not decisions:
        print("Nothing on a request awaits your sign-off.")
    chosen = set(map(id, wanted))
    for decision in decisions:
        record_id = decision.review.request.record_id
        verb = decision.wish.decision
        if id(decision) not in chosen:
            print(f"{record_id}: not {_DONE[verb]}.")
        for objection in (*decision.refusals, *(() if decision.refusals else decision.left)):
            print("\n".join(_objection_lines(objection)))
        if id(decision) in chosen and not made:
            print(f"{record_id}: {_what(decision)} would be {_DONE[verb]}.")
    for signed in made:
        decision = signed.decision
        record_id = decision.review.request.record_id
        print(f"{record_id}: {_DID[decision.wish.decision]} {_what(decision)}.")
        print(f"  {signed.path} on {signed.branch}")
    if made:
        print("Next:")
        print("\n".join(f"  {command}" for command in _next(made, has_remote=has_remote)))


def _objection_lines(objection: Objection) -> Iterator[str]:
    yield f"  {escape(objection.sentence)}"
    if objection.hint:
        yield f"  hint: {escape(objection.hint)}"


def _next(made: Sequence[Signed], *, has_remote: bool) -> Iterator[str]:
    """What follows: for this person, for others who have still to sign, for who lands it."""
    branches = dict.fromkeys(signed.branch for signed in made)
    if has_remote:
        yield f"git push origin {' '.join(branches)}"
    ready: dict[str, None] = {}
    for signed in made:
        record_id = signed.decision.review.request.record_id
        others = list(_others(signed.decision))
        yield from others
        if not others:
            ready[record_id] = None
    if ready:
        yield f"defectreg land {' '.join(ready)}"


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


def decided_json(
    pages: Sequence[Shown],
    decisions: Sequence[Decision],
    wanted: Sequence[Decision],
    made: Sequence[Signed],
) -> dict[str, Any]:
    """What was decided, as one object of JSON.

    As without a decision; each of ``records`` has besides ``decision``, ``role`` (empty where
    several would do), ``decided`` (whether it was, or with ``--dry-run`` would be), ``read`` (lines
    as sha256sum writes them), ``refusals`` (why it was not), ``left`` (what somebody else must
    accept, and why), ``sign_off`` (a path), ``branch`` and ``commit`` (null where nothing was
    written).
    """
    written = {id(signed.decision): signed for signed in made}
    chosen = set(map(id, wanted))
    records = []
    for page, decision in zip(pages, decisions, strict=True):
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
    return enveloped(records)


def _what(decision: Decision) -> str:
    """What is decided, in words: the record, and the names of statements."""
    record = ["the record"] if decision.record is not None else []
    return named([*record, *(statement.file for statement in decision.statements)])
