"""The canonical form of records and statements: who may be given it, and what it would be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from defectreg.register.devices import NotationError, parse_combination
from defectreg.register.findings import DataPath, Finding
from defectreg.register.grounds import Grounds, finding_of
from defectreg.register.record import record_path
from defectreg.register.schema import Schema
from defectreg.register.statement import place_of_statement
from defectreg.register.yamltext import Document, YamlError, canonical, load, replace


@dataclass(frozen=True, slots=True)
class Formatted:
    """What the canonical form of one file is, where it is not the file's present one.

    ``kept_because`` says why the file stays as it is all the same; empty where it may change.
    """

    path: str
    before: str
    after: str
    kept_because: str = ""


def formatted(files: Mapping[str, bytes], grounds: Grounds) -> Iterator[Formatted | Finding]:
    """What of one record's file and its statements' files is not canonical, sorted by path.

    A file that cannot be read gives its finding.
    """
    documents: dict[str, Document] = {}
    for path, source in sorted(files.items()):
        try:
            documents[path] = load(source)
        except YamlError as error:
            yield finding_of(path, error)
    accepted = frozenset(_accepted(documents))
    for path, document in documents.items():
        schema = "statement" if place_of_statement(path) else "record"
        try:
            after = _canonical(document, grounds.schemas[schema])
        except ValueError as error:
            yield Finding(path, 1, 1, "S009", "error", str(error))
            continue
        if after != document.text:
            sha256 = hashlib.sha256(files[path]).hexdigest()
            why = _kept_because(document, sha256 in accepted)
            yield Formatted(path, document.text, after, why)


def _canonical(document: Document, schema: Schema) -> str:
    """The canonical text; combinations too are written in their one form, where they have one."""
    for leaf in schema.leaves:
        listed = document.data.get(leaf.path[0])
        if leaf.schema.get("x-notation") == "combination" and isinstance(listed, list):
            for index, text in enumerate(listed):
                document = _with_combination(document, (leaf.path[0], index), text)
    return canonical(document, schema.order)


def _with_combination(document: Document, path: DataPath, text: object) -> Document:
    try:
        written = str(parse_combination(str(text)))
    except NotationError:
        return document
    return document if written == text else load(replace(document, path, written).encode())


def paths_of(record_id: str) -> tuple[str, str]:
    """The record's file and the folder of its statements, as a source is asked for them."""
    path = record_path(record_id)
    return path, path.removesuffix(".yaml")


def _kept_because(document: Document, is_accepted: bool) -> str:
    if "signature" in document.data:
        return "it is signed"
    return "it is accepted as it is" if is_accepted else ""


def _accepted(documents: Mapping[str, Document]) -> Iterator[str]:
    """The SHA-256 of every file that an accept among these statements names."""
    for document in documents.values():
        read = document.data.get("read")
        if document.data.get("decision") == "accept" and isinstance(read, list):
            yield from (line[:64] for line in read if isinstance(line, str))
