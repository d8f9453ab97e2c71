"""What waits on a request that brings no records: rules, a catalogue, a month's bulletin."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace

from defectreg.gate.judging import NOTHING, Judgement
from defectreg.gate.policy_signing import awaited_parties, signatories_of
from defectreg.gate.requesting import judge_request_head
from defectreg.gate.trees import BULLETIN, CATALOGUE, DATA, OTHER, POLICY, SIGN_OFFS, sort_moves
from defectreg.register.waits import ADMINISTRATOR, AUTHOR, PUBLISHER, VALIDATOR, Wait
from defectreg.store.places import short_name
from defectreg.store.requests import Target

_RECORDS = "records/"
_WHOM = {POLICY: ADMINISTRATOR, CATALOGUE: VALIDATOR, BULLETIN: PUBLISHER}
"""Kind of request → who signs it, and lands it."""
_SIGNED_AS = {POLICY: "sign-off", CATALOGUE: "sign-off", BULLETIN: "signature"}


def waits_of_change(target: Target, ref: str, commit: str, day: datetime.date) -> Iterator[Wait]:
    """What waits on one branch, unless all that it brings stands below ``records/``."""
    repository = target.register.repository
    base = repository.merge_base(target.commit, commit)
    moves = repository.moved(base, commit) if base not in (None, commit) else []
    if all(move.path.startswith(_RECORDS) for move in moves):
        return
    judgement = judge_request_head(repository, commit, target.commit, day)
    if judgement.kind in (DATA, OTHER, NOTHING):
        return
    kind = sort_moves(moves, target.grounds.policy).kind
    days = days_of(target, commit)
    since = max((days.get(move.path, day) for move in moves), default=day)
    line = Wait(since, "", "", request=short_name(ref), kind=kind)
    if judgement.errors:
        yield from _to_mend(judgement, line, target, commit)
        return
    changed = [move.path for move in moves if not move.path.startswith(SIGN_OFFS)]
    line = replace(line, whom=_WHOM[kind], files=tuple(changed))
    if not judgement.awaited:
        yield replace(line, waits_for="landing")
        return
    parties = () if kind == BULLETIN else awaited_parties(repository, commit, target.commit, day)
    began = max(days.get(path, day) for path in changed)
    yield replace(line, waits_for=_SIGNED_AS[kind], since=began, parties=parties)


def _to_mend(judgement: Judgement, line: Wait, target: Target, commit: str) -> Iterator[Wait]:
    """That whoever made it has to mend it: the Parties that signed it, if any did."""
    files = tuple(sorted({finding.file for finding in judgement.errors if finding.file}))
    people = []
    if judgement.kind in (POLICY, CATALOGUE):
        people = signatories_of(target.register.repository, commit, target.commit, line.since)
    for whom in sorted({who.party.slug for who in people}) or [AUTHOR]:
        yield replace(line, whom=whom, waits_for="mending", files=files)


def days_of(target: Target, commit: str) -> Mapping[str, datetime.date]:
    """Path → the day of the commit that brought it, or changed it last, on a request's branch."""
    days: dict[str, datetime.date] = {}
    for step in target.register.repository.steps(commit, since=target.commit):
        days |= dict.fromkeys((*step.added, *step.changed, *step.removed), step.day)
    return days
