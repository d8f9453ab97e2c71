"""The judging of records: of those whose files moved, or whose day has come, and of no other.

What came of the others is remembered. Where the last run judged a commit of the same line of
history by the same rules, git tells which files moved since, and nothing else is looked at. Where
it did not, what each record is made of is compared with what it was made of then.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from defectreg.register.grounds import Grounds
from defectreg.register.public import PublicRecord
from defectreg.register.release import Release, public_record
from defectreg.register.stage import Stage, facts_of, marks_of, stage_of
from defectreg.register.standing import Standing
from defectreg.register.statement import record_of
from defectreg.store.earlier import earlier, steps_of
from defectreg.store.git import GitError
from defectreg.store.index.parsed import Parsed
from defectreg.store.index.turning import window_ends
from defectreg.store.judgements import Judged, Judgements, on_days
from defectreg.store.kept import to_bytes
from defectreg.store.landings import Landings, Reached, landings_since, standings_among
from defectreg.store.processes import shared_out
from defectreg.store.program import holidays, program
from defectreg.store.sources import CommitSource

AWAITING = ("to-notify", "in-reply")
"""Stages in which an earlier text may be shown in place of one that a manufacturer answers."""
_CHUNK = 256
"""Records that a process judges at a time."""
_FEW = 1000
"""Records of which the files are asked for one by one; of more, all files are listed."""
_GROUNDS = ("policy", "schema", "catalogue")
_PROGRAM = ("register", "store")
"""The folders of the program that decide what comes of a record."""
_A_DAY = datetime.timedelta(days=1)
_EARLIER = " earlier"
"""Ends the name of what came of an earlier text."""


def shown_now(standing: Standing, release: Release) -> tuple[Stage, PublicRecord | None]:
    """The stage of a record, and what of its newest text is let out: None where nothing is."""
    stage = stage_of(facts_of(standing, release.policy, release.audience, release.day))
    marks = marks_of(standing, release.catalogue, release.audience, release.policy)
    return stage, public_record(standing, stage, marks, release)


def awaits_manufacturer(stage: Stage) -> bool:
    """Whether an earlier text may be shown in place of one that a manufacturer has to answer."""
    return stage.name in AWAITING


def shown_earlier(texts: Iterable[Standing], release: Release) -> PublicRecord | None:
    """The newest of earlier texts that was let out; None where none was."""
    for standing in texts:
        stage, shown = shown_now(standing, release)
        if stage.name == "published":
            return shown
    return None


@dataclass(frozen=True, slots=True)
class Judging:
    """All that records are judged by; processes that share the work inherit it."""

    grounds: Grounds
    release: Release
    source: CommitSource
    """The files of the records that may have moved."""
    landings: Landings
    """How those files landed."""
    unmoved: frozenset[str]
    """Records of which nothing moved since it was noted what came of them."""
    memory: Judgements
    parsed: Parsed | None
    rules: str
    """A digest of all that any record is judged by."""

    def now(self, done: Callable[[int], None]) -> Iterator[Judged]:
        """What comes of each record on the day, in the order of their ids."""
        asked = sorted({*self.source.record_files, *self.unmoved})
        return self._known_or(self.judge, dict.fromkeys(asked, ""), done)

    def earlier(self, record_ids: Sequence[str]) -> Iterator[Judged]:
        """What is shown of records in place of a text that a manufacturer has to answer."""
        others = [each for each in record_ids if self._unmoved(each + _EARLIER, each) is None]
        source = self.source
        steps = steps_of(source.repository, source.commit, others) if others else {}

        def judge(some: Sequence[str]) -> list[Judged]:
            day = self.release.day
            # An earlier text may name other manufacturers, whose time to reply ends on other days.
            ends = (day - _A_DAY, day)
            return [
                # The newest step is the text that waits.
                _judged(each, "", self._earlier(standing, steps[each][1:]), ends, day)
                if standing is not None and steps[each][1:]
                else Judged(each, "", None)
                for each, standing in self._standings(some)
            ]

        besides = {each: f" {steps.get(each, ())[1:]}" for each in record_ids}
        return self._known_or(judge, besides)

    def judge(self, record_ids: Sequence[str]) -> list[Judged]:
        """What comes of some records."""
        return [
            Judged(record_id, "", None) if standing is None else self._judge(record_id, standing)
            for record_id, standing in self._standings(record_ids)
        ]

    def remember(self) -> None:
        """Keep what came of every record."""
        reached = self.landings.reached
        state = {"rules": self.rules, "reached": "" if reached is None else reached.text}
        self.memory.write(state)

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
        known = {each: self._known(each, besides) for each, besides in asked.items()}
        missing = [record_id for record_id, judged in known.items() if judged is None]
        if len(missing) < len(known):
            done(len(known) - len(missing))
        came = self._judged_anew(judge, missing)
        for record_id, judged in known.items():
            if judged is not None:
                yield judged
                continue
            new = next(came)
            self._note(record_id, asked[record_id], new)
            done(1)
            yield new

    def _known(self, record_id: str, besides: str) -> Judged | None:
        name = record_id + (_EARLIER if besides else "")
        judged = self._unmoved(name, record_id)
        if judged is None and record_id in self.source.record_files:
            made_of = self._made_of(record_id, besides)
            return self.memory.find(name, self.release.day, made_of)
        return judged

    def _unmoved(self, name: str, record_id: str) -> Judged | None:
        if record_id not in self.unmoved:
            return None
        return self.memory.find(name, self.release.day)

    def _note(self, record_id: str, besides: str, judged: Judged) -> None:
        paths = self.source.record_files[record_id]
        landed = {path: at for path in paths if (at := self.landings.of_path(path)) is not None}
        name = record_id + (_EARLIER if besides else "")
        self.memory.note(name, self._made_of(record_id, besides), landed, judged)

    def _judged_anew(
        self, judge: Callable[[Sequence[str]], list[Judged]], record_ids: Sequence[str]
    ) -> Iterator[Judged]:
        chunks = [record_ids[start : start + _CHUNK] for start in range(0, len(record_ids), _CHUNK)]
        for chunk in shared_out(judge, chunks):
            yield from chunk

    def _made_of(self, record_id: str, besides: str) -> bytes:
        """What decides of a record: its files, when they landed, and the rules."""
        blobs, landed = self.source.blobs(), self.landings.of_path
        parts = [self.rules, besides]
        for path in self.source.record_files[record_id]:
            landing = landed(path)
            parts += (path, blobs[path], "" if landing is None else landing.text)
        return "\n".join(parts).encode()

    def _earlier(self, now: Standing, steps: Sequence[tuple[int, str]]) -> PublicRecord | None:
        return shown_earlier(earlier(self.source.repository, steps, now, self.grounds),
                             self.release)  # fmt: skip

    def _standings(self, record_ids: Sequence[str]) -> Iterator[tuple[str, Standing | None]]:
        """How each of these records stands; what the index has read is not read again."""
        found, paths = {}, self.source.record_files
        if self.parsed is not None:
            found = {each: self.parsed.find(each, paths[each]) for each in record_ids}
        others = [each for each in record_ids if found.get(each) is None]
        read = standings_among(others, self.source, paths, self.landings, self.grounds)
        for record_id in record_ids:
            known = found.get(record_id)
            yield next(read) if known is None else (record_id, known[0])


def judging_of(
    source: CommitSource, grounds: Grounds, release: Release, *, is_remembered: bool
) -> Judging:
    """What the records of a commit are judged by, with what is remembered of other runs."""
    folder = source.repository.common_dir / "defectreg"
    file = folder / f"judged-{release.audience}.sqlite" if is_remembered else None
    memory, rules = Judgements(file), _rules(source, release.audience)
    if memory.state.get("rules") == rules:
        moved = _moved(source, grounds, release.day, memory)
        if moved is not None:
            some, landings, unmoved = moved
            return Judging(grounds, release, some, landings, unmoved, memory, None, rules)
    whole = replace(source)  # what it lists of a large register goes when all is judged
    landings = Landings.of(source.repository, source.commit, grounds)
    parsed = Parsed(whole, landings, grounds) if is_remembered else None
    return Judging(grounds, release, whole, landings, frozenset(), memory, parsed, rules)


def _moved(
    source: CommitSource, grounds: Grounds, day: datetime.date, memory: Judgements
) -> tuple[CommitSource, Landings, frozenset[str]] | None:
    """The files of the records to judge, how they landed, and the other records; None where that
    can only be told of all files, or there are many."""
    known = Reached.parse(memory.state.get("reached", ""))
    if known is None:
        return None
    since = landings_since(source.repository, known, source.commit, grounds)
    if since is None:
        return None
    try:
        moves = source.repository.moved(known.commit, source.commit)
    except GitError:
        return None
    paths = (*(move.path for move in moves), *since.landed)
    moved = {found for path in paths if (found := record_of(path)) is not None}
    records = {name for name in memory.names() if not name.endswith(_EARLIER)}
    turned = {each for each in records - moved if memory.find(each, day) is None}
    # An earlier text is shown of what waits for its manufacturer, and is asked each day.
    waiting = {
        each
        for each in records - moved - turned
        if (judged := memory.find(each, day)) is not None
        and judged.stage in AWAITING
        and memory.find(each + _EARLIER, day) is None
    }
    some = moved | turned | waiting
    if len(some) > _FEW:
        return None
    narrowed = source.narrowed(sorted(some))
    by_path = {**memory.landings(some), **since.landed}
    if any(path not in by_path for paths in narrowed.record_files.values() for path in paths):
        return None  # said of a record that came after it
    landings = Landings(by_path, since.reached.next_step, since.reached)
    return narrowed, landings, frozenset(records - some)


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


def _rules(source: CommitSource, audience: str) -> str:
    """A digest of what every record is judged by; policy and Parties are told by their files."""
    grounds = source.repository.folders(source.commit, *_GROUNDS)
    about = [program(_PROGRAM), holidays(), grounds, audience]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def _names_others(record: PublicRecord) -> bool:
    return "related" in record.values or record.withdrawal is not None
