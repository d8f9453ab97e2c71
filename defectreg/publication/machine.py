"""What programs read: JSON of each entry and of all, CSV of all, and what crawlers are told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from defectreg.formats.columns import BYTE_ORDER_MARK, list_cell, to_csv
from defectreg.publication.entry import value_of
from defectreg.publication.pages import Pages, has_bulk, is_indexed
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
_OWN_COLUMNS = ("stage", "kind-words", "first-day", "last-day", "marks", "fix", "withdrawn-code",
                "other", "disclaimer")  # fmt: skip


def record_files(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The JSON of each entry."""
    for record in register.records:
        document = {**_head(register), "record": record_value(record, register.fields)}
        yield f"records/{record.id}.json", _json(document)


def everything_json(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """All entries in one file, where the search level allows it."""
    if has_bulk(register):
        records = [record_value(record, register.fields) for record in register.records]
        yield "all.json", _json({**_head(register), "records": records})


def everything_csv(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """All entries as a table, where the search level allows it; its last column the disclaimer."""
    if has_bulk(register):
        fields = [field for field in register.fields if field.column]
        names = [*(field.column for field in fields), *_OWN_COLUMNS]
        rows = [_row(record, fields) for record in register.records]
        # Without an entry the disclaimer would be missing.
        rows = rows or [["" for _ in names[:-1]] + [DISCLAIMER]]
        yield "all.csv", (BYTE_ORDER_MARK + to_csv(names, rows)).encode()


def robots(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """What crawlers are told."""
    rule = "Allow" if is_indexed(register) else "Disallow"
    yield "robots.txt", f"# {DISCLAIMER}\nUser-agent: *\n{rule}: /\n".encode()


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


def _head(register: PublicRegister) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            "register": register.title,
            "demonstration": register.is_demonstration,
            "audience": register.audience,
            "as_of": register.day.isoformat(),
            "commit": register.commit,
        },
    }


def _json(document: Mapping[str, Any]) -> bytes:
    """JSON that stays text wherever somebody puts it, inside a page's script too."""
    text = json.dumps(document, ensure_ascii=False)  # indenting takes ten times as long
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"{text}\n".encode()


def _values(record: PublicRecord, fields: tuple[PublicField, ...]) -> dict[str, Any]:
    """The record's own fields, nested as its file has them, defaults filled in."""
    values: dict[str, Any] = {}
    for field in fields:
        value = value_of(record, field)
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


def _row(record: PublicRecord, fields: list[PublicField]) -> list[str]:
    withdrawal = record.withdrawal
    cells = [_cell(value_of(record, field)) if withdrawal is None else "" for field in fields]
    for position, field in enumerate(fields):
        if field.path == ("id",):
            cells[position] = record.id
    return [
        *cells,
        "published" if withdrawal is None else "withdrawn",
        record.kind_words,
        record.first_day.isoformat(),
        record.last_day.isoformat(),
        list_cell(record.marks),
        list_cell(_fixes(record)),
        withdrawal.code if withdrawal else "",
        withdrawal.other if withdrawal else "",
        DISCLAIMER,
    ]


def _fixes(record: PublicRecord) -> Iterator[str]:
    """Device and firmware of each fix that counts."""
    for statement in record.statements:
        if statement.kind == "fix" and not statement.is_superseded:
            values = statement.values
            yield f"{values.get('device', '')} {values.get('firmware', '')}".strip()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return list_cell(map(str, value)) if isinstance(value, list) else str(value)
