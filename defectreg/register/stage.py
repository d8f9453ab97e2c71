"""Where a record stands: the first line of one table that holds, and the marks beside it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from defectreg.register.catalogue import Catalogue
from defectreg.register.devices import Device, parse_combination
from defectreg.register.policy import Policy
from defectreg.register.record import CERTAINTIES, IMPACTS, KINDS_WITHOUT_FIX
from defectreg.register.standing import Landed, Standing
from defectreg.register.statement import ACCEPTED_KINDS, DISPUTING_POSITIONS
from defectreg.register.working_days import last_day


@dataclass(frozen=True, slots=True)
class Awaited:
    """A manufacturer's Party whose response is awaited; ``until`` None: however long it takes."""

    party: str
    until: datetime.date | None


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
        lambda facts: (
            facts.is_under_threshold
            or facts.has_too_few_parties
            or facts.lacks_fix
            or facts.is_above_audience
        ),
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
        lacks_fix=_needs_fix(record.kind, policy, audience) and not standing.of_kind("fix"),
        is_above_audience=not standing.may_show(record, audience, policy),
        unnotified=tuple(_unnotified(standing)),
        awaited=tuple(_awaited(standing, policy, day)),
    )


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


def _manufacturers(standing: Standing) -> list[str]:
    """Slugs of the Parties that answer for an affected Device; one that none holds needs none."""
    parties = map(standing.parties.manufacturer, standing.record.manufacturer_ids)
    return sorted({party.slug for party in parties if party is not None})


def _notices(standing: Standing, party: str) -> list[Landed]:
    return [item for item in standing.of_kind("notice") if item.statement.data["to"] == party]


def _unnotified(standing: Standing) -> Iterator[str]:
    record = standing.record
    now = {str(combination) for combination in record.affected}
    causes = {item.statement.file for item in standing.of_kind("cause")}
    for party in _manufacturers(standing):
        told = [item.statement.data["told"] for item in _notices(standing, party)]
        if not (
            now <= {text for part in told for text in part["affected"]}
            and causes <= {file for part in told for file in part.get("causes", ())}
            and any(not _below(part["certainty"], record.certainty, CERTAINTIES) for part in told)
            and any(not _below(part.get("impact", "none"), record.impact, IMPACTS) for part in told)
        ):
            yield party


def _awaited(standing: Standing, policy: Policy, day: datetime.date) -> Iterator[Awaited]:
    for party in _manufacturers(standing):
        notices = _notices(standing, party)
        if not notices or _has_answered(standing, party, notices[-1]):
            continue
        end = last_day(notices[-1].landing.day, policy.reply_window)
        if day <= end:
            yield Awaited(party, end)
        elif policy.silence == "hold":
            yield Awaited(party, None)


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


def marks_of(standing: Standing, catalogue: Catalogue) -> tuple[str, ...]:
    """The marks that hold, in the order of MARKS."""
    holds = {
        "fixed": _is_fixed(standing),
        "fix": bool(standing.of_kind("fix")),
        "workaround": bool(standing.of_kind("workaround")),
        f"cause-{_cause(standing)}": True,
        "disputed": _is_disputed(standing),
        **_withdrawal_marks(standing),
        "not-confirmed-with-newer-firmware": _has_newer_firmware(standing, catalogue),
    }
    return tuple(mark for mark in MARKS if holds.get(mark, False))


def _is_fixed(standing: Standing) -> bool:
    fixes = {item.statement.file: item.statement.by for item in standing.of_kind("fix")}
    return any(
        fixes.get(item.statement.text("about"), item.statement.by) != item.statement.by
        for item in standing.of_kind("confirmation")
    )


def _cause(standing: Standing) -> str:
    states = {item.statement.text("cause") for item in standing.of_kind("cause")}
    return next((state for state in ("identified", "suspected") if state in states), "unknown")


def _is_disputed(standing: Standing) -> bool:
    return bool(standing.of_kind("challenge")) or any(
        item.statement.text("position") in DISPUTING_POSITIONS
        for item in standing.of_kind("response")
    )


def _withdrawal_marks(standing: Standing) -> dict[str, bool]:
    withdrawal = standing.withdrawal
    code = withdrawal.statement.text("code") if withdrawal else ""
    return {"duplicate": code == "duplicate-of", "superseded": code == "superseded"}


def _has_newer_firmware(standing: Standing, catalogue: Catalogue) -> bool:
    return any(
        not _is_named(standing, device, version)
        for entry in standing.record.affected
        for device in entry.devices
        for version in catalogue.newer_firmware(device)
    )


def _is_named(standing: Standing, device: Device, version: str) -> bool:
    """Whether something that counts says what happens with this firmware of a model."""
    for item in standing.of_kind(*ACCEPTED_KINDS):
        if item.statement.text("firmware").upper() == version:
            return True
        for text in item.statement.data.get("tried-with", ()):
            for tried in parse_combination(text).devices:
                if tried.product == device.product and version in tried.firmware:
                    return True
    return False
