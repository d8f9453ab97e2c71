"""Small cases for tests of what counts: one good record, statements by kind, four Parties."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Any

from defectreg.register.parties import Parties, Party
from defectreg.register.policy import Policy
from defectreg.register.record import Record
from defectreg.register.schema import Schema
from defectreg.register.standing import Landed, Landing, Standing
from defectreg.register.statement import Statement

FIRST_DAY = datetime.date(2026, 3, 2)
"""A Monday without a bank holiday near it."""
RECORD_SHA = "a" * 64
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO+c/PxLCaBN+9m143PunbWjpS82zeTnv24cTS3VIwkV"
"""The public half of a key whose private half is gone; it made SIGNATURE."""
SIGNATURE = (
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg75z8/EsJoE372bXjc+6dtaOlLz\n"
    "bN5Oe/bhxNLdUjCRUAAAARZGVmZWN0cmVnQGV4YW1wbGUAAAAAAAAABnNoYTUxMgAAAFMA\n"
    "AAALc3NoLWVkMjU1MTkAAABAA6mqoN91b2lpVJUR0MvxdIZYtVEa+2G+Z1AuVl1ZTjnTHd\n"
    "gnE9i0WuXKL0eGNJtxEiIcRe2U3ZDEVjk2A1cxAQ==\n"
    "-----END SSH SIGNATURE-----\n"
)
SCHEMAS = Path(__file__).parents[3] / "schema"


def schema(name: str) -> Schema:
    import json

    return Schema(json.loads((SCHEMAS / f"{name}.schema.json").read_text()))


def policy(**switches: Any) -> Policy:
    data = {key.replace("_", "-"): value for key, value in switches.items()}
    return Policy.parse({"name": "example", **data}, schema("policy"))


def record(**changes: Any) -> Record:
    data = {
        "id": "DR-7K3Q-X4MB",
        "title": "Meter stops sending billing alerts",
        "kind": "issue",
        "affected": ["ESME:FF01/00010100@00010001"],
        "behaviour": "After the update the meter sends no alert at the end of the period.",
        "certainty": "suspected",
        "impact": {"consumers": "medium"},
    }
    data.update({key.replace("_", "-"): value for key, value in changes.items()})
    return Record(data, RECORD_SHA)


def party(slug: str, category: str, **more: Any) -> Party:
    keys = {key.replace("_", "-"): value for key, value in more.items()}
    return Party.parse(slug, {"name": slug, "category": category, **keys})


def parties() -> Parties:
    return Parties(
        {
            "supplier-one": party("supplier-one", "large-supplier"),
            "supplier-two": party("supplier-two", "large-supplier"),
            "maker-one": party("maker-one", "device-manufacturer", manufacturer_ids=["FF01"]),
            "dcc": party("dcc", "dcc"),
            "secas": party("secas", "secas"),
        }
    )


def said(kind: str, by: str, step: int = 0, number: int = 1, **keys: Any) -> Landed:
    """A statement that landed at a step, one step a day from FIRST_DAY."""
    day = FIRST_DAY + datetime.timedelta(days=step)
    file = f"{day}-{kind}-{by}{'' if number == 1 else f'-{number}'}.yaml"
    data = {key.rstrip("_").replace("_", "-"): value for key, value in keys.items()}
    data = {"of": "DR-7K3Q-X4MB", "kind": kind, "by": by, "date": day.isoformat(), **data}
    sha = hashlib.sha256(file.encode()).hexdigest()
    return Landed(Statement(file, data, sha), Landing(step, day, "dcc", "self"))


def decided(
    decision: str, *read: Landed | str, by: str = "dcc", step: int = 0, number: int = 1, **keys: Any
) -> Landed:
    """A sign-off that read these statements, or the record's present bytes where none is given."""
    shas = [item if isinstance(item, str) else item.statement.sha256 for item in read]
    lines = [f"{sha}  file.yaml" for sha in shas or [RECORD_SHA]]
    keys.setdefault("role", "validator")
    return said("sign-off", by, step, number, decision=decision, read=lines, **keys)


def standing(*landed: Landed, of: Record | None = None) -> Standing:
    return Standing(of or record(), landed, parties())
