"""How files of the work tree are brought into their canonical form."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

from defectreg.cli.errors import report
from defectreg.cli.findings import print_findings
from defectreg.cli.output import escape, progress
from defectreg.intake.formatting import Formatted, formatted, paths_of
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.statement import record_of
from defectreg.store.files import FileProblem, write_atomically
from defectreg.store.places import Register, open_register
from defectreg.store.sources import WorkTreeSource, grounds_of

_MANY = 200
"""Records from which a bar shows how far it is."""


def format_files(typed: Sequence[Path], *, writes: bool, shows: bool, checks: bool) -> bool:
    """Format what was asked; whether the exit code is to say that something is not as it should.

    Unreadable files are; what would change is only where it is checked.
    """
    register = open_register(Path())
    if register.repository.bare:
        raise UsageProblem("a bare repository has no files to format", "go into a clone")
    source = register.worktree_source
    asked = _asked(register, source, typed)
    changed = broken = 0
    for found in _found(source, asked, grounds_of(source)[0]):
        if isinstance(found, Finding):
            broken += 1
            print_findings([found])
        elif found.kept_because:
            report(f"{found.path} is not canonical, and stays: {found.kept_because}")
        else:
            changed += 1
            _treat(register.repository.root, found, writes=writes, shows=shows)
    _sum_up(changed, writes=writes)
    return bool(broken) or (checks and changed > 0)


def _asked(
    register: Register, source: WorkTreeSource, typed: Sequence[Path]
) -> dict[str, set[str]]:
    """The paths to be looked at, by record; raises UsageProblem for what is none of a register."""
    root = register.repository.root.resolve()
    folders = [_inside(root, path) for path in typed] or ["records"]
    asked: dict[str, set[str]] = {}
    for folder in folders:
        paths = [folder] if (root / folder).is_file() else source.paths(folder)
        named = [(path, record_of(path)) for path in paths]
        if (root / folder).is_file() and named[0][1] is None:
            raise UsageProblem(
                f"{folder} is neither a record nor a statement", "fmt touches nothing else"
            )
        for path, record_id in named:
            if record_id is not None:
                asked.setdefault(record_id, set()).add(path)
    return asked


def _inside(root: Path, path: Path) -> str:
    place = path.absolute()
    if not place.exists() or not place.resolve().is_relative_to(root):
        raise UsageProblem(f"{path} is no file or folder of this register", "name one of records/")
    return place.resolve().relative_to(root).as_posix()


def _found(
    source: WorkTreeSource, asked: dict[str, set[str]], grounds: Grounds
) -> Iterator[Formatted | Finding]:
    with progress("Formatting", len(asked) if len(asked) >= _MANY else 0) as step:
        for record_id, paths in sorted(asked.items()):
            step(1)
            files = _files(source, record_id)
            for path in sorted(paths - files.keys()):
                yield Finding(path, 1, 1, "S011", "error", "this is no file that can be read")
            for found in formatted(files, grounds):
                path = found.file if isinstance(found, Finding) else found.path
                if path in paths:
                    yield found


def _files(source: WorkTreeSource, record_id: str) -> dict[str, bytes]:
    record, folder = paths_of(record_id)
    paths = [record, *(source.paths(folder) if (source.root / folder).is_dir() else ())]
    files = {}
    for path in paths:
        try:
            data = source.read(path)
        except FileProblem:
            continue
        if data is not None and record_of(path) is not None:
            files[path] = data
    return files


def _treat(root: Path, found: Formatted, *, writes: bool, shows: bool) -> None:
    if writes:
        write_atomically(root / found.path, found.after.encode())
        print(f"formatted {escape(found.path)}")
    elif shows:
        _print_lines(
            unified_diff(
                found.before.split("\n"), found.after.split("\n"),
                found.path, f"{found.path} (canonical)", lineterm="",
            )
        )  # fmt: skip
    else:
        print(f"would format {escape(found.path)}")


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(escape(line))


def _sum_up(changed: int, *, writes: bool) -> None:
    words = "was formatted" if writes else "would be formatted"
    if changed == 0:
        print("everything that may change is canonical", file=sys.stderr)
    elif changed > 1:
        print(f"{changed} files: each {words}", file=sys.stderr)
