"""What a repository holds: commits, folders, files, branches, and what changed beside them.

Every reading works in a bare repository and in a linked work tree too. Commits, trees and blobs
are given by their 40 hex digits; `Repository.resolve` makes them of what a person typed.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from defectreg.store.git.calling import (
    MEND,
    Answer,
    GitError,
    NotARepository,
    Place,
    Verb,
    call,
    streamed,
    whole,
)
from defectreg.store.git.history import (
    BROUGHT,
    HISTORY,
    Entry,
    Move,
    Step,
    read_brought,
    read_steps,
)

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The id of a folder without files, which every repository knows."""

_ID = re.compile(r"[0-9a-f]{40}")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]*(\.[^\n\0]+)?\.[A-Za-z][A-Za-z0-9-]*")
_PIECE = 1 << 16
_NOTHING = "000000"  # the mode of a file that is not there

_STATUS = (
    "--porcelain=v2",
    "-z",
    "--untracked-files=all",
    "--no-renames",
    "--ignore-submodules=all",
)
"""What git is asked of a work tree."""


@dataclass(frozen=True, slots=True)
class Change:
    """A path whose file in the work tree is not the one of HEAD."""

    status: Literal["added", "changed", "removed", "unmerged"]
    path: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository: its top folder, and the folders where git keeps its own.

    ``git_dir`` belongs to this work tree, ``common_dir`` to all linked ones. A bare repository has
    no work tree; its ``root`` is its ``git_dir``.
    """

    root: Path
    git_dir: Path
    common_dir: Path
    bare: bool

    @classmethod
    def find(cls, start: Path) -> Repository:
        """The repository around ``start``; a bare one only if ``start`` is its own folder.

        Raises NotARepository, and GitMissing where there is no git.
        """
        options = (f"--git-dir={start.resolve()}",) if _looks_bare(start) else ()
        return _found(start, options)

    @classmethod
    def find_with(cls, start: Path, *names: str) -> tuple[Repository, tuple[str, ...]]:
        """As `find`, and in the same process the ids of the objects that git knows by these names.

        No ids where one of the names is none, or where the repository has no work tree.
        """
        if not _looks_bare(start):
            answer = _asked(start, (), names)
            lines = answer.line.split("\n")
            ids = tuple(lines[4:])
            if answer.code == 0 and len(ids) == len(names) and all(map(_ID.fullmatch, ids)):
                return _of_lines(start, lines[:4]), ids
        return cls.find(start), ()

    @property
    def place(self) -> Place:
        """Where git is called for this repository."""
        options = (f"--git-dir={self.git_dir}",)
        return Place(self.root, options if self.bare else (*options, f"--work-tree={self.root}"))

    def head(self) -> str | None:
        """The commit that is checked out; None before the first one."""
        return self.resolve("HEAD")

    def branch(self) -> str | None:
        """The branch that is checked out (``main``, ``submit/…``); None when HEAD is detached."""
        answer = self._call("symbolic-ref", "--quiet", "HEAD", accepted=(0, 1))
        return answer.line.removeprefix("refs/heads/") or None

    def resolve(self, name: str) -> str | None:
        """The commit that ``name`` means to git, whoever typed it; None for no commit."""
        if not name or "\0" in name:
            return None
        arguments = ("--verify", "--quiet", "--end-of-options", name + "^{commit}")
        line = self._call("rev-parse", *arguments, accepted=(0, 1, 128)).line
        return line if _ID.fullmatch(line) else None

    def tree(self, commit: str, folder: str = "") -> str | None:
        """The id of the whole tree or of one folder, which changes with any file in it."""
        folder = folder.strip("/")
        if not folder:
            name = object_id(commit) + "^{tree}"
            return self._call("rev-parse", "--verify", "--end-of-options", name).line
        entry = self._entry(commit, folder)
        return entry.blob if entry and entry.mode == "040000" else None

    def folders(self, commit: str, *names: str) -> tuple[tuple[str, str], ...]:
        """Those of these folders that a commit has at its top, each with the id of its tree."""
        arguments = ("-d", "-z", "--full-tree", object_id(commit), "--", *names)
        output = self._call("ls-tree", *arguments).output.decode("utf-8", "surrogateescape")
        lines = (line.partition("\t") for line in output.split("\0")[:-1])
        return tuple((name, about[-40:]) for about, _, name in lines)

    def entries(self, tree: str, *folders: str) -> dict[str, Entry]:
        """The files of a commit or tree with their modes, by path; all, or those in ``folders``."""
        entries = {}
        for line in self._listed(tree, *folders):
            about, _, path = line.partition("\t")
            entries[path] = Entry(about[:6], about[-40:])
        return entries

    def listing(self, tree: str, *folders: str) -> dict[str, str]:
        """The blob of every file of a commit or tree, by path; all, or those in ``folders``."""
        return {line[53:]: line[12:52] for line in self._listed(tree, *folders) if line[7] == "b"}

    def read(self, commit: str, path: str) -> bytes | None:
        """The bytes of a regular file in a commit or tree; None when there is none."""
        entry = self._entry(commit, path)
        if entry is None or entry.mode not in ("100644", "100755"):
            return None
        return next(data for _, data in self.blobs([entry.blob]))

    def blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each blob with its bytes, in the order asked; one process, however many.

        Raises GitError at the first one that is missing or is no blob.
        """
        given = [object_id(blob).encode() + b"\n" for blob in ids]
        if not given:
            return
        arguments = ("--batch", "--buffer")
        with streamed(self.place, "cat-file", *arguments, given=given) as stream:
            while header := stream.readline():
                yield _blob(header, stream)

    def blobs_within(self, limits: Mapping[str, int]) -> Iterator[tuple[str, int, bytes | None]]:
        """Each blob with its size and its bytes; None for the bytes of what is over its limit."""
        given = (object_id(blob).encode() + b"\n" for blob in limits)
        with streamed(self.place, "cat-file", "--batch", "--buffer", given=given) as stream:
            while header := stream.readline():
                blob, data, size = _blob_within(header, stream, limits)
                yield blob, size, data

    def names(self, tree: str, folder: str = "") -> list[str]:
        """The paths of the files and folders that stand in one folder of a commit or tree."""
        arguments = ("-z", "--name-only", "--full-tree", object_id(tree), "--")
        output = self._call("ls-tree", *arguments, *([f"{folder}/"] if folder else [])).output
        return output.decode("utf-8", "surrogateescape").split("\0")[:-1]

    def changed(self, *folders: str) -> list[Change]:
        """Where the work tree differs from HEAD, untracked files included, sorted by path."""
        if self.bare:
            return []
        arguments = (*_STATUS, "--", *folders)
        answer = self._call("status", *arguments, settings=self.without_filters())
        return _changes(answer.output)

    @contextmanager
    def changing(self, *folders: str) -> Iterator[Callable[[], list[Change]]]:
        """As `changed`: git looks while the caller does something else, who then asks for it."""
        if self.bare:
            yield list
            return
        arguments = (*_STATUS, "--", *folders)
        with streamed(self.place, "status", *arguments, settings=self.without_filters()) as stream:
            yield lambda: _changes(whole(stream))

    def moved(self, before: str, after: str) -> list[Move]:
        """The files in which two commits or trees differ, sorted by path; a move is two of them."""
        arguments = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames")
        trees = (object_id(before), object_id(after))
        with streamed(
            self.place, "diff-tree", *arguments, "--ignore-submodules=none", *trees
        ) as stream:
            return _moves(whole(stream))

    def staged(self) -> list[Move]:
        """The files in which git's index differs from HEAD, sorted by path.

        Raises GitError where a merge has left some of them open. A hook's own index is the one.
        """
        arguments = ("-z", "--raw", "--no-abbrev", "--no-renames", "--ita-invisible-in-index")
        kept = ("GIT_INDEX_FILE",)
        answer = call(self.place, "diff-index", "--cached", *arguments, "HEAD", "--", kept=kept)
        unmerged = re.search(rb"(?:^|\0):[^\0]* U\0([^\0]*)", answer.output)
        if unmerged:
            path = unmerged[1].decode("utf-8", "replace")
            raise GitError(f"{path} is not merged yet", "git status says what is open")
        return _moves(answer.output)

    def merged_tree(self, one: str, other: str) -> str | None:
        """The tree of a merge of two commits; None where a person has to bring them together."""
        arguments = ("--write-tree", "--no-messages", object_id(one), object_id(other))
        # As if there were no work tree: its .gitattributes would say how files are merged.
        place = Place(self.git_dir, ("--bare", f"--git-dir={self.git_dir}"))
        answer = call(
            place, "merge-tree", *arguments, settings=self._without_drivers(), accepted=(0, 1)
        )
        return answer.line[:40] if answer.code == 0 else None

    def first_parents(self, tip: str, since: str | None = None) -> list[str]:
        """The commits of the first-parent history up to ``tip``, oldest first.

        After ``since``, if given; all, where that is not among them.
        """
        revisions = [object_id(tip)] + (["^" + object_id(since)] if since else [])
        answer = self._call("rev-list", "--first-parent", "--reverse", *revisions, "--")
        return answer.line.split("\n") if answer.line else []

    def refs(self, *prefixes: str) -> dict[str, str]:
        """The object of every ref, or of those whose full name is or begins with a prefix."""
        arguments = ("--format=%(objectname) %(refname)", "--", *prefixes)
        lines = self._call("for-each-ref", *arguments).output.decode("utf-8", "surrogateescape")
        return {line[41:]: line[:40] for line in lines.splitlines()}

    def steps(self, tip: str, since: str | None = None) -> Iterator[Step]:
        """The first-parent history up to ``tip``, oldest first; after ``since``, if given."""
        revisions = [object_id(tip)] + (["^" + object_id(since)] if since else [])
        with streamed(self.place, "log", *HISTORY, *revisions, "--") as stream:
            yield from read_steps(stream)

    def steps_of(self, tip: str, path: str) -> Iterator[tuple[int, Step]]:
        """The steps up to ``tip`` that moved a file, oldest first, each with its place, from 0.

        Of each step only that path; git compares the folders that hold it and no other.
        """
        places = {commit: place for place, commit in enumerate(self.first_parents(tip))}
        with streamed(self.place, "log", *HISTORY, object_id(tip), "--", path) as stream:
            for step in read_steps(stream):
                yield places[step.commit], step

    def brought(
        self, tips: Iterable[str], without: Iterable[str], folder: str, commits: int
    ) -> Iterator[tuple[str, Move]]:
        """The files of a folder that commits of ``tips`` add or change, each with the tip.

        Of commits that ``without`` do not contain, merges left out, the newest first and no more
        than so many. A commit that several tips contain is the first one's.
        """
        words = [object_id(tip) for tip in tips] + ["^" + object_id(one) for one in without]
        given = [f"{word}\n".encode() for word in (*words, "--", folder)]
        with streamed(self.place, "log", f"--max-count={commits}", *BROUGHT, given=given) as stream:
            yield from read_brought(stream)

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Is ``commit`` reached from ``of`` (or the same)?"""
        arguments = ("--is-ancestor", object_id(commit), object_id(of))
        return self._call("merge-base", *arguments, accepted=(0, 1)).code == 0

    def merge_base(self, one: str, other: str) -> str | None:
        """The best commit that both contain; None when their histories never met."""
        arguments = (object_id(one), object_id(other))
        return self._call("merge-base", *arguments, accepted=(0, 1)).line[:40] or None

    @property
    def cut(self) -> str:
        """Where the history is cut in this clone: ids of commits; empty where it is whole."""
        try:
            return (self.common_dir / "shallow").read_text("ascii")
        except FileNotFoundError:
            return ""

    def is_shallow(self) -> bool:
        """Is the beginning of the history missing here?"""
        return self._call("rev-parse", "--is-shallow-repository").line == "true"

    def config(self, key: str) -> str | None:
        """A setting of git's own (``user.signingKey``); None when it is not set."""
        if not _KEY.fullmatch(key):
            raise GitError(f"{key!r} is no key of git's configuration")
        answer = self._call("config", "--null", "--get", key, accepted=(0, 1))
        text = answer.output.decode("utf-8", "surrogateescape")
        return text.removesuffix("\0") if answer.code == 0 else None

    def without_filters(self) -> dict[str, str]:
        """Settings that empty every configured filter, so that none of their programs runs."""
        return dict.fromkeys(self._keys(r"^filter\."), "")

    def _without_drivers(self) -> dict[str, str]:
        """Settings by which a file that a configured program would merge is a conflict.

        Nor does the commit that is checked out say how files are merged (git 2.43 asks it).
        """
        return {"attr.tree": EMPTY_TREE} | dict.fromkeys(
            self._keys(r"^merge\..*\.driver$"), "false"
        )

    def _keys(self, pattern: str) -> list[str]:
        """The keys of git's configuration that match a regular expression."""
        arguments = ("--null", "--name-only", "--get-regexp", pattern)
        keys = self._call("config", *arguments, accepted=(0, 1)).output
        return keys.decode("utf-8", "surrogateescape").split("\0")[:-1]

    def _call(
        self,
        verb: Verb,
        *arguments: str,
        settings: dict[str, str] | None = None,
        accepted: tuple[int, ...] = (0,),
    ) -> Answer:
        return call(self.place, verb, *arguments, settings=settings, accepted=accepted)

    def _listed(self, tree: str, *folders: str) -> list[str]:
        arguments = ("-r", "-z", "--full-tree", object_id(tree), "--", *folders)
        output = self._call("ls-tree", *arguments).output
        return output.decode("utf-8", "surrogateescape").split("\0")[:-1]

    def _entry(self, tree: str, path: str) -> Entry | None:
        """The file or folder at ``path``, without looking into it."""
        if "\0" in path or any(part in ("", ".", "..") for part in path.split("/")):
            return None
        arguments = ("-z", "--full-tree", object_id(tree), "--", path)
        about, _, found = self._call("ls-tree", *arguments).line.rstrip("\0").partition("\t")
        return Entry(about[:6], about[-40:]) if found == path else None


def blob_id(data: bytes) -> str:
    """The id that git gives to a file with these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def object_id(text: str) -> str:
    """``text`` if it is an object's id in hex; raises GitError for anything else."""
    if not _ID.fullmatch(text):
        raise GitError(f"{text!r} is not the id of an object", "give its 40 hex digits")
    return text


def _looks_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


def _asked(start: Path, options: tuple[str, ...], names: tuple[str, ...] = ()) -> Answer:
    """Where a repository is, in three or four lines, and what its names stand for, each in one."""
    questions = ("--path-format=absolute", "--git-dir", "--git-common-dir", "--show-object-format")
    place = Place(start, options)
    return call(place, "rev-parse", *questions, "--show-toplevel", *names, accepted=(0, 128))


def _found(start: Path, options: tuple[str, ...]) -> Repository:
    answer = _asked(start, options)
    lines = answer.line.split("\n") if answer.line else []
    if len(lines) not in (3, 4):
        raise _no_repository(start, answer.complaint)
    return _of_lines(start, lines)


def _of_lines(start: Path, lines: list[str]) -> Repository:
    if lines[2] != "sha1":
        raise NotARepository(
            f"the repository at {start} names its objects by {lines[2]}", "a register uses sha1"
        )
    git_dir, bare = Path(lines[0]), len(lines) == 3
    return Repository(git_dir if bare else Path(lines[3]), git_dir, Path(lines[1]), bare)


def _no_repository(start: Path, complaint: str) -> NotARepository:
    if complaint.startswith("not a git repository"):
        hint = "go into the clone of a register, or start a new one with defectreg init"
        return NotARepository(f"{start} is not in a git repository", hint)
    return NotARepository(f"the repository at {start} cannot be read: {complaint}", MEND)


def _blob_within(
    header: bytes, stream: io.BufferedReader, limits: Mapping[str, int]
) -> tuple[str, bytes | None, int]:
    blob, kind, *sizes = header.decode().split()
    size = int(sizes[0]) if sizes and kind == "blob" else 0
    if size <= limits[blob]:
        return *_blob(header, stream), size
    left = size + 1  # a line feed comes after it
    while left and (piece := stream.read(min(left, _PIECE))):
        left -= len(piece)
    return blob, None, size


def _blob(header: bytes, stream: io.BufferedReader) -> tuple[str, bytes]:
    blob, kind, *size = header.decode().split()
    if kind != "blob":
        problem = "is missing" if kind == "missing" else f"is a {kind}, not a file"
        raise GitError(f"the object {blob} {problem}", MEND)
    data = stream.read(int(size[0]))
    if len(data) != int(size[0]) or stream.read(1) != b"\n":
        raise GitError(f"git ended in the middle of the object {blob}", MEND)
    return blob, data


def _moves(output: bytes) -> list[Move]:
    tokens = iter(output.decode("utf-8", "surrogateescape").split("\0")[:-1])
    return [Move.parse(about, path) for about, path in zip(tokens, tokens, strict=True)]


def _changes(output: bytes) -> list[Change]:
    """What ``git status`` reported: the last entry of a path decides, save that a file that was
    taken out of the index and lies there still is changed."""
    changes: dict[str, Change] = {}
    for line in output.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        change = _change(line)
        if change is None:
            continue
        if line[0] == "?" and change.path in changes:
            change = Change("changed", change.path)
        changes[change.path] = change
    return sorted(changes.values(), key=lambda change: change.path)


def _change(line: str) -> Change | None:
    if line[0] == "?":
        return Change("added", line[2:])
    if line[0] == "u":
        return Change("unmerged", line.split(" ", 10)[10])
    _, _, _, in_head, _, in_work_tree, _, _, path = line.split(" ", 8)
    if in_work_tree == _NOTHING:
        return None if in_head == _NOTHING else Change("removed", path)
    return Change("added" if in_head == _NOTHING else "changed", path)
