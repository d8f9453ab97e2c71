"""The schema's own check: only the keywords we know, a class on every leaf, and an end to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from defectreg.register.findings import DataPath, Problem
from defectreg.register.schema.patterns import check_pattern

KEYWORDS = frozenset(
    "type properties required additionalProperties items enum const pattern format "
    "minimum maximum minLength maxLength minItems maxItems $ref "
    "$schema $id $defs title description default examples".split()
)
CLASSES = ("clear", "green", "amber", "red")
SCALARS = ("string", "integer", "boolean")
LOCAL_REFERENCE = re.compile(r"#/\$defs/[a-z][a-z0-9-]*", re.ASCII)
_DEFINITIONS = "#/$defs/"
_AT_THE_TOP = frozenset({"$schema", "$id", "$defs"})
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAME = re.compile(r"urn:[a-z0-9:.-]+", re.ASCII)
_OF_TYPE = {
    "properties": "object",
    "required": "object",
    "additionalProperties": "object",
    "items": "array",
    "minItems": "array",
    "maxItems": "array",
    "pattern": "string",
    "format": "string",
    "minLength": "string",
    "maxLength": "string",
    "minimum": "integer",
    "maximum": "integer",
}
"""Keywords that say something of one type only."""
_DEEPEST = 16
"""Levels of a schema; a file of the register is not nested deeper."""


def check_schema(document: Any) -> Iterator[Problem]:
    """Problems of a schema document: unknown keywords, open objects, leaves without a class.

    Of any document: where there is none, the meta-schema holds, and whatever walks the schema ends.
    """
    if not isinstance(document, Mapping):
        yield Problem((), "a schema is a mapping")
        return
    problems = list(_check_node(document, (), document))
    if document.get("type") != "object" or not document.get("properties"):
        problems.append(Problem((), "a schema whose top is no object with properties"))
    definitions = document.get("$defs", {})
    for name, inner in definitions.items() if isinstance(definitions, Mapping) else ():
        problems.extend(_check_node(inner, ("$defs", name), document))
    problems.extend(_check_cycles(document) if not problems else ())
    yield from problems or _check_meta(document)


def _check_node(
    node: Any, path: DataPath, document: Mapping[str, Any], depth: int = 0
) -> Iterator[Problem]:
    if not isinstance(node, Mapping):
        yield Problem(path, "a schema is a mapping")
        return
    if depth > _DEEPEST:
        yield Problem(path, f"a schema is nested more than {_DEEPEST} deep")
        return
    yield from _check_keywords(node, path)
    if "$ref" in node:
        yield from _check_reference(node, path, document)
        return
    wrong = [keyword for keyword, value in node.items() if not _fits(keyword, value)]
    for keyword in wrong:
        yield Problem((*path, keyword), f"what {keyword} says is of the wrong kind")
    for keyword in ("title", "description"):
        if not node.get(keyword):
            yield Problem(path, f"a schema without a {keyword}")
    if not wrong:
        yield from _check_type(node, path, document, depth)


def _check_keywords(node: Mapping[str, Any], path: DataPath) -> Iterator[Problem]:
    for keyword in node:
        if keyword not in KEYWORDS and not keyword.startswith("x-"):
            yield Problem((*path, keyword), f"the keyword {keyword} is not one of those we use")
        if keyword in _AT_THE_TOP and path:
            yield Problem((*path, keyword), f"{keyword} stands at the top alone")
        if "type" in node and _OF_TYPE.get(keyword, node["type"]) != node["type"]:
            yield Problem((*path, keyword), f"{keyword} says nothing of this type")


def _fits(keyword: str, value: Any) -> bool:
    """Whether a value is of the kind that its keyword takes."""
    test = _KINDS.get(keyword)
    return test is None or test(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return _is_whole(value) and value >= 0


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value)) and len({*value}) == len(value)


_KINDS: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("title", "description", "pattern", "format"), _is_text),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _is_count),
    **dict.fromkeys(("minimum", "maximum"), _is_whole),
    **dict.fromkeys(("properties", "$defs"), _is_mapping),
    **dict.fromkeys(("enum", "examples"), _is_list),
    "required": _are_names,
    "$schema": lambda value: bool(value == _DIALECT),
    "$id": lambda value: isinstance(value, str) and _NAME.fullmatch(value) is not None,
}


def _check_type(
    node: Mapping[str, Any], path: DataPath, document: Mapping[str, Any], depth: int
) -> Iterator[Problem]:
    kind = node.get("type")
    if kind == "object":
        yield from _check_object(node, path, document, depth)
    elif kind == "array":
        if "items" not in node:
            yield Problem(path, "a list that does not say what its items are")
        else:
            yield from _check_node(node["items"], (*path, "items"), document, depth + 1)
    elif isinstance(kind, str) and kind in SCALARS:
        yield from _check_leaf(node, path)
    else:
        yield Problem(path, "the type is none of object, array, string, integer, boolean")


def _check_object(
    node: Mapping[str, Any], path: DataPath, document: Mapping[str, Any], depth: int
) -> Iterator[Problem]:
    if node.get("additionalProperties") is not False:
        yield Problem(path, "an object that does not refuse other keys")
    properties = node.get("properties", {})
    for name in node.get("required", ()):
        if name not in properties:
            yield Problem((*path, "required"), f"{name} is required and not described")
    for name, inner in properties.items():
        yield from _check_node(inner, (*path, "properties", name), document, depth + 1)


def _check_leaf(node: Mapping[str, Any], path: DataPath) -> Iterator[Problem]:
    if node.get("x-classification") not in CLASSES:
        yield Problem(path, "a leaf without x-classification: nobody may be shown it")
    pattern = node.get("pattern")
    if pattern is not None:
        for sentence in check_pattern(pattern):
            yield Problem((*path, "pattern"), sentence)
    if node.get("format", "date") != "date":
        yield Problem((*path, "format"), "a format other than date")
    if node.get("format") == "date" and pattern is None:
        yield Problem(path, "a date without the pattern that fixes its written form")


def _check_reference(
    node: Mapping[str, Any], path: DataPath, document: Mapping[str, Any]
) -> Iterator[Problem]:
    target, definitions = node["$ref"], document.get("$defs", {})
    if not isinstance(target, str) or not LOCAL_REFERENCE.fullmatch(target):
        yield Problem((*path, "$ref"), "a reference that leaves the file")
    elif (
        not isinstance(definitions, Mapping) or target.removeprefix(_DEFINITIONS) not in definitions
    ):
        yield Problem((*path, "$ref"), "a reference to a definition that is not there")
    if len(node) > 1:
        yield Problem(path, "a reference with something beside it, which nobody would heed")


def _check_cycles(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Definitions that lead back to themselves: what walks them would never end."""
    definitions: Mapping[str, Any] = document.get("$defs", {})
    leads = {name: set(_references(inner)) for name, inner in definitions.items()}
    for name in definitions:
        reached: set[str] = set()
        ahead = set(leads[name])
        while ahead:
            reached |= ahead
            ahead = set().union(*(leads[each] for each in ahead)) - reached
        if name in reached:
            yield Problem(("$defs", name), "a definition that refers to itself")


def _references(node: Mapping[str, Any]) -> Iterator[str]:
    """The definitions that a node which passed its check refers to."""
    if "$ref" in node:
        yield node["$ref"].removeprefix(_DEFINITIONS)
    for inner in (*node.get("properties", {}).values(), *filter(None, [node.get("items")])):
        yield from _references(inner)


def _check_meta(document: Mapping[str, Any]) -> Iterator[Problem]:
    import jsonschema_rs

    if not jsonschema_rs.meta.is_valid(dict(document)):
        yield Problem((), "this is no JSON Schema of 2020-12")
