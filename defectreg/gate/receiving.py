"""A push to a plain git server: every move of a branch that it asks for, judged before any is made.

Requests come as branches `submit/…` and `review/…`, which only grow; `main` moves only by what the
gate finds nothing against. All that a push asks for is let in, or nothing of it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from defectreg.gate.storing import check_kept
from defectreg.gate.verifying import judge_push
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from defectreg.store.git import MAIN, Repository
from defectreg.store.leftovers import left_behind
from defectreg.store.pushes import largest_push, one_at_a_time, pushed_bytes, within
from defectreg.store.sources import CommitSource, grounds_of

LONGEST_INPUT = 1 << 20
"""Bytes of the lines that git tells a hook."""
MOST_UPDATES = 1000
PATIENCE = 540
"""Seconds that judging a push may take, waiting for its turn included."""
_NO_OBJECT = "0" * 40
_LINE = re.compile(r"([0-9a-f]{40}) ([0-9a-f]{40}) (refs/[^\s\x00-\x20\x7f]{1,250}|HEAD)", re.ASCII)
_REQUEST = re.compile(r"refs/heads/(?:submit|review)/[A-Za-z0-9][A-Za-z0-9._/-]{0,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """One move that a push asks for, of a full ref name; None where nothing stands there."""

    old: str | None
    new: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a push is let in: it is where nothing was found and nothing kept us from judging.

    ``reason`` is why it could not be judged, empty where it could be; ``hint`` what to do then.
    """

    findings: tuple[Finding, ...] = ()
    reason: str = ""
    hint: str = ""

    @property
    def is_let_in(self) -> bool:
        """Whether git may move the branches."""
        return not self.findings and not self.reason


def receive(folder: Path, given: bytes, day: datetime.date) -> Answer:
    """Judges the push of which git told a hook in these lines; whatever goes wrong refuses it."""
    try:
        with within(PATIENCE, f"the push was not judged within {PATIENCE} seconds"):
            return _received(Repository.find(folder), given, day)
    except CannotRun as problem:
        return Answer(reason=problem.sentence, hint=problem.hint)
    except Exception as fault:
        return Answer(reason=f"this is a fault of the program ({type(fault).__name__})")


def _received(repository: Repository, given: bytes, day: datetime.date) -> Answer:
    updates = read_updates(given)
    size, limit = pushed_bytes(), largest_push(repository)
    if size > limit:
        sentence = f"the push has {size:,} bytes, and at most {limit:,} may be"
        return Answer(reason=sentence, hint="push fewer requests at once; a register holds texts")
    with one_at_a_time(repository) as turn:
        stands = repository.refs()
        answer = Answer(tuple(judge_updates(repository, updates, stands, day)))
        if answer.is_let_in:
            turn.let_in()
        return answer


def read_updates(given: bytes) -> tuple[RefUpdate, ...]:
    """The moves in the lines `OLD NEW NAME` of a hook, each of another branch.

    Raises CannotRun for anything else, and where there are none: then nothing was judged.
    """
    lines = given.decode("utf-8", "backslashreplace").splitlines()
    matches = [_LINE.fullmatch(line) for line in lines]
    if len(given) > LONGEST_INPUT or len(lines) > MOST_UPDATES:
        raise CannotRun(f"a push moves at most {MOST_UPDATES:,} branches", "push fewer at once")
    if not lines or not all(matches):
        raise CannotRun("git told this hook what it does not understand", "is it `pre-receive`?")
    updates = tuple(
        RefUpdate(_object(match[1]), _object(match[2]), match[3]) for match in matches if match
    )
    if len({update.name for update in updates}) < len(updates):
        # git makes one move after the other: the first, judged by nobody, would stand.
        raise CannotRun("the push moves a branch twice", "push each branch once")
    return updates


def _object(text: str) -> str | None:
    return None if text == _NO_OBJECT else text


def judge_updates(
    repository: Repository,
    updates: Iterable[RefUpdate],
    stands: Mapping[str, str],
    day: datetime.date,
) -> Iterator[Finding]:
    """What stands against these moves. ``stands`` are the branches as they are now, by name.

    Findings of a branch name it as their file.
    """
    by_name = {update.name: update for update in updates}
    sound = []
    for update in by_name.values():
        found = list(_check_name(repository, update, stands))
        yield from found
        sound += [] if found else [update]
    main = by_name.get(MAIN)
    if main is not None and main in sound:
        yield from _check_main(repository, main, day)
    tip = main.new if main is not None else stands.get(MAIN)
    requests = [update for update in sound if update.name != MAIN]
    if tip is None:
        yield from (_refused("G050", update, *_NO_MAIN) for update in requests)
        return
    kept = [tip, *_kept(by_name, stands)]
    grounds = None
    for update in requests:
        if update.new is None:
            yield from _check_removal(repository, update, tip, kept)
            continue
        grounds = grounds or grounds_of(CommitSource(repository, tip))[0]
        yield from _check_growth(repository, update, tip)
        yield from check_kept(repository, update.new, grounds)


_NO_MAIN = ("there is no main to judge it against", "push main first: `git push origin main`")


def _kept(by_name: Mapping[str, RefUpdate], stands: Mapping[str, str]) -> Iterator[str]:
    """The tips of the requests that are there after the push."""
    after = dict(stands) | {name: update.new or "" for name, update in by_name.items()}
    return (tip for name, tip in after.items() if tip and _REQUEST.fullmatch(name))


def _check_name(
    repository: Repository, update: RefUpdate, stands: Mapping[str, str]
) -> Iterator[Finding]:
    """That it is a branch of a register, stands where the push says, and is to hold a commit."""
    if update.name != MAIN and not _REQUEST.fullmatch(update.name):
        yield _refused(
            "G050", update, "a register on a server has the branches main, submit/… and review/…, "
            "and no tags", "push what you propose as submit/NAME",
        )  # fmt: skip
    elif stands.get(update.name) != update.old:
        yield _refused(
            "G051", update, "somebody moved this branch meanwhile",
            "`git fetch`, then do it again on what stands there now",
        )  # fmt: skip
    elif update.new is not None and repository.resolve(update.new) != update.new:
        yield _refused("G050", update, "what is pushed to it is no commit")


def _check_main(repository: Repository, main: RefUpdate, day: datetime.date) -> Iterator[Finding]:
    if main.new is None:
        yield _refused("G052", main, "main is never removed", "what is wrong is mended forward")
        return
    if main.old is not None and not repository.is_ancestor(main.old, main.new):
        yield _refused(
            "G052", main, "main would lose what has landed: it only ever grows",
            "`git fetch`, then land the request on what stands there now",
        )  # fmt: skip
        return
    found = list(judge_push(repository, main.old, main.new, day))
    yield from (each if each.file else replace(each, file=main.name) for each in found)
    if not found and main.old is not None:
        # Nobody judges the commits that a merge brings beside main: git would keep them too.
        grounds = grounds_of(CommitSource(repository, main.new))[0]
        yield from check_kept(repository, main.new, grounds)


def _check_growth(repository: Repository, update: RefUpdate, main: str) -> Iterator[Finding]:
    new = update.new or ""
    if update.old is not None and not repository.is_ancestor(update.old, new):
        yield _refused(
            "G053", update, "the request would lose commits that others may have read",
            "add a commit that mends it; or begin another branch",
        )  # fmt: skip
    if repository.merge_base(main, new) is None:
        yield _refused(
            "G054", update, "it has no commit in common with main",
            "begin it at main: `git switch --create submit/NAME origin/main`",
        )  # fmt: skip


def _check_removal(
    repository: Repository, update: RefUpdate, main: str, kept: Iterable[str]
) -> Iterator[Finding]:
    old = update.old or ""
    if any(repository.is_ancestor(old, tip) for tip in kept):
        return
    if left_behind(repository, old, main):
        yield _refused(
            "G055", update, "it would be removed before all that it brings has landed",
            "`defectreg land ID` lands it and then removes it",
        )  # fmt: skip


def _refused(code: str, update: RefUpdate, sentence: str, hint: str = "") -> Finding:
    return Finding(update.name, 1, 1, code, "error", sentence, hint)
