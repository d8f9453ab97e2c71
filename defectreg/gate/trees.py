"""What a step moves, path by path: of what class the request is, and what no tree may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from defectreg.gate.cases import record_of
from defectreg.register.findings import Finding
from defectreg.register.grounds import LARGEST_CATALOGUE
from defectreg.register.policy import Policy
from defectreg.store.git import Entry, Move

DATA = "data"
BULLETIN = "bulletin"
CATALOGUE = "catalogue"
POLICY = "policy"
OTHER = "other"
SIGNED = "sign-offs"
SIGN_OFFS = "policy/statements/"
"""Where the sign-offs of policy and catalogue stand: beside either."""
LARGEST_FILE = 64 * 1024
"""Bytes of a record, a statement, a Party's file."""
LARGEST_REQUEST = 512 * 1024 * 1024
"""Bytes of all files of a request together: packed, a small push can stand for any number."""
_POLICY_FOLDERS = ("policy/", "schema/", "templates/", ".github/", ".vscode/")
_POLICY_FILES = ("README.md",)
_REGULAR = "100644"
_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/")
_LONGEST_PATH = 255


@dataclass(frozen=True, slots=True)
class Moves:
    """The files that a step moves, by the class of request that may move them."""

    by_class: Mapping[str, tuple[Move, ...]]
    unknown: tuple[Move, ...]

    @property
    def kind(self) -> str:
        """The class of the request; empty where it is of none, or of several at once."""
        classes = self.by_class.keys() - {SIGNED}
        if SIGNED in self.by_class:
            classes = classes or {POLICY}
            classes = classes if classes <= {POLICY, CATALOGUE} else set()
        return next(iter(classes)) if len(classes) == 1 else ""


def sort_moves(moves: Iterable[Move], policy: Policy) -> Moves:
    """Sorts what a step moves; the paths of other things are those that the policy names."""
    by_class: dict[str, list[Move]] = {}
    unknown: list[Move] = []
    for move in moves:
        name = _class_of(move.path, policy)
        (by_class.setdefault(name, []) if name else unknown).append(move)
    sorted_ = {name: tuple(moved) for name, moved in by_class.items()}
    return Moves(sorted_, tuple(unknown))


def _class_of(path: str, policy: Policy) -> str:
    first, slash, _ = path.partition("/")
    if path.startswith(SIGN_OFFS):
        return SIGNED
    if first == "records":
        return DATA if slash and record_of(path) else ""
    if first in ("bulletins", "catalogue"):
        return {"bulletins": BULLETIN, "catalogue": CATALOGUE}[first] if slash else ""
    if not policy.is_register_path(path) and not path.startswith(_POLICY_FOLDERS[:2]):
        return OTHER
    if path.startswith(_POLICY_FOLDERS) or path in _POLICY_FILES:
        return POLICY
    return POLICY if not slash and path.startswith(".") else ""


def check_class(moves: Moves) -> Iterator[Finding]:
    """That a request moves only what one class of requests may move."""
    for move in moves.unknown:
        yield _finding(
            "G003", move.path, "no request may bring or move this file",
            "a register has its folders; other paths are named in the policy (not-register)",
        )  # fmt: skip
    if moves.by_class and not moves.unknown and not moves.kind:
        classes = ", ".join(sorted(moves.by_class))
        first = min(move.path for moved in moves.by_class.values() for move in moved)
        yield _finding(
            "G002", first, f"the request moves things of several classes at once: {classes}",
            "make a request of each: what a register is judged by changes on its own",
        )  # fmt: skip


def check_landed_stays(moves: Sequence[Move]) -> Iterator[Finding]:
    """Of what stands below ``records/`` only a record's own text may change."""
    for move in moves:
        if move.before is not None and move.after is None:
            yield _finding(
                "G001", move.path, "the request takes away what has landed",
                "put it back; a record, and each statement, is withdrawn by a sign-off",
            )  # fmt: skip
        elif move.before is not None and record_of(move.path) != move.path:
            yield _finding(
                "G001", move.path, "the request changes a statement that has landed",
                "say it anew in a file of its own; a name that is taken gets the next -2, -3 ...",
            )  # fmt: skip


def check_entries(moves: Iterable[Move]) -> Iterator[Finding]:
    """That what a step brings are regular files with sound names, each named once."""
    seen: set[str] = set()
    for move in moves:
        if move.path in seen:
            yield _finding(
                "G005", move.path, "its folder names it twice", "git fsck says how"
            )  # fmt: skip
        seen.add(move.path)
        if move.after is None:
            continue
        if move.after.mode != _REGULAR:
            yield _finding(
                "G004", move.path, f"it is {_what_it_is(move.after)}, not a plain file",
                "put the text itself there: git update-index --chmod=-x, or replace the link",
            )  # fmt: skip
        if not _SAFE.issuperset(move.path) or len(move.path) > _LONGEST_PATH:
            yield _finding(
                "G005", move.path, "its name has characters that a register's files do not have",
                "A to Z, a to z, 0 to 9, dot, hyphen and underscore, up to 255 of them",
            )  # fmt: skip


def check_twins(brought: Iterable[str], beside: Iterable[str]) -> Iterator[Finding]:
    """That no file brought has a twin which some computers cannot tell from it."""
    folded: dict[str, set[str]] = {}
    brought = set(brought)
    for path in (*brought, *beside):
        folded.setdefault(_folded(path), set()).add(path)
    for twins in folded.values():
        for path in sorted(twins & brought if len(twins) > 1 else ()):
            yield _finding(
                "G005", path, "another file's name differs only in capitals or in how letters are "
                "composed", "some computers cannot hold both: give it another name",
            )  # fmt: skip


def largest(path: str) -> int:
    """How many bytes a file may have."""
    is_small = path.startswith(("records/", "policy/", "bulletins/"))
    return LARGEST_FILE if is_small else LARGEST_CATALOGUE


def check_size(path: str, size: int) -> Iterator[Finding]:
    """That a file is not larger than its kind may be."""
    if size > largest(path):
        sentence = f"it has {size:,} bytes, and at most {largest(path):,} may be"
        yield _finding("G006", path, sentence, "shorten it, or say it in several statements")


def check_total(path: str, size: int) -> Iterator[Finding]:
    """That all files of a request, up to that at ``path``, are not too much to be read."""
    if size > LARGEST_REQUEST:
        sentence = f"with it the request brings more than {LARGEST_REQUEST:,} bytes"
        yield _finding("G006", path, sentence, "make several requests")


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _what_it_is(entry: Entry) -> str:
    return {
        "100755": "a program",
        "120000": "a symbolic link",
        "160000": "another repository",
        "040000": "a folder",
    }.get(entry.mode, "a thing of an unknown mode")


def _finding(code: str, path: str, sentence: str, hint: str) -> Finding:
    return Finding(path, 1, 1, code, "error", sentence, hint)
