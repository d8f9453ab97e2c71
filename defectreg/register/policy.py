"""The policy of a register: every switch with its value, and who decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from defectreg.register.schema import Schema

BESIDE_SWITCHES = (
    "name",
    "title",
    "contact",
    "address",
    "demonstration",
    "not-register",
    "decided",
)
"""Keys of the policy that are no switches of the domain."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided a switch, when (``YYYY-MM-DD``), and where that is written down."""

    by: str
    date: str
    reference: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The switches of one register. Each field is a key of ``schema/policy.schema.json``,
    with ``_`` for ``-``; meanings, defaults and sources stand there."""

    name: str
    title: str
    contact: str
    address: str
    demonstration: bool
    not_register: tuple[str, ...]
    indexing: str
    audience: str
    ceiling: str
    record_without_fix: str
    show_without_fix_to_parties: str
    show_without_fix_to_world: str
    added_classification: str
    search_level: str
    firmware: str
    manufacturer_shown: str
    who_validates: str
    dcc_reports_validated_by: str
    review_batch: int
    manufacturer_input: str
    reply_window: int
    silence: str
    letter_to_parties: str
    service_desk_history: str
    given_in_confidence: str
    certainty_threshold: str
    impact_threshold: str
    minimum_parties: int
    who_reports: tuple[str, ...]
    device_scope: str
    cadence: str
    figures: str
    security_items: str
    reporter_shown: str
    small_cell: int
    superfluous_alerts: tuple[str, ...]
    words: Mapping[str, str]
    decided: Mapping[str, Decision]

    @classmethod
    def parse(cls, data: Mapping[str, Any], schema: Schema) -> Policy:
        """The policy that data say, once they hold against the schema; its defaults fill up."""
        values = {field.name: _value(field.name, data, schema) for field in fields(cls)}
        values["words"] = {word["word"]: word["instead"] for word in values["words"]}
        values["decided"] = {
            switch: Decision(**decision) for switch, decision in data.get("decided", {}).items()
        }
        return cls(**values)

    @property
    def namespace(self) -> str:
        """The namespace in which this register's statements are signed."""
        return f"defectreg@{self.name}"

    def is_register_path(self, path: str) -> bool:
        """Whether a path of the repository belongs to the register."""
        return not any(
            path.startswith(other) if other.endswith("/") else path == other
            for other in self.not_register
        )


def switches(schema: Schema) -> list[str]:
    """The keys of the policy that are switches, in the schema's order."""
    return [key for key in schema.order if key not in BESIDE_SWITCHES]


_ADDED: Mapping[str, str] = {"address": ""}
"""Keys that schemas of earlier registers, and earlier steps of this one, do not have yet."""


def _value(field: str, data: Mapping[str, Any], schema: Schema) -> Any:
    key = field.replace("_", "-")
    if key == "decided":
        return {}
    if key not in schema.properties and key in _ADDED:
        return _ADDED[key]
    value = data[key] if key in data else schema.default(key)
    if value is None:
        return ""
    return tuple(value) if isinstance(value, list) else value
