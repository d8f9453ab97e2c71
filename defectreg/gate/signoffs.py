"""A sign-off before its signature: its text, the file it will be, and the branch it goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

from defectreg.gate.wishes import Decision, Occasion
from defectreg.register.mandates import OVERTURNS
from defectreg.register.record import is_record_id, statements_folder
from defectreg.register.statement import Statement, free_name, statement_name
from defectreg.register.yamltext import dump
from defectreg.store.places import Register
from defectreg.store.proposals import free_branch
from defectreg.store.requests import LANDED, Request

QUESTIONS = {
    "data-correct": "Are the data correct",
    "fixes-checked": "Were references to fixes checked",
    "presentation-consistent": "Is the presentation consistent",
}
"""The three questions that an accept answers, by their keys."""
_TAKES_BACK = {"hold": ("lift",), "withdraw": ("accept",), "return": ("accept",)}
"""Decision → those of the same day that it takes the place of where nothing else would tell it from
what was said before."""


def sign_off(decision: Decision, occasion: Occasion) -> bytes:
    """The text of a decision, before its signature."""
    wish = decision.wish
    data: dict[str, object] = {
        "of": decision.review.request.record_id,
        "kind": "sign-off",
        "by": occasion.identity.party,
        "date": occasion.day.isoformat(),
        "decision": wish.decision,
        "role": decision.role,
        "supersedes": _own_of_today(decision, occasion, OVERTURNS),
        "replaces": _replaced(decision),
        "code": wish.code,
        "other": wish.other,
        "says": wish.says,
        "read": decision.read,
    }
    if wish.decision == "accept":
        data |= dict.fromkeys(QUESTIONS, True)
    if _is_said(data, decision, occasion):
        data["supersedes"] = _own_of_today(decision, occasion, _TAKES_BACK)
    return _text(data, occasion).encode()


def _text(data: Mapping[str, object], occasion: Occasion) -> str:
    order = occasion.target.grounds.schemas["statement"].order
    return dump({key: data[key] for key in order if data.get(key) and key != "signature"})


def _is_said(data: Mapping[str, object], decision: Decision, occasion: Occasion) -> bool:
    """Whether the very same has been said already: nothing is said twice in the same bytes."""
    text = _text(data, occasion)
    return any(_text(said.data, occasion) == text for said in _said(decision))


def _replaced(decision: Decision) -> str:
    """The SHA-256 of what the target has, where an accept puts another text in its place."""
    request = decision.review.request
    before = request.landed.get(request.record_path)
    is_change = decision.record is not None and decision.review.brings_record
    if decision.wish.decision != "accept" or not is_change or before is None:
        return ""
    return hashlib.sha256(before).hexdigest()


def _said(decision: Decision) -> Iterable[Statement]:
    landed = decision.review.standing.landed if decision.review.standing else ()
    return (item.statement for item in landed if item.statement.kind == "sign-off")


def _own_of_today(
    decision: Decision, occasion: Occasion, among: Mapping[str, tuple[str, ...]]
) -> str:
    """The Party's own sign-off of today that this one takes the place of; empty for none.

    Of two that land in one step and are of one day the stricter counts, unless it is superseded.
    Where it has landed, naming it makes this another statement than the one it took the place of.
    """
    shas = {line[:64] for line in decision.read}
    outweighing = (
        statement.file
        for statement in _said(decision)
        if statement.by == occasion.identity.party
        and statement.date == occasion.day
        and statement.text("decision") in among.get(decision.wish.decision, ())
        and not shas.isdisjoint(reading.sha256 for reading in statement.read)
    )
    return max(outweighing, key=lambda file: (len(file), file), default="")


def branch_of(request: Request, occasion: Occasion) -> str:
    """The branch that a sign-off goes on: the request's, or for what has landed a new one."""
    if request.ref == LANDED:
        wanted = f"submit/{request.record_id}-{occasion.identity.party}"
        return free_branch(occasion.target.register.repository, wanted)
    return request.own_ref


def paths_of(decisions: Sequence[Decision], occasion: Occasion) -> list[str]:
    """Where the sign-offs of these decisions will stand: paths that nothing has yet."""
    name = statement_name(occasion.day, "sign-off", occasion.identity.party)
    named = _elsewhere(occasion.target.register, [each.review.request for each in decisions])
    paths: list[str] = []
    for decision in decisions:
        request = decision.review.request
        folder = statements_folder(request.record_id)
        here = {*request.case, *request.renamed.values(), *named.get(request.record_id, ()), *paths}
        taken = {path.rpartition("/")[2] for path in here if path.startswith(f"{folder}/")}
        paths.append(f"{folder}/{free_name(name, taken)}")
    return paths


def _elsewhere(register: Register, requests: Collection[Request]) -> dict[str, set[str]]:
    """Record id → the paths of what is said of it on other requests that are named after it."""
    known: dict[str, set[str]] = {}
    for request in requests:
        known.setdefault(request.record_id, {register.target.commit}).add(request.commit)
    found: dict[str, set[str]] = {}
    for ref, commit in register.requests().items():
        for record_id in _ids_in(ref):
            if commit not in known.get(record_id, (commit,)):
                listing = register.repository.listing(commit, statements_folder(record_id))
                found.setdefault(record_id, set()).update(listing)
    return found


def _ids_in(ref: str) -> Iterable[str]:
    """The id after which a branch is named: ``submit/<id>``, ``submit/<id>-<party>``."""
    name = ref.rpartition("/")[2][: len("DR-XXXX-XXXX")]
    return (name,) if is_record_id(name) else ()
