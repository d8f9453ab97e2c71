"""How git is called: one fixed verb, a list of arguments, a clean environment, a time limit.

A repository that somebody else made may name programs in its settings: hooks, a file-system
monitor, filters, merge drivers, external differences, a program that checks signatures, the far
side of a partial clone. None of them may run because the register is read, so each is switched off
here.
"""

from __future__ import annotations

import io
import os
import select
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, TypeAlias, cast

from defectreg.register.errors import CannotRun

Verb: TypeAlias = Literal[
    "cat-file",
    "config",
    "diff-index",
    "diff-tree",
    "for-each-ref",
    "log",
    "ls-files",
    "ls-tree",
    "merge-base",
    "merge-tree",
    "rev-list",
    "rev-parse",
    "status",
    "symbolic-ref",
]

PATIENCE = 300
"""Seconds that git may take: for a whole answer, or between two pieces of a long one."""

LARGEST_ANSWER = 1 << 27
"""Bytes of an answer that is read whole. A few small folders, each within the other many times,
can stand for more paths than any machine holds."""

MEND = "git fsck says whether the repository is damaged; a new clone mends it"

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "safe.directory=*",  # nothing of another user's repository runs: all it could name is off
    "safe.bareRepository=explicit",
    "log.showSignature=false",
    "color.ui=false",
)
_QUARANTINE = (
    "GIT_QUARANTINE_PATH",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
)
_CLEAN = {
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    # In a partial clone a missing object would be fetched, by a program the repository names.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}

_WITHOUT_INDEX = {"diff-tree": {"GIT_INDEX_FILE": f"{os.devnull}.none"}}
"""Verbs that read git's own index and ask it nothing: 90 MB at 100,000 records."""


class GitError(CannotRun):
    """What git could not do, and what to do about it."""


class GitMissing(GitError):
    """There is no git on this machine."""

    def __init__(self) -> None:
        super().__init__("git was not found", "install it (Debian: apt-get install git)")


class NotARepository(GitError):
    """The folder belongs to no git repository that can be read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where git is called: in which folder, of which repository (``--git-dir=`` and the like)."""

    folder: Path
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said: exit code, standard output, the first line of its complaint."""

    code: int
    output: bytes
    complaint: str

    @property
    def line(self) -> str:
        return self.output.decode("utf-8", "surrogateescape").rstrip("\n")


def environment(settings: Mapping[str, str], kept: Iterable[str] = ()) -> dict[str, str]:
    """The caller's environment without git's variables, but for those of a hook's quarantine.

    Those that are named in ``kept`` stay too.
    ``settings`` are configuration keys and values that stand above every configuration file.
    """
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    inherited |= {name: os.environ[name] for name in kept if name in os.environ}
    if "GIT_QUARANTINE_PATH" in os.environ:
        inherited |= {name: os.environ[name] for name in _QUARANTINE if name in os.environ}
    return inherited | _CLEAN | _as_variables(settings)


def _as_variables(settings: Mapping[str, str]) -> dict[str, str]:
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, text) in enumerate(settings.items()):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = text
    return variables


def command(*words: str) -> list[str]:
    """The whole command line: git, what is switched off, then the given words."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "--no-pager", "--literal-pathspecs", *settings, *words]


def call(
    place: Place,
    verb: Verb,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    accepted: Sequence[int] = (0,),
    kept: Sequence[str] = (),
) -> Answer:
    """Run git to its end; an exit code that is not ``accepted`` raises `GitError`.

    ``kept`` are variables of git's own that it is to see as the caller has them.
    """
    words = command(*place.options, verb, *arguments)
    variables = environment(settings or {}, kept) | _WITHOUT_INDEX.get(verb, {})
    with _started(place.folder, words, variables) as process:
        try:
            output, complaint = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise too_slow(verb) from error
    answer = Answer(process.returncode, output, first_complaint(complaint))
    if answer.code not in accepted:
        raise refused(verb, answer.complaint)
    return answer


@contextmanager
def streamed(
    place: Place,
    verb: Verb,
    *arguments: str,
    given: Iterable[bytes] = (),
    settings: Mapping[str, str] | None = None,
) -> Iterator[io.BufferedReader]:
    """Run git and read its output while it comes; the end is only good with exit code 0.

    What is ``given`` on standard input goes through a file, so that neither side waits for the
    other however much it is. A reader that stops early ends git.
    """
    from tempfile import TemporaryFile

    with TemporaryFile() as source, TemporaryFile() as complaints:
        source.writelines(given)
        source.seek(0)
        words = command(*place.options, verb, *arguments)
        variables = environment(settings or {}) | _WITHOUT_INDEX.get(verb, {})
        with _started(place.folder, words, variables, source, complaints) as process:
            yield io.BufferedReader(_Patient(cast("IO[bytes]", process.stdout), verb), 1 << 16)
            if _end(process, verb) != 0:
                complaints.seek(0)
                raise refused(verb, first_complaint(complaints.read(4096)))


def whole(stream: io.BufferedReader, most: int = LARGEST_ANSWER) -> bytes:
    """All that git says; raises GitError where that is more."""
    output = stream.read(most + 1)
    if len(output) > most:
        raise GitError(
            f"git says more than {most:,} bytes of what has changed",
            "bring it in several requests; a register holds texts",
        )
    return output


def _end(process: subprocess.Popen[bytes], verb: str) -> int:
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise too_slow(verb) from error


@contextmanager
def _started(
    folder: Path,
    words: Sequence[str],
    variables: Mapping[str, str],
    source: IO[bytes] | int = subprocess.DEVNULL,
    complaints: IO[bytes] | int = subprocess.PIPE,
) -> Iterator[subprocess.Popen[bytes]]:
    """A running git, which is ended when the block is left."""
    try:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=variables,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
    except FileNotFoundError as error:
        if folder.is_dir():
            raise GitMissing from error
        raise NotARepository(f"there is no folder {folder}") from error
    except (ValueError, OSError) as error:
        raise GitError(f"git could not be started: {error}") from error
    with process:
        try:
            yield process
        finally:
            process.kill()


class _Patient(io.RawIOBase):
    """A pipe whose reader gives up when nothing comes for too long."""

    def __init__(self, pipe: IO[bytes], verb: str) -> None:
        self._pipe = pipe.fileno()
        self._verb = verb

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not select.select([self._pipe], [], [], PATIENCE)[0]:
            raise too_slow(self._verb)
        return os.readv(self._pipe, [buffer])


def first_complaint(complaint: bytes) -> str:
    """The first line that git wrote about what is wrong, without its ``fatal:``; no advice."""
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    said = next((line for line in lines if not line.startswith("hint: ")), "")
    return said.removeprefix("fatal: ").removeprefix("error: ")


def refused(verb: str, complaint: str) -> GitError:
    return GitError(f"git {verb} failed: {complaint or 'it gave no reason'}", MEND)


def too_slow(verb: str) -> GitError:
    return GitError(f"git {verb} gave no answer for {PATIENCE} seconds", "run the command again")
