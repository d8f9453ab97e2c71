"""One step judged: what stands before it, and what it would leave. Whatever is unknown is refused.

Nothing is read from a work tree, and nothing that the step brings says how it is judged: schemas,
policy, Parties and catalogue are those of the commit before it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from defectreg.gate.bulletins import check_bulletin
from defectreg.gate.entering import DataChange, check_data
from defectreg.gate.policy_changes import RulesChange, check_change
from defectreg.gate.sound import sound_files
from defectreg.gate.trees import (
    BULLETIN,
    DATA,
    OTHER,
    check_class,
    check_entries,
    check_landed_stays,
    check_size,
    check_total,
    check_twins,
    largest,
    sort_moves,
)
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds, is_ground, read_grounds
from defectreg.store.git import Move, Repository, blob_id

NOTHING = "nothing"
REFUSED = "refused"
_RULES = ("policy", "schema", "catalogue")
"""The folders that say how is judged."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a step is, and everything that stands against it."""

    kind: str
    """data, bulletin, catalogue, policy, other; nothing where nothing is moved; refused where it
    is none of these."""
    record_ids: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is wrong."""
        return tuple(each for each in self.findings if each.severity == "error")

    @property
    def awaited(self) -> tuple[Finding, ...]:
        """What is still to be said, and by whom."""
        return tuple(each for each in self.findings if each.severity == "awaited")

    @property
    def passes(self) -> bool:
        """Whether the step may land."""
        return not self.errors and not self.awaited


@dataclass(frozen=True)
class Bench:
    """What steps of one repository are judged on: the grounds are read once for equal rules.

    ``asks_content`` says whether content rules are asked too: of a request, not of history.
    """

    repository: Repository
    asks_content: bool = True
    _known: dict[tuple[tuple[str, str], ...], Grounds] = field(default_factory=dict, compare=False)

    def judge(self, before: str, after: str, day: datetime.date, rules: str = "") -> Judgement:
        """A step from a commit to a tree or commit, on a day; never raises for what it judges.

        ``rules`` is the commit by whose rules it is judged; empty: the one before it.
        """
        try:
            return self._judged(before, after, day, rules or before)
        except CannotRun as error:
            return _refused(error.sentence, error.hint)
        except Exception as fault:
            # What the gate does not know, it refuses.
            return _refused(f"this could not be judged ({type(fault).__name__})", "")

    def grounds_at(self, commit: str) -> Grounds:
        """What a commit judges by; read once for equal rules. Raises CannotRun where broken."""
        key = self.repository.folders(commit, *_RULES)
        grounds = self._known.get(key)
        if grounds is None:
            grounds = read_grounds(self._rule_files(commit))[0]
            self._known.clear()
            self._known[key] = grounds
        return grounds

    def _rule_files(self, commit: str) -> dict[str, bytes]:
        listing = self.repository.listing(commit, *_RULES)
        wanted = {path: blob for path, blob in listing.items() if is_ground(path)}
        return dict(sound_files(self.repository, wanted))

    def _judged(self, before: str, after: str, day: datetime.date, rules: str) -> Judgement:
        grounds = self.grounds_at(rules)
        moves = self.repository.moved(before, after)
        if not moves:
            return Judgement(NOTHING)
        sorted_ = sort_moves(moves, grounds.policy)
        kind = sorted_.kind
        ours = [move for name, moved in sorted_.by_class.items() if name != OTHER for move in moved]
        findings = [*check_class(sorted_), *check_entries(ours), *check_landed_stays(
            sorted_.by_class.get(DATA, ()))]  # fmt: skip
        if kind != DATA:  # the names of records and statements have one way to be written
            findings += check_twins(*_paths_beside(self.repository, before, ours))
        if findings or not kind:
            return _judgement(kind or REFUSED, (), findings)
        if kind == OTHER:
            return Judgement(OTHER)
        blobs, findings = self._blobs(ours)
        if findings:
            return _judgement(kind, (), findings)
        return self._by_kind(kind, ours, blobs, _Step(before, after, grounds, day))

    def _by_kind(
        self, kind: str, moves: Sequence[Move], blobs: Mapping[str, bytes], step: _Step
    ) -> Judgement:
        if kind == DATA:
            change = DataChange(moves, blobs, step.grounds, step.day, self.asks_content)
            record_ids, found = check_data(change, self.repository, step.before)
            return _judgement(kind, record_ids, found)
        if kind == BULLETIN:
            found = list(
                check_bulletin(moves, blobs, step.grounds, step.day, self.repository, step.before)
            )
            return _judgement(kind, (), found)
        rules = RulesChange(kind, moves, blobs, step.grounds, step.day)
        return _judgement(kind, (), check_change(rules, self.repository, step.after))

    def _blobs(self, moves: Sequence[Move]) -> tuple[dict[str, bytes], list[Finding]]:
        """The bytes of what is moved; findings where a blob is too large, or not what it is named.

        git itself does not look whether the bytes of an object are those of its name.
        """
        path_of: dict[str, str] = {}
        for move in sorted(moves, key=lambda move: -largest(move.path)):  # the narrowest is last
            path_of |= {entry.blob: move.path for entry in (move.before, move.after) if entry}
        limits = {blob: largest(path) for blob, path in path_of.items()}
        blobs: dict[str, bytes] = {}
        findings: list[Finding] = []
        total = 0
        for blob, size, data in self.repository.blobs_within(limits):
            path = path_of[blob]
            total += len(data or b"")
            too_much = list(check_total(path, total))
            if too_much:
                return blobs, too_much
            if data is None:
                findings += check_size(path, size)
            elif blob_id(data) != blob:
                sentence = "the object with its text is damaged: its bytes are not those of its id"
                findings.append(Finding(path, 1, 1, "G007", "error", sentence, "git fsck"))
            else:
                blobs[blob] = data
        return blobs, findings


@dataclass(frozen=True, slots=True)
class _Step:
    before: str
    after: str
    grounds: Grounds
    day: datetime.date


def judge(repository: Repository, before: str, after: str, day: datetime.date) -> Judgement:
    """One request, content rules included: a step from a commit to a tree or commit."""
    return Bench(repository).judge(before, after, day)


def _paths_beside(
    repository: Repository, before: str, moves: Iterable[Move]
) -> tuple[list[str], list[str]]:
    """The paths that a step adds with the folders they stand in, and what stands beside them."""
    added = {move.path for move in moves if move.before is None}
    brought = added | {folder for path in added for folder in _folders(path)}
    beside = {path.rpartition("/")[0] for path in brought}
    return sorted(brought), [path for each in beside for path in repository.names(before, each)]


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def _judgement(kind: str, record_ids: Iterable[str], findings: Iterable[Finding]) -> Judgement:
    return Judgement(kind, tuple(record_ids), tuple(sorted(set(findings))))


def _refused(sentence: str, hint: str) -> Judgement:
    return Judgement(REFUSED, (), (Finding("", 1, 1, "G009", "error", sentence, hint),))
