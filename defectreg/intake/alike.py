"""Records like one on its way: those that have landed, and those that wait on a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from defectreg.register.checking import read_record
from defectreg.register.record import Record, id_of_path, record_path
from defectreg.register.similarity import Likeness, Similar, nearest, score
from defectreg.store.index import open_index
from defectreg.store.places import LOCAL, TARGETS, Register, is_forge_request, short_name
from defectreg.store.sources import LARGEST_RECORD

_RECORDS = "records"
_MOST_COMMITS = 20_000
_MOST_READ = 10_000
"""Files of requests, the newest first: more is not looked through before somebody may write."""
_MOST_COMPARED = 50


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A record that no branch but a request's has: its path, its blob, and where it stands."""

    path: str
    blob: str
    ref: str
    commit: str


def alike(register: Register, record: Record, limit: int) -> list[Similar]:
    """The records most like one that is on its way, the likest first.

    Those that have landed, and those that a request here or fetched brings. Of records that wait,
    no more than the newest 10,000 are looked through.
    """
    wanted = Likeness.of_record(record)
    with open_index(register) as index:
        landed = index.similar_to(wanted, limit)
    waiting = islice(_waiting_like(register, wanted), limit)
    # HEAD may be a request, and the index is of HEAD: what waits is told as waiting.
    found = {one.id: one for one in (*landed, *waiting)}
    return sorted(found.values(), key=_likest_first)[:limit]


def waiting_records(register: Register) -> Iterator[tuple[Record, str]]:
    """The records that stand only on requests, each with its branch as people type it.

    Of more than 10,000 the newest.
    """
    waiting = {one.path: one for one in _waiting(register)}
    standing = set(_standing(register, waiting))
    for path, text in _texts(register, (waiting[path] for path in sorted(standing))):
        record = _read(register, path, text)
        if record is not None:
            yield record, short_name(waiting[path].ref)


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
    waiting = {one.path: one for one in _waiting(register)}
    texts = dict(_texts(register, waiting.values()))
    chosen = nearest(wanted, texts, _MOST_COMPARED)
    landed = register.repository.listing(register.target.commit, *chosen) if chosen else {}
    compared = (
        replace(_compared(record, wanted), branch=short_name(waiting[path].ref))
        for path in chosen
        if path not in landed and (record := _read(register, path, texts[path])) is not None
    )
    for one in sorted(compared, key=_likest_first):
        if one.likeness > 0 and _stands(register, waiting[record_path(one.id)]):
            yield one


def _waiting(register: Register) -> Iterator[_Waiting]:
    """The records' files that requests bring, each as its newest commit has it."""
    refs = register.requests()
    tips: dict[str, str] = {}
    for ref in sorted(refs, key=lambda ref: (not ref.startswith(LOCAL), is_forge_request(ref))):
        tips.setdefault(refs[ref], ref)
    if not tips:
        return
    seen = set()
    landed = {register.target.commit, *register.repository.refs(*TARGETS).values()}
    for tip, move in register.repository.brought(tips, landed, _RECORDS, _MOST_COMMITS):
        if move.after and move.path not in seen and id_of_path(move.path) is not None:
            seen.add(move.path)
            yield _Waiting(move.path, move.after.blob, tips[tip], tip)
            if len(seen) == _MOST_READ:
                return


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
