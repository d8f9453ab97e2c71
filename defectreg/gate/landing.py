"""Landing: one step of the main branch out of the files of the named records.

The files come from whichever requests they stand on. What is not named stays where it is, and so
do sign-offs that read what is not there. The step is judged like any other before it is made.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from defectreg.gate.additions import overtaken
from defectreg.gate.cases import record_of
from defectreg.gate.judging import NOTHING, REFUSED, Judgement, judge
from defectreg.gate.new_records import still_coming
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from defectreg.register.record import id_of_path
from defectreg.register.statement import free_name
from defectreg.register.yamltext import YamlError, load
from defectreg.store import git
from defectreg.store.leftovers import is_accepted, is_stale, replaces_another
from defectreg.store.requests import LANDED, Request, Target, cases_of, newest, requests_of

_MOST_NAMED = 8
_MOST_ROUNDS = 5
"""How often records that are not ready are left out and the others judged anew."""
_BY_NAME = ("about", "supersedes")
"""Keys by which a statement names another one's file."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What lands of some records.

    ``requests`` are all that bring some of it, also one that another contains. ``files`` are by
    path; ``left_out`` are the paths of sign-offs that read what is not there, ``unsigned`` those of
    statements that wait for their Party's signature; ``renamed`` maps paths to the names that these
    statements have on their request; ``findings`` say what a person has to bring together first.
    """

    record_ids: tuple[str, ...]
    requests: tuple[Request, ...]
    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A step as it would be: its commit, on which no branch stands yet, and the judgement of it.

    ``commit`` is None where there is nothing to judge; ``not_ready`` are records left out because
    something is wrong or awaited, ``nothing_new`` those that stand there already.
    """

    target: Target
    gathered: Gathered
    commit: str | None
    judgement: Judgement
    not_ready: tuple[str, ...] = ()
    nothing_new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lander:
    """For which Party a step is made, and when; ``day`` is that calendar day of Europe/London."""

    party: str
    now: datetime.datetime
    day: datetime.date


def attempt(target: Target, record_ids: Sequence[str], lander: Lander) -> Attempt:
    """The step that lands these records, judged. Objects are written, no branch is moved.

    Raises CannotRun where none of them is on a request, or one is nowhere.
    """
    wanted = dict.fromkeys(record_ids)
    brought = [each for each in requests_of(target) if each.record_id in wanted]
    waiting = {request.record_id for request in brought}
    missing = wanted.keys() - waiting
    landed = {one for one, case in cases_of(target.source, sorted(missing)).items() if case}
    if missing - landed or not waiting:
        missing -= landed if missing - landed else set()
        raise CannotRun(
            f"nothing of {min(missing)} is on a request",
            "`defectreg queue` lists what waits; requests of others must be fetched first",
        )
    named = [record_id for record_id in wanted if record_id in waiting]
    tried = _attempted(target, named, brought, lander)
    return replace(tried, nothing_new=tuple(sorted(landed)))


def attempt_all(target: Target, lander: Lander) -> Attempt:
    """The step that lands all records that are ready, judged; the others are left out.

    Those that were withdrawn before they landed are passed over: nobody waits for them.
    """
    brought = still_coming(list(requests_of(target)), target, lander.day)
    record_ids = list(dict.fromkeys(request.record_id for request in brought))
    not_ready: list[str] = []
    tried = _attempted(target, record_ids, brought, lander)
    for _ in range(_MOST_ROUNDS):
        blamed = {one for one in map(_blamed, _against(tried.judgement)) if one in record_ids}
        if tried.judgement.passes or not blamed:
            break
        not_ready += sorted(blamed)
        record_ids = [one for one in record_ids if one not in blamed]
        kept = [request for request in brought if request.record_id not in blamed]
        tried = _attempted(target, record_ids, kept, lander)
    return replace(tried, not_ready=tuple(not_ready))


def _against(judgement: Judgement) -> Iterator[Finding]:
    return (each for each in judgement.findings if each.severity != "warning")


def _blamed(finding: Finding) -> str | None:
    path = record_of(finding.file)
    return id_of_path(path) if path is not None else None


def _attempted(
    target: Target, record_ids: Sequence[str], brought: Iterable[Request], lander: Lander
) -> Attempt:
    repository = target.register.repository
    every = tuple(brought)
    gathered = replace(gather(record_ids, newest(repository, every)), requests=every)
    if gathered.findings:
        refused = Judgement(REFUSED, tuple(record_ids), gathered.findings)
        return Attempt(target, gathered, None, refused)
    if not gathered.files:
        return Attempt(target, gathered, None, Judgement(NOTHING))
    occasion = git.Occasion(_message(record_ids), lander.party, lander.now)
    commit = git.written(repository, target.commit, dict(gathered.files), occasion)
    judgement = judge(repository, target.commit, commit, lander.day)
    return Attempt(target, gathered, commit, judgement)


def _message(record_ids: Sequence[str]) -> str:
    named, more = ", ".join(record_ids[:_MOST_NAMED]), len(record_ids) - _MOST_NAMED
    return f"Land {named} and {more} more\n" if more > 0 else f"Land {named}\n"


def gather(record_ids: Sequence[str], requests: Sequence[Request]) -> Gathered:
    """The files of these records from all requests that bring some, as they land together."""
    of_record: dict[str, list[Request]] = {record_id: [] for record_id in record_ids}
    for request in requests:
        if request.ref != LANDED:
            of_record[request.record_id].append(request)
    files: dict[str, bytes] = {}
    renamed: dict[str, str] = {}
    gatherings = [_Gathering(some) for some in of_record.values()]
    for gathering in gatherings:
        files |= gathering.files
        renamed |= gathering.renamed
    return Gathered(
        tuple(record_ids),
        tuple(requests),
        files,
        left_out=tuple(path for each in gatherings for path in each.left_out),
        unsigned=tuple(path for each in gatherings for path in each.unsigned),
        renamed=renamed,
        findings=tuple(finding for each in gatherings for finding in each.findings),
    )


class _Gathering:
    """The files of one record from all the requests that bring some of it."""

    def __init__(self, requests: Sequence[Request]) -> None:
        self.files: dict[str, bytes] = {}
        self.renamed: dict[str, str] = {}
        self.left_out: list[str] = []
        self.unsigned: list[str] = []
        self.findings: list[Finding] = []
        self._landed = requests[0].landed if requests else {}
        for request in requests:
            self._check_stays(request)
        self._take_record(requests)
        for request in sorted(requests, key=_references, reverse=True):
            self._take_statements(request)
        self._leave_out_unsigned()
        self._leave_out_stale()

    def _check_stays(self, request: Request) -> None:
        for path in request.removed:
            self._object(path, "G001", f"{request.branch} takes away what has landed",
                         "put it back; what was said is withdrawn by a sign-off")  # fmt: skip
        for path in sorted(request.new.keys() & self._landed.keys() - {request.record_path}):
            self._object(path, "G001", f"{request.branch} changes a statement that has landed",
                         "say it anew in a file of its own")  # fmt: skip

    def _take_record(self, requests: Sequence[Request]) -> None:
        """The one new text of the record, if requests bring one; of several the accepted one."""
        texts: dict[bytes, Request] = {}
        for request in requests:
            if request.record_path in request.new:
                texts.setdefault(request.new[request.record_path], request)
        if len(texts) > 1:
            said = [one for request in requests for one in request.new.items()]
            accepted = [text for text in texts if is_accepted(text, said)]
            texts = {text: texts[text] for text in accepted} if len(accepted) == 1 else texts
        if len(texts) > 1:
            one, other = sorted(request.branch for request in texts.values())[:2]
            path = next(iter(texts.values())).record_path
            self._object(path, "G008", f"{one} and {other} each bring another text of it",
                         f"a validator returns one of them: defectreg review {other} --return WHY; "
                         "or git merge one into the other, and have that accepted")  # fmt: skip
        for text, request in texts.items():
            self.files[request.record_path] = text
            self.findings += [overtaken(request)] if request.is_overtaken else []

    def _take_statements(self, request: Request) -> None:
        """What a request says of the record; a name that another took gets the next number."""
        for path, data in sorted(request.new.items()):
            if path == request.record_path or data in self.files.values():
                continue
            folder, _, name = path.rpartition("/")
            taken = {known.rpartition("/")[2] for known in (*self._landed, *self.files)}
            lands_as = f"{folder}/{free_name(name, taken)}" if path not in self._landed else path
            self.files[lands_as] = data
            before = request.on_branch(path).rpartition("/")[2]
            if not lands_as.endswith(f"/{before}"):
                self.renamed[lands_as] = before
                self._check_not_named(request, lands_as, before)

    def _check_not_named(self, request: Request, path: str, before: str) -> None:
        """That nothing on its request names a statement by the name that it loses."""
        for other, data in request.new.items():
            if before in _named(other, data):
                name = other.rpartition("/")[2]
                self._object(path, "G008", f"{name} on {request.branch} names {before}, and "
                             "another statement has that name now",
                             "its Party says it anew, naming the file as it lands")  # fmt: skip

    def _leave_out_unsigned(self) -> None:
        """Without what waits for a signature, where the rest can land: nobody is kept waiting by
        what another has not signed, but for the only report of a new record."""
        unsigned = {path for path in self.files if _is_unsigned(path, self.files[path])}
        signed = [path for path in self.files if record_of(path) != path and path not in unsigned]
        brings_record = any(record_of(path) == path and path not in self._landed
                            for path in self.files)  # fmt: skip
        if not signed or (brings_record and not any("-report-" in path for path in signed)):
            return
        self.unsigned = sorted(unsigned)
        for path in unsigned:
            del self.files[path]
            self.renamed.pop(path, None)

    def _leave_out_stale(self) -> None:
        """Without sign-offs that read what is not there; what they read may be left out too."""
        while True:
            case = {**self._landed, **self.files}
            known = {hashlib.sha256(data).hexdigest() for data in case.values()}
            stale = [
                path
                for path, data in self.files.items()
                if is_stale(path, data, known)
                or replaces_another(path, data, self.files, self._landed)
            ]
            if not stale:
                return
            self.left_out += stale
            for path in stale:
                del self.files[path]
                self.renamed.pop(path, None)

    def _object(self, path: str, code: str, sentence: str, hint: str) -> None:
        self.findings.append(Finding(path, 1, 1, code, "error", sentence, hint))


def _is_unsigned(path: str, data: bytes) -> bool:
    return record_of(path) != path and b"\nsignature:" not in data


def _references(request: Request) -> int:
    """How often what a request says names other statements: these had better keep their names."""
    return sum(len(_named(path, data)) for path, data in request.new.items())


def _named(path: str, data: bytes) -> set[str]:
    """The names of the statements that a statement names."""
    if record_of(path) == path or not any(f"\n{key}:".encode() in data for key in _BY_NAME):
        return set()
    try:
        said = load(data).data
    except YamlError:
        return set()
    return {str(said[key]) for key in _BY_NAME if key in said}
