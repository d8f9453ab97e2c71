"""A register of a million records, made as one stream into git, and what commands take there.

``python -m benchmarks.million FOLDER [--records N]`` makes it, each record with a report and an
accept, checks it out and measures. The generator of smaller registers holds all of one in memory,
which does not do here.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import multiprocessing
import random
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from benchmarks.measuring import Figure, defectreg, spent
from benchmarks.registers import NAMESPACE, PEOPLE, Generated, Generator, first_files
from benchmarks.signing import Signer
from defectreg.register.record import new_id, record_path, statements_folder
from defectreg.register.statement import statement_name
from defectreg.register.yamltext import dump

_TOGETHER = 1000
"""Records that are made from one seed."""
_SEEDS = 10_000
"""The first of them: those of the smaller registers are below."""
_AGAIN = 10
"""Records of one text: to write a text takes longer than to sign what is said of it."""
_OF_A_STEP = 100_000
"""Records of one commit: the program refuses one that moves more than a million files."""
_ID = "DR-0000-0000"
_CHECKSUM = "0123456789abcdef" * 4
_LARGE = 1 << 20
_WHEN = 1_790_856_000
"""Seconds since 1970: 1 October 2026."""


def make(folder: Path, records: int) -> Path:
    """A register of so many records in a git repository, nothing checked out; made once."""
    if (folder / ".git" / "defectreg-generated").exists():
        return folder
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    words = ["git", "-c", "pack.compression=1", "fast-import", "--quiet", "--done", "--depth=0"]
    with subprocess.Popen(words, cwd=folder, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        _write_commit(process.stdin, "Start the register", first_files())
        cases = _cases(records)
        for _ in range(0, records, _OF_A_STEP):
            files = chain.from_iterable(islice(cases, _OF_A_STEP))
            _write_commit(process.stdin, "Add records", files)
        process.stdin.write(b"done\n")
    if process.returncode:
        raise SystemExit("git fast-import failed")
    (folder / ".git" / "defectreg-generated").touch()
    return folder


def _write_commit(stream: IO[bytes], message: str, files: Iterator[tuple[str, bytes]]) -> None:
    head = f"commit refs/heads/main\ncommitter dcc <dcc@parties.invalid> {_WHEN} +0000\n"
    stream.write(f"{head}data {len(message)}\n{message}\n".encode())
    for path, data in files:
        stream.write(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))


def _cases(records: int) -> Iterator[list[tuple[str, bytes]]]:
    """Of each record, paths and bytes; of two with one id, the first."""
    ids: set[str] = set()
    with multiprocessing.Pool(2) as pool:
        seeds = range(_SEEDS, _SEEDS + -(-records // _TOGETHER))
        for group in pool.imap(_made, seeds):
            for record_id, files in group:
                if record_id not in ids:
                    ids.add(record_id)
                    yield files


def _made(seed: int) -> list[tuple[str, list[tuple[str, bytes]]]]:
    """Records by their ids, each with its files."""
    chosen = random.Random(seed)
    signers = {slug: Signer(slug) for slug in PEOPLE}
    return [
        (record_id, [*_signed(record_id, texts, signers)])
        for case in Generator(seed).cases(_TOGETHER // _AGAIN)
        for texts in [_Texts.of(case)]
        for record_id in (new_id(chosen.getrandbits(40)) for _ in range(_AGAIN))
    ]


@dataclass(frozen=True)
class _Texts:
    """A record, a report and an accept, with their places for an id and a checksum."""

    record: str
    said: tuple[tuple[str, str, str], ...]
    """File name, Party and text of each statement."""

    @classmethod
    def of(cls, case: Generated) -> _Texts:
        first = {said["kind"]: said for said in reversed(case.said)}
        read = {"read": [f"{_CHECKSUM}  {_ID}.yaml"]}
        said = [{**first["report"], "of": _ID}, {**first["sign-off"], "of": _ID, **read}]
        return cls(dump({**case.record, "id": _ID}), tuple(map(_named, said)))


def _named(said: dict[str, Any]) -> tuple[str, str, str]:
    day = datetime.date.fromisoformat(said["date"])
    return statement_name(day, said["kind"], said["by"], 1), said["by"], dump(said)


def _signed(
    record_id: str, texts: _Texts, signers: Mapping[str, Signer]
) -> Iterator[tuple[str, bytes]]:
    record = texts.record.replace(_ID, record_id).encode()
    yield record_path(record_id), record
    checksum = hashlib.sha256(record).hexdigest()
    for name, party, text in texts.said:
        said = text.replace(_ID, record_id).replace(_CHECKSUM, checksum).encode()
        yield f"{statements_folder(record_id)}/{name}", signers[party].signed(said, NAMESPACE)


def measured(folder: Path) -> Iterator[Figure]:
    """Each command in a register that was made here, from the first checkout on."""
    yield _figure(folder, "check out", ["git", "-c", "checkout.workers=2", "reset", "--hard"])
    _git(folder, "config", "feature.manyFiles", "true")
    path = min((folder / "records" / "ZZ").glob("*.yaml"))
    status, log = ["git", "status", "--porcelain"], ["git", "log", "-1", "--", str(path)]
    for name, command in (
        ("git status, the first", status),
        ("git status", status),
        ("git log of one record", log),
        ("validate, nothing kept", defectreg("validate", "--no-cache", "--quiet")),
        ("validate, the first that keeps", defectreg("validate", "--quiet")),
        ("validate, nothing changed", defectreg("validate", "--quiet")),
        ("search, the first", defectreg("search", "billing")),
        ("search", defectreg("search", "billing")),
        ("search of a combination", defectreg("search", "ESME:FF01/00010100@00030001")),
        ("show", defectreg("show", path.stem)),
        ("log", defectreg("log", path.stem)),
    ):
        yield _figure(folder, name, command)
    path.write_text(f"{path.read_text()}expected: Nothing of it.\n")
    words = defectreg("validate", "--quiet")  # a confirmed record awaits another accept
    yield _figure(folder, "validate, one record changed", words, (0, 1))
    _git(folder, "checkout", "--quiet", "--", str(path))
    words = defectreg("edit", path.stem, "expected=Nothing of it.", "--party", "dcc", "--key", "")
    yield _figure(folder, "edit one record", words)
    branch = f"submit/{path.stem}-dcc"
    yield _figure(folder, "gate of that request", defectreg("gate", branch), (0, 1))
    path.write_text(f"{path.read_text()}expected: Nothing of it.\n")
    who = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.invalid")
    words = ["git", *who, "commit", "--quiet", "--message", "One", "--", str(path)]
    yield _figure(folder, "git commit of one file", words)
    yield _figure(folder, "search, one record changed", defectreg("search", "billing"))
    sizes = sorted((folder / ".git" / "defectreg").rglob("*"), key=str)
    for file in sizes:
        if file.is_file() and file.stat().st_size > _LARGE:
            yield Figure(str(file.relative_to(folder)), f"{file.stat().st_size / 1e6:.0f} MB", "")


def _figure(
    folder: Path, name: str, command: Sequence[str], accepted: tuple[int, ...] = (0,)
) -> Figure:
    return Figure(name, str(spent(command, folder, accepted)), "")


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=1_000_000)
    given = parser.parse_args()
    for figure in measured(make(given.folder, given.records)):
        print(figure, flush=True)
