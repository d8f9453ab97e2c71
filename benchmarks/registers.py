"""A seeded generator of registers: records with the statements that real ones gather.

Same seed and size, same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import phrases
from benchmarks.signing import Signer
from defectreg.register.record import new_id, record_path, statements_folder
from defectreg.register.statement import statement_name
from defectreg.register.yamltext import dump
from defectreg.store import git

ROOT = Path(__file__).resolve().parent.parent
NAME = "benchmark"
NAMESPACE = f"defectreg@{NAME}"
FIRST_DAY = datetime.date(2024, 1, 8)
SUPPLIERS = [f"supplier-{letter}" for letter in "abcdefgh"]
MAKERS = {f"maker-{letter}": f"FF{number:02X}" for number, letter in enumerate("abcdefgh", 1)}
PEOPLE = {
    **{slug: ("large-supplier", ["reporter"]) for slug in SUPPLIERS},
    **{slug: ("device-manufacturer", ["manufacturer"]) for slug in MAKERS},
    "dcc": ("dcc", ["validator", "administrator"]),
    "secas": ("secas", ["publisher", "administrator"]),
}


@dataclass
class Generated:
    """One record with its statements, in the order in which they are said."""

    record: dict[str, Any]
    said: list[dict[str, Any]] = field(default_factory=list)


class Generator:
    """Makes records one after the other from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def cases(self, number: int) -> Iterator[Generated]:
        """So many records, each with its statements, without signatures and ``read``."""
        ids: set[str] = set()
        while len(ids) < number:
            record_id = new_id(self.random.getrandbits(40))
            if record_id not in ids:
                ids.add(record_id)
                yield self._case(record_id)

    def _case(self, record_id: str) -> Generated:
        chosen = self.random
        day = FIRST_DAY + datetime.timedelta(days=chosen.randrange(900))
        meter, maker = self._device("ESME"), chosen.choice(list(MAKERS))
        what, when = chosen.choice(phrases.WHAT), chosen.choice(phrases.WHEN)
        record: dict[str, Any] = {
            "id": record_id,
            "title": f"Meter {what} {when}"[:120],
            "kind": chosen.choice(["issue", "defect", "unusual-behaviour", "superfluous-alerts"]),
            "affected": self._affected(meter, maker),
            "behaviour": self._text(f"The meter {what} {when}.", chosen.randint(2, 6)),
            "circumstances": self._text("", chosen.randint(1, 3)),
            "trigger": chosen.choice(["firmware-update", "installation", "unknown"]),
            "frequency": chosen.choice(["daily", "weekly", "monthly", "unknown"]),
            "since": (day - datetime.timedelta(days=chosen.randrange(90))).isoformat(),
            "alerts": sorted(set(chosen.choices(phrases.ALERTS, k=2))),
            "service-requests": sorted(set(chosen.choices(phrases.REQUESTS, k=2))),
            "certainty": chosen.choice(["suspected", "correlated", "confirmed"]),
            "impact": {"consumers": chosen.choice(["low", "medium", "high"])},
        }
        return Generated(record, list(self._said(record, maker, day)))

    def _device(self, kind: str) -> str:
        model = f"{self.random.randrange(400):04X}0100"
        return f"{kind}:{{}}/{model}"

    def _affected(self, meter: str, maker: str) -> list[str]:
        chosen = self.random
        identifier = MAKERS[maker]
        versions = f"{chosen.randrange(9):04X}*"
        if chosen.random() < 0.5:
            start = chosen.randrange(1 << 16)
            versions = f"{start:08X},{start + 16:08X}..{start + 32:08X}"
        alone = f"{meter.format(identifier)}@{versions}"
        if chosen.random() < 0.4:
            return [alone]
        hub = f"CHF:{chosen.choice(list(MAKERS.values()))}/{chosen.randrange(40):08X}"
        return [f"{hub} + {alone} in {chosen.choice(phrases.REGIONS)}"]

    def _text(self, first: str, sentences: int) -> str:
        said = [first, *self.random.sample(phrases.DETAIL, sentences)]
        return "\n".join(part for part in said if part) + "\n"

    def _said(
        self, record: dict[str, Any], maker: str, day: datetime.date
    ) -> Iterator[dict[str, Any]]:
        chosen = self.random
        reporters = chosen.sample(SUPPLIERS, chosen.choice([1, 1, 1, 2, 3]))
        for slug in reporters:
            yield _statement(record, "report", slug, day, devices="10-99", region="North")
        if chosen.random() < 0.5:
            cause = chosen.choice(["identified", "suspected"])
            text = chosen.choice(phrases.CAUSE)
            yield _statement(record, "cause", maker, day, cause=cause, says=text)
        if chosen.random() < 0.6:
            text = chosen.choice(phrases.FIX)
            version = f"{chosen.randrange(1 << 20):08X}"
            yield _statement(record, "fix", maker, day, says=text, device="ESME", firmware=version)
        yield _statement(record, "sign-off", "dcc", day, decision="accept", role="validator",
                         **{"data-correct": True, "fixes-checked": True,
                            "presentation-consistent": True})  # fmt: skip
        told = {"affected": record["affected"], "certainty": record["certainty"], "impact": "high"}
        for slug in sorted(
            slug
            for slug, identifier in MAKERS.items()
            if f":{identifier}/" in record["affected"][0]
        ):
            letter = hashlib.sha256(f"{slug} {record['id']}".encode()).hexdigest()
            yield _statement(record, "notice", "secas", day, letter=letter, to=slug,
                             delivered="e-mail", told=told)  # fmt: skip
            if chosen.random() < 0.8:
                position = chosen.choice(["acknowledged", "fix-available", "not-reproduced"])
                text = chosen.choice(phrases.REPLY)
                yield _statement(record, "response", slug, day, position=position, says=text)


def _statement(
    record: dict[str, Any], kind: str, by: str, day: datetime.date, **keys: Any
) -> dict[str, Any]:
    return {"of": record["id"], "kind": kind, "by": by, "date": day.isoformat(), **keys}


def files_of(number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Paths and bytes of a register's records and signed statements."""
    signers = {slug: Signer(slug) for slug in PEOPLE}
    for case in Generator(seed).cases(number):
        yield from signed(case, signers)


def signed(case: Generated, signers: dict[str, Signer]) -> Iterator[tuple[str, bytes]]:
    """The record, and what is said of it; a sign-off reads what was said before."""
    path = record_path(case.record["id"])
    source = dump(case.record).encode()
    yield path, source
    read = [_line(source, path.rpartition("/")[2])]
    named: dict[tuple[str, str], int] = {}
    for statement in case.said:
        if statement["kind"] in ("sign-off", "notice"):
            statement["read"] = read if statement["kind"] == "sign-off" else read[:1]
        signed = signers[statement["by"]].signed(dump(statement).encode(), NAMESPACE)
        key = (statement["kind"], statement["by"])
        named[key] = named.get(key, 0) + 1
        day = datetime.date.fromisoformat(statement["date"])
        name = statement_name(day, *key, named[key])
        yield f"{statements_folder(statement['of'])}/{name}", signed
        if statement["kind"] in ("cause", "fix"):
            read.append(_line(signed, name))


def _line(source: bytes, name: str) -> str:
    return f"{hashlib.sha256(source).hexdigest()}  {name}"


def make(folder: Path, number: int, seed: int = 1) -> Path:
    """A register of so many records in a git repository; made once, then taken as it is."""
    if (folder / ".git" / "defectreg-generated").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    when = datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC)
    occasion = git.Occasion("Start the register", "dcc", when)
    repository = git.init(folder, dict(first_files()), occasion)
    files: dict[str, bytes | None] = dict(files_of(number, seed))
    occasion = git.Occasion("Add records", "dcc", when + datetime.timedelta(minutes=1))
    git.commit(repository, "refs/heads/main", repository.head(), files, occasion)
    (folder / ".git" / "defectreg-generated").touch()
    return folder


def first_files() -> Iterator[tuple[str, bytes]]:
    yield "policy/register.yaml", dump({"name": NAME}).encode()
    for slug, (category, roles) in PEOPLE.items():
        keys = [{"key": Signer(slug).public}]
        person = {"pseudonym": "person-a", "roles": roles, "keys": keys}
        party: dict[str, Any] = {"name": slug.replace("-", " ").title(), "category": category}
        if slug in MAKERS:
            party["manufacturer-ids"] = [MAKERS[slug]]
        yield f"policy/parties/{slug}.yaml", dump({**party, "people": [person]}).encode()
    for top in ("schema", "catalogue", "templates"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.is_file():
                yield path.relative_to(ROOT).as_posix(), path.read_bytes()


if __name__ == "__main__":
    made = make(Path(sys.argv[1]), int(sys.argv[2]))
    subprocess.run(["git", "-C", str(made), "log", "--oneline"], check=True)
