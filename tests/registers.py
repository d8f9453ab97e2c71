"""Registers for tests: real git, real signatures, invented Parties.

A test starts from ``make_register`` and ``good_record`` and changes one thing.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from defectreg.register.grounds import Grounds, is_ground, read_grounds
from defectreg.register.record import record_path, statements_folder
from defectreg.register.sshkeys import PublicKey
from defectreg.register.statement import ACCEPTED_KINDS, statement_name
from defectreg.register.yamltext import dump
from defectreg.store import git, signatures
from defectreg.store.places import Register, open_register
from tests.program import run_program

ROOT = Path(__file__).resolve().parent.parent
"""The clone that holds these tests."""
NAME = "for-tests"
NAMESPACE = f"defectreg@{NAME}"
FIRST_DAY = date(2026, 3, 2)
MAIN = "refs/heads/main"
ID = "DR-7K3Q-X4MB"
"""The id of ``good_record``."""
PEOPLE = (
    "supplier-one",
    "supplier-two",
    "maker-one",
    "dcc",
    "dcc-second",
    "secas",
    "ssc",
    "nobody",
)
"""Names of the keys. ``nobody`` belongs to no Party."""
_PARTIES: Mapping[str, dict[str, Any]] = {
    "supplier-one": {"name": "Supplier One", "category": "large-supplier"},
    "supplier-two": {"name": "Supplier Two", "category": "large-supplier"},
    "maker-one": {
        "name": "Maker One",
        "category": "device-manufacturer",
        "manufacturer-ids": ["FF01"],
    },
    "dcc": {"name": "DCC", "category": "dcc"},
    "secas": {"name": "SECAS", "category": "secas"},
    "ssc": {"name": "Security Sub-Committee", "category": "ssc"},
}
_ROLES: Mapping[str, dict[str, list[str]]] = {
    "supplier-one": {"supplier-one": ["reporter"]},
    "supplier-two": {"supplier-two": ["reporter"]},
    "maker-one": {"maker-one": ["manufacturer"]},
    "dcc": {"dcc": ["validator"], "dcc-second": ["validator", "administrator"]},
    "secas": {"secas": ["publisher", "administrator"]},
    "ssc": {"ssc": ["security"]},
}
_ACCEPTING = {
    "role": "validator",
    "data-correct": True,
    "fixes-checked": True,
    "presentation-consistent": True,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of the program gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def good_record(**changes: Any) -> dict[str, Any]:
    """A record that is shown once accepted; ``_`` in a name is ``-``, None takes a key out."""
    record = {
        "id": ID,
        "title": "Meter stops sending billing alerts after a Hub update",
        "kind": "unusual-behaviour",
        "affected": ["CHF:FF02/00020001 + ESME:FF03/00010100@0001*,00030000..00030004 in North"],
        "behaviour": "After the Hub takes 00020002 the meter sends no 8F1E at the end of a period.",
        "trigger": "firmware-update",
        "alerts": ["8F1E"],
        "certainty": "suspected",
        "impact": {"consumers": "high"},
    }
    return _changed(record, changes)


def statement(kind: str, by: str, **keys: Any) -> dict[str, Any]:
    """What a Party says; ``of`` and ``date`` are filled in where it is said."""
    return _changed({"kind": kind, "by": by}, keys)


def sign_off(decision: str, by: str = "dcc", **keys: Any) -> dict[str, Any]:
    """A sign-off; without ``read`` it is of the record's bytes as they are then."""
    answers = _ACCEPTING if decision == "accept" else {"role": "validator"}
    return statement("sign-off", by, decision=decision, **{**answers, **_dashed(keys)})


def sha256(data: bytes) -> str:
    """As ``read`` names a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def key_of(person: str) -> Path:
    """The private key of one of PEOPLE, made once a session."""
    return _keys()[person]


def sign(key: str, *statements: Mapping[str, Any]) -> list[bytes]:
    """The files of these statements, each signed with the key of one of PEOPLE."""
    payloads = [dump(data).encode() for data in statements]
    made = signatures.sign(key_of(key), NAMESPACE, payloads)
    return [
        payload + dump({"signature": armour}).encode()
        for payload, armour in zip(payloads, made, strict=True)
    ]


@dataclass
class TestRegister:
    """A register in a folder. ``today`` is the day of the next commit and of what it says."""

    __test__: ClassVar[bool] = False

    folder: Path
    repository: git.Repository
    today: date = FIRST_DAY
    signs: bool = True
    """False saves time: statements are left unsigned, and on ``main`` count all the same."""
    seconds: int = 0
    """How many commits it made: no two have one time."""

    def register(self) -> Register:
        """The register as it stands, opened anew."""
        return open_register(self.folder)

    def later(self, days: int = 1) -> TestRegister:
        """Let days go by."""
        self.today += timedelta(days=days)
        return self

    def add(
        self,
        record: Mapping[str, Any],
        *statements: Mapping[str, Any],
        accept: bool = True,
        ref: str = MAIN,
    ) -> str:
        """Commit a record and what is said of it, and return its id.

        Without a report, supplier-one's is added; ``accept`` adds the DCC's of the record and of
        every statement that needs one.
        """
        record_id = str(record["id"])
        said = list(statements)
        if not any(data["kind"] == "report" for data in said):
            said.insert(0, statement("report", "supplier-one", says="We see this too."))
        files = {record_path(record_id): dump(record).encode()}
        self.commit({**files, **self._said(record_id, said, files, accept=accept)}, ref)
        return record_id

    def say(
        self, record_id: str, *statements: Mapping[str, Any], accept: bool = False, ref: str = MAIN
    ) -> list[str]:
        """Commit statements on a record that stands on ``ref``; returns their file names.

        ``accept`` adds the DCC's accept of those that need one.
        """
        said = self._said(record_id, statements, {}, accept=accept, ref=ref)
        self.commit(said, ref)
        return [path.rpartition("/")[2] for path in said]

    def change(
        self, record_id: str, record: Mapping[str, Any], accept: bool = True, ref: str = MAIN
    ) -> None:
        """Commit another text of a record, with the DCC's accept of it unless told otherwise."""
        files = {record_path(record_id): dump(record).encode()}
        self.commit({**files, **self._said(record_id, (), files, accept=accept, ref=ref)}, ref)

    def commit(self, files: Mapping[str, bytes | None], ref: str = MAIN) -> str:
        """Commit files as they are; a new ref starts at the tip of ``main``."""
        self.seconds += 1
        noon = datetime.combine(self.today, time(12), UTC) + timedelta(seconds=self.seconds)
        occasion = git.Occasion("A step", "supplier-one", noon)
        return git.commit(self.repository, ref, self._tip(ref), files, occasion)

    def policy(self, **switches: Any) -> None:
        """Commit a policy with these switches."""
        data = {"name": NAME, **_dashed(switches)}
        self.commit({"policy/register.yaml": dump(data).encode()})

    def read(self, path: str, ref: str = MAIN) -> bytes:
        """A file's bytes on a branch; on one that is not there yet, those of ``main``."""
        data = self.repository.read(self._tip(ref), path)
        assert data is not None, path
        return data

    def run(self, *arguments: str, given: str | None = None, **variables: str) -> Result:
        """Run the program in the register, without a terminal and with nobody's settings."""
        return run_in(self.folder, *arguments, given=given, **variables)

    def _said(
        self,
        record_id: str,
        statements: Sequence[Mapping[str, Any]],
        files: Mapping[str, bytes],
        *,
        accept: bool,
        ref: str = MAIN,
    ) -> dict[str, bytes]:
        """The files of statements by path; those of ``files`` are what they may be about."""
        record = record_path(record_id)
        before = files.get(record) or self.read(record, ref)
        taken = self._taken(record_id, ref)
        said = self._signed(record_id, [self._read(data, before, record) for data in statements],
                            taken)  # fmt: skip
        readings = [(data, path.rpartition("/")[2]) for path, data in said.items()
                    if _kind(path) in ACCEPTED_KINDS]  # fmt: skip
        if record in files:
            readings.insert(0, (files[record], record.rpartition("/")[2]))
        if accept and readings:
            data = sign_off("accept", read=[f"{sha256(data)}  {name}" for data, name in readings])
            said.update(self._signed(record_id, [data], {*taken, *said}))
        return said

    def _tip(self, ref: str) -> str:
        refs = self.repository.refs(ref, MAIN)
        return refs.get(ref, refs[MAIN])

    def _taken(self, record_id: str, ref: str) -> set[str]:
        """The paths of what is said already; on a new branch, of what is on ``main``."""
        refs = self.repository.refs(ref, MAIN)
        return set(self.repository.listing(refs.get(ref, refs[MAIN]), statements_folder(record_id)))

    def _read(self, data: Mapping[str, Any], record: bytes, path: str) -> Mapping[str, Any]:
        if data["kind"] == "notice" and "letter" not in data:
            data = {**data, "letter": sha256(b"An invented letter.")}
        if data["kind"] in ("sign-off", "notice", "consent") and "read" not in data:
            return {**data, "read": [f"{sha256(record)}  {path.rpartition('/')[2]}"]}
        return data

    def _signed(
        self, record_id: str, statements: Iterable[Mapping[str, Any]], taken: Iterable[str]
    ) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        for said in statements:
            data = {"of": record_id, "kind": said["kind"], "by": said["by"]}
            data |= {"date": self.today.isoformat(), **said}
            person = str(data.pop("key", data["by"]))
            source = sign(person, data)[0] if self.signs else dump(data).encode()
            files[_free_path(record_id, data, {*taken, *files})] = source
        return files


def make_register(
    folder: Path,
    records: Iterable[Mapping[str, Any]] = (),
    *,
    signs: bool = True,
    day: date = FIRST_DAY,
    files: Mapping[str, bytes] | None = None,
) -> TestRegister:
    """A new register with six Parties, and each of these records accepted, one commit each.

    What is asked for again is copied: making it takes longer.
    """
    wanted = [dict(record) for record in records]
    asked = repr((wanted, signs, day, files))
    if asked not in _ASKED:
        _ASKED[asked] = None
        return _made(folder, wanted, signs, day, files)
    kept = _ASKED[asked] = _ASKED[asked] or _made(_own_folder() / "r", wanted, signs, day, files)
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{kept.folder}/.", str(folder)], check=True)
    subprocess.run(["git", "update-index", "-q", "--refresh"], cwd=folder, check=True)
    return replace(kept, folder=folder, repository=git.Repository.find(folder))


_ASKED: dict[str, TestRegister | None] = {}
"""What was asked for; from the second time on, what is copied."""


def _made(
    folder: Path,
    records: Iterable[Mapping[str, Any]],
    signs: bool,
    day: date,
    files: Mapping[str, bytes] | None,
) -> TestRegister:
    begun = git.Occasion("Start", "secas", datetime.combine(day, time(9), UTC))
    repository = git.init(folder, {**ground_files(), **(files or {})}, begun)
    made = TestRegister(folder, repository, day, signs)
    for record in records:
        made.add(record)
    return made


def run_in(folder: Path, *arguments: str, given: str | None = None, **variables: str) -> Result:
    """Run the program as if started in a folder."""
    settings = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", **variables}
    return Result(*run_program(["-C", str(folder), *arguments], settings, given or ""))


def _changed(data: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**data, **_dashed(changes)}
    return {key: value for key, value in merged.items() if value is not None}


def _dashed(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key.rstrip("_").replace("_", "-"): value for key, value in keys.items()}


def _kind(path: str) -> str:
    name = path.rpartition("/")[2][len("2026-01-01-") :]
    return next((kind for kind in ACCEPTED_KINDS if name.startswith(f"{kind}-")), "")


def _free_path(record_id: str, data: Mapping[str, Any], taken: set[str]) -> str:
    day = date.fromisoformat(str(data["date"]))
    number = 1
    while True:
        name = statement_name(day, str(data["kind"]), str(data["by"]), number)
        path = f"{statements_folder(record_id)}/{name}"
        if path not in taken:
            return path
        number += 1


@cache
def ground_files() -> dict[str, bytes]:
    """Schemas, templates and catalogue of the clone, a policy, and the Parties."""
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("schema", "templates", "catalogue")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    files["policy/register.yaml"] = dump({"name": NAME}).encode()
    for slug, data in _PARTIES.items():
        people = [_person(name, roles) for name, roles in _ROLES[slug].items()]
        files[f"policy/parties/{slug}.yaml"] = dump({**data, "people": people}).encode()
    return files


@cache
def grounds() -> Grounds:
    """What a new register is judged by."""
    return read_grounds({path: data for path, data in ground_files().items() if is_ground(path)})[0]


def _person(name: str, roles: list[str]) -> dict[str, Any]:
    return {"pseudonym": name, "roles": roles, "keys": [{"key": str(public_key(name))}]}


def public_key(person: str) -> PublicKey:
    """The public key of one of PEOPLE."""
    return signatures.public_of(key_of(person))


def _own_folder() -> Path:
    """One that no test has, until the run ends."""
    folder = Path(tempfile.mkdtemp(prefix="defectreg-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _keys() -> Mapping[str, Path]:
    folder = _own_folder()
    for person in PEOPLE:
        signatures.generate(folder / person)
    return {person: folder / person for person in PEOPLE}
