"""Where a record stands: the first line of one table that holds, and the marks beside it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from defectreg.register.catalogue import Catalogue
from defectreg.register.devices import Device, NotationError, parse_combination
from defectreg.register.parties import Party
from defectreg.register.policy import Policy
from defectreg.register.record import CERTAINTIES, IMPACTS, KINDS_WITHOUT_FIX, Record
from defectreg.register.standing import Landed, Standing
from defectreg.register.statement import ACCEPTED_KINDS, DISPUTING_POSITIONS, Statement
from defectreg.register.working_days import is_over, last_day


@dataclass(frozen=True, slots=True)
class Awaited:
    """A manufacturer's Party whose response is awaited; ``until`` None: however long it takes.

    ``since`` is the day on which the notice landed that opened the window.
    """

    party: str
    until: datetime.date | None
    since: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the stage depends on, for one audience and one day."""

    is_withdrawn: bool
    is_held: bool
    is_returned: bool
    awaited_roles: frozenset[str]
    is_under_threshold: bool
    has_too_few_parties: bool
    lacks_fix: bool
    is_above_audience: bool
    unnotified: tuple[str, ...]
    awaited: tuple[Awaited, ...]

    @property
    def lacks_evidence(self) -> bool:
        """Whether this audience is shown it only once there is more evidence, or a fix."""
        return (
            self.is_under_threshold
            or self.has_too_few_parties
            or self.lacks_fix
            or self.is_above_audience
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the stage table: when it holds, what it waits for, and whom."""

    stage: str
    holds: Callable[[Facts], bool]
    when: str
    waits_for: str
    whom: str


STAGES = (
    Line(
        "withdrawn",
        lambda facts: facts.is_withdrawn,
        "a withdrawal of the record counts",
        "",
        "",
    ),
    Line(
        "held",
        lambda facts: facts.is_held,
        "the newest of hold and lift is hold, or the record says security and none lifted it",
        "lift",
        "security body",
    ),
    Line(
        "returned",
        lambda facts: facts.is_returned,
        "the newest decision of a validator on these bytes is return",
        "new text",
        "reporter",
    ),
    Line(
        "reported",
        lambda facts: bool(facts.awaited_roles),
        "these bytes are not accepted by whom the policy names",
        "accept",
        "validator",
    ),
    Line(
        "recorded",
        lambda facts: facts.lacks_evidence,
        "it is under a threshold, too few Parties reported it, it has no fix where this audience "
        "needs one, or it is classified above the audience",
        "evidence or a fix",
        "any Party",
    ),
    Line(
        "to-notify",
        lambda facts: bool(facts.unnotified),
        "a manufacturer of an affected Device has no delivered notice of what it says now",
        "notice",
        "publisher",
    ),
    Line(
        "in-reply",
        lambda facts: bool(facts.awaited),
        "a notified manufacturer has not answered, and its window is open, or is over and the "
        "policy says hold",
        "response",
        "manufacturer",
    ),
    Line("published", lambda facts: True, "otherwise", "", ""),
)
STAGE_NAMES = tuple(line.stage for line in STAGES)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a record stands, for one audience and one day, and what it waits for."""

    name: str
    waits_for: str = ""
    whom: tuple[str, ...] = ()
    """Words for roles, or slugs of the Parties."""
    until: datetime.date | None = None


def facts_of(standing: Standing, policy: Policy, audience: str, day: datetime.date) -> Facts:
    """The facts of a record, what is said of it, the policy, an audience and a day."""
    record = standing.record
    return Facts(
        is_withdrawn=standing.withdrawal is not None,
        is_held=standing.is_held,
        is_returned=standing.is_returned,
        awaited_roles=standing.awaited_roles(policy),
        is_under_threshold=_below(record.certainty, policy.certainty_threshold, CERTAINTIES)
        or _below(record.impact, policy.impact_threshold, IMPACTS),
        has_too_few_parties=len(standing.reporting_parties) < policy.minimum_parties,
        lacks_fix=_needs_fix(record.kind, policy, audience)
        and not _of_kind(standing.shown_to(audience, policy), "fix"),
        is_above_audience=not standing.may_show(record, audience, policy),
        unnotified=tuple(_unnotified(standing)),
        awaited=awaited_of(standing, policy, day),
    )


def awaited_of(standing: Standing, policy: Policy, day: datetime.date) -> tuple[Awaited, ...]:
    """The manufacturers that have not answered what they were told, as long as they are awaited."""
    return tuple(_awaited(standing, policy, day)) if standing.of_kind("notice") else ()


def stage_of(facts: Facts) -> Stage:
    """The first line of the table that holds."""
    line = next(line for line in STAGES if line.holds(facts))
    whom: tuple[str, ...] = (line.whom,) if line.whom else ()
    until = None
    if line.stage == "reported":
        whom = tuple(sorted(facts.awaited_roles))
    elif line.stage == "in-reply":
        whom = tuple(awaited.party for awaited in facts.awaited)
        days = [awaited.until for awaited in facts.awaited if awaited.until is not None]
        until = max(days) if len(days) == len(facts.awaited) else None
    return Stage(line.stage, line.waits_for, whom, until)


def _below(value: str, threshold: str, order: tuple[str, ...]) -> bool:
    return order.index(value) < order.index(threshold)


def _needs_fix(kind: str, policy: Policy, audience: str) -> bool:
    if kind in KINDS_WITHOUT_FIX:
        return False
    if audience == "clear":
        return policy.show_without_fix_to_world == "withhold"
    return policy.show_without_fix_to_parties == "withhold"


def _manufacturers(standing: Standing) -> list[Party]:
    """The Parties that answer for an affected Device; one that none holds needs none."""
    found = map(standing.parties.manufacturer, standing.record.manufacturer_ids)
    by_slug = {party.slug: party for party in found if party is not None}
    return [by_slug[slug] for slug in sorted(by_slug)]


def _notices(standing: Standing, party: str) -> list[Landed]:
    return [item for item in standing.of_kind("notice") if item.statement.data["to"] == party]


@dataclass(frozen=True, slots=True)
class _Told:
    """What letters have told a manufacturer: all of them together."""

    affected: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    certainty: str = CERTAINTIES[0]
    impact: str = IMPACTS[0]

    def with_notice(self, told: Mapping[str, Any]) -> _Told:
        """What has been told once this notice is added."""
        return _Told(
            self.affected | {_canonical(text) for text in told["affected"]},
            self.causes | frozenset(told.get("causes", ())),
            max(self.certainty, told["certainty"], key=CERTAINTIES.index),
            max(self.impact, told.get("impact", IMPACTS[0]), key=IMPACTS.index),
        )

    def holds(self, other: _Told) -> bool:
        """Whether all of another has been told."""
        return (
            other.affected <= self.affected
            and other.causes <= self.causes
            and not _below(self.certainty, other.certainty, CERTAINTIES)
            and not _below(self.impact, other.impact, IMPACTS)
        )


@lru_cache(maxsize=4096)
def _canonical(text: str) -> str:
    try:
        return str(parse_combination(text))
    except NotationError:
        return text


def _to_tell(standing: Standing, party: Party) -> _Told:
    """What concerns a manufacturer: the combinations that have a Device of its own."""
    record = standing.record
    return _Told(
        frozenset(
            _canonical(text)
            for text, entry in zip(record.data["affected"], record.affected, strict=True)
            if party.manufacturer_ids.intersection(entry.manufacturers())
        ),
        frozenset(item.statement.file for item in standing.of_kind("cause")),
        record.certainty,
        record.impact,
    )


def _unnotified(standing: Standing) -> Iterator[str]:
    for party in _manufacturers(standing):
        notices = _notices(standing, party.slug)
        told = _Told()
        for item in notices:
            told = told.with_notice(item.statement.data["told"])
        if not notices or not told.holds(_to_tell(standing, party)):
            yield party.slug


def _awaited(standing: Standing, policy: Policy, day: datetime.date) -> Iterator[Awaited]:
    for party in _manufacturers(standing):
        notice = _last_that_told_more(_notices(standing, party.slug))
        if notice is None or _has_answered(standing, party.slug, notice):
            continue
        since = notice.landing.day
        if not is_over(since, policy.reply_window, day):
            yield Awaited(party.slug, last_day(since, policy.reply_window), since)
        elif policy.silence == "hold":
            yield Awaited(party.slug, None, since)


def _last_that_told_more(notices: list[Landed]) -> Landed | None:
    """The notice from which the window counts: one that only repeats is a reminder."""
    told, last = _Told(), None
    for item in notices:
        more = told.with_notice(item.statement.data["told"])
        if last is None or not told.holds(more):
            last = item
        told = more
    return last


def _has_answered(standing: Standing, party: str, notice: Landed) -> bool:
    return any(
        item.landing.step >= notice.landing.step
        and (item.statement.text("from") or item.statement.by) == party
        for item in standing.of_kind("response")
    )


MARKS = {
    "fixed": "a fix counts and another Party confirmed it",
    "fix": "a fix counts",
    "workaround": "a workaround counts",
    "cause-identified": "a cause that counts is identified",
    "cause-suspected": "a cause that counts is suspected, none is identified",
    "cause-unknown": "no cause that counts is identified or suspected",
    "disputed": "a challenge counts, or a response says not-reproduced, supplier-process or "
    "disputed",
    "duplicate": "withdrawn as the duplicate of another record",
    "superseded": "withdrawn because another record took its place",
    "not-confirmed-with-newer-firmware": "the catalogue lists a firmware version released later "
    "than those affected, and nobody has said whether it is seen there",
}
"""Mark → when it holds."""


def marks_of(
    standing: Standing, catalogue: Catalogue, audience: str, policy: Policy
) -> tuple[str, ...]:
    """The marks that hold of what an audience may be shown, in the order of MARKS."""
    shown = standing.shown_to(audience, policy)
    code = standing.withdrawal.statement.text("code") if standing.withdrawal else ""
    holds = {
        "fixed": _is_fixed(shown),
        "fix": bool(_of_kind(shown, "fix")),
        "workaround": bool(_of_kind(shown, "workaround")),
        f"cause-{_cause(shown)}": True,
        "disputed": _is_disputed(shown),
        "duplicate": code == "duplicate-of",
        "superseded": code == "superseded",
        "not-confirmed-with-newer-firmware": _has_newer_firmware(standing.record, shown, catalogue),
    }
    return tuple(mark for mark in MARKS if holds.get(mark, False))


def _of_kind(shown: Iterable[Landed], *kinds: str) -> list[Statement]:
    return [item.statement for item in shown if item.statement.kind in kinds]


def _is_fixed(shown: tuple[Landed, ...]) -> bool:
    fixes = {fix.file: fix.by for fix in _of_kind(shown, "fix")}
    return any(
        fixes.get(confirmation.text("about"), confirmation.by) != confirmation.by
        for confirmation in _of_kind(shown, "confirmation")
    )


def _cause(shown: tuple[Landed, ...]) -> str:
    states = {cause.text("cause") for cause in _of_kind(shown, "cause")}
    return next((state for state in ("identified", "suspected") if state in states), "unknown")


def _is_disputed(shown: tuple[Landed, ...]) -> bool:
    return bool(_of_kind(shown, "challenge")) or any(
        response.text("position") in DISPUTING_POSITIONS for response in _of_kind(shown, "response")
    )


def _has_newer_firmware(record: Record, shown: tuple[Landed, ...], catalogue: Catalogue) -> bool:
    return any(
        not _is_named(shown, device, version)
        for entry in record.affected
        for device in entry.devices
        for version in catalogue.newer_firmware(device)
    )


def _is_named(shown: tuple[Landed, ...], device: Device, version: str) -> bool:
    """Whether something that counts says what happens with this firmware of a model."""
    return any(
        (
            statement.text("firmware").upper() == version
            and statement.text("device").upper() in (device.type, device.product)
        )
        or any(_is_tried(text, device, version) for text in statement.data.get("tried-with", ()))
        for statement in _of_kind(shown, *ACCEPTED_KINDS)
    )


def _is_tried(text: str, device: Device, version: str) -> bool:
    try:
        tried = parse_combination(text).devices
    except NotationError:
        return False
    return any(other.product == device.product and version in other.firmware for other in tried)
