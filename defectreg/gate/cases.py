"""The files of a register sorted into cases: each record with its statements, and what is odd."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from defectreg.register.findings import Finding
from defectreg.register.grounds import PARTIES_FOLDER, POLICY_FILE
from defectreg.register.policy import Policy
from defectreg.register.record import id_of_path, record_path
from defectreg.register.statement import place_of_statement

_BESIDE_PARTIES = ("policy/acknowledged.yaml",)
_SIGNED = "policy/statements/"


@dataclass(frozen=True, slots=True)
class Sorted:
    """The files below ``records/`` and ``policy/``, by what they are."""

    cases: Mapping[str, tuple[str, ...]]
    """Path of a record's file → the paths of its case: its own, where it is there, and its
    statements'."""
    odd: tuple[str, ...]
    """What is neither."""

    @property
    def records(self) -> int:
        """How many records are there; a case may have only statements."""
        return sum(record in files for record, files in self.cases.items())


def sort_files(paths: Iterable[str], policy: Policy) -> Sorted:
    """Sorts paths; those that the policy names as no part of the register are left out."""
    cases: dict[str, list[str]] = {}
    odd: list[str] = []
    for path in sorted(paths):
        record = record_of(path)
        if record is not None:
            cases.setdefault(record, []).append(path)
        elif _is_odd(path) and policy.is_register_path(path):
            odd.append(path)
    return Sorted({record: tuple(files) for record, files in cases.items()}, tuple(odd))


def record_of(path: str) -> str | None:
    """The path of the record to whose case a file belongs; None where it belongs to none."""
    if id_of_path(path):
        return path
    place = place_of_statement(path)
    return record_path(place[0]) if place else None


def odd_finding(path: str) -> Finding:
    """That a file stands where nothing of the register does."""
    sentence, hint = "this file is no part of a register", "move it out of this folder"
    if path.startswith("records/"):
        sentence = "this file is neither a record nor a statement"
        twin = _twin(path)
        if twin:
            hint = f"capitals and small letters differ: did you mean {twin}?"
    return Finding(path, 1, 1, "S011", "error", sentence, hint)


def _twin(path: str) -> str:
    """The same path in the letters that ids have, where that is a place of the register."""
    for letters in (path.upper(), path):
        twin = f"records/{letters[len('records/') :]}"
        stem = twin[: -len(".yaml")] if twin.lower().endswith(".yaml") else twin
        if record_of(f"{stem}.yaml") and f"{stem}.yaml" != path:
            return f"{stem}.yaml"
    return ""


def _is_odd(path: str) -> bool:
    if path.startswith("policy/"):
        is_party = path.startswith(PARTIES_FOLDER) and path.endswith(".yaml")
        is_known = path == POLICY_FILE or path in _BESIDE_PARTIES or path.startswith(_SIGNED)
        return not is_party and not is_known
    return path.startswith("records/")
