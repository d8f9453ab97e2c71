"""Where the work tree may not be as a commit has it, as far as git's own index tells.

git compares the size and times of each file with those it noted when it last read it. What it is
told not to look at, or to read otherwise than it stands there, is asked for here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from defectreg.store.files import FileProblem, read_bounded
from defectreg.store.git.calling import call, streamed
from defectreg.store.git.reading import Repository

ATTRIBUTES = ".gitattributes"
_SETTINGS = r"^(filter\..*|core\.(autocrlf|attributesfile))$"
_NO = ("", "0", "false", "no", "off")
_CONVERTING = ("crlf", "eol", "filter", "ident", "text", "working-tree-encoding")
_STATUS = (
    "--porcelain=v2",
    "-z",
    "--branch",
    "--no-ahead-behind",
    "--untracked-files=all",
    "--ignored=traditional",
    "--ignore-submodules=dirty",
    "--no-renames",
)
_LONGEST_LINES = {"1": 8, "u": 10}
"""Blanks before the path, by the first letter of a line of ``git status``."""
_CHECKSUM = 20
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Unwatched:
    """Files of which git does not tell that they changed; a repository within ends in ``/``."""

    index: str
    """The state of git's index that says so."""
    paths: tuple[str, ...]


def paths_beside(repository: Repository, commit: str, folder: str) -> list[str] | None:
    """The paths below a folder where the work tree may not have what the commit has, ignored files
    among them; an untracked repository within ends in ``/``.

    None where git cannot tell: it converts files, HEAD is another commit, or the folder holds
    attributes or a submodule that changed.
    """
    settings = _settings(repository)
    if _converts(repository, settings):
        return None
    filters = {key: "" for key in settings if key.startswith("filter.")}
    arguments = (*_STATUS, "--", folder, ATTRIBUTES)
    lines = call(repository.place, "status", *arguments, settings=filters).output
    paths: list[str] = []
    for line in lines.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        if line[0] == "#":
            if line.startswith("# branch.oid ") and not line.endswith(commit):
                return None
            continue
        path = _path(line)
        if path is None or is_attributes(path):
            return None
        paths.append(path)
    return paths


def is_attributes(path: str) -> bool:
    """Whether a file may tell git to read others otherwise than they stand there."""
    return path.rpartition("/")[2] == ATTRIBUTES


def unwatched(repository: Repository, folder: str, before: Unwatched | None) -> Unwatched:
    """The files below a folder that git does not watch; ``before`` is what was found last time."""
    index = _state(repository.git_dir / "index")
    if before is not None and before.index == index:
        return before
    arguments = ("-v", "-s", "-z", "--full-name", "--", folder)
    with streamed(repository.place, "ls-files", *arguments) as stream:
        rest, found = b"", list[bytes]()
        while piece := stream.read(_PIECE):
            *lines, rest = (rest + piece).split(b"\0")
            found += [line for line in lines if not line.startswith((b"H 10", b"H 12"))]
    paths = (line.decode("utf-8", "surrogateescape") for line in found)
    return Unwatched(index, tuple(_unwatched_path(line) for line in paths))


def _unwatched_path(line: str) -> str:
    about, _, path = line.partition("\t")
    return f"{path}/" if about[2:8] == "160000" else path


def _path(line: str) -> str | None:
    """The path of a line of ``git status``; None for that of a submodule."""
    kind = line[0]
    if kind in "?!":
        return line[2:]
    parts = line.split(" ", _LONGEST_LINES[kind])
    return None if parts[2].startswith("S") else parts[-1]


def _state(index: Path) -> str:
    """What changes with git's index, of which the last bytes are its checksum."""
    try:
        with index.open("rb") as file:
            about = os.fstat(file.fileno())
            file.seek(-min(_CHECKSUM, about.st_size), os.SEEK_END)
            checksum = file.read().hex()
    except OSError:
        return ""
    return f"{about.st_ino} {about.st_size} {about.st_mtime_ns} {checksum}"


def _settings(repository: Repository) -> dict[str, str]:
    """The settings by which git converts files; the last one counts.

    Raises GitError for one without a value.
    """
    arguments = ("--null", "--type=path", "--get-regexp", _SETTINGS)
    output = call(repository.place, "config", *arguments, accepted=(0, 1)).output
    entries = output.decode("utf-8", "surrogateescape").split("\0")[:-1]
    pairs = (entry.partition("\n") for entry in entries)
    return {key: value for key, _, value in pairs}


def _converts(repository: Repository, settings: Mapping[str, str]) -> bool:
    """Whether git may hold a file for unchanged that has other bytes than the commit."""
    if settings.get("core.autocrlf", "").lower() not in _NO:
        return True
    return any(map(_holds_converting, _attribute_files(repository, settings)))


def _attribute_files(repository: Repository, settings: Mapping[str, str]) -> Iterator[str]:
    home = os.environ.get("XDG_CONFIG_HOME") or f"{os.environ.get('HOME', '')}/.config"
    yield from (
        str(repository.root / ATTRIBUTES),
        str(repository.common_dir / "info" / "attributes"),
        settings.get("core.attributesfile") or f"{home}/git/attributes",
        "/etc/gitattributes",
    )


def _holds_converting(file: str) -> bool:
    if file == os.devnull or not os.path.lexists(file):
        return False
    try:
        text = read_bounded(os.path.realpath(file)).decode("utf-8", "replace")
    except FileProblem:
        return True
    # A pattern with blanks brings words that are no attributes; that one too many does no harm.
    lines = (line.split() for line in text.splitlines() if line.lstrip()[:1] != "#")
    words = (word for line in lines for word in line[1:])
    return any(word.partition("=")[0] in _CONVERTING for word in words)
