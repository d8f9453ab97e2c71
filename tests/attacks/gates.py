"""A small register to attack: landed records, its people, and requests that try something.

Each attack has a twin that differs in one thing and lands. Nothing ever lands here: requests stand
on branches of their own, and each is judged as it would land on `main`.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import yaml

from defectreg.gate.judging import Bench, Judgement
from defectreg.gate.requesting import judge_request_head
from defectreg.register.record import record_path, statements_folder
from defectreg.register.statement import statement_name
from defectreg.register.yamltext import dump
from defectreg.store import git, signatures
from tests.registers import (
    ID,
    NAME,
    NAMESPACE,
    ROOT,
    TestRegister,
    good_record,
    ground_files,
    key_of,
    make_register,
    public_key,
    sha256,
    statement,
)

Files = Mapping[str, bytes | None]
TODAY = date(2026, 3, 10)
OTHER = "DR-AAAA-BBBB"
FRESH = "DR-NEW0-0001"
RECORD = record_path(ID)
FOLDER = statements_folder(ID)
REPORT = f"{FOLDER}/2026-03-02-report-supplier-one.yaml"
ACCEPT = f"{FOLDER}/2026-03-02-sign-off-dcc.yaml"
CAUSE = f"{FOLDER}/2026-03-03-cause-supplier-two.yaml"
POLICY = "policy/register.yaml"
PARTIES = "policy/parties/"
ANSWERS = {"data-correct": True, "fixes-checked": True, "presentation-consistent": True}
AFFECTED = ["CHF:FF02/00020001 + ESME:FF01/00010100@0001* in North"]
NOON = int(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp())
_requests = count(1)


@dataclass(frozen=True)
class World:
    """A register whose `main` stays as it is."""

    made: TestRegister
    tip: str
    bench: Bench
    """Reads the rules once."""
    _judged: dict[Any, Judgement] = field(default_factory=dict)

    @property
    def repository(self) -> git.Repository:
        return self.made.repository

    def read(self, path: str) -> bytes:
        data = self.repository.read(self.tip, path)
        assert data is not None, path
        return data

    def commit(self, files: Files) -> str:
        """A request on a branch of its own, by one process."""
        head = f"commit refs/heads/submit/case-{next(_requests)}\nmark :1\n"
        who = f"committer supplier-one <supplier-one@parties.invalid> {NOON} +0000\n"
        stream = [f"{head}{who}data 0\nfrom {self.tip}\n".encode()]
        for path, data in files.items():
            if data is None:
                stream.append(f"D {path}\n".encode())
                continue
            stream.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
        given = b"".join((*stream, b"get-mark :1\ndone\n"))
        return self.git("fast-import", "--quiet", "--done", "--date-format=raw", given=given)

    def judge(self, files: Files, day: date = TODAY) -> Judgement:
        """What the gate says of these files on top of `main`; of equal ones, once."""
        asked = (frozenset(files.items()), day)
        if asked not in self._judged:
            self._judged[asked] = self.bench.judge(self.tip, self.commit(files), day)
        return self._judged[asked]

    def judged(self, head: str, day: date = TODAY) -> Judgement:
        return judge_request_head(self.repository, head, self.tip, day)

    def staged(self, *entries: tuple[str, str, bytes | str], parents: Sequence[str] = ()) -> str:
        """A commit on `main` made by plumbing: mode, object (its bytes or id), path as bytes."""
        lines = []
        for mode, path, what in entries:
            blob = self.blob(what) if isinstance(what, bytes) else what
            lines.append(f"{mode} {blob}\t".encode() + path.encode("utf-8", "surrogateescape"))
        index = {"GIT_INDEX_FILE": str(self.repository.git_dir / f"index-{next(_requests)}")}
        self.git("read-tree", self.tip, env=index)
        self.git("update-index", "-z", "--index-info", given=b"\0".join((*lines, b"")), env=index)
        return self.commit_tree(self.git("write-tree", env=index), *(parents or (self.tip,)))

    def blob(self, data: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", given=data)

    def commit_tree(self, tree: str, *parents: str, when: str = "2026-03-10T12:00:00Z") -> str:
        words = [word for parent in parents for word in ("-p", parent)]
        dates = {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when}
        return self.git("commit-tree", *words, "-m", "A step", tree, env=dates)

    def git(self, *words: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        return run_git(self.made.folder, *words, given=given, env=env)


def run_git(
    folder: Path, *words: str, given: bytes = b"", env: Mapping[str, str] | None = None
) -> str:
    """What plain git prints, run by anybody."""
    who = ("-c", "user.name=x", "-c", "user.email=x@example.invalid")
    answer = subprocess.run(
        ["git", *who, *words], cwd=folder, env={**os.environ, **(env or {})},
        input=given, capture_output=True, check=True,
    )  # fmt: skip
    return answer.stdout.decode().strip()


def party(slug: str, **people: Mapping[str, Any]) -> bytes:
    """A Party's file with these people added or replaced: pseudonym → roles, and keys by name.

    A key is named by whose it is, `NAME:STATE` where it is not in use.
    """
    data = yaml.safe_load(ground_files()[f"{PARTIES}{slug}.yaml"])
    kept = [person for person in data["people"] if person["pseudonym"] not in people]
    added = [
        {"pseudonym": name, "roles": said["roles"], "keys": list(map(_key, said["keys"]))}
        for name, said in people.items()
        if said["keys"]
    ]
    return dump({**data, "people": [*kept, *added]}).encode()


def person(roles: str, *keys: str) -> dict[str, Any]:
    """Roles, divided by blanks, and the names of keys."""
    return {"roles": roles.split(), "keys": keys}


def _key(name: str) -> dict[str, str]:
    owner, _, state = name.partition(":")
    public = public_key(owner) if "/" not in owner else signatures.public_of(ROOT / owner)
    return {"key": str(public), **({"state": state} if state else {})}


_worlds: dict[str, World] = {}


def world(parties: Mapping[str, bytes] | None = None, **switches: Any) -> World:
    """The register with these switches and Parties, as a commit upon its `main`."""
    dashed = {key.replace("_", "-"): value for key, value in switches.items()}
    files = {POLICY: dump({"name": NAME, **dashed}).encode()} if dashed else {}
    files |= {f"{PARTIES}{slug}.yaml": data for slug, data in (parties or {}).items()}
    key = repr(sorted(files.items()))
    if files and key not in _worlds:
        plain = _plain()
        _worlds[key] = World(plain.made, plain.commit(files), Bench(plain.repository))
    return _worlds[key] if files else _plain()


@cache
def _plain() -> World:
    folder = Path(tempfile.mkdtemp(prefix="defectreg-gate-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = make_register(folder / "register")
    made.add(good_record(affected=AFFECTED))
    made.add(good_record(id=OTHER, affected=AFFECTED))
    made.later()
    cause = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")
    made.say(ID, cause, accept=True)
    tip = made.repository.refs("refs/heads/main")["refs/heads/main"]
    made.today = TODAY
    return World(made, tip, Bench(made.repository))


def signed(
    data: Mapping[str, Any], key: str, namespace: str = NAMESPACE, *, unsigned: bool = False
) -> bytes:
    """A file signed with a key of PEOPLE, or with a file of a key."""
    payload = dump(dict(data)).encode()
    if unsigned:
        return payload
    return payload + dump({"signature": _signature(payload, key, namespace)}).encode()


@cache
def _signature(payload: bytes, key: str, namespace: str) -> str:
    path = ROOT / key if "/" in key else key_of(key)
    return signatures.sign(path, namespace, [payload])[0]


def said(
    kind: str,
    by: str,
    *,
    of: str = ID,
    day: date = TODAY,
    key: str = "",
    number: int = 1,
    namespace: str = NAMESPACE,
    unsigned: bool = False,
    **keys: Any,
) -> dict[str, bytes]:
    """A statement's file by its path; ``key`` signs it, without one the Party's first."""
    data = {"of": of, "kind": kind, "by": by, "date": day.isoformat()}
    data |= {name.rstrip("_").replace("_", "-"): value for name, value in keys.items()}
    path = f"{statements_folder(of)}/{statement_name(day, kind, by, number)}"
    return {path: signed(data, key or by, namespace, unsigned=unsigned)}


def decided(
    decision: str, read: Mapping[str, bytes], by: str = "dcc", **keys: Any
) -> dict[str, bytes]:
    """A sign-off that reads these files."""
    lines = [f"{sha256(data)}  {path.rpartition('/')[2]}" for path, data in read.items()]
    answers = ANSWERS if decision == "accept" else {}
    words = {"role": "validator", **answers, "read": lines, **keys}
    return said("sign-off", by, decision=decision, **words)


def record(**changes: Any) -> dict[str, bytes]:
    """A record's file by its path; of FRESH, unless told otherwise."""
    data = good_record(**{"id": FRESH, "affected": AFFECTED, **changes})
    return {record_path(data["id"]): dump(data).encode()}


def report(by: str = "supplier-one", of: str = FRESH, **keys: Any) -> dict[str, bytes]:
    return said("report", by, of=of, **{"says": "We see this too.", **keys})


def fresh(**changes: Any) -> dict[str, bytes]:
    """A good request: a record, its report, its accept."""
    added = record(**changes)
    return {**added, **report(), **decided("accept", added, of=FRESH)}


def changed(at: World, **changes: Any) -> dict[str, bytes]:
    """The landed record's file with another text."""
    return record(id=ID, **{"title": "Meter sends no alert after a Hub update", **changes})


def replacing(at: World) -> dict[str, Any]:
    """What an accept of the changed record says."""
    return {"replaces": sha256(at.read(RECORD))}


def landed(at: World, *paths: str) -> dict[str, bytes]:
    """Files as they stand on `main`."""
    return {path: at.read(path) for path in paths}


def listing(at: World, files: Files) -> dict[str, list[str]]:
    """What a sign-off of these changes lists."""
    stands = at.repository.listing(at.tip)
    before = [f"{sha256(at.read(path))}  {path}" for path in sorted(files) if path in stands]
    after = [f"{sha256(data)}  {path}" for path, data in sorted(files.items()) if data is not None]
    return {key: lines for key, lines in (("before", before), ("after", after)) if lines}


def rules_signed(
    at: World,
    files: Files,
    by: str,
    *,
    key: str = "",
    role: str = "administrator",
    day: date = TODAY,
    number: int = 1,
    namespace: str = NAMESPACE,
    unsigned: bool = False,
    **keys: Any,
) -> dict[str, bytes]:
    """A sign-off of a change of the rules."""
    data = {"kind": "sign-off", "by": by, "date": day.isoformat(), "role": role}
    data |= listing(at, files) | keys
    path = f"policy/statements/{statement_name(day, 'sign-off', by, number)}"
    return {path: signed(data, key or by, namespace, unsigned=unsigned)}


def both_signed(at: World, files: Files, **keys: Any) -> dict[str, bytes | None]:
    """A change of the rules as it lands: two administrators of two Parties signed it."""
    return {
        **files,
        **rules_signed(at, files, "secas", **keys),
        **rules_signed(at, files, "dcc", **{"key": "dcc-second", **keys}),
    }


def policy(**switches: Any) -> dict[str, bytes | None]:
    """The policy with these switches."""
    dashed = {key.replace("_", "-"): value for key, value in switches.items()}
    return {POLICY: dump({"name": NAME, **dashed}).encode()}


@dataclass(frozen=True)
class Attack:
    """A request that is refused by ``code``, and its twin that lands.

    ``also`` are codes that say the same of it. ``at`` makes the register it is tried in.
    """

    code: str
    name: str
    files: Callable[[World], Files]
    twin: Callable[[World], Files]
    also: frozenset[str] = frozenset()
    at: Callable[[], World] = field(default=world)

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"

    def check(self, kind: str) -> None:
        """That it is refused for this and nothing else, and that its twin lands."""
        at = self.at()
        refused, twin = at.judge(self.files(at)), at.judge(self.twin(at))
        assert codes(refused) == {self.code, *self.also}, refused
        assert twin.passes, twin
        assert twin.kind == kind


def codes(judgement: Judgement) -> set[str]:
    """The codes of what is wrong or awaited."""
    return {each.code for each in (*judgement.errors, *judgement.awaited)}


Test = TypeVar("Test", bound=Callable[..., None])
TRIED: set[str] = set()
"""The codes that a test shows by itself, and not as an `Attack`."""


def tries(*tried: str) -> Callable[[Test], Test]:
    """Marks a test that shows an attack and its twin."""

    def mark(test: Test) -> Test:
        TRIED.update(tried)
        return test

    return mark
