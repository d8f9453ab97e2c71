"""An entry as JSON holds it, and what stands first in every JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from defectreg.publication.entry import value_of
from defectreg.register.public import (
    DISCLAIMER,
    PublicCombination,
    PublicField,
    PublicRecord,
    PublicRegister,
    PublicStatement,
)

SCHEMA_VERSION = 1
"""Of the JSON; it rises when a key goes or changes its meaning, not when one is added."""
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode  # indenting takes ten times as long
_ESCAPES = tuple((character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029")


def record_value(record: PublicRecord, fields: tuple[PublicField, ...]) -> dict[str, Any]:
    """An entry as JSON holds it; of a withdrawn one, what its tombstone says."""
    value: dict[str, Any] = {
        "id": record.id,
        "stage": "published" if record.withdrawal is None else "withdrawn",
        "kind_words": record.kind_words,
        "first_day": record.first_day.isoformat(),
        "last_day": record.last_day.isoformat(),
        "marks": list(record.marks),
        "statements": [_statement_value(statement) for statement in record.statements],
    }
    if record.withdrawal is not None:
        value["withdrawn"] = {
            "day": record.withdrawal.day.isoformat(),
            "code": record.withdrawal.code,
            "other": record.withdrawal.other or None,
        }
        return value
    return {
        **value,
        "says": _values(record, fields),
        "affected": [_combination_value(combination) for combination in record.affected],
        "reported_by": list(record.reporters),
        "provided_by_manufacturer": record.is_provided_by_manufacturer,
        "validated_by_its_reporter": record.is_validated_by_its_reporter,
        "nobody_told_of": list(record.untold),
        "timeline": [
            {"day": event.day.isoformat(), "what": event.what, "whose": event.whose}
            for event in record.timeline
        ],
    }


def public_value(record: PublicRecord, field: PublicField) -> Any:
    """The value of a field for programs, defaults filled in; of an unconfirmed defect the kind is
    ``possible-defect``."""
    return record.kind_code if field.path == ("kind",) else value_of(record, field)


def head(register: PublicRegister) -> dict[str, Any]:
    """What stands first in every JSON file: version, disclaimer, audience and day."""
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            "register": register.title,
            "demonstration": register.is_demonstration,
            "audience": register.audience,
            "as_of": register.day.isoformat(),
        },
    }


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """JSON that stays text wherever somebody puts it, inside a page's script too."""
    text = _ENCODE(document)
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return f"{text}\n".encode()


def _values(record: PublicRecord, fields: tuple[PublicField, ...]) -> dict[str, Any]:
    """The record's own fields, nested as its file has them, defaults filled in."""
    values: dict[str, Any] = {}
    for field in fields:
        value = public_value(record, field)
        if value is not None:
            place = values
            for key in field.path[:-1]:
                place = place.setdefault(key, {})
            place[field.path[-1]] = value
    return values


def _combination_value(combination: PublicCombination) -> dict[str, Any]:
    return {
        "text": combination.text,
        "devices": [
            {
                "text": device.text,
                "type": device.type,
                "manufacturer": device.manufacturer or None,
                "model": device.model,
                "firmware": device.firmware,
            }
            for device in combination.devices
        ],
        "regions": list(combination.regions),
    }


def _statement_value(statement: PublicStatement) -> dict[str, Any]:
    return {
        "key": statement.key,
        "kind": statement.kind,
        "whose": statement.whose,
        "devices": list(statement.devices),
        "day": statement.day.isoformat(),
        "about": statement.about or None,
        "superseded": statement.is_superseded,
        "from_manufacturer": statement.is_from_manufacturer,
        "says": dict(statement.values),
    }
