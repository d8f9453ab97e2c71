"""What happened: the first-parent history of a branch, one step after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Protocol

from defectreg.store.git.calling import GitError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

HISTORY = (
    "--first-parent",
    "--diff-merges=first-parent",
    "--reverse",
    "--root",
    "--raw",
    "--no-renames",
    "--no-relative",
    "--no-abbrev",
    "--ignore-submodules=none",
    "-z",
    "--format=tformat:%H %ct %P",
)
"""The arguments of ``git log`` whose output `read_steps` reads."""

BROUGHT = (
    "--stdin",
    "--source",
    "--no-merges",
    "--diff-filter=AM",
    "--raw",
    "--no-renames",
    "--no-relative",
    "--no-abbrev",
    "--ignore-submodules=none",
    "-z",
    "--format=tformat:%S",
)
"""The arguments of ``git log`` whose output `read_brought` reads; revisions are its input."""

MOST_MOVED = 1_000_000
"""Files that one step may move. A few small folders can stand for more than any machine holds."""
_PIECE = 1 << 16
_NOTHING = "000000"  # the mode of a file that is not there


class Pieces(Protocol):
    """What `read_steps` needs of a stream: its next bytes, as many as are there."""

    def read1(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One commit of the first-parent history, and the paths it moved against its first parent.

    ``seconds`` is the committer date since 1970 in UTC, ``day`` the calendar day that this was
    in Europe/London. ``parent`` is None for the first commit of the history at hand.
    """

    commit: str
    parent: str | None
    seconds: int
    day: date
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a tree: ``mode`` as git writes it (``100644``), ``blob`` its object id.

    Other modes are 100755 (a program), 120000 (a symbolic link), 160000 (another repository).
    """

    mode: str
    blob: str


@dataclass(frozen=True, slots=True)
class Move:
    """A path that two trees do not have alike; None where the tree has nothing there."""

    path: str
    before: Entry | None
    after: Entry | None

    @classmethod
    def parse(cls, about: str, path: str) -> Move:
        """The move that a line of ``--raw`` says: both modes, both blobs, a letter."""
        modes = about.lstrip("\n")[1:].split(" ")
        before, after = (
            None if mode == _NOTHING else Entry(mode, blob)
            for mode, blob in zip(modes[:2], modes[2:4], strict=True)
        )
        return cls(path, before, after)


def day_in_london(seconds: int) -> date:
    """The calendar day of Europe/London; raises GitError where the calendar has none."""
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone(_london()).date()
    except (ValueError, OverflowError, OSError) as error:
        raise GitError(f"no calendar has the day {seconds} seconds after 1970") from error


@cache
def _london() -> ZoneInfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError as error:
        raise GitError(
            "the time zone Europe/London is not known here",
            "install the system's time zones (Debian: apt-get install tzdata)",
        ) from error


def read_brought(stream: Pieces) -> Iterator[tuple[str, Move]]:
    """What each commit in the output of ``git log`` with `BROUGHT` moved, by its source."""
    for source, lines in _read(stream):
        for about, path in lines:
            yield source, Move.parse(about, path)


def read_steps(stream: Pieces) -> Iterator[Step]:
    """The steps in the output of ``git log`` with `HISTORY`; holds one step at a time."""
    for header, lines in _read(stream):
        paths: dict[str, list[str]] = {}
        for about, path in lines:
            paths.setdefault(about[-1], []).append(path)
        yield _step(header, paths)


def _read(stream: Pieces) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each step's header with its lines: what ``--raw`` says of a path, and the path."""
    header = ""
    lines: list[tuple[str, str]] = []
    tokens = _tokens(stream)
    for token in tokens:
        if token.startswith(("\n:", ":")):
            lines.append((token, next(tokens)))
            if len(lines) > MOST_MOVED:
                raise GitError(f"the step {header[:12]} moves more than {MOST_MOVED:,} files")
            continue
        if header:
            yield header, lines
        header, lines = token, []
    if header:
        yield header, lines


def _tokens(stream: Pieces) -> Iterator[str]:
    rest = b""
    while piece := stream.read1(_PIECE):
        *whole, rest = (rest + piece).split(b"\0")
        for token in whole:
            yield token.decode("utf-8", "surrogateescape")
    if rest:
        raise GitError("git log ended in the middle of a step", "run the command again")


def _step(header: str, paths: dict[str, list[str]]) -> Step:
    commit, seconds, *parents = header.split()
    changed = [path for status, moved in paths.items() if status not in "AD" for path in moved]
    return Step(
        commit=commit,
        parent=parents[0] if parents else None,
        seconds=int(seconds),
        day=day_in_london(int(seconds)),
        added=tuple(paths.get("A", ())),
        changed=tuple(changed),
        removed=tuple(paths.get("D", ())),
    )
