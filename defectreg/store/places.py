"""Where things are: the register around a folder, and the branch on which a record stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.grounds import POLICY_FILE, Grounds
from defectreg.register.record import id_beginning, id_of_path, is_record_id, record_path
from defectreg.register.working_days import look_up_by
from defectreg.store.git import MAIN, Repository
from defectreg.store.kept_grounds import FOLDERS, grounds_at
from defectreg.store.kept_holidays import KeptHolidays
from defectreg.store.shelf import Shelf
from defectreg.store.sources import CommitSource, WorkTreeSource, grounds_of

LOCAL = "refs/heads/"
FETCHED = "refs/remotes/"
REQUEST_REFS = (
    f"{LOCAL}submit/",
    f"{LOCAL}review/",
    FETCHED,
    "refs/merge-requests/",
    "refs/pull/",
)
"""Where requests stand: here, as they were last fetched, and as a forge numbers them."""
HEAD = "HEAD"
_COMMIT = "HEAD^{commit}"
TARGETS = (MAIN, "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
_FORGE = re.compile(r"(merge-requests|pull)/([0-9]{1,10})(?:/head)?")
_MOST_NAMED = 8


@dataclass(frozen=True)
class Register:
    """A register's repository and the commit that is checked out."""

    repository: Repository
    head: str
    trees: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    """Of commits: the trees of the folders that say by what they are judged, where known."""

    @cached_property
    def target(self) -> Tip:
        """Where requests want to land: ``main``, or what is checked out where there is none.

        While a request is checked out, the main branch as it was fetched comes before that.
        """
        refs = self.repository.refs(*TARGETS)
        branch = self.repository.branch() or ""
        targets = TARGETS if is_request(f"refs/heads/{branch}") else (MAIN,)
        found = (Tip(ref, refs[ref]) for ref in targets if ref in refs)
        return next(found, Tip(HEAD, self.head))

    @property
    def own_folder(self) -> Path:
        """Where the program keeps caches and drafts: inside git's own folder."""
        return self.repository.common_dir / "defectreg"

    @property
    def fetched(self) -> datetime | None:
        """When git last fetched from another repository; None where it never did."""
        repository = self.repository
        times = []
        for folder in {repository.git_dir, repository.common_dir}:
            with suppress(OSError):
                times.append((folder / "FETCH_HEAD").stat().st_mtime)
        return datetime.fromtimestamp(max(times), UTC) if times else None

    @cached_property
    def head_source(self) -> CommitSource:
        """The register as HEAD has it."""
        return CommitSource(self.repository, self.head)

    @property
    def worktree_source(self) -> WorkTreeSource:
        """The register as its files stand in the work tree."""
        return WorkTreeSource(self.repository.root)

    @cached_property
    def grounds(self) -> Grounds:
        """What HEAD is judged by. Raises CannotRun where its policy or schemas are broken."""
        known = self.trees.get(self.head)
        if known is None:
            known = tuple(tree for _, tree in self.repository.folders(self.head, *FOLDERS))
        if len(known) < len(FOLDERS):
            return grounds_of(self.head_source)[0]
        look_up_by(KeptHolidays(self.own_folder).of)
        return grounds_at(self.head_source, Shelf(self.own_folder, known))

    def requests(self) -> dict[str, str]:
        """The commits of the request branches, by full ref name, sorted by name."""
        return {
            ref: commit
            for ref, commit in sorted(self.repository.refs(*REQUEST_REFS).items())
            if is_request(ref)
        }


@dataclass(frozen=True, slots=True)
class Tip:
    """A branch by its full ref name, or HEAD, and the commit at its tip."""

    ref: str
    commit: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record was found: HEAD (``ref`` is "HEAD"), the target or a request's branch."""

    record_id: str
    ref: str
    commit: str

    @property
    def has_landed(self) -> bool:
        """Whether it is more than a request."""
        return not is_request(self.ref)


def is_request(ref: str) -> bool:
    """Whether a full ref name is that of a request.

    ``submit/…`` and ``review/…`` here or fetched, and the head of a forge's request:
    ``merge-requests/7/head`` and ``pull/7/head``, below ``refs/`` or below a remote's name.
    """
    return is_forge_request(ref) or _branch(ref).startswith(("submit/", "review/"))


def is_forge_request(ref: str) -> bool:
    """Whether a full ref name is that of a request to which a forge gave a number."""
    return _FORGE.fullmatch(_branch(ref)) is not None and not ref.startswith(LOCAL)


def short_name(ref: str) -> str:
    """A ref as people type it: ``submit/…``, ``origin/submit/…``, ``merge-requests/7/head``."""
    return ref.removeprefix(LOCAL).removeprefix(FETCHED).removeprefix("refs/")


def own_ref(ref: str) -> str:
    """The branch of this clone on which a commit for a request stands.

    What a forge numbers is written only by its author: what others say of it goes on a branch
    ``review/merge-requests-7`` beside it.
    """
    if is_forge_request(ref):
        return f"{LOCAL}review/{_branch(ref).removesuffix('/head').replace('/', '-')}"
    return LOCAL + _branch(ref)


def _branch(ref: str) -> str:
    """The name that a request has where it stands, without that of a remote."""
    if ref.startswith(FETCHED):
        return ref.removeprefix(FETCHED).partition("/")[2]
    return short_name(ref)


def open_register(start: Path) -> Register:
    """The register around a folder.

    Raises CannotRun, with what to do, where there is no git, repository, commit or policy.
    """
    repository, head, trees = _opened(start)
    if head is None:
        raise CannotRun(
            "this repository has no commit yet", "`defectreg init DIR` starts a register"
        )
    if repository.bare or (repository.root / POLICY_FILE).exists():
        return Register(repository, head, trees)
    if POLICY_FILE not in repository.listing(head, POLICY_FILE):
        raise CannotRun(
            f"this repository is not a register: {POLICY_FILE} is missing",
            "`defectreg init DIR` starts one; `-C DIR` asks another",
        )
    return Register(repository, head, trees)


def _opened(start: Path) -> tuple[Repository, str | None, Mapping[str, tuple[str, ...]]]:
    """The repository around a folder, its commit, and the trees of what that is judged by."""
    names = (f"HEAD:{folder}" for folder in FOLDERS)
    repository, ids = Repository.find_with(start, _COMMIT, *names, _COMMIT)
    if ids and ids[0] == ids[-1]:  # else somebody has just moved it
        return repository, ids[0], {ids[0]: ids[1:-1]}
    return repository, repository.head(), {}


def find_record(register: Register, typed: str) -> Place:
    """The record whose id begins with what was typed: in HEAD, else landed, else on a request.

    Raises UsageProblem where none or several do.
    """
    beginning = id_beginning(typed)
    if beginning is None:
        raise UsageProblem(
            f"{typed!a:.40} is no id of a record", "an id looks like DR-7K3Q-X4MB, or its beginning"
        )
    for tip in _tips(register):
        found = _ids(register.repository, tip.commit, beginning)
        if found:
            return Place(_the_only(found), tip.ref, tip.commit)
    places: dict[str, Place] = {}
    for ref, commit in register.requests().items():
        for record_id in _ids(register.repository, commit, beginning):
            places.setdefault(record_id, Place(record_id, ref, commit))
    if not places:
        raise UsageProblem(
            f"no record begins with {beginning}",
            "`defectreg search` finds records; requests of others must be fetched first",
        )
    return places[_the_only(list(places))]


def _tips(register: Register) -> Iterator[Tip]:
    """HEAD, and only where it does not have the record what requests want to land on."""
    yield Tip(HEAD, register.head)
    yield register.target


def meant_id(register: Register, typed: str) -> str:
    """The id that was meant; a whole one is taken as it is, without asking git where it stands.

    Raises UsageProblem as :func:`find_record` does.
    """
    beginning = id_beginning(typed)
    if beginning is not None and is_record_id(beginning):
        return beginning
    return find_record(register, typed).record_id


def _the_only(found: list[str]) -> str:
    if len(found) == 1:
        return found[0]
    named = ", ".join(sorted(found)[:_MOST_NAMED])
    raise UsageProblem(f"{len(found)} records begin so: {named}", "type more of the id")


def _ids(repository: Repository, commit: str, beginning: str) -> list[str]:
    """The ids in a commit that begin so; only the folders that can hold them are listed."""
    if is_record_id(beginning):
        folders = [record_path(beginning)]
    elif len(beginning) >= len("DR-XX"):
        folders = [f"records/{beginning[3:5]}/"]
    else:
        folders = ["records"]
    paths = repository.listing(commit, *folders)
    ids = (id_of_path(path) for path in paths)
    return sorted(found for found in ids if found is not None and found.startswith(beginning))
