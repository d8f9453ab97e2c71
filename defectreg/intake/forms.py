"""The fields that a person fills in, as a schema's annotations say them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.intake.candidates import nested
from defectreg.register.classification import ALIASES
from defectreg.register.codes import parse_alert_code
from defectreg.register.devices import parse_combination
from defectreg.register.schema import Leaf, Schema, Validator

SAID_KINDS = (
    "report",
    "cause",
    "fix",
    "workaround",
    "accommodation",
    "confirmation",
    "challenge",
    "response",
    "consent",
)
"""The kinds of statement that ``add KIND ID`` writes."""
_GIVEN = frozenset({"id", "of", "kind", "by", "date", "signature"})
"""Keys of a statement that are known without asking; ``id`` of a record."""
_YES_OR_NO = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: a leaf of a schema under its dotted key (``impact.consumers``)."""

    key: str
    about: Mapping[str, Any]
    """The schema of the property: of a list, the list's."""
    item: Mapping[str, Any]
    """The schema of one value."""
    is_required: bool
    """Whether nothing is written without it."""
    kinds: frozenset[str]
    """Of a statement's field: the kinds in which it may stand."""

    @property
    def is_list(self) -> bool:
        """Whether it has several values."""
        return self.about.get("type") == "array"

    @property
    def is_boolean(self) -> bool:
        """Whether its value is true or false."""
        return self.item.get("type") == "boolean"

    @property
    def is_combination(self) -> bool:
        """Whether its values are combinations in the notation."""
        return self.item.get("x-notation") == "combination"

    @property
    def is_long(self) -> bool:
        """Whether it is text of several lines."""
        closed = {"enum", "pattern", "format"} & self.item.keys()
        return not closed and self.item.get("maxLength", 0) > 200

    @property
    def values(self) -> tuple[str, ...]:
        """The values it may have; none where any text of its form will do."""
        return tuple(self.item.get("enum", ()))

    @property
    def default(self) -> Any:
        """What absent means; None where it means nothing."""
        return self.about.get("default")

    @property
    def prompt(self) -> str:
        """The question a person is asked; empty where nobody is."""
        return str(self.about.get("x-prompt", ""))

    @property
    def title(self) -> str:
        """Its name in a sentence."""
        return str(self.about["title"])

    def parsed(self, text: str) -> Any:
        """One value as it is written in a file, from what a person typed.

        Raises ValueError (of a combination: NotationError, with a column) with a sentence.
        """
        text = tidy(text)
        if self.is_combination:
            return str(parse_combination(text))
        if self.key == "alerts":
            return parse_alert_code(text)
        if self.is_boolean:
            return _parsed_boolean(text)
        if self.item.get("type") == "integer" and re.fullmatch("[0-9]{1,18}", text, re.ASCII):
            return int(text)
        if self.key in ("classification", "audience"):
            text = ALIASES.get(text.casefold(), text)
        return _chosen(text, self.values)

    def written(self, text: str) -> Any:
        """As :meth:`parsed`; a text that it refuses stays, for the check to say why."""
        try:
            return self.parsed(text)
        except ValueError:
            return tidy(text)

    def split(self, text: str) -> list[str]:
        """The values in one line: separated by commas or blanks, which a combination may hold."""
        if self.is_combination:
            return [text]
        return [piece for piece in re.split(r"[,\s]+", text) if piece]


def record_fields(schema: Schema) -> tuple[Field, ...]:
    """The fields of a record, in the schema's order; its id is not asked."""
    required = schema.document.get("required", ())
    return tuple(
        _field(leaf, schema, leaf.key in required)
        for leaf in schema.leaves
        if leaf.key not in _GIVEN - {"kind"}
    )


def statement_fields(schema: Schema, kind: str = "") -> tuple[Field, ...]:
    """The fields of one kind of statement, or of all that can be added, in the schema's order."""
    wanted = {kind} if kind else set(SAID_KINDS)
    fields = (
        _field(leaf, schema, kind in _top(leaf, schema).get("x-required-in", ()))
        for leaf in schema.leaves
        if leaf.key not in _GIVEN
    )
    return tuple(field for field in fields if field.kinds & wanted)


def report_fields(record: Schema, statement: Schema) -> tuple[Field, ...]:
    """What a new record's own report says beside the record: the fields that only reports have."""
    in_record = {field.key for field in record_fields(record)}
    return tuple(
        field
        for field in statement_fields(statement, "report")
        if "x-kinds" in field.about and (field.key not in in_record or field.key == "since")
    )


def missing(fields: Iterable[Field], values: Mapping[str, Any]) -> list[Field]:
    """The required fields that have no value yet."""
    return [field for field in fields if field.is_required and not values.get(field.key)]


def normalised(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values out of a file as they are written; what belongs to no field stays as it is."""
    known = {field.key: field for field in fields}
    return {
        key: _normalised(known[key], value) if key in known else value
        for key, value in values.items()
    }


def complaint(field: Field, value: Any, validator: Validator) -> str:
    """What the schema has against a field's value; empty where nothing.

    Of a list, the value may be one item.
    """
    whole = [value] if field.is_list and not isinstance(value, list) else value
    top = field.key.split(".")[0]
    for code, problem in validator.problems(nested({field.key: whole})):
        if problem.path[:1] == (top,) and code != "S002":
            return f"{problem.sentence}: {problem.hint}" if problem.hint else problem.sentence
    return ""


def tidy(text: str) -> str:
    """Text as files hold it: NFC, line feeds, no blanks at the ends of lines or around it all."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line.rstrip(" \t") for line in text.split("\n")]
    text = "\n".join(lines).strip("\n").strip(" \t")
    return text + "\n" if "\n" in text else text


def _field(leaf: Leaf, schema: Schema, is_required: bool) -> Field:
    kinds = frozenset(_top(leaf, schema).get("x-kinds", SAID_KINDS))
    return Field(leaf.key, leaf.property_schema, leaf.schema, is_required, kinds)


def _top(leaf: Leaf, schema: Schema) -> Mapping[str, Any]:
    return schema.properties[leaf.path[0]]


def _normalised(field: Field, value: Any) -> Any:
    if isinstance(value, list) and field.is_list:
        return [field.written(item) if isinstance(item, str) else item for item in value]
    return field.written(value) if isinstance(value, str) and not field.is_list else value


def _parsed_boolean(text: str) -> bool:
    try:
        return _YES_OR_NO[text.casefold()]
    except KeyError:
        raise ValueError("answer yes or no") from None


def _chosen(text: str, values: tuple[str, ...]) -> str:
    """The one value that begins as typed, capitals or not; else what was typed."""
    if text in values:
        return text
    near = [value for value in values if value.casefold().startswith(text.casefold())]
    return near[0] if len(near) == 1 and text else text
