"""``publish`` of a whole register, against Hugo that reads the same files and writes pages of them.

Hugo is given the YAML of each record as the front matter of a page, and what is said of it as
files beside the page. By the layouts in ``hugo/`` it writes the same three files of each, a page,
its JSON and an advisory, with the same parts as ours. It judges neither stages nor signatures nor
consent, and makes neither search nor lists of models, feeds and checksums.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.registers import NAMESPACE, ROOT
from benchmarks.signing import Signer
from defectreg.publication import words
from defectreg.publication.entry import ENDING, REMARKS
from defectreg.register.parties import CATEGORY_WORDS
from defectreg.register.public import DISCLAIMER, KIND_WORDS, SHOWN_KINDS, PublicField
from defectreg.register.schema import Schema
from defectreg.register.statement import DISPUTING_POSITIONS, statement_name
from defectreg.register.yamltext import dump
from defectreg.store.releasing import public_fields

POLICY = """\
name: benchmark
show-without-fix-to-parties: show
search-level: model
certainty-threshold: suspected
impact-threshold: none
"""
"""By which every record is published."""
_HUGO = Path(__file__).parent / "hugo"
"""Configuration and layouts of the site that Hugo makes."""
_FRONT = """\
---
title: Front
cascade:
  build:
    publishResources: false
---
"""
_LANES = (
    ("Reported", ("report",)),
    ("Cause", ("cause",)),
    ("Fix, workaround or accommodation", ENDING),
    ("Confirmed ●, challenged ◆", REMARKS),
    ("Manufacturers: told ○, answered ●", ("notice", "response")),
    ("Accepted ●, withdrawn ◆", ("accept", "withdraw")),
)
_FRAME = ("of", "kind", "by", "date", "classification", "supersedes", "about", "signature")
"""Keys of a statement that are not of what it says."""
_APART = frozenset(
    "id title kind affected behaviour expected circumstances related given-in-confidence".split()
)
"""Fields to which the page gives a place of their own, or none."""


def hugo_site(register: Path, folder: Path) -> Path:
    """A site for Hugo of a register's files."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_HUGO, folder)
    shutil.copytree(register / "policy" / "parties", folder / "data" / "parties")
    (folder / "data" / "words.json").write_text(json.dumps(_words()))
    (folder / "data" / "fields.json").write_text(json.dumps([*_fields()]))
    (folder / "content" / "records").mkdir(parents=True)
    (folder / "content" / "_index.md").write_text(_FRONT)
    for path in register.glob("records/*/*.yaml"):
        bundle = folder / "content" / "records" / path.stem
        bundle.mkdir()
        (bundle / "index.md").write_text(f"---\n{path.read_text()}---\n")
        for said in path.with_suffix("").glob("*.yaml"):
            shutil.copy(said, bundle)
    return folder


def _words() -> dict[str, Any]:
    """The words for codes, the same as in our pages."""
    first, rest = DISCLAIMER.split(". ", 1)
    return {
        "disclaimer": {"first": f"{first}.", "rest": rest},
        "categories": CATEGORY_WORDS,
        "kinds": KIND_WORDS,
        "device_types": words.DEVICE_TYPES,
        "statements": words.STATEMENTS,
        "causes": words.CAUSES,
        "positions": words.POSITIONS,
        "marks": words.MARKS,
        "disputing": dict.fromkeys(sorted(DISPUTING_POSITIONS), True),
        "shown": dict.fromkeys(SHOWN_KINDS, True),
        "order": (*ENDING, "cause", "response", "report", *REMARKS),
        "lanes": [{"name": name, "kinds": dict.fromkeys(kinds, True)} for name, kinds in _LANES],
        "frame": dict.fromkeys(_FRAME, True),
    }


def _fields() -> Iterator[dict[str, Any]]:
    """The fields of a record that may be read by the Parties, as our pages have them."""
    schema = Schema(json.loads((ROOT / "schema" / "record.schema.json").read_text()))
    for field in public_fields(schema, "green"):
        key, *inner = field.path
        named = schema.at(field.path) or {}
        yield {
            "key": key,
            "inner": "".join(inner),
            "title": field.title,
            "default": field.default,
            "type": _type(field, named),
            "apart": key in _APART,
        }


def _type(field: PublicField, named: Mapping[str, Any]) -> str:
    if named.get("type") in ("array", "boolean"):
        return str(named["type"])
    if field.path == ("since",):
        return "day"
    if field.path == ("evidence", "devices"):
        return "band"
    return "code" if field.is_coded else "text"


def publisher_of(register: Path, folder: Path) -> Path:
    """A clone of a generated register in which every record is published.

    No Party there answers for a manufacturer, so none has to be told first.
    """
    if (folder / ".git" / "defectreg-generated").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    _git("clone", "--quiet", "--shared", str(register), str(folder), folder=register)
    (folder / "policy" / "register.yaml").write_text(POLICY)
    for top in ("schema", "catalogue", "templates"):  # today's, whenever the register was made
        shutil.rmtree(folder / top)
        shutil.copytree(ROOT / top, folder / top)
    for path in (folder / "policy" / "parties").glob("maker-*.yaml"):
        lines = path.read_text().splitlines(keepends=True)
        at = next(at for at, line in enumerate(lines) if line.startswith("manufacturer-ids"))
        path.write_text("".join(lines[:at] + lines[at + 2 :]))
    commit(folder, "Everything is shown")
    (folder / ".git" / "defectreg-generated").touch()
    return folder


def change_one(register: Path, text: str) -> None:
    """Commit another text of one record, which its validator accepted."""
    path = min(register.glob("records/*/*.yaml"))
    lines = path.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("expected: ")]
    path.write_text("".join([*kept, f"expected: {text}\n"]))
    said = sorted(path.with_suffix("").glob("*.yaml"))
    read = [path, *(each for each in said if "-cause-" in each.name or "-fix-" in each.name)]
    day = datetime.datetime.now(tz=datetime.UTC).date()
    accept = {
        "of": path.stem,
        "kind": "sign-off",
        "by": "dcc",
        "date": day.isoformat(),
        "decision": "accept",
        "role": "validator",
        "data-correct": True,
        "fixes-checked": True,
        "presentation-consistent": True,
        "read": [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in read],
    }
    number = sum("-sign-off-dcc" in each.name for each in said) + 1
    file = path.with_suffix("") / statement_name(day, "sign-off", "dcc", number)
    file.write_bytes(Signer("dcc").signed(dump(accept).encode(), NAMESPACE))
    _git("add", "--", str(file), folder=register)
    commit(register, "One record")


def commit(folder: Path, message: str) -> None:
    """Commit all that differs in a work tree."""
    _git("add", "--all", "policy", "schema", "catalogue", "templates", folder=folder)
    who = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.invalid")
    _git(*who, "commit", "--quiet", "--all", "--message", message, folder=folder)


def _git(*words: str, folder: Path) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)
