"""Records like one on its way: those that have landed, and those that wait on a request."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from defectreg.register.checking import read_record
from defectreg.register.record import Record, id_of_path, record_path
from defectreg.register.similarity import Likeness, Similar, nearest, score
from defectreg.register.standing import Standing
from defectreg.register.statement import record_of
from defectreg.store.index import open_index
from defectreg.store.landings import Landings, standing_of
from defectreg.store.places import LOCAL, TARGETS, Register, is_forge_request, short_name
from defectreg.store.sources import LARGEST_RECORD, CommitSource, case_files

_RECORDS, _SIGN_OFF = "records", "-sign-off-"
_AGAINST = (b"\ndecision: withdraw\n", b"\ndecision: return\n")
_MOST_COMMITS = 20_000
_MOST_READ = 10_000
"""Files of requests, the newest first: more is not looked through before somebody may write."""
_MOST_COMPARED = 50
_SOME_DAY = datetime.date.max
"""On which requests are taken to land: what is asked of them here depends on no day."""


@dataclass(frozen=True, slots=True)
class Waits:
    """A record that stands only on requests, with its branch as people type it."""

    record: Record
    branch: str
    is_returned: bool
    """Whether a validator returned it: it waits for whoever reported it."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A record that no branch but a request's has: its path, its blob, and where it stands."""

    path: str
    blob: str
    ref: str
    commit: str


@dataclass(frozen=True, slots=True)
class _Requests:
    """What requests bring: records by path; and by path of a record the sign-offs on it, each with
    its path and its blob."""

    records: dict[str, _Waiting] = field(default_factory=dict)
    sign_offs: dict[str, dict[str, str]] = field(default_factory=dict)


def alike(register: Register, record: Record, limit: int) -> list[Similar]:
    """The records most like one that is on its way, the likest first.

    Those that have landed, and those that a request here or fetched brings, but for what was
    withdrawn. Of records that wait, no more than the newest 10,000 are looked through.
    """
    wanted = Likeness.of_record(record)
    with open_index(register) as index:
        landed = index.similar_to(wanted, limit)
    waiting = islice(_waiting_like(register, wanted), limit)
    # HEAD may be a request, and the index is of HEAD: what waits is told as waiting.
    found = {one.id: one for one in (*landed, *waiting)}
    return sorted(found.values(), key=_likest_first)[:limit]


def waiting_records(register: Register) -> Iterator[Waits]:
    """The records that stand only on requests, and were not withdrawn there.

    Of more than 10,000 the newest.
    """
    requests = _requests(register)
    waiting = requests.records
    standing = set(_standing(register, waiting))
    decided = _decided(register, requests, standing)
    for path, text in _texts(register, (waiting[path] for path in sorted(standing))):
        about = decided.get(path)
        record = None if about and about.withdrawal else _read(register, path, text)
        if record is not None:
            is_returned = about is not None and about.is_returned
            yield Waits(record, short_name(waiting[path].ref), is_returned)


def _standing(register: Register, waiting: Mapping[str, _Waiting]) -> Iterator[str]:
    """The paths that still stand where they wait, and have not landed."""
    if not waiting:
        return
    repository = register.repository
    landed = repository.listing(register.target.commit, *waiting)
    on: dict[str, list[str]] = {}
    for path, one in waiting.items():
        if path not in landed:
            on.setdefault(one.commit, []).append(path)
    for commit, paths in on.items():
        yield from repository.listing(commit, *paths)


def _likest_first(one: Similar) -> tuple[float, str]:
    return -one.likeness, one.id


def _waiting_like(register: Register, wanted: Likeness) -> Iterator[Similar]:
    """The records of requests that are like what is wanted, the likest first."""
    requests = _requests(register)
    waiting = requests.records
    texts = dict(_texts(register, waiting.values()))
    chosen = nearest(wanted, texts, _MOST_COMPARED)
    landed = register.repository.listing(register.target.commit, *chosen) if chosen else {}
    decided = _decided(register, requests, chosen)
    compared = (
        replace(_compared(record, wanted), branch=short_name(waiting[path].ref))
        for path in chosen
        if path not in landed
        and not (path in decided and decided[path].withdrawal)
        and (record := _read(register, path, texts[path])) is not None
    )
    for one in sorted(compared, key=_likest_first):
        if one.likeness > 0 and _stands(register, waiting[record_path(one.id)]):
            yield one


def _requests(register: Register) -> _Requests:
    """The records' files that requests bring, each as its newest commit has it, and sign-offs."""
    refs, found = register.requests(), _Requests()
    tips: dict[str, str] = {}
    for ref in sorted(refs, key=lambda ref: (not ref.startswith(LOCAL), is_forge_request(ref))):
        tips.setdefault(refs[ref], ref)
    if not tips:
        return found
    landed = {register.target.commit, *register.repository.refs(*TARGETS).values()}
    for tip, move in register.repository.brought(tips, landed, _RECORDS, _MOST_COMMITS):
        if move.after is None:
            continue
        path, blob = move.path, move.after.blob
        if id_of_path(path) is not None and path not in found.records:
            found.records[path] = _Waiting(path, blob, tips[tip], tip)
            if len(found.records) == _MOST_READ:
                break
        elif _SIGN_OFF in path and (record_id := record_of(path)) is not None:
            found.sign_offs.setdefault(record_path(record_id), {}).setdefault(path, blob)
    return found


def _decided(register: Register, requests: _Requests, paths: Iterable[str]) -> dict[str, Standing]:
    """The records, by path, of which a sign-off on a request says withdraw or return."""
    asked = {path: requests.sign_offs[path] for path in paths if path in requests.sign_offs}
    limits = {blob: LARGEST_RECORD for sign_offs in asked.values() for blob in sign_offs.values()}
    read = {blob: data or b"" for blob, _, data in register.repository.blobs_within(limits)}
    found = {}
    for path, sign_offs in asked.items():
        files = {file: read[blob] for file, blob in sign_offs.items()}
        if any(word in text for text in files.values() for word in _AGAINST):
            standing = _as_if_landed(register, requests.records[path], files)
            if standing is not None:
                found[path] = standing
    return found


def _as_if_landed(register: Register, one: _Waiting, files: Mapping[str, bytes]) -> Standing | None:
    """A record as it would stand with what is on its request, and these files of others."""
    record_id = id_of_path(one.path) or ""
    case = {**files, **case_files(CommitSource(register.repository, one.commit), record_id)}
    return standing_of(record_id, case, Landings({}, 1), register.grounds, _SOME_DAY)


def _texts(register: Register, waiting: Iterable[_Waiting]) -> Iterator[tuple[str, str]]:
    """The text of each, by path; of what is larger than a record may be, none."""
    paths: dict[str, list[str]] = {}
    for one in waiting:
        paths.setdefault(one.blob, []).append(one.path)
    limits = dict.fromkeys(paths, LARGEST_RECORD)
    for blob, _, data in register.repository.blobs_within(limits):
        for path in paths[blob] if data is not None else ():
            yield path, (data or b"").decode("utf-8", "replace")


def _stands(register: Register, one: _Waiting) -> bool:
    """Whether it was not taken away on its branch again."""
    return one.path in register.repository.listing(one.commit, one.path)


def _read(register: Register, path: str, text: str) -> Record | None:
    read, _ = read_record(path, text.encode(), register.grounds)
    return None if read is None or not isinstance(read.value, Record) else read.value


def _compared(record: Record, wanted: Likeness) -> Similar:
    return Similar(record.id, record.title, score(wanted, Likeness.of_record(record)))
