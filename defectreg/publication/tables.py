"""An entry as a row of a table; what one cell cannot hold, the JSON has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from defectreg.formats.columns import list_cell
from defectreg.publication.documents import public_value
from defectreg.register.public import DISCLAIMER, PublicField, PublicRecord

_OWN_COLUMNS = ("stage", "kind-words", "first-day", "last-day", "marks", "fix", "withdrawn-code",
                "other", "disclaimer")  # fmt: skip


def table_names(fields: tuple[PublicField, ...]) -> list[str]:
    """The names of a table's columns: the schema's, then our own."""
    return [*(field.column for field in fields if field.column), *_OWN_COLUMNS]


def table_row(record: PublicRecord, fields: tuple[PublicField, ...]) -> list[str]:
    """An entry as a row under ``table_names``; the last cell is the disclaimer."""
    withdrawal = record.withdrawal
    return [
        *(_field_cell(record, field) for field in fields if field.column),
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


def _field_cell(record: PublicRecord, field: PublicField) -> str:
    """Of a withdrawn entry only its id is left."""
    if field.path == ("id",):
        return record.id
    return _cell(public_value(record, field)) if record.withdrawal is None else ""


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
