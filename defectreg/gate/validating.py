"""Validating: every file of a register, or of some records, judged by the register's own grounds.

Nothing stops the run but what keeps every file from being judged; all else is a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice
from typing import TypeAlias

from defectreg.gate.cases import Sorted, odd_finding, sort_files
from defectreg.gate.proving import proofs, prove
from defectreg.register.checking import check_case
from defectreg.register.findings import Finding, Severity
from defectreg.register.ground_checks import check_ground_files
from defectreg.register.grounds import Grounds, check_catalogue, is_ground
from defectreg.register.record import record_path, statements_folder
from defectreg.store.files import FileProblem
from defectreg.store.git import blob_id
from defectreg.store.processes import shared_out
from defectreg.store.sources import CommitSource, WorkTreeSource, grounds_of
from defectreg.store.threads import in_parts

Files: TypeAlias = WorkTreeSource | CommitSource
SMALL = 200
"""Cases up to which one process does the work."""
PROCESSES = 2
LARGE = 20_000
"""Cases from which on the files are read by several threads."""
_CHUNK = 100
_GROUNDS = ("policy", "catalogue", "schema")
_RECORDS = "records"
Step: TypeAlias = Callable[[int], None]
Begin: TypeAlias = Callable[[int], Step]
"""Is told how many cases there are, and gives what is told as they are done."""
Chunk: TypeAlias = list[tuple[str, tuple[str, ...]]]
Blobs: TypeAlias = Mapping[str, str]
"""Path → blob."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was judged, and everything found in it, by file and place."""

    records: int
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(finding.severity == severity for finding in self.findings)


@dataclass(frozen=True)
class Asked:
    """The files asked about: whole paths, and folders ending in ``/``; without any, all."""

    places: tuple[str, ...] = ()

    @classmethod
    def record(cls, record_id: str) -> Asked:
        """One record, with all that is said about it."""
        return cls((record_path(record_id), f"{statements_folder(record_id)}/"))

    @property
    def is_everything(self) -> bool:
        """Whether no file of a record is left out."""
        return not self.places or not {"", f"{_RECORDS}/"}.isdisjoint(self.places)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders below which their cases stand whole."""
        tops = ("/".join(place.split("/")[:2]) for place in self.places)
        below = {top if place.count("/") > 1 else _RECORDS for place, top in zip(
            self.places, tops, strict=True)}  # fmt: skip
        return (_RECORDS,) if _RECORDS in below or not below else tuple(sorted(below))

    def has(self, path: str) -> bool:
        """Whether a file is asked about."""
        return not self.places or not self._sought.isdisjoint(_with_folders(path))

    @cached_property
    def _sought(self) -> frozenset[str]:
        return frozenset(self.places)


def _with_folders(path: str) -> Iterator[str]:
    """A path, and every folder it stands in, which ends in ``/``; the topmost is empty."""
    yield path
    yield ""
    for end, letter in enumerate(path, 1):
        if letter == "/":
            yield path[:end]


ALL = Asked()


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in some cases."""

    findings: tuple[Finding, ...]
    strays: tuple[str, ...]
    """Records whose case has a file that is not the one that was committed."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges cases of one source by its grounds.

    ``landed`` says what stands on the target: of such a statement no signature is proven again, and
    no switch or role of today is asked. Strays are told where ``committed`` says from what.
    """

    source: Files
    grounds: Grounds
    landed: Blobs = field(default_factory=dict, repr=False)
    committed: Blobs | None = field(default=None, repr=False)
    is_large: bool = False
    """Whether its files seldom lie in memory: then it pays to wait for several at once."""

    def judge(self, chunk: Chunk) -> Judged:
        """What is found in some cases: pairs of a record's path and the paths of its files."""
        findings: list[Finding] = []
        strays: list[str] = []
        read = self._read([path for _, paths in chunk for path in paths], findings)
        for record, paths in chunk:
            files = {path: read[path] for path in paths if path in read}
            blobs = self._blobs(files)
            findings.extend(self._found(record, files, blobs, is_hidden=record in paths))
            if self._is_stray(paths, blobs):
                strays.append(record)
        return Judged(tuple(findings), tuple(strays))

    def _found(
        self, record: str, files: Mapping[str, bytes], blobs: Blobs, *, is_hidden: bool
    ) -> Iterator[Finding]:
        landed = frozenset(path for path, blob in blobs.items() if self.landed.get(path) == blob)
        checked = check_case(record, files, self.grounds, landed)
        is_unread = is_hidden and record not in files
        yield from (
            finding for finding in checked.findings if finding.code != "R004" or not is_unread
        )
        folder = record.removesuffix(".yaml")
        new = (
            statement
            for statement in checked.statements
            if f"{folder}/{statement.file}" not in landed
        )
        yield from prove(proofs(new, files, folder), self.grounds)

    def _blobs(self, files: Mapping[str, bytes]) -> Blobs:
        if not self.landed and self.committed is None:
            return {}
        return {path: blob_id(data) for path, data in files.items()}

    def _is_stray(self, paths: Sequence[str], blobs: Blobs) -> bool:
        committed = self.committed
        return committed is not None and any(
            path not in blobs or blobs[path] != committed.get(path) for path in paths
        )

    def _read(self, paths: Sequence[str], findings: list[Finding]) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        read = partial(_read_part, self.source)
        waits = self.is_large and isinstance(self.source, WorkTreeSource)
        for part, problems in in_parts(read, paths) if waits else [read(paths)]:
            files.update(part)
            findings.extend(problems)
        return files


def validate(
    source: Files,
    asked: Asked = ALL,
    landed: Blobs | None = None,
    begin: Begin = lambda total: lambda done: None,
) -> Verdict:
    """Judges the files of a source that are asked about, each with its whole case, and always what
    they are judged by.

    ``landed`` are the files of the target, which were judged when they landed. Raises CannotRun
    where the policy or a schema is missing or broken.
    """
    grounds, findings = judged_grounds(source)
    files = _only(sort_files(_paths(source, *asked.folders), grounds.policy), asked)
    findings.extend(map(odd_finding, files.odd))
    judged = judge_cases(Judge(source, grounds, landed or {}), list(files.cases.items()), begin)
    return Verdict(files.records, tuple(sorted({*findings, *judged.findings})))


def judged_grounds(source: Files) -> tuple[Grounds, list[Finding]]:
    """What everything is judged by, and what is wrong in it.

    Raises CannotRun where the policy or a schema is missing or broken.
    """
    grounds, found = grounds_of(source)
    if isinstance(source, CommitSource):
        source = replace(source, only=_GROUNDS)  # to list the records would take longest
    odd = sort_files(_paths(source, "policy"), grounds.policy).odd
    checked = (*check_catalogue(grounds), *_checked_grounds(source, grounds))
    return grounds, [*found, *checked, *map(odd_finding, odd)]


def judge_cases(judge: Judge, cases: Chunk, begin: Begin) -> Judged:
    """What is found in these cases, in no order that means anything."""
    step = begin(len(cases))
    findings: list[Finding] = []
    strays: list[str] = []
    judge = replace(judge, is_large=len(cases) >= LARGE)
    for done, judged in _judged(judge, cases):
        findings.extend(judged.findings)
        strays.extend(judged.strays)
        step(done)
    return Judged(tuple(findings), tuple(strays))


def _only(files: Sorted, asked: Asked) -> Sorted:
    return Sorted(
        {record: paths for record, paths in files.cases.items() if any(map(asked.has, paths))},
        tuple(path for path in files.odd if asked.has(path)),
    )


def _paths(source: Files, *folders: str) -> list[str]:
    """The files of a source below some folders."""
    if isinstance(source, WorkTreeSource):
        return source.paths(*folders)
    below = tuple(f"{folder}/" for folder in folders)
    return [path for path in source.blobs() if path.startswith(below)]


def _checked_grounds(source: Files, grounds: Grounds) -> Iterator[Finding]:
    paths = [path for path in _paths(source, *_GROUNDS) if is_ground(path)]
    findings: list[Finding] = []
    files = {
        path: data for path, data in _readable(source, paths, findings) if path.endswith(".yaml")
    }
    yield from (*findings, *check_ground_files(files, grounds))


def _readable(
    source: Files, paths: Sequence[str], findings: list[Finding]
) -> Iterator[tuple[str, bytes]]:
    """The files that can be read; of the others a finding is left."""
    if isinstance(source, CommitSource):
        yield from source.read_many(paths)
        return
    for path in paths:
        try:
            data = source.read(path)
        except FileProblem as problem:
            why = problem.sentence.removeprefix(f"{source.root / path} ")
            findings.append(
                Finding(path, 1, 1, "S012", "error", f"it {why}", "put a regular file there")
            )
            continue
        if data is not None:
            yield path, data


def _read_part(source: Files, paths: Sequence[str]) -> tuple[dict[str, bytes], list[Finding]]:
    findings: list[Finding] = []
    return dict(_readable(source, paths, findings)), findings


def _judged(judge: Judge, cases: Chunk) -> Iterator[tuple[int, Judged]]:
    """Pairs of how many cases were done and what was found in them."""
    chunks = list(_chunks(cases))
    if len(cases) <= SMALL:
        yield from ((len(chunk), judge.judge(chunk)) for chunk in chunks)
        return
    yield from zip(map(len, chunks), shared_out(judge.judge, chunks, PROCESSES), strict=True)


def _chunks(cases: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Chunk]:
    remaining = iter(cases)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
