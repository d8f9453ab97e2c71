"""What a commit lets out on a day: every record judged, and what an audience may see of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from defectreg.register.classification import may_read
from defectreg.register.deciders import is_body
from defectreg.register.errors import CannotRun
from defectreg.register.grounds import Grounds
from defectreg.register.manufacturers import known_manufacturers
from defectreg.register.policy import Policy, switches
from defectreg.register.public import PublicField, PublicRecord, PublicRegister, PublicSwitch
from defectreg.register.release import Release
from defectreg.register.schema import Schema
from defectreg.register.schema.annotations import ITEMS
from defectreg.register.stage import STAGE_NAMES
from defectreg.register.standing import Standing
from defectreg.register.wording import find_words
from defectreg.store.earlier import earlier, steps_of
from defectreg.store.judgements import Judged
from defectreg.store.judging import AWAITING, judging_of
from defectreg.store.kept import KeptRecords, from_bytes, to_bytes
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
    *,
    is_remembered: bool = True,
) -> Released:
    """What a commit lets out on a day; ``audience`` None is the policy's.

    ``done`` is told how many records were judged. What this clone remembers of other runs is not
    judged again, unless ``is_remembered`` is false; nothing else depends on it. Raises CannotRun
    where policy, schemas or a Party's file cannot be read: what a Party may do would then be
    guessed.
    """
    grounds = trusted_grounds(source)
    release = release_of(grounds, grounds.policy, audience, day)
    stages = dict.fromkeys(STAGE_NAMES, 0)
    let_out, left_out, waiting = [], [], []
    judging = judging_of(source, grounds, release, is_remembered=is_remembered)
    for judged in judging.now(done):
        if not judged.stage:
            left_out.append(judged.record_id)
            continue
        stages[judged.stage] += 1
        if judged.stage in AWAITING:
            waiting.append(judged.record_id)
        let_out.append(judged)
    let_out += judging.earlier(waiting)
    judging.remember()
    records = _linked_kept(let_out)
    register = register_of(source, release, grounds.schemas["policy"], records)
    return Released(register, stages, tuple(left_out))


def _linked_kept(judged: Iterable[Judged]) -> KeptRecords:
    """The entries without the ids of others that are not let out themselves."""
    shown = {each.record_id: each for each in judged if each.shown is not None}
    return KeptRecords(
        (each.record_id, to_bytes(_linked(from_bytes(each.shown), shown)) if each.is_linked
         else each.shown)
        for each in shown.values()
        if each.shown is not None
    )  # fmt: skip


def earlier_texts(
    source: CommitSource, waiting: Mapping[str, Standing], grounds: Grounds
) -> Iterator[tuple[str, Iterator[Standing]]]:
    """Of each of these records: how it stood at earlier steps, newest first."""
    if waiting:
        steps = steps_of(source.repository, source.commit, waiting)
        for record_id, now in waiting.items():
            yield record_id, earlier(source.repository, steps[record_id][1:], now, grounds)


def record_ids(source: CommitSource) -> list[str]:
    """The ids of all records of a commit, sorted."""
    return sorted(source.record_files)


def trusted_grounds(source: CommitSource) -> Grounds:
    """What a commit is judged by. Raises CannotRun where any of it cannot be read."""
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


def register_of(
    source: CommitSource, release: Release, policy_schema: Schema, records: Iterable[PublicRecord]
) -> PublicRegister:
    """The register with these entries, as its policy presents it."""
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
        records=records if isinstance(records, Sequence) else tuple(records),
        alerts=tuple(_alert_words(release)),
        manufacturers=known_manufacturers(release.catalogue, release.parties),
    )


def _alert_words(release: Release) -> Iterator[tuple[str, str]]:
    """Alert codes and their words, where those are words that public text has."""
    for code, words in release.catalogue.alert_codes.items():
        if words and not any(find_words(words, release.policy.words)):
            yield code, words


def linked(records: KeptRecords) -> KeptRecords:
    """The entries without the ids of others that are not among them."""
    known = frozenset(records.ids)
    return KeptRecords.of(_linked(record, known) for record in records)


def _linked(record: PublicRecord, known: Container[str]) -> PublicRecord:
    values = dict(record.values)
    related = [other for other in values.pop("related", ()) if other in known]
    if related:
        values["related"] = related
    withdrawal = record.withdrawal
    if withdrawal is not None and withdrawal.other not in known:
        withdrawal = replace(withdrawal, other="")
    return replace(record, values=values, withdrawal=withdrawal)


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
        # What may be the name of a person is not shown, and the reference says where it stands.
        whose = f"{decision.by}, " if is_body(decision.by) else ""
        return f"{whose}{decision.date}, {decision.reference}"
    return "" if is_default else "set, with no decision recorded"
