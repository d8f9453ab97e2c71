"""What a commit lets out on a day: every record judged, and what an audience may see of it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from defectreg.register.classification import may_read
from defectreg.register.deciders import is_body
from defectreg.register.errors import CannotRun
from defectreg.register.grounds import Grounds
from defectreg.register.manufacturers import known_manufacturers
from defectreg.register.policy import Policy, switches
from defectreg.register.public import PublicField, PublicRecord, PublicRegister, PublicSwitch
from defectreg.register.release import Release, public_record
from defectreg.register.schema import Schema
from defectreg.register.schema.annotations import ITEMS
from defectreg.register.stage import STAGE_NAMES, Stage, facts_of, marks_of, stage_of
from defectreg.register.standing import Standing
from defectreg.register.wording import find_words
from defectreg.store.earlier import earlier, steps_of
from defectreg.store.index.parsed import Parsed
from defectreg.store.index.refreshing import holidays, program
from defectreg.store.index.turning import window_ends
from defectreg.store.judgements import Judged, Judgements, on_days
from defectreg.store.kept import KeptRecords, from_bytes, to_bytes
from defectreg.store.landings import Landings, standings_among
from defectreg.store.processes import shared_out
from defectreg.store.sources import CommitSource, grounds_of

_AWAITING = ("to-notify", "in-reply")
"""Stages in which an earlier text may be shown in place of one that a manufacturer answers."""
_CHUNK = 256
"""Records that a process judges at a time."""
_GROUNDS = ("policy", "schema", "catalogue")
_PROGRAM = ("register", "store")
"""The folders of the program that decide what comes of a record."""
_A_DAY = datetime.timedelta(days=1)


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
    judging = _Judging.of(source, grounds, release, is_remembered=is_remembered)
    for judged in judging.now(done):
        if not judged.stage:
            left_out.append(judged.record_id)
            continue
        stages[judged.stage] += 1
        if judged.stage in _AWAITING:
            waiting.append(judged.record_id)
        let_out.append(judged)
    let_out += judging.earlier(waiting)
    judging.memory.write()
    records = _linked_kept(let_out)
    register = register_of(source, release, grounds.schemas["policy"], records)
    return Released(register, stages, tuple(left_out))


def _judged(
    record_id: str,
    stage: str,
    shown: PublicRecord | None,
    ends: Iterable[datetime.date],
    day: datetime.date,
) -> Judged:
    """The outcome, ready to be sent from one process to another."""
    if shown is None:
        judged = Judged(record_id, stage, None)
    else:
        judged = Judged(record_id, stage, to_bytes(shown), _names_others(shown))
    return on_days(judged, ends, day)


@dataclass(frozen=True, slots=True)
class _Judging:
    """All that records are judged by; processes that share the work inherit it."""

    source: CommitSource
    grounds: Grounds
    release: Release
    landings: Landings
    paths: Mapping[str, list[str]]
    memory: Judgements
    parsed: Parsed | None
    rules: str
    """A digest of all that any record is judged by."""

    @classmethod
    def of(
        cls, source: CommitSource, grounds: Grounds, release: Release, *, is_remembered: bool
    ) -> _Judging:
        landings = Landings.of(source.repository, source.commit, grounds)
        folder = source.repository.common_dir / "defectreg"
        file = folder / f"judged-{release.audience}.sqlite" if is_remembered else None
        parsed = Parsed(source, landings, grounds) if is_remembered else None
        rules = _rules(source, release.audience)
        paths = source.record_files
        return cls(source, grounds, release, landings, paths, Judgements(file), parsed, rules)

    def now(self, done: Callable[[int], None]) -> Iterator[Judged]:
        """What comes of each record on the day, in the order of their ids."""
        return self._known_or(self.judge, dict.fromkeys(sorted(self.paths), ""), done)

    def earlier(self, record_ids: Sequence[str]) -> Iterator[Judged]:
        """What is shown of records in place of a text that a manufacturer has to answer."""
        source = self.source
        steps = steps_of(source.repository, source.commit, record_ids) if record_ids else {}
        # The newest step is the text that waits.
        changed = {each: f" {steps[each][1:]}" for each in record_ids if steps[each][1:]}

        def judge(some: Sequence[str]) -> list[Judged]:
            day = self.release.day
            # An earlier text may name other manufacturers, whose time to reply ends on other days.
            ends = (day - _A_DAY, day)
            return [
                _judged(each, "", self._earlier(standing, steps[each][1:]), ends, day)
                if standing is not None
                else Judged(each, "", None)
                for each, standing in self._standings(some)
            ]

        return self._known_or(judge, changed)

    def judge(self, record_ids: Sequence[str]) -> list[Judged]:
        """What comes of some records."""
        return [
            Judged(record_id, "", None) if standing is None else self._judge(record_id, standing)
            for record_id, standing in self._standings(record_ids)
        ]

    def _judge(self, record_id: str, standing: Standing) -> Judged:
        release = self.release
        stage, shown = shown_now(standing, release)
        ends = window_ends(standing, release.policy)
        return _judged(record_id, stage.name, shown, ends, release.day)

    def _known_or(
        self,
        judge: Callable[[Sequence[str]], list[Judged]],
        asked: Mapping[str, str],
        done: Callable[[int], None] = lambda records: None,
    ) -> Iterator[Judged]:
        """What comes of records, asked by id with what else decides of each."""
        day = self.release.day
        known = {
            record_id: self.memory.find(*self._key(record_id, besides), day)
            for record_id, besides in asked.items()
        }
        missing = [record_id for record_id, judged in known.items() if judged is None]
        if len(missing) < len(known):
            done(len(known) - len(missing))
        came = self._judged_anew(judge, missing)
        for record_id, judged in known.items():
            if judged is not None:
                yield judged
                continue
            new = next(came)
            self.memory.note(*self._key(record_id, asked[record_id]), new)
            done(1)
            yield new

    def _judged_anew(
        self, judge: Callable[[Sequence[str]], list[Judged]], record_ids: Sequence[str]
    ) -> Iterator[Judged]:
        chunks = [record_ids[start : start + _CHUNK] for start in range(0, len(record_ids), _CHUNK)]
        for chunk in shared_out(judge, chunks):
            yield from chunk

    def _key(self, record_id: str, besides: str) -> tuple[str, bytes]:
        """A name, and what decides of a record: its files, when they landed, and the rules."""
        blobs, landed = self.source.blobs(), self.landings.of_path
        parts = [self.rules, besides]
        for path in self.paths[record_id]:
            landing = landed(path)
            parts += (path, blobs[path], "" if landing is None else landing.text)
        return f"{record_id}{' earlier' if besides else ''}", "\n".join(parts).encode()

    def _earlier(self, now: Standing, steps: Sequence[tuple[int, str]]) -> PublicRecord | None:
        return shown_earlier(earlier(self.source.repository, steps, now, self.grounds),
                             self.release)  # fmt: skip

    def _standings(self, record_ids: Sequence[str]) -> Iterator[tuple[str, Standing | None]]:
        """How each of these records stands; what the index has read is not read again."""
        found = {}
        if self.parsed is not None:
            found = {each: self.parsed.find(each, self.paths[each]) for each in record_ids}
        others = [each for each in record_ids if found.get(each) is None]
        read = standings_among(others, self.source, self.paths, self.landings, self.grounds)
        for record_id in record_ids:
            known = found.get(record_id)
            yield next(read) if known is None else (record_id, known[0])


def _rules(source: CommitSource, audience: str) -> str:
    """A digest of what every record is judged by; policy and Parties are told by their files."""
    grounds = source.repository.folders(source.commit, *_GROUNDS)
    about = [program(_PROGRAM), holidays(), grounds, audience]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def _linked_kept(judged: Iterable[Judged]) -> KeptRecords:
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
        # What may be the name of a person is not shown, and the reference says where it stands.
        whose = f"{decision.by}, " if is_body(decision.by) else ""
        return f"{whose}{decision.date}, {decision.reference}"
    return "" if is_default else "set, with no decision recorded"
