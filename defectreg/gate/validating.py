"""Validating: every file of a register, or of some records, judged by the register's own grounds.

Nothing stops the run but what keeps every file from being judged; all else is a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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
from defectreg.store.sources import CommitSource, WorkTreeSource, grounds_of

Files: TypeAlias = WorkTreeSource | CommitSource
SMALL = 200
"""Cases up to which one process does the work."""
PROCESSES = 2
_CHUNK = 100
_GROUNDS = ("policy", "catalogue", "schema")
Step: TypeAlias = Callable[[int], None]
Chunk: TypeAlias = list[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was judged, and everything found in it, by file and place."""

    records: int
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(finding.severity == severity for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Asked:
    """The files asked about: whole paths, and folders ending in ``/``; without any, all."""

    places: tuple[str, ...] = ()

    @classmethod
    def record(cls, record_id: str) -> Asked:
        """One record, with all that is said about it."""
        return cls((record_path(record_id), f"{statements_folder(record_id)}/"))

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders below which their cases stand whole."""
        tops = ("/".join(place.split("/")[:2]) for place in self.places)
        below = {top if place.count("/") > 1 else "records" for place, top in zip(
            self.places, tops, strict=True)}  # fmt: skip
        return ("records",) if "records" in below or not below else tuple(sorted(below))

    def has(self, path: str) -> bool:
        """Whether a file is asked about."""
        return not self.places or any(
            not place or path == place or (place.endswith("/") and path.startswith(place))
            for place in self.places
        )


ALL = Asked()


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges cases of one source by its grounds.

    ``landed`` holds the ids of the blobs that stand on the target: of such a statement no signature
    is proven again, and no switch or role of today is asked.
    """

    source: Files
    grounds: Grounds
    landed: frozenset[str] = field(default=frozenset(), repr=False)

    def judge(self, chunk: Chunk) -> list[Finding]:
        """The findings of some cases: pairs of a record's path and the paths of its files."""
        findings: list[Finding] = []
        read = self._read([path for _, paths in chunk for path in paths], findings)
        for record, paths in chunk:
            files = {path: read[path] for path in paths if path in read}
            landed = frozenset(path for path in files if self._is_landed(files[path]))
            checked = check_case(record, files, self.grounds, landed)
            is_hidden = record in paths and record not in read
            findings.extend(
                finding for finding in checked.findings if finding.code != "R004" or not is_hidden
            )
            folder = record.removesuffix(".yaml")
            new = (
                statement
                for statement in checked.statements
                if f"{folder}/{statement.file}" not in landed
            )
            findings.extend(prove(proofs(new, files, folder), self.grounds))
        return findings

    def _is_landed(self, source: bytes) -> bool:
        return bool(self.landed) and blob_id(source) in self.landed

    def _read(self, paths: Sequence[str], findings: list[Finding]) -> dict[str, bytes]:
        return dict(_readable(self.source, paths, findings))


def validate(
    source: Files,
    asked: Asked = ALL,
    landed: frozenset[str] = frozenset(),
    begin: Callable[[int], Step] = lambda total: lambda done: None,
) -> Verdict:
    """Judges the files of a source that are asked about, each with its whole case, and always what
    they are judged by.

    ``landed`` holds the blobs of the target, which were judged when they landed. ``begin`` is told
    how many cases there are, and gives what is told as they are done. Raises CannotRun where the
    policy or a schema is missing or broken.
    """
    grounds, found = grounds_of(source)
    findings = [*found, *check_catalogue(grounds), *_checked_grounds(source, grounds)]
    paths = _paths(source, *asked.folders, "policy")
    files = _only(sort_files(paths, grounds.policy), asked)
    findings.extend(odd_finding(path) for path in files.odd)
    judge = Judge(source, grounds, landed)
    cases = list(files.cases.items())
    step = begin(len(cases))
    for done, some in _judged(judge, cases):
        findings.extend(some)
        step(done)
    return Verdict(files.records, tuple(sorted(set(findings))))


def _only(files: Sorted, asked: Asked) -> Sorted:
    return Sorted(
        {record: paths for record, paths in files.cases.items() if any(map(asked.has, paths))},
        tuple(path for path in files.odd if asked.has(path) or path.startswith("policy/")),
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


def _judged(judge: Judge, cases: Chunk) -> Iterator[tuple[int, list[Finding]]]:
    """Pairs of how many cases were done and what was found in them."""
    chunks = list(_chunks(cases))
    if len(cases) <= SMALL:
        yield from ((len(chunk), judge.judge(chunk)) for chunk in chunks)
        return
    yield from zip(map(len, chunks), _in_processes(judge, chunks), strict=True)


def _in_processes(judge: Judge, chunks: Sequence[Chunk]) -> Iterator[list[Finding]]:
    """Each chunk judged by one of a few processes, which inherit the grounds as they are."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    if "fork" not in multiprocessing.get_all_start_methods():
        yield from map(judge.judge, chunks)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(PROCESSES, context, _inherit, (judge,)) as executor:
        yield from executor.map(_judge_inherited, chunks)


_INHERITED: list[Judge] = []


def _inherit(judge: Judge) -> None:
    import gc

    gc.freeze()  # what was inherited stays for good, and need not be looked through
    _INHERITED[:] = [judge]


def _judge_inherited(chunk: Chunk) -> list[Finding]:
    return _INHERITED[0].judge(chunk)


def _chunks(cases: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Chunk]:
    remaining = iter(cases)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
