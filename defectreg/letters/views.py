"""The view of an entry that goes with a letter: a file, and its SHA-256 that the letter names."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from defectreg.register.public import DISCLAIMER, PublicRecord, PublicStatement

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class View:
    """The file of an entry as it would be shown."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """As ``sha256sum`` prints it."""
        return hashlib.sha256(self.data).hexdigest()


def view_of(record: PublicRecord) -> View:
    """An entry as JSON; the same entry is the same bytes, on every day.

    Keys: ``schema_version``, ``disclaimer``, ``id``, ``kind_words``, ``says`` (fields by name),
    ``affected`` (combinations), ``marks``, ``statements`` (``key``, ``kind``, ``whose``, ``day``,
    ``about``, ``says``), ``withdrawn`` (``day`` and ``code``, or null).
    """
    withdrawal = record.withdrawal
    said = {
        "schema_version": SCHEMA_VERSION,
        "disclaimer": DISCLAIMER,
        "id": record.id,
        "kind_words": record.kind_words,
        "says": dict(record.values),
        "affected": [combination.text for combination in record.affected],
        "marks": list(record.marks),
        "statements": [_statement(said) for said in record.statements],
        "withdrawn": withdrawal and {"day": withdrawal.day.isoformat(), "code": withdrawal.code},
    }
    text = json.dumps(said, indent=1, ensure_ascii=True, sort_keys=True)
    return View(f"{record.id}.json", text.encode() + b"\n")


def _statement(said: PublicStatement) -> dict[str, Any]:
    return {
        "key": said.key,
        "kind": said.kind,
        "whose": said.whose,
        "day": said.day.isoformat(),
        "about": said.about,
        "says": dict(said.values),
    }
