"""Runs the benchmarks side by side and writes the table of ratios.

``make bench`` or ``python -m benchmarks.run [NAME…] [--records N]``. Registers stay in a folder of
the system's temporary one, so that a second run need not make them again, and so does the table.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks import inventory, others, registers, requests, startup
from benchmarks import publish as publishing
from benchmarks.intake_quality import intake
from benchmarks.measuring import BIN, WORK, Figure, Row, spent, timed
from benchmarks.query import asked
from benchmarks.similar import similar as likened
from benchmarks.startup import Imports, Start
from defectreg.register.sshkeys import Signature
from defectreg.register.statement import signed_part
from defectreg.register.yamltext import load
from defectreg.store.git import Repository
from defectreg.store.signatures import Claim, check_all

BATCH = 4000
"""Files given to check-jsonschema at once: a command line holds no more."""

_IMPORTED = 5000
"""New records of the large request."""
_STEPS = 500
_FEW = 50
"""Steps of a long and of a short history, of which the difference is measured."""
_SMALL = 64
"""Records of the register in which starts are measured."""
_SAMPLE = 300
"""Signatures by which ssh-keygen alone is measured."""
_ALONE = "ssh-keygen alone on its signatures (by a sample)"


def validate(records: int) -> list[Row]:
    """``validate`` of a whole register, cold, against check-jsonschema on the same files."""
    folder = registers.make(WORK / f"register-{records}", records)
    command = [str(BIN / "defectreg"), "validate", "--no-cache", "--quiet"]
    ours = min(timed(command, folder=folder)
               for _ in range(3))  # fmt: skip
    files = sorted(folder.glob("records/*/*.yaml"))
    statements = sorted(folder.glob("records/*/*/*.yaml"))
    commands = [
        [str(BIN / "check-jsonschema"), "--schemafile", f"schema/{schema}.schema.json",
         *(str(path.relative_to(folder)) for path in group[start : start + BATCH])]
        for schema, group in (("record", files), ("statement", statements))
        for start in range(0, len(group), BATCH)
    ]  # fmt: skip
    other = timed(*commands, folder=folder)
    work = f"validate {len(files)} records and {len(statements)} statements, cold"
    warm, status = [str(BIN / "defectreg"), "validate"], ["git", "status", "--porcelain"]
    timed(warm, folder=folder)  # remembers
    timed(status, folder=folder)  # git writes down what it saw
    again = min(timed(warm, folder=folder) for _ in range(3))
    seen = min(timed(status, folder=folder) for _ in range(3))
    return [
        Row(work, ours, other, f"check-jsonschema {version('check-jsonschema')}", "≥ 25x"),
        *others.ajv(folder, records, ours),
        Row(f"the same, nothing changed since, {records} records", again, seen, "git status",
            "≤ 2x as long"),
    ]  # fmt: skip


def gate(records: int) -> list[Row]:
    """``gate`` on a request of one record in a large register, against ``git status`` there."""
    folder = registers.make(WORK / f"register-{records}", records)
    branch = requests.request(folder, 1)
    status = ["git", "status", "--porcelain"]
    timed(status, folder=folder)  # git writes down what it saw
    ours = min(timed([str(BIN / "defectreg"), "gate", branch], folder=folder) for _ in range(5))
    other = min(timed(status, folder=folder) for _ in range(5))
    work = f"gate on a request of one record, {records} records"
    return [Row(work, ours, other, "git status", "≤ 2x as long")]


def import_request(records: int) -> list[Row]:
    """``gate`` on a request of 5,000 new records, against ssh-keygen alone on its signatures."""
    folder = registers.make(WORK / f"register-{records}", records)
    branch = requests.request(folder, _IMPORTED)
    ours = timed([str(BIN / "defectreg"), "gate", branch], folder=folder)
    statements = _statements(folder, "main", branch)
    work = f"gate on {_IMPORTED} new records with {statements} statements"
    return [Row(work, ours, statements * _checking(folder, branch), _ALONE, "no more than twice")]


def verify(records: int) -> list[Row]:
    """``verify`` of a history, for each step, against ssh-keygen alone on its signatures.

    What stands at the tip is asked content rules besides, however long the history: that time is
    what a short history and a long one have in common.
    """
    folder = registers.make(WORK / f"register-{records}", records)
    branch = requests.history(folder, _STEPS)
    whole, short = (_verified(folder, branch, since) for since in ("main", f"{branch}~{_FEW}"))
    step = (whole - short) / (_STEPS - _FEW)
    statements = _statements(folder, "main", branch)
    work = f"verify {_STEPS} steps with {statements} statements ({step * 1000:.0f} ms each)"
    alone = statements * _checking(folder, branch)
    return [
        Row(work, step * _STEPS, alone, _ALONE, "no more than 4 times"),
        Row(
            f"the same with what stands at the tip, {records} records", whole, alone, _ALONE, "none"
        ),
    ]


def _verified(folder: Path, branch: str, since: str) -> float:
    command = [str(BIN / "defectreg"), "verify", branch, "--since", since]
    return timed(command, folder=folder)


def _statements(folder: Path, before: str, after: str) -> int:
    """How many statements one branch has that another has not."""
    words = ["git", "diff", "--name-only", before, after, "--", "records/*/*/*.yaml"]
    return len(subprocess.check_output(words, cwd=folder).splitlines())


def _checking(folder: Path, branch: str) -> float:
    """Seconds that ssh-keygen takes to check one signature, two at once."""
    repository = Repository.find(folder)
    tip = repository.resolve(branch) or ""
    moves = repository.moved(repository.resolve("main") or "", tip)
    ids = [move.after.blob for move in moves if move.after and move.path.count("/") == 3]
    sources = [data for _, data in repository.blobs(ids[:_SAMPLE])]
    claims = []
    for source in sources:
        said = str(load(source).data["signature"])
        claims.append(
            Claim(signed_part(source), said, registers.NAMESPACE, Signature.parse(said).key)
        )
    start = time.perf_counter()
    if any(check_all(claims)):
        raise SystemExit("a generated signature does not hold")
    return (time.perf_counter() - start) / len(claims)


def publish(records: int) -> list[Row | Figure]:
    """``publish`` of everything, cold, against Hugo on the same files; then of one change; then
    questions to what was published, in Chromium."""
    generated = registers.make(WORK / f"register-{records}", records)
    folder = publishing.publisher_of(generated, WORK / f"publisher-{records}")
    site, hugo = WORK / f"site-{records}", WORK / f"hugo-{records}"
    publishing.hugo_site(folder, hugo)
    command = [str(BIN / "defectreg"), "publish", "--output", str(site)]
    shutil.rmtree(site, ignore_errors=True)
    shutil.rmtree(folder / ".git" / "defectreg", ignore_errors=True)
    ours = spent(command, folder)
    other = timed([str(BIN / "hugo"), "--quiet", "--destination", "written"], folder=hugo)
    status = ["git", "status", "--porcelain"]
    again, seen = [], []
    for _ in range(3):
        publishing.change_one(folder, f"Nothing of it, {time.time_ns()}.")
        timed(status, folder=folder)  # git writes down what it saw
        again.append(timed(command, folder=folder))
        seen.append(timed(status, folder=folder))
    against = f"hugo {version('hugo')} on the same files"
    return [
        Row(f"publish {records} records, cold", ours.seconds, other, against,
            "≥ 2x, of 100,000 ≥ 3x"),
        Row(f"publish of one change, {records} records", min(again), min(seen), "git status",
            "≤ 5x as long"),
        Figure(f"memory of a process at most, publish {records} records, cold",
               f"{ours.memory:.0f} MB", "< 1 GB"),
        *(Figure(f"`{one.question}` asked in Chromium, {records} records",
                 f"{one.seconds:.2f} s, {one.octets / 1e6:.2f} MB", "< 1 MB")
          for one in asked(site)),
    ]  # fmt: skip


def similar(records: int) -> list[Figure]:
    """How often the true twin of a changed record is among the first five that are like it."""
    folder = registers.make(WORK / f"register-{records}", records)
    return [
        Figure(
            f"similar: {one.grade}, {records} records",
            str(one),
            "≥ 95 %, ≤ 50 ms",
        )
        for one in likened(folder, records)
    ]


def start_up(records: int) -> list[Start | Imports]:
    """Each command's start against Python's own, and what it imports, in a small register."""
    register = registers.make(WORK / f"register-{_SMALL}", _SMALL)
    record_id = min(path.stem for path in register.glob("records/*/*.yaml"))
    compiled = WORK / "compiled"
    return [
        *startup.starts(register, record_id, compiled),
        *startup.imports(register, record_id, compiled),
    ]


BENCHMARKS: dict[str, Callable[[int], Iterable[Row | Figure | Start | Imports]]] = {
    "validate": validate,
    "doorstop": others.doorstop,
    "search": others.search,
    "commit": others.commit,
    "changed": others.changed,
    "gate": gate,
    "import": import_request,
    "verify": verify,
    "publish": publish,
    "similar": similar,
    "intake": intake,
    "start-up": start_up,
    "inventory": inventory.inventory,
}


_HEADINGS = {
    Row: "| work | ours | against | theirs | ratio | target |",
    Figure: "| work | measured | target |",
    Start: "| command | ours | python -c pass | ratio | target |",
    Imports: "| command | modules | our own | loading | heavy libraries |",
}


def main() -> None:
    """Runs what was named, all without a name; prints the table, and keeps it as a file.

    Each row is told as it is found, and kept at once: what fails takes nothing of the rest along.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS])
    parser.add_argument("--records", type=int, default=10_000)
    given = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    compared = f"{others.versions()}; {os.cpu_count()} processors\n\n"
    kept = WORK / ("-".join(["table", str(given.records), *given.names]) + ".md")
    rows: list[Row | Figure | Start | Imports] = []
    failed = []
    for name in given.names or BENCHMARKS:
        print(f"{name} ...", file=sys.stderr)
        try:
            for row in BENCHMARKS[name](given.records):
                print(row, file=sys.stderr)
                rows.append(row)
                kept.write_text(compared + "".join(_tables(rows)))
        except SystemExit as problem:
            print(f"{name} failed: {problem}", file=sys.stderr)
            failed.append(name)
    print(f"{kept.read_text() if rows else ''}Kept in {kept}")
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


def _tables(rows: Sequence[Row | Figure | Start | Imports]) -> Iterator[str]:
    for kind, heading in _HEADINGS.items():
        found = [f"{row}\n" for row in rows if isinstance(row, kind)]
        if found:
            yield "".join([f"{heading}\n{'|---' * (heading.count('|') - 1)}|\n", *found, "\n"])


if __name__ == "__main__":
    main()
