"""A push that waits in quarantine: how large it is, what git would keep of it, whose turn it is.

While git runs the hook ``pre-receive``, what was pushed lies in a folder of its own. Git's calls
see it as if it were there; when the hook refuses, git removes it, and no branch has moved.
"""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from defectreg.register.errors import CannotRun
from defectreg.store.git import Entry, Move, Repository
from defectreg.store.git.calling import streamed, whole
from defectreg.store.git.reading import object_id

LARGEST_PUSH = 64 * 1024 * 1024
"""Bytes at which git itself is to break off, where the repository says nothing else."""
MOST_MEMORY = 4 << 30
"""Bytes that judging a push may take, in each process."""
LARGEST_SETTING = "receive.maxInputSize"
_WAIT = 60
"""Seconds for which the git that was let in last is waited for."""
_PAUSE = 0.02
_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_NOTHING = "000000"


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to judge a push while no other is judged."""

    _handle: int

    def let_in(self) -> None:
        """Note that git now moves the branches: the next push is judged when it has."""
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, str(os.getppid()).encode(), 0)


@contextmanager
def one_at_a_time(repository: Repository) -> Iterator[Turn]:
    """Wait until no other push to the repository is judged or on its way into the branches.

    A hook ends before git moves the branches, so its lock alone would let a second push be judged
    by branches that the first is about to move. Therefore who is let in leaves the number of its
    git behind, and the next one waits until that has ended. Were it to wait in vain (another
    machine, a killed process), nothing is lost: git moves a branch only from where the push says
    that it stands.
    """
    folder = repository.common_dir / "defectreg"
    folder.mkdir(exist_ok=True)
    handle = os.open(folder / "push.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _await_the_last(handle)
        yield Turn(handle)
    finally:
        os.close(handle)


def _await_the_last(handle: int) -> None:
    number = os.pread(handle, 20, 0)
    until = os.fstat(handle).st_mtime + _WAIT
    while number.isdigit() and _runs(int(number)) and time.time() < until:
        time.sleep(_PAUSE)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True


class _Over(BaseException):
    """The time is over. No judgement may take this for something that it judges."""


@contextmanager
def within(seconds: int, sentence: str) -> Iterator[None]:
    """Ends what takes longer, by CannotRun with this sentence; in the main thread only."""

    def end(number: int, frame: FrameType | None) -> None:
        raise _Over

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _Over as over:
        raise CannotRun(sentence, "push less at once, or try again later") from over
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def bound_memory() -> None:
    """From now on neither this process nor one that it starts gets more than ``MOST_MEMORY``.

    A push of a few hundred bytes can stand for more paths than any machine holds: git itself counts
    them all before it says the first.
    """
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = MOST_MEMORY if most == resource.RLIM_INFINITY else min(MOST_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (bound, most))


def largest_push(repository: Repository) -> int:
    """Bytes that a push may have: a quarter less than git takes, so that we can say why not."""
    return (_bytes(repository.config(LARGEST_SETTING) or "") or LARGEST_PUSH) * 3 // 4


def _bytes(text: str) -> int:
    """A number as git's settings have it, ``64m``; 0 for no number."""
    unit = _UNITS.get(text[-1:].lower(), 1)
    digits = text[:-1] if unit > 1 else text
    return int(digits) * unit if digits.isascii() and digits.isdigit() else 0


def pushed_bytes() -> int:
    """Bytes of what lies in the quarantine of the hook that is running; 0 without one."""
    quarantine = os.environ.get("GIT_QUARANTINE_PATH")
    total = 0
    for folder, _, files in os.walk(quarantine) if quarantine else ():
        for file in files:
            with suppress(FileNotFoundError):
                total += Path(folder, file).lstat().st_size
    return total


def new_commits(repository: Repository, tip: str) -> list[str]:
    """The commits that a branch at ``tip`` would bring to the repository, oldest first."""
    arguments = ("--topo-order", "--reverse", object_id(tip), "--not", "--all")
    return list(_listed(repository, *arguments))


def new_objects(repository: Repository, tip: str) -> frozenset[str]:
    """The objects of all kinds that a branch at ``tip`` would bring to the repository."""
    arguments = ("--objects", "--no-object-names", object_id(tip), "--not", "--all")
    return frozenset(_listed(repository, *arguments))


def _listed(repository: Repository, *arguments: str) -> Iterator[str]:
    with streamed(repository.place, "rev-list", *arguments) as stream:
        for line in stream:
            yield line.decode().rstrip("\n")


def brought_by(repository: Repository, commits: Sequence[str]) -> list[Move]:
    """The files that commits put anywhere, each as one that was not there before.

    Of a merge, what none of its parents has: the rest came with one of them.
    """
    given = (object_id(commit).encode() + b"\n" for commit in commits)
    arguments = ("--stdin", "--root", "-r", "-c", "-z", "--raw", "--no-abbrev", "--no-renames")
    with streamed(
        repository.place, "diff-tree", *arguments, "--no-commit-id", given=given
    ) as stream:
        return list(dict.fromkeys(_brought(whole(stream))))


def _brought(output: bytes) -> Iterator[Move]:
    tokens = iter(output.decode("utf-8", "surrogateescape").split("\0")[:-1])
    for about, path in zip(tokens, tokens, strict=True):
        parents = len(about) - len(about.lstrip(":"))
        words = about.lstrip(":").split(" ")
        mode, blob = words[parents], words[2 * parents + 1]
        if mode != _NOTHING:
            yield Move(path, None, Entry(mode, blob))


def sizes_of(repository: Repository, blobs: Iterable[str]) -> dict[str, int]:
    """The bytes of each of these blobs; one that is missing or no blob has none."""
    given = (object_id(blob).encode() + b"\n" for blob in blobs)
    arguments = ("--batch-check=%(objectname) %(objecttype) %(objectsize)", "--buffer")
    with streamed(repository.place, "cat-file", *arguments, given=given) as stream:
        answers = [line.decode().split() for line in stream]
    return {answer[0]: int(answer[2]) for answer in answers if answer[1] == "blob"}
