"""Whether a document is what its schema says: one library decides, another explains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from defectreg.register.errors import CannotRun
from defectreg.register.findings import Problem
from defectreg.register.schema.annotations import Schema

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

SCHEMA_CODES: Mapping[str, tuple[str, str]] = {
    "S001": ("an unknown key", "remove it, or write it as the field reference does"),
    "S002": ("a missing key", "add it; the field reference says what belongs there"),
    "S003": ("a value of the wrong type", "write a text, a list or a mapping as asked"),
    "S004": ("a value that is not one of those allowed", "take one of the values named"),
    "S005": ("a value of the wrong form", "write it as the examples of the field reference"),
    "S006": ("a value too long, too short, too large or too small", "keep within the bounds"),
    "S007": ("not a day of the calendar", "write the day as YYYY-MM-DD"),
    "S008": ("a list with too few or too many items", "keep within the bounds"),
    "S009": ("not what the schema allows", "see the field reference"),
    "S010": ("a schema that breaks the schemas' own rules", "mend the schema"),
    "S011": ("a file that is no part of a register", "move it, or name its path in the policy"),
    "S012": ("a file that cannot be read", "put a regular file there that everyone may read"),
}
"""Code → (what it means, what to do)."""

_CODE_OF = {
    "additionalProperties": "S001",
    "required": "S002",
    "type": "S003",
    "enum": "S004",
    "const": "S004",
    "pattern": "S005",
    "format": "S007",
    "minLength": "S006",
    "maxLength": "S006",
    "minimum": "S006",
    "maximum": "S006",
    "minItems": "S008",
    "maxItems": "S008",
}
_BOUNDS = {
    "minLength": "is shorter than {} characters",
    "maxLength": "is longer than {} characters",
    "minimum": "is less than {}",
    "maximum": "is more than {}",
    "minItems": "has fewer than {} items",
    "maxItems": "has more than {} items",
}
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
}


class Validator:
    """Checks data, as ``yamltext`` loads it, against one schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    @cached_property
    def _decides(self) -> Any:
        import jsonschema_rs

        try:
            return jsonschema_rs.Draft202012Validator(
                dict(self.schema.document), validate_formats=True, offline=True
            )
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            name = self.schema.document.get("title", "one")
            raise CannotRun(f"the schema {name} cannot be used", "restore it from git") from error

    def holds(self, data: Any) -> bool:
        """Whether data that ``Schema.coerced`` returned are what the schema says."""
        return bool(self._decides.is_valid(data))

    def problems(self, data: Any) -> Iterator[tuple[str, Problem]]:
        """Pairs of code and problem; none where the data hold."""
        if self.holds(data):
            return
        found = list(dict.fromkeys(self._explained(data)))
        yield from found or [("S009", Problem((), "this is not what the schema allows"))]

    def _explained(self, data: Any) -> Iterator[tuple[str, Problem]]:
        from jsonschema import FormatChecker
        from jsonschema.exceptions import ValidationError
        from jsonschema.validators import Draft202012Validator, extend

        def whole_pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
            """Python's ``$`` also stands before a last line feed; the schemas' does not."""
            if isinstance(value, str) and not re.search(pattern[:-1] + r"\Z", value):
                yield ValidationError("does not match")

        explains = cast(Any, extend)(Draft202012Validator, {"pattern": whole_pattern})(
            dict(self.schema.document), format_checker=FormatChecker(["date"])
        )
        for error in sorted(explains.iter_errors(data), key=lambda e: list(map(str, e.path))):
            yield from self._problems_of(error)

    def _problems_of(self, error: ValidationError) -> Iterator[tuple[str, Problem]]:
        keyword, schema, instance = str(error.validator), cast(Any, error.schema), error.instance
        path = tuple(error.absolute_path)
        code = _CODE_OF.get(keyword, "S009")
        if keyword == "additionalProperties":
            known = list(schema.get("properties", ()))
            for key in cast(Any, instance):
                if key not in known:
                    sentence = f"the key {key!a:.80} is not known here"
                    yield code, Problem((*path, key), sentence, _did_you_mean(key, known))
        elif keyword == "required":
            for key in schema["required"]:
                if key not in cast(Any, instance):
                    hint = str(self.schema.resolve(schema["properties"][key])["description"])
                    yield code, Problem(path, f"the key {key} is missing", hint)
        else:
            yield code, Problem(path, *_sentence(keyword, schema, error))


def _sentence(keyword: str, schema: Any, error: ValidationError) -> tuple[str, str]:
    """Sentence and hint. The value itself is never repeated: it may be personal."""
    title = str(schema.get("title", "this value")).lower()
    wanted = cast(Any, error.validator_value)
    if keyword == "type":
        return f"{title} must be {_TYPES.get(str(wanted), wanted)}", ""
    if keyword in ("enum", "const"):
        values = [str(value) for value in (wanted if keyword == "enum" else [wanted])]
        hint = _did_you_mean(str(error.instance), values) or f"one of {', '.join(values)}"
        return f"{title} is not one of the values allowed", hint
    if keyword in _BOUNDS:
        return f"{title} {_BOUNDS[keyword].format(wanted)}", ""
    if keyword == "format":
        return f"{title} is not a day of the calendar", "write it as YYYY-MM-DD"
    examples = schema.get("examples", ())
    hint = f"for example {examples[0]}" if examples else str(schema.get("description", ""))
    return f"{title} is not written as it should be", hint


def _did_you_mean(word: str, known: list[str]) -> str:
    near = get_close_matches(word[:80], known, n=1)
    return f"did you mean {near[0]}?" if near else ""
