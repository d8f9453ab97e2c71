"""How a commit is made: by plumbing, in one process, without hooks and without anybody's name.

GitPython runs the commands. Its ``Repo.init`` and its index are not used: the first obeys a
``GIT_DIR`` of whoever called us (a hook, for one), the second reads and writes every file it holds.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from defectreg.store.git.calling import (
    PATIENCE,
    GitError,
    GitMissing,
    NotARepository,
    Place,
    call,
    command,
    environment,
    first_complaint,
    refused,
    too_slow,
)
from defectreg.store.git.reading import EMPTY_TREE, Repository, object_id

if TYPE_CHECKING:
    from git import Git

WritingVerb: TypeAlias = Literal["fast-import", "init", "read-tree", "update-ref"]

MAIN = "refs/heads/main"

_SEGMENT = r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*"
_REF = re.compile(rf"refs/heads/(?:(?:submit|review)/(?:{_SEGMENT}/)*)?{_SEGMENT}")
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*")
_NO_COMMIT = "0" * 40
_LONGEST_SEGMENT = 255  # bytes: what file systems take


class BranchMoved(GitError):
    """The branch is not where the new commit was to stand on; nothing was changed."""

    def __init__(self, ref: str) -> None:
        branch = ref.removeprefix("refs/heads/")
        super().__init__(f"the branch {branch} was changed meanwhile", "run the command again")


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a commit is made, for which Party (its slug), and when; ``when`` knows its zone."""

    message: str
    party: str
    when: datetime


def commit(
    repository: Repository,
    ref: str,
    parent: str | None,
    files: Mapping[str, bytes | None],
    occasion: Occasion,
) -> str:
    """Put one commit on ``ref`` and return its id: on ``parent``, or a first one where it is None.

    ``ref`` must stand at ``parent`` or not exist yet. ``files`` are added or replaced, or removed
    where the bytes are None; everything else stays as ``parent`` has it. Work tree and index are
    left alone, unless ``ref`` is checked out here: then both take the step along, as a
    fast-forward does, and the commit is refused when it would overwrite something.
    Raises BranchMoved when ``ref`` stands elsewhere, at the latest while it is written.
    """
    _check_ref(ref)
    new = written(repository, parent, files, occasion)
    advance(repository, ref, parent, new, occasion.party)
    return new


def written(
    repository: Repository,
    parent: str | None,
    files: Mapping[str, bytes | None],
    occasion: Occasion,
) -> str:
    """A commit on ``parent``, as :func:`commit` makes it, on which no branch stands yet; its id."""
    _check_made_of(files, occasion)
    new = _imported(repository, parent, files, occasion)
    _check_outcome(repository, parent or EMPTY_TREE, new, files)
    return new


def advance(repository: Repository, ref: str, parent: str | None, new: str, party: str) -> None:
    """Move a branch on from ``parent`` to a commit that contains it, as a fast-forward does.

    ``ref`` must stand at ``parent`` or not exist yet; where it is checked out here, work tree and
    index take the step along. Raises BranchMoved when it stands elsewhere.
    """
    _check_ref(ref)
    stands = repository.refs(ref).get(ref)
    if stands not in (None, parent):
        raise BranchMoved(ref)
    here = _is_checked_out_here(repository, ref)
    before = parent or EMPTY_TREE
    if here:
        _take_along(repository, before, new, "--dry-run")
    _move(repository, ref, stands, new, party)
    if here:
        _take_along(repository, before, new)


def advance_each(repository: Repository, moves: Mapping[str, tuple[str, str]], party: str) -> None:
    """Move several branches on as :func:`advance` does, each from a commit to another.

    All of them or none, but for one that is checked out: it goes first, and alone.
    """
    for ref in moves:
        _check_ref(ref)
    stands = repository.refs(*moves)
    for ref, (parent, _) in moves.items():
        if stands.get(ref, parent) != parent:
            raise BranchMoved(ref)
    arguments = ("--format=%(worktreepath) %(refname)", "--", *moves)
    lines = call(repository.place, "for-each-ref", *arguments).line.split("\n")
    known = (line.rpartition(" ") for line in lines)
    checked_out = [ref for folder, _, ref in known if folder and ref in moves]
    for ref in checked_out:
        advance(repository, ref, *moves[ref], party)
    update_refs(
        repository,
        [f"update {ref}\0{new}\0{stands.get(ref, _NO_COMMIT)}\0"
         for ref, (_, new) in moves.items() if ref not in checked_out],
        party,
    )  # fmt: skip


def init(path: Path, files: Mapping[str, bytes], occasion: Occasion) -> Repository:
    """A new repository in an empty or new folder, with ``files`` as its first commit on ``main``.

    The files are checked out. Nothing is left behind when it fails.
    """
    _check_made_of(files, occasion)
    _check_fresh(path)
    path.mkdir(parents=True, exist_ok=True)
    try:
        arguments = ("--quiet", "--initial-branch=main", "--object-format=sha1")
        _write(Place(path), "init", *arguments)
        repository = Repository.find(path)
        commit(repository, MAIN, None, files, occasion)
    except GitError:
        import shutil

        shutil.rmtree(path / ".git", ignore_errors=True)
        raise
    return repository


def _check_ref(ref: str) -> None:
    if not _REF.fullmatch(ref) or any(part.endswith(".lock") for part in ref.split("/")):
        raise GitError(f"{ref!r} is no branch that a register writes to")


def _check_made_of(files: Mapping[str, bytes | None], occasion: Occasion) -> None:
    """Raises GitError for what no commit of a register is made of."""
    if not _SLUG.fullmatch(occasion.party):
        raise GitError(f"{occasion.party!r} is no Party")
    if "\0" in occasion.message or not _is_utf8(occasion.message):
        raise GitError("the message of a commit is UTF-8 text without NUL")
    if occasion.when.tzinfo is None:
        raise ValueError("the time of a commit needs its zone")
    _check_paths(files)


def _check_paths(files: Mapping[str, bytes | None]) -> None:
    for path in files:
        if not is_sound(path):
            raise GitError(f"{path!r} is no path of a file in a register")
    for above in {folder for path in _written(files) for folder in _folders(path)}:
        if files.get(above) is not None:
            raise GitError(f"{above!r} cannot be a file and a folder at once")


def _written(files: Mapping[str, bytes | None]) -> list[str]:
    return [path for path, data in files.items() if data is not None]


def _folders(path: str) -> list[str]:
    """The folders that a path leads through, without the file itself."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def is_sound(path: str) -> bool:
    """Is this a relative path of printable characters that leads to no folder of git's own?"""
    if not path.isprintable() or any(character in path for character in "\\:"):
        return False
    return all(_is_sound_segment(segment) for segment in path.split("/"))


def _is_sound_segment(segment: str) -> bool:
    # Windows drops dots and spaces at the end of a name, and knows .git as git~1 too.
    bare = segment.rstrip(". ").casefold()
    fits = len(segment.encode()) <= _LONGEST_SEGMENT
    return fits and bool(bare) and bare != ".git" and not bare.startswith("git~")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_fresh(path: Path) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise GitError(f"{path} is not an empty folder", "name a new folder")
    existing = next(folder for folder in path.absolute().parents if folder.is_dir())
    try:
        around = Repository.find(existing)
    except NotARepository:
        return
    raise GitError(f"{path} is inside the repository {around.root}", "name a folder outside it")


def _is_checked_out_here(repository: Repository, ref: str) -> bool:
    """Is ``ref`` the branch of this work tree? Raises GitError if it is another one's."""
    if repository.bare:
        return False
    if repository.branch() == ref.removeprefix("refs/heads/"):
        return True
    arguments = ("--format=%(worktreepath)", "--", ref)
    elsewhere = call(repository.place, "for-each-ref", *arguments).line
    if elsewhere:
        raise GitError(f"{ref} is checked out in {elsewhere}", "run the command there")
    return False


def _imported(
    repository: Repository,
    parent: str | None,
    files: Mapping[str, bytes | None],
    occasion: Occasion,
) -> str:
    """Write the objects of the commit, which no ref names yet, and return its id."""
    if parent is not None and repository.resolve(object_id(parent)) is None:
        raise GitError(f"there is no commit {parent} to stand on", "fetch it first")
    # A branch of this import only, gone before the import ends: nobody ever sees it.
    branch = f"refs/defectreg/{os.urandom(8).hex()}".encode()
    stream = b"".join(
        [
            _head(branch, parent, occasion),
            *(_removal(path) for path, data in files.items() if data is None),
            *(_addition(path, data) for path, data in files.items() if data is not None),
            b"reset %s\nfrom %s\n\nget-mark :1\ndone\n" % (branch, _NO_COMMIT.encode()),
        ]
    )
    arguments = ("--quiet", "--done", "--date-format=raw")
    return object_id(_write(repository.place, "fast-import", *arguments, given=stream).strip())


def _head(branch: bytes, parent: str | None, occasion: Occasion) -> bytes:
    who = f"{occasion.party} <{occasion.party}@parties.invalid>"
    when = f"{int(occasion.when.timestamp())} {occasion.when:%z}"
    message = occasion.message.encode()
    lines = b"commit %s\nmark :1\ncommitter %s\n" % (branch, f"{who} {when[:16]}".encode())
    start = b"from %s\n" % parent.encode() if parent else b""
    return lines + b"data %d\n%s\n" % (len(message), message) + start


def _removal(path: str) -> bytes:
    return b"D %s\n" % _quoted(path)


def _addition(path: str, data: bytes) -> bytes:
    return b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(path), len(data), data)


def _quoted(path: str) -> bytes:
    # A sound path has no backslash and no control character: only quotes need care.
    return b'"%s"' % path.encode().replace(b'"', b'\\"')


def _check_outcome(
    repository: Repository, before: str, new: str, files: Mapping[str, bytes | None]
) -> None:
    """A path that was a folder, or lies below a file, would take other files with it."""
    arguments = ("-r", "-z", "--name-only", "--no-renames", before, new)
    output = call(repository.place, "diff-tree", *arguments).output
    others = set(output.decode("utf-8", "surrogateescape").split("\0")[:-1]) - files.keys()
    if others:
        raise GitError(
            f"the commit would also remove {min(others)!r}", "give the file another name"
        )


def _move(repository: Repository, ref: str, stands: str | None, new: str, party: str) -> None:
    try:
        update_refs(repository, [f"update {ref}\0{new}\0{stands or _NO_COMMIT}\0"], party)
    except GitError as error:
        if repository.refs(ref).get(ref) != stands:
            raise BranchMoved(ref) from error
        raise


def update_refs(repository: Repository, commands: Sequence[str], party: str) -> None:
    """Carry out commands of ``git update-ref -z --stdin``, all or none of them."""
    given = "".join(commands).encode()
    arguments = ("-z", "--stdin", "-m", "defectreg")
    _write(repository.place, "update-ref", *arguments, given=given, party=party)


def _take_along(repository: Repository, before: str, new: str, *options: str) -> None:
    """Bring index and work tree from one commit to the next; refused where that loses a change."""
    _write(
        repository.place,
        "read-tree",
        "-m",
        "-u",
        *options,
        before,
        new,
        settings=repository.without_filters(),
    )


def _write(
    place: Place,
    verb: WritingVerb,
    *arguments: str,
    given: bytes = b"",
    party: str = "defectreg",
    settings: Mapping[str, str] | None = None,
) -> str:
    """Run a writing command to its end and return what it printed."""
    variables = environment(settings or {}) | _identity(party)
    words = [*_without_others(variables), *command(*place.options, verb, *arguments)]
    process = _started(place.folder, words, variables)
    try:
        output, complaint = process.communicate(given, timeout=PATIENCE)
    except subprocess.TimeoutExpired as error:
        process.kill()
        raise too_slow(verb) from error
    if process.returncode != 0:
        raise refused(verb, first_complaint(complaint))
    text: str = output.decode()
    return text


def _started(folder: Path, words: list[str], variables: dict[str, str]) -> Git.AutoInterrupt:
    try:
        from git import Git
    except ImportError as error:  # it looks for the program while it is imported
        raise GitMissing from error
    return Git(folder).execute(words, istream=subprocess.PIPE, as_process=True, env=variables)


def _without_others(variables: Mapping[str, str]) -> list[str]:
    """GitPython adds to the inherited environment; this takes out what git is not to inherit."""
    others = [name for name in os.environ if name.startswith("GIT_") and name not in variables]
    return ["env", *(word for name in others for word in ("-u", name))]


def _identity(party: str) -> dict[str, str]:
    """Whom git's own log of a branch names: the Party, as the commit does."""
    return {"GIT_COMMITTER_NAME": party, "GIT_COMMITTER_EMAIL": f"{party}@parties.invalid"}
