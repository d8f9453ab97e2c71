"""Who signed what is no statement of a record: a change of the rules, or a month's pointer."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.register.demonstration import DEMONSTRATION_KEYS
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.mandates import Signatory
from defectreg.register.statement import Statement, ends_with_signature, signed_part
from defectreg.store.signatures import check


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file that could be read; ``who`` is None where its signature does not count."""

    path: str
    data: Mapping[str, Any]
    who: Signatory | None


def read_signed(
    path: str, source: bytes, schema: str, grounds: Grounds, day: datetime.date
) -> tuple[Signed | None, list[Finding]]:
    """A file, held against a schema, and who signed it; the findings say what is wrong."""
    data, findings = grounds.held(schema, path, source)
    if data is None:
        return None, findings
    statement = Statement(path.rpartition("/")[2], data, hashlib.sha256(source).hexdigest())
    found = list(_wrong(statement, path, source, grounds))
    if statement.date > day:
        sentence = f"its date is after {day.isoformat()}"
        found.append(Finding(path, 1, 1, "G016", "error", sentence))
    held = grounds.parties.holder(statement.signer) if statement.signer and not found else None
    return Signed(path, data, Signatory(held[0], held[1]) if held else None), found


def _wrong(statement: Statement, path: str, source: bytes, grounds: Grounds) -> Iterator[Finding]:
    if not statement.is_signed:
        hint = "`defectreg policy sign` signs a change of the rules"
        yield Finding(path, 1, 1, "G021", "awaited", "it is not signed yet", hint)
        return
    sentence = _bad_key(statement, grounds) or _bad_signature(statement, source)
    if sentence:
        line = signed_part(source).count(b"\n") + 1
        yield Finding(path, line, 1, "G021", "error", sentence, "sign it anew with your own key")


def _bad_key(statement: Statement, grounds: Grounds) -> str:
    """Why the key that signed does not count; empty where it does."""
    said = statement.bears
    if said is None:
        return "the signature cannot be read"
    if said.namespace != grounds.policy.namespace:
        return "the signature is made for another register or purpose"
    if said.fingerprint in DEMONSTRATION_KEYS and not grounds.policy.demonstration:
        return "it is signed with a demonstration key, which anyone may have"
    held = grounds.parties.holder(said.fingerprint)
    if held is None or held[0].slug != statement.by:
        return f"no person of {statement.by} holds the key that signed"
    return "" if held[2].state == "active" else f"the key that signed is {held[2].state}"


def _bad_signature(statement: Statement, source: bytes) -> str:
    said = statement.bears
    if said is None or not ends_with_signature(source, statement.text("signature")):
        return "the signature is not the last thing in the file, written as `policy sign` does"
    text = statement.text("signature")
    return check(signed_part(source), text, said.namespace, said.key) or ""
