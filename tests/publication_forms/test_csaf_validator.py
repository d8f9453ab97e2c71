"""Advisories, judged by csaf-validator-lib: its schemas and every one of its mandatory tests."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from defectreg.publication.advisories import record_advisory
from defectreg.publication.pages import Pages
from defectreg.register.public import PublicEvent, PublicRegister
from defectreg.store.places import open_register
from defectreg.store.releasing import released
from tests.unit.publication.editions import DAY, entry, pages, register, said, tombstone

SCRIPT = Path(__file__).parents[1] / "browser" / "csaf.js"
AS_OF = datetime.date(2027, 6, 30)
"""After every reply window of the demonstration."""
FEWEST_TESTS = 40
FEWEST_ENTRIES = {"green": 50, "clear": 1}
HOSTILE = "</script><b>\u2028\x00\x1b[31m \U0001f600 'quoted' \"text\" & {{ 7*7 }}"


def advisories(shown: PublicRegister, dress: Pages) -> dict[str, Any]:
    return {
        path: json.loads(data)
        for record in shown.records
        for path, data in record_advisory(record, shown, dress)
    }


def failures(documents: Mapping[str, Any]) -> dict[str, Any]:
    """What the validator finds of each document that fails; one process judges all."""
    assert shutil.which("node"), "csaf-validator-lib needs node: run .ci/machine as root"
    assert (SCRIPT.parent / "node_modules").exists(), "`make test` installs csaf-validator-lib"
    answer = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(documents), capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    assert found["tests"] >= FEWEST_TESTS
    failed: dict[str, Any] = found["failed"]
    return failed


@pytest.mark.parametrize("audience", sorted(FEWEST_ENTRIES))
def test_every_advisory_of_the_demonstration_is_valid(repository: Path, audience: str) -> None:
    shown = released(open_register(repository).head_source, audience, AS_OF).register
    documents = advisories(shown, pages())
    assert len(documents) >= FEWEST_ENTRIES[audience]
    assert failures(documents) == {}


def test_the_validator_finds_what_is_wrong() -> None:
    (good,) = advisories(register(entry()), pages()).values()
    wrong = json.loads(json.dumps(good))
    wrong["document"]["tracking"]["version"] = "7.0.0"
    assert list(failures({"good": good, "wrong": wrong})) == ["wrong"]


def test_advisories_of_odd_entries_are_valid() -> None:
    busy = tuple(PublicEvent(DAY, "confirmation", "") for _ in range(25))
    everything = entry(
        said("report", says=HOSTILE, devices_seen="2-9"),
        said("fix", device="ESME", firmware="00030005", tried_with=["ESME:FF01/00010100"]),
        said("challenge", about="fix-1", is_superseded=True),
        said("response", position="disputed", says="", is_from_manufacturer=True),
        values={"title": HOSTILE, "behaviour": HOSTILE},
        marks=("fixed", "fix", "disputed"),
        timeline=busy,
        untold=("ESME:FF09/00000001",),
        is_provided_by_manufacturer=True,
        is_validated_by_its_reporter=True,
    )
    odd = {
        "everything": (everything,),
        "nothing": (entry(values={"behaviour": "\n"}, marks=(), timeline=(), affected=()),),
        "twice": (entry(affected=entry().affected * 2),),
        "withdrawn": (tombstone(said("response", position="waiver")),),
    }
    contacts = ("", "register@one.example.invalid", "https://one.example.invalid/a?b={c}", "a|b")
    documents = {
        f"{name} {contact}": next(
            iter(advisories(register(*records, contact=contact), pages()).values())
        )
        for name, records in odd.items()
        for contact in contacts
    }
    assert failures(documents) == {}
