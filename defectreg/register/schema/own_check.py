"""The schema's own check: only the keywords we know, and a class on every leaf."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from defectreg.register.findings import DataPath, Problem

KEYWORDS = frozenset(
    "type properties required additionalProperties items enum const pattern format "
    "minimum maximum minLength maxLength minItems maxItems $ref "
    "$schema $id $defs title description default examples".split()
)
CLASSES = ("clear", "green", "amber", "red")
SCALARS = ("string", "integer", "boolean")
LOCAL_REFERENCE = re.compile(r"#/\$defs/[a-z][a-z0-9-]*", re.ASCII)
WIDE_CLASSES = re.compile(r"\\[dDwWsSbBpP]|\(\?(?!:)|[^\x20-\x7e]")
"""Escapes that mean another set of characters in each engine, look-around, and not ASCII."""


def check_schema(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Problems of a schema document: unknown keywords, open objects, leaves without a class."""
    yield from _check_node(document, (), document)
    for name, inner in document.get("$defs", {}).items():
        yield from _check_node(inner, ("$defs", name), document)


def _check_node(
    node: Mapping[str, Any], path: DataPath, document: Mapping[str, Any]
) -> Iterator[Problem]:
    for keyword in node:
        if keyword not in KEYWORDS and not keyword.startswith("x-"):
            yield Problem((*path, keyword), f"the keyword {keyword} is not one of those we use")
    if "$ref" in node:
        yield from _check_reference(node, path, document)
        return
    for keyword in ("title", "description"):
        if not node.get(keyword):
            yield Problem(path, f"a schema without a {keyword}")
    yield from _check_type(node, path, document)


def _check_type(
    node: Mapping[str, Any], path: DataPath, document: Mapping[str, Any]
) -> Iterator[Problem]:
    kind = node.get("type")
    if kind == "object":
        yield from _check_object(node, path, document)
    elif kind == "array":
        if "items" not in node:
            yield Problem(path, "a list that does not say what its items are")
        else:
            yield from _check_node(node["items"], (*path, "items"), document)
    elif kind in SCALARS:
        yield from _check_leaf(node, path)
    else:
        yield Problem(path, "the type is none of object, array, string, integer, boolean")


def _check_object(
    node: Mapping[str, Any], path: DataPath, document: Mapping[str, Any]
) -> Iterator[Problem]:
    if node.get("additionalProperties") is not False:
        yield Problem(path, "an object that does not refuse other keys")
    properties = node.get("properties", {})
    for name in node.get("required", ()):
        if name not in properties:
            yield Problem((*path, "required"), f"{name} is required and not described")
    for name, inner in properties.items():
        yield from _check_node(inner, (*path, "properties", name), document)


def _check_leaf(node: Mapping[str, Any], path: DataPath) -> Iterator[Problem]:
    if node.get("x-classification") not in CLASSES:
        yield Problem(path, "a leaf without x-classification: nobody may be shown it")
    pattern = node.get("pattern")
    if pattern is not None:
        if not (pattern.startswith("^") and pattern.endswith("$")):
            yield Problem((*path, "pattern"), "a pattern that is not anchored at both ends")
        if WIDE_CLASSES.search(pattern):
            yield Problem((*path, "pattern"), "a pattern with more than ASCII classes")
    if node.get("format", "date") != "date":
        yield Problem((*path, "format"), "a format other than date")
    if node.get("format") == "date" and pattern is None:
        yield Problem(path, "a date without the pattern that fixes its written form")


def _check_reference(
    node: Mapping[str, Any], path: DataPath, document: Mapping[str, Any]
) -> Iterator[Problem]:
    target = str(node["$ref"])
    if not LOCAL_REFERENCE.fullmatch(target):
        yield Problem((*path, "$ref"), "a reference that leaves the file")
    elif target.removeprefix("#/$defs/") not in document.get("$defs", {}):
        yield Problem((*path, "$ref"), "a reference to a definition that is not there")
