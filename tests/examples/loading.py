"""The examples of rules: one good small register, and what each example changes in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from defectreg.gate.cases import odd_finding, sort_files
from defectreg.gate.proving import proofs, prove
from defectreg.register.checking import check_case
from defectreg.register.findings import Finding
from defectreg.register.ground_checks import check_ground_files
from defectreg.register.grounds import Grounds, check_catalogue, is_ground, read_grounds

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "examples"
ID = "DR-7K3Q-X4MB"
RECORD = f"records/7K/{ID}.yaml"
FOLDER = f"records/7K/{ID}"
REPORT = f"{FOLDER}/2026-03-02-report-supplier-one.yaml"
ACCEPT = f"{FOLDER}/2026-03-04-sign-off-dcc.yaml"


@cache
def base() -> Mapping[str, bytes]:
    """The good register that every example changes: this clone's schemas and catalogue too."""
    files = {
        path.relative_to(top).as_posix(): path.read_bytes()
        for top, folder in (
            (EXAMPLES / "base", "."),
            (ROOT, "schema"),
            (ROOT, "catalogue"),
        )
        for path in (top / folder).rglob("*")
        if path.is_file()
    }
    assert "policy/register.yaml" in files
    return files


def example(code: str, name: str) -> dict[str, bytes]:
    """The files of an example: those of the base with its own laid over them."""
    path = EXAMPLES / "rules" / code / f"{name}.yaml"
    changes = yaml.safe_load(path.read_text(encoding="utf-8"))["files"]
    files = {**base(), **{place: text and text.encode() for place, text in changes.items()}}
    return {place: data for place, data in files.items() if data is not None}


def grounds_of(files: Mapping[str, bytes]) -> tuple[Grounds, tuple[Finding, ...]]:
    """What files are judged by, and what is wrong in it; read once for equal files."""
    return _grounds(tuple((path, files[path]) for path in sorted(files) if is_ground(path)))


@cache
def _grounds(files: tuple[tuple[str, bytes], ...]) -> tuple[Grounds, tuple[Finding, ...]]:
    grounds, findings = read_grounds(dict(files))
    return grounds, (*findings, *check_catalogue(grounds))


def judged(files: Mapping[str, bytes], *, proves: bool = False) -> list[Finding]:
    """Everything wrong in the files of a register; whether signatures are good, where asked.

    What is as the base has it has landed.
    """
    grounds, found = grounds_of(files)
    findings = list(found)
    read = {path: files[path] for path in files if is_ground(path) and path.endswith(".yaml")}
    findings.extend(check_ground_files(read, grounds))
    sorted_files = sort_files(files, grounds.policy)
    findings.extend(map(odd_finding, sorted_files.odd))
    for record, paths in sorted_files.cases.items():
        case = {path: files[path] for path in paths}
        landed = {path for path in case if case[path] == base().get(path)}
        checked = check_case(record, case, grounds, landed)
        findings.extend(checked.findings)
        if proves:  # it starts a process for each signature, and one rule needs it
            said = proofs(checked.statements, case, record.removesuffix(".yaml"))
            findings.extend(prove(said, grounds))
    return findings
