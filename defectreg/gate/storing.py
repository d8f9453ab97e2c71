"""What git would remember of a branch, though nobody lands it: what may never be stored.

A request may be wrong in many ways and still be talked about. Once it stands on the server, though,
every clone has all that its commits ever held. So this alone is asked when a branch arrives: of
each file in each of its new commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from defectreg.gate.cases import record_of
from defectreg.gate.trees import check_class, check_entries, check_size, check_total, sort_moves
from defectreg.register.checking import Checked, check_case
from defectreg.register.findings import Finding
from defectreg.register.ground_checks import check_ground_files
from defectreg.register.grounds import Grounds, is_ground
from defectreg.register.record import statements_folder
from defectreg.register.rules.texts import DETECTED
from defectreg.store.git import Move, Repository
from defectreg.store.pushes import brought_by, new_commits, new_objects, sizes_of

NEVER_KEPT = frozenset({"R010", "R011", "R012", "R016"} | DETECTED.keys())
"""Codes of what stands above the register's ceiling, and of what enters no register."""
_PATHS_AT_ONCE = 2000


def check_kept(repository: Repository, tip: str, grounds: Grounds) -> Iterator[Finding]:
    """What git may not keep of the commits that a branch at ``tip`` brings.

    A file below ``records/`` that cannot be read is refused as well: nobody can say what it holds.
    """
    moves = brought_by(repository, new_commits(repository, tip))
    odd = list(dict.fromkeys(_odd(moves, grounds)))
    new = new_objects(repository, tip)
    moves = [move for move in moves if move.after and move.after.blob in new]
    sizes = sizes_of(repository, dict.fromkeys(_blob(move) for move in moves))
    large = [found for move in moves if _blob(move) in sizes
             for found in check_size(move.path, sizes[_blob(move)])]  # fmt: skip
    large += check_total(moves[-1].path if moves else "", sum(sizes.values()))
    yield from (*odd, *large)
    if odd or large:
        return  # such files are not read
    yield from _check_grounds(repository, moves, grounds)
    yield from _check_cases(repository, tip, moves, grounds)


def _odd(moves: Iterable[Move], grounds: Grounds) -> Iterator[Finding]:
    """What is no plain file, or stands where a register has none; one path may have versions."""
    for move in moves:
        yield from check_entries([move])
    sorted_ = sort_moves(moves, grounds.policy)
    if sorted_.unknown:
        yield from check_class(sorted_)


def _check_grounds(
    repository: Repository, moves: Sequence[Move], grounds: Grounds
) -> Iterator[Finding]:
    ours = [move for move in moves if is_ground(move.path) and move.path.endswith(".yaml")]
    blobs = repository.blobs(map(_blob, ours))
    for move, (_, data) in zip(ours, blobs, strict=True):
        yield from _never_kept(check_ground_files({move.path: data}, grounds))


def _check_cases(
    repository: Repository, tip: str, moves: Sequence[Move], grounds: Grounds
) -> Iterator[Finding]:
    """Each version of each file, as one of its record's case."""
    ours = [(record, move) for move in moves if (record := record_of(move.path))]
    data = dict(repository.blobs(dict.fromkeys(_blob(move) for _, move in ours)))
    standing = _standing(repository, tip, {record for record, _ in ours})
    for versions in _layers(ours):
        for record, paths in versions.items():
            files = standing.get(record, {}) | {path: data[blob] for path, blob in paths.items()}
            checked = check_case(record, files, grounds)
            yield from _never_kept(found for found in checked.findings if found.file in paths)
            for path in sorted(paths.keys() - _read(checked, record)):
                yield from _unread(path, checked)


def _unread(path: str, checked: Checked) -> Iterator[Finding]:
    """Why a file cannot be read, where that is not said already."""
    found = [each for each in checked.findings if each.file == path and each.severity == "error"]
    yield from (each for each in found if each.code not in NEVER_KEPT)
    if not found:
        sentence = "it cannot be judged: the record that it is said of cannot be read"
        hint = "mend the record first: `defectreg validate` says what is wrong in it"
        yield Finding(path, 1, 1, "G056", "error", sentence, hint)


def _layers(moves: Sequence[tuple[str, Move]]) -> Iterator[Mapping[str, Mapping[str, str]]]:
    """By record, the blob at each path; where a path had several, one after the other."""
    remaining = list(moves)
    while remaining:
        layer: dict[str, dict[str, str]] = {}
        later = []
        for record, move in remaining:
            paths = layer.setdefault(record, {})
            if move.path in paths:
                later.append((record, move))
            else:
                paths[move.path] = _blob(move)
        yield layer
        remaining = later


def _standing(
    repository: Repository, tip: str, records: Iterable[str]
) -> dict[str, dict[str, bytes]]:
    """The case of each record as the branch has it at its tip."""
    places = [place for record in sorted(records)
              for place in (record, record.removesuffix(".yaml"))]  # fmt: skip
    listing: dict[str, str] = {}
    for start in range(0, len(places), _PATHS_AT_ONCE):
        listing |= repository.listing(tip, *places[start : start + _PATHS_AT_ONCE])
    sizes = sizes_of(repository, dict.fromkeys(listing.values()))
    listing = {path: blob for path, blob in listing.items()
               if not list(check_size(path, sizes[blob]))}  # fmt: skip
    cases: dict[str, dict[str, bytes]] = {}
    blobs = repository.blobs(listing.values())
    for path, (_, data) in zip(listing, blobs, strict=True):
        record = record_of(path)
        if record is not None:
            cases.setdefault(record, {})[path] = data
    return cases


def _read(checked: Checked, record: str) -> set[str]:
    """The paths of what could be read; of a statement only where its record could."""
    if checked.record is None:
        return set()
    folder = statements_folder(checked.record.id)
    return {record, *(f"{folder}/{statement.file}" for statement in checked.statements)}


def _never_kept(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (found for found in findings if found.code in NEVER_KEPT and found.severity == "error")


def _blob(move: Move) -> str:
    return move.after.blob if move.after else ""
