"""What is released of a record: to one audience, on one day, by the rules of one commit."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from defectreg.register.catalogue import Catalogue
from defectreg.register.devices import Combination, Device, NotationError, parse_combination
from defectreg.register.parties import Parties, Party
from defectreg.register.policy import Policy
from defectreg.register.public import (
    SHOWN_KINDS,
    PublicCombination,
    PublicDevice,
    PublicEvent,
    PublicRecord,
    PublicStatement,
)
from defectreg.register.readable import Places, shown_band
from defectreg.register.record import Record
from defectreg.register.schema import Schema
from defectreg.register.shown_words import kind_words
from defectreg.register.stage import Stage
from defectreg.register.standing import Landed, Standing
from defectreg.register.statement import Statement
from defectreg.register.tombstones import was_published, withdrawal_of

_ENVELOPE = frozenset({"of", "kind", "by", "date", "read", "signature", "letter"})
"""Keys that pages say otherwise, or not at all: who has not the letter can do nothing with its
SHA-256, and who guesses what it said could prove it."""
_TOLD = {"report": frozenset({"received", "told-by", "stands-for"})}
"""Keys that would tell who is behind a report, or how many rows of whose."""
_EVENTS = frozenset({"accept", "withdraw"})
"""Decisions that the time-line has; the others are between those who decide and who is asked."""
_HIDDEN = "(not shown)"
_TOMBSTONE_MARKS = ("duplicate", "superseded")


@dataclass(frozen=True)
class Release:
    """For whom, on which day and by which rules things are released."""

    audience: str
    day: datetime.date
    policy: Policy
    parties: Parties
    catalogue: Catalogue
    record_schema: Schema
    statement_schema: Schema

    def leaves(self, data: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
        """The leaves of data that the audience may read, nested as they were."""
        released = self._pruned(data, schema, schema.document)
        return released if isinstance(released, dict) else {}

    def _pruned(self, value: Any, schema: Schema, node: Mapping[str, Any]) -> Any:
        """What may be read of a value; what a schema does not know, a later one say, is not let
        out."""
        place = self._places.find(schema, node)
        if place.is_as_it_is and isinstance(value, str):
            return value
        if isinstance(value, dict):
            known = place.known
            kept = {
                key: self._pruned(inner, schema, known[key])
                for key, inner in value.items()
                if key in known
            }
            return {key: inner for key, inner in kept.items() if inner is not None} or None
        if isinstance(value, list):
            items = [self._pruned(inner, schema, place.items) for inner in value]
            return [item for item in items if item is not None] or None
        if not place.is_let_out:
            return None
        if place.is_band:
            return shown_band(value, self.policy.small_cell)
        return self._shown(value, place.notation)

    @cached_property
    def _places(self) -> Places:
        return Places(self.audience)

    def _shown(self, value: Any, notation: str) -> Any:
        if not notation or self.policy.manufacturer_shown != "hidden":
            return value
        if notation == "combination":
            return self.combination(parse_combination(value)).text
        return self._device_text(value)

    def _device_text(self, text: str) -> str:
        """A ``device:`` value without its manufacturer; a bare Device Type is itself."""
        if ":" not in text:
            return text
        try:
            return self.combination(parse_combination(text)).text
        except NotationError:
            return text.partition(":")[0]

    def combination(self, combination: Combination) -> PublicCombination:
        """A combination as the policy lets it be shown."""
        texts = [str(device) for device in combination.devices]
        devices = tuple(map(self._device, combination.devices, texts))
        if self.policy.manufacturer_shown == "hidden":
            devices = tuple(sorted(devices, key=lambda device: device.text))
            texts = [device.text for device in devices]
        text = " + ".join(texts)
        text += f" in {','.join(combination.regions)}" if combination.regions else ""
        return PublicCombination(devices, combination.regions, text)

    def _device(self, device: Device, text: str) -> PublicDevice:
        shown = self._manufacturer(device.manufacturer)
        if not shown:
            text = f"{device.type}:{_HIDDEN}/{text.partition('/')[2]}"
        return PublicDevice(device.type, shown, device.model, str(device.firmware), text)

    def _manufacturer(self, identifier: str) -> str:
        """A manufacturer as it may be shown."""
        how = self.policy.manufacturer_shown
        if how == "name":
            return self.catalogue.manufacturers.get(identifier.upper(), identifier)
        return {"id": identifier, "hidden": ""}[how]

    def model(self, model: tuple[str, str, str]) -> str:
        """A model by its type, manufacturer and name, as the policy lets it be shown."""
        text = self._models.get(model)
        if text is None:
            text = self._models[model] = self.combination(Combination((Device(*model),))).text
        return text

    @cached_property
    def _models(self) -> dict[tuple[str, str, str], str]:
        """What has been asked of `model`: records name the same ones."""
        return {}

    @cached_property
    def reporters(self) -> Mapping[str, str]:
        """Category → the words for who reported; without those of which there is only one Party."""
        number = Counter(party.category for party in self.parties)
        return {
            party.category: self.parties.category(party.slug)
            for party in self.parties
            if number[party.category] > 1
        }


def public_record(
    standing: Standing, stage: Stage, marks: tuple[str, ...], release: Release
) -> PublicRecord | None:
    """The entry that this audience may see; None where the stage lets nothing out.

    What the audience may not read leaves no tombstone, nor does what was held and never shown. A
    response speaks of the claim: a tombstone has it only where the claim was shown, and not held.
    """
    if stage.name not in ("published", "withdrawn"):
        return None
    if not standing.may_show(standing.record, release.audience, release.policy):
        return None
    was_shown = standing.withdrawal is None or was_published(
        standing, release.audience, release.policy
    )
    if standing.is_held and not was_shown:
        return None
    record = standing.record
    withdrawal = withdrawal_of(standing, release.audience, release.policy)
    timeline = () if withdrawal else tuple(_timeline(standing, release))
    first_day = min(item.landing.day for item in standing.landed)
    last_event = max((event.day for event in timeline), default=first_day)
    shown = _statements(standing, release)
    return PublicRecord(
        id=record.id,
        first_day=first_day,
        last_day=withdrawal.day if withdrawal else last_event,
        kind=record.kind if withdrawal is None else "",
        kind_words=kind_words(record) if withdrawal is None else "Withdrawn entry",
        affected=() if withdrawal else tuple(map(release.combination, record.affected)),
        marks=tuple(mark for mark in marks if withdrawal is None or mark in _TOMBSTONE_MARKS),
        values={} if withdrawal else release.leaves(record.data, release.record_schema),
        statements=tuple(
            statement
            for statement in shown
            if withdrawal is None
            or (statement.kind == "response" and was_shown and not standing.is_held)
        ),
        timeline=timeline,
        reporters=() if withdrawal else _reporters(standing, release),
        is_provided_by_manufacturer=withdrawal is None and _is_manufacturers_own(standing),
        is_validated_by_its_reporter=withdrawal is None and _is_self_validated(standing, release),
        untold=() if withdrawal else tuple(_untold(record, release)),
        withdrawal=withdrawal,
    )


def _keys(shown: Iterable[Landed]) -> dict[str, str]:
    """File name → the statement's name on the page, numbered within its kind."""
    keys: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for item in shown:
        counts[item.statement.kind] += 1
        keys[item.statement.file] = f"{item.statement.kind}-{counts[item.statement.kind]}"
    return keys


def _statements(standing: Standing, release: Release) -> Iterator[PublicStatement]:
    shown = [
        item
        for item in (*standing.superseded, *standing.counting)
        if item.statement.kind in SHOWN_KINDS
        and standing.may_show(item.statement, release.audience, release.policy)
        and _is_openly_replaced(item, standing, release)
    ]
    shown.sort(key=lambda item: (item.order, item.statement.file))
    keys = _keys(shown)
    replaced = {item.statement.file for item in standing.superseded}
    for item in shown:
        yield _statement(item, standing, release, keys, item.statement.file in replaced)


def _is_openly_replaced(item: Landed, standing: Standing, release: Release) -> bool:
    """Whether a statement counts, or what took its place may be shown as well.

    Saying it anew for fewer readers is how its Party takes it back from the others.
    """
    if item not in standing.superseded:
        return True
    return any(
        other.statement.by == item.statement.by
        and other.statement.text("supersedes") == item.statement.file
        for other in standing.landed
        if standing.may_show(other.statement, release.audience, release.policy)
    )


def _statement(
    item: Landed, standing: Standing, release: Release, keys: Mapping[str, str], is_superseded: bool
) -> PublicStatement:
    statement = item.statement
    said = {key: value for key, value in statement.data.items() if key not in _ENVELOPE}
    for named in ("about", "supersedes", "from", "to"):
        said.pop(named, None)
    about = statement.text("about")
    for telling in _TOLD.get(statement.kind, ()):
        said.pop(telling, None)
    author = statement.text("from") or statement.by
    party = release.parties.get(author)
    is_makers = party is not None and party.category == "device-manufacturer"
    has_claim = standing.withdrawal is None and statement.kind != "report"
    return PublicStatement(
        key=keys[statement.file],
        kind=statement.kind,
        whose=_whose(statement, release),
        devices=tuple(_answered_for(party, standing.record, release)) if has_claim else (),
        day=item.landing.day,
        about=keys.get(about, about if about in ("behaviour", "scope") else ""),
        is_superseded=is_superseded,
        is_from_manufacturer=is_makers and statement.kind != "report",
        values=release.leaves(said, release.statement_schema),
    )


def _whose(statement: Statement, release: Release) -> str:
    """The category of who says it; of a report only as the policy shows reporters."""
    if statement.kind == "report":
        return _reporter(statement, release)
    return release.parties.category(statement.text("from") or statement.by)


def _answered_for(party: Party | None, record: Record, release: Release) -> Iterator[str]:
    """The affected models that a manufacturer's Party answers for, as they may be shown.

    None where manufacturers are hidden: they would tell which models are of one maker.
    """
    if release.policy.manufacturer_shown == "hidden":
        return
    held = party.manufacturer_ids if party is not None else frozenset()
    if held:
        yield from _models(record, release, lambda identifier: identifier in held)


def _untold(record: Record, release: Release) -> Iterator[str]:
    """The affected models of a manufacturer's identifier that no Party holds."""
    return _models(record, release, lambda each: release.parties.manufacturer(each) is None)


def _models(record: Record, release: Release, is_asked: Callable[[str], bool]) -> Iterator[str]:
    """The affected models of the manufacturers that are asked about, as they may be shown."""
    models = {
        (device.type, device.manufacturer, device.model)
        for entry in record.affected
        for device in entry.devices
        if is_asked(device.manufacturer.upper())
    }
    yield from sorted(map(release.model, models), key=_without_maker)


def _without_maker(text: str) -> tuple[str, str]:
    """The text of a Device to sort by: nothing is in the order of manufacturers."""
    return text.partition(":")[0], text.partition("/")[2]


def _timeline(standing: Standing, release: Release) -> Iterator[PublicEvent]:
    hidden = {
        item.statement.sha256
        for item in standing.landed
        if not standing.may_show(item.statement, release.audience, release.policy)
    }
    for item in standing.shown_to(release.audience, release.policy):
        statement = item.statement
        if statement.kind in SHOWN_KINDS or statement.kind == "notice":
            yield PublicEvent(item.landing.day, statement.kind, _whose(statement, release))
        elif _is_event(statement, hidden):
            whose = _whose(statement, release)
            yield PublicEvent(item.landing.day, statement.text("decision"), whose)


def _is_event(sign_off: Statement, hidden: set[str]) -> bool:
    """Whether a decision is of something that the audience may be shown."""
    return (
        sign_off.text("decision") in _EVENTS
        and sign_off.text("role") != "party"
        and not sign_off.read_sha256s <= hidden
    )


def _reporters(standing: Standing, release: Release) -> tuple[str, ...]:
    shown = {
        _reporter(item.statement, release)
        for item in standing.shown_to(release.audience, release.policy)
        if item.statement.kind == "report"
    }
    return tuple(sorted(shown - {""}))


def _reporter(statement: Statement, release: Release) -> str:
    """The category of who reported; empty where the policy or its size hides it."""
    if release.policy.reporter_shown == "hidden":
        return ""
    party = release.parties.get(statement.by)
    category = statement.text("told-by") or (party.category if party else "")
    return release.reporters.get(category, "")


def _is_manufacturers_own(standing: Standing) -> bool:
    """Whether every report is by a manufacturer of an affected Device."""
    makers = {
        party.slug
        for identifier in standing.record.manufacturer_ids
        if (party := standing.parties.manufacturer(identifier))
    }
    return bool(standing.reporting_parties) and standing.reporting_parties <= makers


def _is_self_validated(standing: Standing, release: Release) -> bool:
    """Whether the Party that accepted these bytes is among those that reported.

    Who entered what another had told did not report it. Where reporters are hidden it is not said
    of an entry: every page says by which rule it may be so.
    """
    if release.policy.reporter_shown == "hidden":
        return False
    accept = standing.newest_decision(standing.record.sha256, ("accept",), "validator")
    return accept is not None and any(
        item.statement.by == accept.statement.by and "received" not in item.statement.data
        for item in standing.of_kind("report")
        if item.landing.step <= accept.landing.step
    )
