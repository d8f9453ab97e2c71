"""What a commit lets out on a day: every record judged, and what an audience may see of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from defectreg.register.classification import may_read
from defectreg.register.errors import CannotRun
from defectreg.register.grounds import Grounds
from defectreg.register.policy import Policy, switches
from defectreg.register.public import PublicField, PublicRecord, PublicRegister, PublicSwitch
from defectreg.register.release import Release, public_record
from defectreg.register.schema import Schema
from defectreg.register.schema.annotations import ITEMS
from defectreg.register.stage import STAGE_NAMES, Stage, facts_of, marks_of, stage_of
from defectreg.register.standing import Standing
from defectreg.store.earlier import earlier, steps_of
from defectreg.store.landings import record_files, standings
from defectreg.store.sources import CommitSource, grounds_of


@dataclass(frozen=True, slots=True)
class Released:
    """What is let out, and what became of the rest."""

    register: PublicRegister
    stages: Mapping[str, int]
    """How many records stand at each stage, in the order of the stage table."""
    left_out: tuple[str, ...]
    """Ids of records that cannot be judged: their file, or what is said of them, has a finding."""


def released(
    source: CommitSource,
    audience: str | None,
    day: datetime.date,
    done: Callable[[int], None] = lambda records: None,
) -> Released:
    """What a commit lets out on a day; ``audience`` None is the policy's.

    ``done`` is told of each record that was judged. Raises CannotRun where policy, schemas or a
    Party's file cannot be read: what a Party may do would then be guessed.
    """
    grounds = _grounds(source)
    release = release_of(grounds, grounds.policy, audience, day)
    stages = dict.fromkeys(STAGE_NAMES, 0)
    records, left_out, waiting = [], [], {}
    for record_id, standing in standings(source, grounds):
        done(1)
        if standing is None:
            left_out.append(record_id)
            continue
        stage, shown = shown_now(standing, release)
        stages[stage.name] += 1
        if awaits_manufacturer(stage):
            waiting[record_id] = standing
        records.append(shown)
    for _, texts in earlier_texts(source, waiting, grounds):
        records.append(shown_earlier(texts, release))
    let_out = [record for record in records if record is not None]
    register = _register(source, release, grounds.schemas["policy"], _linked(let_out))
    return Released(register, stages, tuple(left_out))


def shown_now(standing: Standing, release: Release) -> tuple[Stage, PublicRecord | None]:
    """The stage of a record, and what of its newest text is let out: None where nothing is."""
    stage = stage_of(facts_of(standing, release.policy, release.audience, release.day))
    marks = marks_of(standing, release.catalogue, release.audience, release.policy)
    return stage, public_record(standing, stage, marks, release)


def awaits_manufacturer(stage: Stage) -> bool:
    """Whether an earlier text may be shown in place of one that a manufacturer has to answer."""
    return stage.name in ("to-notify", "in-reply")


def earlier_texts(
    source: CommitSource, waiting: Mapping[str, Standing], grounds: Grounds
) -> Iterator[tuple[str, Iterator[Standing]]]:
    """Of each of these records: how it stood at earlier steps, newest first."""
    if waiting:
        steps = steps_of(source.repository, source.commit, waiting)
        for record_id, now in waiting.items():
            yield record_id, earlier(source.repository, steps[record_id][1:], now, grounds)


def shown_earlier(texts: Iterable[Standing], release: Release) -> PublicRecord | None:
    """The newest of earlier texts that was let out; None where none was."""
    for standing in texts:
        stage, shown = shown_now(standing, release)
        if stage.name == "published":
            return shown
    return None


def record_ids(source: CommitSource) -> list[str]:
    """The ids of all records of a commit, sorted."""
    return sorted(record_files(source))


def _grounds(source: CommitSource) -> Grounds:
    grounds, findings = grounds_of(source)
    if findings:
        first = findings[0]
        raise CannotRun(
            f"{first.file}:{first.line}:{first.column}: {first.sentence}",
            "nothing is published by rules that cannot be read; `defectreg validate` says more",
        )
    return grounds


def release_of(
    grounds: Grounds, policy: Policy, audience: str | None, day: datetime.date
) -> Release:
    """For whom, when and by which policy; ``audience`` None is the policy's."""
    return Release(
        audience=audience or policy.audience,
        day=day,
        policy=policy,
        parties=grounds.parties,
        catalogue=grounds.catalogue,
        record_schema=grounds.schemas["record"],
        statement_schema=grounds.schemas["statement"],
    )


def _register(
    source: CommitSource, release: Release, policy_schema: Schema, records: Iterator[PublicRecord]
) -> PublicRegister:
    policy = release.policy
    return PublicRegister(
        title=policy.title,
        contact=policy.contact,
        audience=release.audience,
        day=release.day,
        commit=source.commit,
        is_demonstration=policy.demonstration,
        policy=policy,
        fields=tuple(public_fields(release.record_schema, release.audience)),
        switches=tuple(public_switches(policy, policy_schema)),
        records=tuple(records),
    )


def _linked(records: list[PublicRecord]) -> Iterator[PublicRecord]:
    """The records without the ids of others that are not let out themselves, sorted by id."""
    known = {record.id for record in records}
    for record in sorted(records, key=lambda record: record.id):
        values = dict(record.values)
        related = [other for other in values.pop("related", ()) if other in known]
        if related:
            values["related"] = related
        withdrawal = record.withdrawal
        if withdrawal is not None and withdrawal.other not in known:
            withdrawal = replace(withdrawal, other="")
        yield replace(record, values=values, withdrawal=withdrawal)


def public_fields(schema: Schema, audience: str) -> Iterator[PublicField]:
    """The fields of a record's schema that an audience may read, in the schema's order."""
    for leaf in schema.leaves:
        if may_read(audience, leaf.classification):
            named = leaf.property_schema
            yield PublicField(
                path=tuple(part for part in leaf.path if part != ITEMS),
                title=named["title"],
                column=named.get("x-column", ""),
                default=named.get("default"),
                is_coded="enum" in leaf.schema,
            )


def public_switches(policy: Policy, schema: Schema) -> Iterator[PublicSwitch]:
    """The switches of a policy in the schema's words, with who decided them."""
    for key in switches(schema):
        value = getattr(policy, key.replace("-", "_"))
        node = schema.resolve(schema.properties[key])
        words = ", ".join(value) if isinstance(value, tuple | dict) else str(value)
        yield PublicSwitch(
            key=key,
            title=node["title"],
            words=node.get("x-values", {}).get(value, words) if isinstance(value, str) else words,
            decided=_decided(policy, key, is_default=_is_default(value, schema.default(key))),
        )


def _is_default(value: object, default: object) -> bool:
    if isinstance(default, list):
        return list(value) == default if isinstance(value, tuple) else not value
    return value == default


def _decided(policy: Policy, key: str, *, is_default: bool) -> str:
    decision = policy.decided.get(key)
    if decision is not None:
        return f"{decision.by}, {decision.date}, {decision.reference}"
    return "" if is_default else "set, with no decision recorded"
