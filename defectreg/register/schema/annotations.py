"""A schema as a value: its leaves, their annotations, and scalars as the types it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from defectreg.register.findings import DataPath

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
BOOLEANS = {"true": True, "false": False}
ITEMS = "*"
"""Stands for every position of a list in the path of a leaf."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scalar place of a schema. ``path`` has ``*`` for list positions."""

    path: tuple[str, ...]
    schema: Mapping[str, Any]
    property_schema: Mapping[str, Any]
    """The schema of the nearest named property: the list's for an item of a list."""

    @property
    def classification(self) -> str:
        """Its class; a leaf without one is refused by the schema's own check."""
        return str(self.schema["x-classification"])

    @property
    def key(self) -> str:
        """The dotted name that people type: ``impact.consumers``, ``affected``."""
        return ".".join(part for part in self.path if part != ITEMS)


@dataclass(frozen=True)
class Schema:
    """One JSON Schema document and what its annotations say."""

    document: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Mapping[str, Any]]:
        """The schemas of the top level's keys, in the order in which files have them."""
        properties: Mapping[str, Mapping[str, Any]] = self.document["properties"]
        return properties

    @cached_property
    def order(self) -> list[str]:
        """The top level's keys in canonical order."""
        return list(self.properties)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every scalar place, in the schema's order."""
        return tuple(self._walk(self.document, (), self.document))

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema that a local ``$ref`` names, or the schema itself."""
        while "$ref" in schema:
            target: Any = self.document
            for part in str(schema["$ref"]).removeprefix("#/").split("/"):
                target = target[part]
            schema = target
        return schema

    def at(self, path: DataPath) -> Mapping[str, Any] | None:
        """The schema of the value at a data path, or None where the schema knows none."""
        schema = self.resolve(self.document)
        for part in path:
            inner = schema.get("items") if isinstance(part, int) else None
            if isinstance(part, str):
                inner = schema.get("properties", {}).get(part)
            if inner is None:
                return None
            schema = self.resolve(inner)
        return schema

    def default(self, key: str) -> Any:
        """The default of a top-level key; None where it has none."""
        return self.resolve(self.properties[key]).get("default")

    def _walk(
        self, schema: Mapping[str, Any], path: tuple[str, ...], named: Mapping[str, Any]
    ) -> Iterator[Leaf]:
        schema = self.resolve(schema)
        if schema.get("type") == "object":
            for name, inner in schema.get("properties", {}).items():
                yield from self._walk(inner, (*path, name), self.resolve(inner))
        elif schema.get("type") == "array":
            yield from self._walk(schema["items"], (*path, ITEMS), named)
        else:
            yield Leaf(path, schema, named)

    @cached_property
    def _typed(self) -> Mapping[str, list[tuple[tuple[str, ...], str]]]:
        """Top key → the paths below it of the leaves that are no text, with their type."""
        typed: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for leaf in self.leaves:
            if leaf.path and leaf.schema.get("type") in ("integer", "boolean"):
                typed.setdefault(leaf.path[0], []).append((leaf.path[1:], leaf.schema["type"]))
        return typed

    def coerced(self, data: Any) -> Any:
        """The data with the scalars that this schema calls integer or boolean as such.

        A text that is neither stays text, so that the check can say so. The input is left alone
        and returned itself where there is nothing to change.
        """
        if not isinstance(data, dict) or self._typed.keys().isdisjoint(data):
            return data
        coerced = dict(data)
        for key in self._typed.keys() & data.keys():
            for path, name in self._typed[key]:
                coerced[key] = _coerced_at(coerced[key], path, name)
        return coerced


def _coerced_at(data: Any, path: tuple[str, ...], name: str) -> Any:
    if not path:
        return _coerced_scalar(data, name)
    if path[0] == ITEMS:
        if isinstance(data, list):
            return [_coerced_at(item, path[1:], name) for item in data]
        return data
    if isinstance(data, dict) and path[0] in data:
        return {**data, path[0]: _coerced_at(data[path[0]], path[1:], name)}
    return data


def _coerced_scalar(value: Any, name: str) -> Any:
    if not isinstance(value, str):
        return value
    if name == "boolean":
        return BOOLEANS.get(value, value)
    return int(value) if INTEGER.fullmatch(value) else value
