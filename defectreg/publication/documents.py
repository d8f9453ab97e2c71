"""An entry as JSON holds it, and what stands first in every JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
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
# Indenting takes ten times as long; nothing here holds itself.
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_ESCAPES = tuple(
    (character.encode(), f"\\u{ord(character):04x}".encode()) for character in "<>&\u2028\u2029"
)


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
    return _head(
        register.title, register.is_demonstration, register.audience, register.day.isoformat()
    )


def _head(title: str, is_demonstration: bool, audience: str, day: str) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            "register": title,
            "demonstration": is_demonstration,
            "audience": audience,
            "as_of": day,
        },
    }


def headed(register: PublicRegister, key: str, value: bytes) -> bytes:
    """A file of JSON: what stands first in every one, and a value that is JSON already."""
    first = _head_bytes(
        register.title, register.is_demonstration, register.audience, register.day.isoformat()
    )
    return b'%s, "%s": %s}\n' % (first, key.encode(), value)


def record_bytes(record: PublicRecord, fields: tuple[PublicField, ...]) -> bytes:
    """An entry as JSON, the same in every file that holds it."""
    return value_bytes(record_value(record, fields))


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """A file of JSON that stays text wherever somebody puts it, inside a page's script too."""
    return value_bytes(document) + b"\n"


def value_bytes(value: Any) -> bytes:
    """A value as JSON that stays text wherever somebody puts it."""
    made = _ENCODE(value).encode()
    for character, escape in _ESCAPES:
        made = made.replace(character, escape)
    return made


@lru_cache(maxsize=16)
def _head_bytes(title: str, is_demonstration: bool, audience: str, day: str) -> bytes:
    """What stands first in every JSON file, its last brace left open."""
    return value_bytes(_head(title, is_demonstration, audience, day))[:-1]


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
