"""What a commit lets out on a day: every record judged, and what an audience may see of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
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
from defectreg.store.kept import KeptRecords, from_bytes, to_bytes
from defectreg.store.landings import Landings, record_files, standings_among
from defectreg.store.processes import shared_out
from defectreg.store.sources import CommitSource, grounds_of

_AWAITING = ("to-notify", "in-reply")
"""Stages in which an earlier text may be shown in place of one that a manufacturer answers."""
_CHUNK = 128
"""Records that a process judges at a time."""


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
    grounds = trusted_grounds(source)
    release = release_of(grounds, grounds.policy, audience, day)
    stages = dict.fromkeys(STAGE_NAMES, 0)
    let_out, left_out, waiting = [], [], []
    judging = _Judging.of(source, grounds, release)
    for judged in judging.judged(judging.judge, sorted(judging.paths), done):
        if not judged.stage:
            left_out.append(judged.record_id)
            continue
        stages[judged.stage] += 1
        if judged.stage in _AWAITING:
            waiting.append(judged.record_id)
        let_out.append(judged)
    let_out += judging.earlier(waiting)
    records = _linked_kept(let_out)
    register = register_of(source, release, grounds.schemas["policy"], records)
    return Released(register, stages, tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Judged:
    """What came of one record. ``stage`` is empty where it cannot be judged."""

    record_id: str
    stage: str
    shown: bytes | None
    """The entry as `to_bytes` writes it; None where nothing is let out."""
    is_linked: bool = False
    """Whether it names other entries, which may not be let out."""

    @classmethod
    def of(cls, record_id: str, stage: str, shown: PublicRecord | None) -> _Judged:
        """The outcome, ready to be sent from one process to another."""
        if shown is None:
            return cls(record_id, stage, None)
        return cls(record_id, stage, to_bytes(shown), _names_others(shown))


@dataclass(frozen=True, slots=True)
class _Judging:
    """All that records are judged by; processes that share the work inherit it."""

    source: CommitSource
    grounds: Grounds
    release: Release
    landings: Landings
    paths: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, source: CommitSource, grounds: Grounds, release: Release) -> _Judging:
        landings = Landings.of(source.repository, source.commit, grounds)
        return cls(source, grounds, release, landings, record_files(source))

    def judged(
        self,
        judge: Callable[[Sequence[str]], list[_Judged]],
        record_ids: Sequence[str],
        done: Callable[[int], None] = lambda records: None,
    ) -> Iterator[_Judged]:
        """What comes of each of these records, in their order."""
        chunks = [record_ids[start : start + _CHUNK] for start in range(0, len(record_ids), _CHUNK)]
        for chunk in shared_out(judge, chunks):
            for each in chunk:
                done(1)
                yield each

    def judge(self, record_ids: Sequence[str]) -> list[_Judged]:
        """What comes of some records."""
        judged = []
        for record_id, standing in self._standings(record_ids):
            if standing is None:
                judged.append(_Judged(record_id, "", None))
            else:
                stage, shown = shown_now(standing, self.release)
                judged.append(_Judged.of(record_id, stage.name, shown))
        return judged

    def earlier(self, record_ids: Sequence[str]) -> Iterator[_Judged]:
        """What is shown of records in place of a text that a manufacturer has to answer."""
        source = self.source
        steps = steps_of(source.repository, source.commit, record_ids) if record_ids else {}
        # The newest step is the text that waits.
        changed = [record_id for record_id in record_ids if steps[record_id][1:]]

        def judge(some: Sequence[str]) -> list[_Judged]:
            return [
                _Judged.of(each, "", self._earlier(standing, steps[each][1:]))
                for each, standing in self._standings(some)
                if standing is not None
            ]

        return self.judged(judge, changed)

    def _earlier(self, now: Standing, steps: Sequence[tuple[int, str]]) -> PublicRecord | None:
        return shown_earlier(earlier(self.source.repository, steps, now, self.grounds),
                             self.release)  # fmt: skip

    def _standings(self, record_ids: Sequence[str]) -> Iterator[tuple[str, Standing | None]]:
        return standings_among(record_ids, self.source, self.paths, self.landings, self.grounds)


def _linked_kept(judged: Iterable[_Judged]) -> KeptRecords:
    """The entries without the ids of others that are not let out themselves."""
    shown = {each.record_id: each for each in judged if each.shown is not None}
    return KeptRecords(
        (each.record_id, to_bytes(_linked(from_bytes(each.shown), shown)) if each.is_linked
         else each.shown)
        for each in shown.values()
        if each.shown is not None
    )  # fmt: skip


def shown_now(standing: Standing, release: Release) -> tuple[Stage, PublicRecord | None]:
    """The stage of a record, and what of its newest text is let out: None where nothing is."""
    stage = stage_of(facts_of(standing, release.policy, release.audience, release.day))
    marks = marks_of(standing, release.catalogue, release.audience, release.policy)
    return stage, public_record(standing, stage, marks, release)


def awaits_manufacturer(stage: Stage) -> bool:
    """Whether an earlier text may be shown in place of one that a manufacturer has to answer."""
    return stage.name in _AWAITING


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
    )


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


def _names_others(record: PublicRecord) -> bool:
    return "related" in record.values or record.withdrawal is not None


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
