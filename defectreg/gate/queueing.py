"""What waits, for whom, and since when: of all that has landed, and of every request."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TypeAlias

from defectreg.gate.reviewing import Review, reviews
from defectreg.gate.waiting_changes import days_of, waits_of_change
from defectreg.register.mandates import Signatory, objection_to_author, objections_to_role
from defectreg.register.parties import Party, Person
from defectreg.register.policy import Policy
from defectreg.register.record import statements_folder
from defectreg.register.statement import Statement
from defectreg.register.waits import AUTHOR, ROLE_OF, VALIDATOR, Wait, WaitingCase
from defectreg.store.index import Index, open_index
from defectreg.store.landings import Landings
from defectreg.store.leftovers import is_stale
from defectreg.store.requests import Request, Target, newest, request_tips, requests_at

Begin: TypeAlias = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Begins a count of so many requests; what it gives is called with each step's size."""


def queue(target: Target, day: datetime.date, begin: Begin) -> list[Wait]:
    """Everything that waits on a day, the oldest first, for the audience of the policy.

    Under mandatory manufacturer input also, for the validators, each manufacturer's Party of which
    nothing landed in the quarter.
    """
    tips = list(request_tips(target.register))
    register = replace(target.register, head=target.commit)
    with open_index(register) as index, begin(len(tips)) as done:
        waits = list(index.waits(day))
        requests: list[Request] = []
        for ref, commit in tips:
            requests += requests_at(target, ref, commit)
            waits += waits_of_change(target, ref, commit, day)
            done(1)
        waits += _of_requests(target, index, newest(register.repository, requests), day)
        if target.grounds.policy.manufacturer_input == "mandatory":
            waits += _silent(target, index, day)
    return sorted(waits, key=lambda wait: wait.order)


def _silent(target: Target, index: Index, day: datetime.date) -> Iterator[Wait]:
    """That nothing was heard from a manufacturer's Party this quarter, one by one."""
    quarter = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    manufacturers = {party.slug for party in target.grounds.parties if party.manufacturer_ids}
    for slug in sorted(manufacturers - index.heard_since(quarter)):
        yield Wait(quarter, VALIDATOR, "something said this quarter", parties=(slug,))


def is_for(wait: Wait, party: Party, person: Person | None, policy: Policy) -> bool:
    """Whether something waits for a Party, or for what a person of it may do in their roles.

    Without a person, for anybody of the Party. What waits for any Party is nobody's own.
    """
    if wait.whom not in ROLE_OF:
        return wait.whom == party.slug
    if wait.kind and wait.parties and party.slug not in wait.parties:
        return False
    people = [one for one in party.people if person is None or one == person]
    role = ROLE_OF[wait.whom]
    who = (Signatory(party, one) for one in people if role in one.roles)
    return any(_may(wait, role, one, policy) for one in who)


def _may(wait: Wait, role: str, who: Signatory, policy: Policy) -> bool:
    """Whether a person may give the accept that is awaited: of others, and of their own never."""
    standing = wait.standing
    if standing is None or wait.waits_for != "accept":
        return True
    parties, reporting = standing.parties, standing.reporting_parties
    if any(objections_to_role("accept", role, who, standing.record, reporting, parties, policy)):
        return False
    own = [bool(objection_to_author(said, "author", who, parties, policy)) for said in wait.said]
    return not (any(own) if wait.stage else bool(own) and all(own))


def _of_requests(
    target: Target, index: Index, requests: Sequence[Request], day: datetime.date
) -> Iterator[Wait]:
    """What waits on requests."""
    days: dict[str, Mapping[str, datetime.date]] = {}
    asked = _effective(requests)
    for found in reviews(asked, target, _landings(index, asked), day):
        commit = found.request.commit
        if commit not in days:
            days[commit] = days_of(target, commit)
        yield from waits_of_request(found, target.grounds.policy, days[commit], day)


def _effective(requests: Sequence[Request]) -> list[Request]:
    """Without those that bring nothing but sign-offs of bytes that are nowhere any more."""
    known: dict[str, set[str]] = {}
    for request in requests:
        shas = (hashlib.sha256(data).hexdigest() for data in request.case.values())
        known.setdefault(request.record_id, set()).update(shas)
    return [
        request
        for request in requests
        if request.removed
        or not all(
            is_stale(path, data, known[request.record_id]) for path, data in request.new.items()
        )
    ]


def _landings(index: Index, requests: Iterable[Request]) -> Landings:
    """When that landed which stands already; the index knows it without asking the history."""
    by_path = {}
    for record_id in {request.record_id for request in requests if request.landed}:
        standing = index.standing(record_id)
        for item in standing.landed if standing is not None else ():
            by_path[f"{statements_folder(record_id)}/{item.statement.file}"] = item.landing
    return Landings(by_path, 1 + max((each.step for each in by_path.values()), default=0))


def waits_of_request(
    found: Review, policy: Policy, days: Mapping[str, datetime.date], today: datetime.date
) -> Iterator[Wait]:
    """What waits on a request that brings something of one record.

    What must be mended or signed changes bytes: until then nothing is accepted. Where nothing else
    is awaited it waits to land; where it was withdrawn before it landed, nothing waits.
    """
    request = found.request
    if found.was_taken_back:
        return
    by_file = {
        path.rpartition("/")[2]: days.get(request.on_branch(path), today) for path in request.new
    }
    began = max(by_file.values(), default=today)
    line = Wait(began, "", "", request.record_id, request=request.branch)
    waits = list(_unfinished(found, line, by_file))
    if found.standing is not None:
        file = f"{request.record_id}.yaml"
        case = WaitingCase(
            found.standing, policy, by_file, by_file.get(file, began), request.branch
        )
        waits = [replace(wait, title=case.wait("", "", began).title) for wait in waits]
        waits += list(_undecided(found, case, is_unfinished=bool(waits)))
        if not waits:
            waits.append(case.wait(VALIDATOR, "landing", began, files=tuple(sorted(by_file))))
    yield from waits


def _unfinished(found: Review, line: Wait, days: Mapping[str, datetime.date]) -> Iterator[Wait]:
    """What the request's author has to mend, and what its Party has to sign."""
    files = {finding.file.rpartition("/")[2] for finding in found.errors}
    if files:
        for party in _authors(found.new) or [AUTHOR]:
            yield replace(line, whom=party, waits_for="mending", files=tuple(sorted(files)))
    unsigned: dict[str, list[str]] = {}
    for statement in found.new:
        if not statement.is_signed:
            unsigned.setdefault(statement.by, []).append(statement.file)
    for party, names in sorted(unsigned.items()):
        since = min(days.get(name, line.since) for name in names)
        yield replace(line, whom=party, waits_for="signature", since=since, files=tuple(names))


def _authors(new: Iterable[Statement]) -> list[str]:
    return sorted({statement.by for statement in new if statement.kind != "sign-off"})


def _undecided(found: Review, case: WaitingCase, *, is_unfinished: bool) -> Iterator[Wait]:
    """What validators, manufacturers and the security body have to decide."""
    if case.standing.is_held and found.brings_record:
        yield case.held()
    if is_unfinished:
        return
    if found.brings_record and found.awaited_roles:
        yield from case.unaccepted_record(found.awaited_roles)
    yield from case.unaccepted(
        item for item in case.standing.landed if item.statement.file in case.days
    )
