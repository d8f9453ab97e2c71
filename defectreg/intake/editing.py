"""Changing one field of a record and leaving the rest as its author wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias

from defectreg.intake.candidates import ordered
from defectreg.intake.forms import Field, record_fields
from defectreg.register.errors import UsageProblem
from defectreg.register.schema import Schema
from defectreg.register.yamltext import Document, insert, load, remove, replace

Act: TypeAlias = Literal["set", "add", "take"]
_SIGNS: dict[str, Act] = {"+": "add", "-": "take"}


@dataclass(frozen=True, slots=True)
class Assignment:
    """``FIELD=VALUE``, ``FIELD+=VALUE`` or ``FIELD-=VALUE``, as it was typed.

    To set nothing takes the field out.
    """

    field: Field
    act: Act
    values: tuple[Any, ...]


def parse_assignment(text: str, schema: Schema) -> Assignment:
    """What a person wants changed in a record. Raises UsageProblem."""
    name, equals, typed = text.partition("=")
    if not equals:
        raise UsageProblem(
            f"{text!a:.60} changes nothing", "write FIELD=VALUE; of lists also += and -="
        )
    act = _SIGNS.get(name[-1:], "set")
    key = (name if act == "set" else name[:-1]).strip().replace("_", "-")
    field = _named(key, schema)
    if act != "set" and not field.is_list:
        raise UsageProblem(f"{key} is no list", f"write {key}=VALUE")
    pieces = field.split(typed) if field.is_list else [typed]
    values = tuple(field.written(piece) for piece in pieces if piece.strip())
    if act != "set" and not values:
        raise UsageProblem(f"{text!a:.60} names no value", f"write {name}=VALUE")
    return Assignment(field, act, values)


def edited(source: bytes, assignments: Sequence[Assignment], schema: Schema) -> bytes:
    """A record's file with these changes; its comments and the order of its keys stay.

    Raises UsageProblem for a value to be taken out that is not there, YamlError for a file that
    cannot be read, and ValueError for a value that no file may hold.
    """
    for assignment in assignments:
        document = load(source)
        source = _with(document, assignment, schema).encode()
    return source


def _with(document: Document, assignment: Assignment, schema: Schema) -> str:
    path = assignment.field.key.split(".")
    if not assignment.field.is_list:
        value = assignment.values[0] if assignment.values else None
        return _placed(document, path, value, schema)
    if assignment.act == "set":
        return _placed(document, path, list(assignment.values) or None, schema)
    standing = _list_at(document, path)
    if assignment.act == "take":
        return _taken(document, path, standing, assignment, schema)
    new = [value for value in assignment.values if value not in standing]
    return _placed(document, path, [*standing, *new], schema) if new else document.text


def _taken(
    document: Document, path: list[str], standing: list[Any], assignment: Assignment, schema: Schema
) -> str:
    written = [assignment.field.written(str(value)) for value in standing]
    for value in assignment.values:
        if value not in written:
            raise UsageProblem(
                f"{assignment.field.key} does not hold that value",
                f"it holds {len(standing)}: `defectreg show` lists them",
            )
    kept = [
        value
        for value, text in zip(standing, written, strict=True)
        if text not in assignment.values
    ]
    return _placed(document, path, kept or None, schema)


def _placed(document: Document, path: list[str], value: Any, schema: Schema) -> str:
    """The text with another value at a path; None takes it out."""
    if value is None:
        return remove(document, tuple(path)) if _stands(document, path) else document.text
    if _stands(document, path):
        return _replaced(document, path, value)
    top, *inner = path
    if not inner:
        return insert(document, top, value, schema.order)
    around = document.data.get(top)
    if not isinstance(around, dict):
        return _new_mapping(document, top, {inner[0]: value}, schema)
    together = ordered({**around, inner[0]: value}, schema.properties[top], schema)
    return replace(document, (top,), together)


def _replaced(document: Document, path: list[str], value: Any) -> str:
    """Items of a list that stay keep their lines, and the comments beside them."""
    standing = _list_at(document, path)
    if not isinstance(value, list) or not standing or not set(value) < set(standing):
        return replace(document, tuple(path), value)
    for index in reversed(range(len(standing))):
        if standing[index] not in value:
            document = load(remove(document, (*path, index)).encode())
    return document.text


def _new_mapping(document: Document, top: str, value: dict[str, Any], schema: Schema) -> str:
    if top in document.data:
        return replace(document, (top,), value)
    return insert(document, top, value, schema.order)


def _stands(document: Document, path: list[str]) -> bool:
    data: Any = document.data
    for name in path:
        if not isinstance(data, dict) or name not in data:
            return False
        data = data[name]
    return True


def _list_at(document: Document, path: list[str]) -> list[Any]:
    data: Any = document.data
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, list) else []


def _named(key: str, schema: Schema) -> Field:
    if key == "id":
        raise UsageProblem("the id of a record never changes", "withdraw the record, or leave it")
    fields = {field.key: field for field in record_fields(schema)}
    if key not in fields:
        near = get_close_matches(key, fields, n=2) or list(fields)
        raise UsageProblem(
            f"a record has no field {key!a:.60}",
            f"did you mean {' or '.join(near)}?" if len(near) <= 2 else f"one of {', '.join(near)}",
        )
    return fields[key]
