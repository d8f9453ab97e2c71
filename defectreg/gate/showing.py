"""What a review shows beside its findings: the change, what would come of it, what is like it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from defectreg.gate.reviewing import Review
from defectreg.register.classification import CLASSES, may_read
from defectreg.register.difference import Difference, differences
from defectreg.register.grounds import Grounds
from defectreg.register.parties import Parties
from defectreg.register.record import Record
from defectreg.register.similarity import Similar
from defectreg.register.stage import Stage, facts_of, marks_of, stage_of
from defectreg.register.standing import Landed, Landing, Standing
from defectreg.register.statement import Statement
from defectreg.register.yamltext import YamlError, load
from defectreg.store.requests import Target

if TYPE_CHECKING:
    from defectreg.store.index import Index

_MOST_SIMILAR = 5
_TEXTS = ("title", "behaviour", "circumstances")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an audience would see of a record, accepted and landed."""

    audience: str
    stage: Stage
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A review with all that is shown of it."""

    review: Review
    changes: tuple[Difference, ...]
    outlooks: tuple[Outlook, ...]
    similar: tuple[Similar, ...]
    unheld: tuple[str, ...]
    """The manufacturer identifiers that it names and no Party holds: nobody needs to be told."""


def shown(reviews: Sequence[Review], target: Target, today: datetime.date) -> list[Shown]:
    """What there is to be seen of these reviews, beside what they bring."""
    similar = similar_to_each(reviews, target)
    return [
        Shown(
            review,
            tuple(changes_of(review, target.grounds)),
            tuple(outlooks_of(review, target.grounds, today)),
            similar.get(number, ()),
            _unheld(review, target.grounds.parties),
        )
        for number, review in enumerate(reviews)
    ]


def _unheld(review: Review, parties: Parties) -> tuple[str, ...]:
    named = review.record.manufacturer_ids if review.record else frozenset()
    return tuple(sorted(each for each in named if parties.manufacturer(each) is None))


def changes_of(review: Review, grounds: Grounds) -> list[Difference]:
    """What a request changes in a record that has landed; nothing where a text is unreadable."""
    path = review.request.record_path
    before, after = review.request.landed.get(path), review.request.new.get(path)
    if before is None or after is None or review.record is None:
        return []
    try:
        stood, stands = load(before).data, load(after).data
    except YamlError:
        return []
    return differences(stood, stands, grounds.schemas["record"])


def outlooks_of(review: Review, grounds: Grounds, today: datetime.date) -> list[Outlook]:
    """What each audience up to the register's ceiling would see, if all were accepted and landed
    today."""
    standing = _accepted(review, grounds, today)
    if standing is None:
        return []
    policy = grounds.policy
    return [
        Outlook(
            audience,
            stage_of(facts_of(standing, policy, audience, today)),
            marks_of(standing, grounds.catalogue, audience, policy),
        )
        for audience in CLASSES
        if may_read(policy.ceiling, audience)
    ]


def _accepted(review: Review, grounds: Grounds, today: datetime.date) -> Standing | None:
    """The record as it will stand once all that awaits an accept has one."""
    standing = review.standing
    if standing is None:
        return None
    shas = [standing.record.sha256] if review.awaited_roles else []
    shas += [statement.sha256 for statement in review.awaiting_statements()]
    if not shas:
        return standing
    policy = grounds.policy
    step = 1 + max((item.landing.step for item in standing.landed), default=0)
    landing = Landing(step, today, policy.who_validates, policy.dcc_reports_validated_by)
    accepts = (
        Landed(_accept(role, shas, today), landing)
        for role in sorted(review.awaited_roles) or ["validator"]
    )
    return replace(standing, landed=(*standing.landed, *accepts))


def _accept(role: str, shas: list[str], today: datetime.date) -> Statement:
    """A sign-off that nobody made: what would be if somebody did."""
    data = {
        "kind": "sign-off",
        "by": "",
        "date": today.isoformat(),
        "decision": "accept",
        "role": role,
        "read": [f"{sha256}  file" for sha256 in shas],
    }
    return Statement("", data, "")


def similar_to_each(
    reviews: Sequence[Review], target: Target, done: Callable[[int], None] = lambda step: None
) -> dict[int, tuple[Similar, ...]]:
    """The place of a review that adds a record → landed records that are like it.

    ``done`` is called with 1 for each that was asked about.
    """
    from defectreg.store.index import open_index

    adding = {
        number: review.record
        for number, review in enumerate(reviews)
        if review.record is not None and review.brings_record and not review.record_has_landed
    }
    if not adding:
        return {}
    with open_index(replace(target.register, head=target.commit)) as index:
        found = {}
        for number, record in adding.items():
            found[number] = _similar_to(record, index)
            done(1)
        return found


def _similar_to(record: Record, index: Index) -> tuple[Similar, ...]:
    text = "\n".join(str(record.data.get(key, "")) for key in _TEXTS)
    found = index.similar(text, record.affected, _MOST_SIMILAR + 1)
    return tuple(one for one in found if one.id != record.id)[:_MOST_SIMILAR]
