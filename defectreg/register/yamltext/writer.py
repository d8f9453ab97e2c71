"""Writing values in the one canonical form, quoting what another reader would mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final

from defectreg.register.yamltext.document import Value
from defectreg.register.yamltext.loader import load
from defectreg.register.yamltext.refusals import DEEPEST, YamlError

STEP: Final = 2
"""Blanks by which a level is indented."""


def dump(data: Mapping[str, object]) -> str:
    """The canonical text of a mapping; raises ValueError for what no file may hold.

    Leaves are texts, whole numbers and booleans, within mappings and lists. An empty mapping gives
    ``{}``.
    """
    expected = as_read(data)
    lines = mapping_lines(data, 0) if data else ["{}"]
    return checked("\n".join(lines) + "\n", expected)


def as_read(value: object, depth: int = 1) -> Value:
    """What reading ``value`` back gives: every leaf as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    if depth > DEEPEST:
        raise ValueError(f"the value is nested more than {DEEPEST} deep")
    if isinstance(value, Mapping):
        return {_key(key): as_read(child, depth + 1) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [as_read(child, depth + 1) for child in value]
    raise ValueError(f"a {type(value).__name__} cannot be written as YAML")


def checked(text: str, expected: Value) -> str:
    """``text``, if reading it gives what was expected; raises ValueError if not."""
    try:
        data = load(text.encode("utf-8", "surrogatepass")).data
    except YamlError as error:
        raise ValueError(f"this cannot be written: {error.sentence}") from error
    if data != expected:
        raise ValueError("this cannot be written so that it reads back the same")
    return text


def laid_out(value: object, indent: int, *, inline: bool = False) -> tuple[str, list[str]]:
    """What follows the colon or dash at ``indent`` on its own line, and the lines below it.

    ``inline`` puts all on the first line.
    """
    if inline:
        return flow_text(value), []
    if isinstance(value, Mapping) and value:
        return "", mapping_lines(value, indent + STEP)
    if isinstance(value, list | tuple) and value:
        return "", sequence_lines(value, indent + STEP)
    if isinstance(value, str) and fits_block_text(value):
        return _block_header(value), _block_lines(value, indent + STEP)
    return flow_text(value) if isinstance(value, Mapping | list | tuple) else scalar(value), []


def mapping_lines(data: Mapping[str, object], indent: int, *, inline: bool = False) -> list[str]:
    """The lines of a mapping that is not empty; ``inline`` gives each value its key's line."""
    lines: list[str] = []
    for key, value in data.items():
        head, below = laid_out(value, indent, inline=inline)
        lines.append(f"{' ' * indent}{scalar(key)}: {head}".rstrip(" "))
        lines += below
    return lines


def sequence_lines(items: Sequence[object], indent: int) -> list[str]:
    """The lines of a list that is not empty."""
    lines: list[str] = []
    for item in items:
        head, below = laid_out(item, indent)
        first = head or below.pop(0).lstrip(" ")
        lines.append(f"{' ' * indent}- {first}")
        lines += below
    return lines


def scalar(value: object) -> str:
    """A leaf on one line of a block mapping or list."""
    if not isinstance(value, str):
        return str(as_read(value))
    return value if _is_plain(value) else quoted(value)


def quoted(value: str) -> str:
    """A text between double quotes."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def flow_text(value: object) -> str:
    """Any value on one line, as it may stand between brackets."""
    if isinstance(value, Mapping):
        pairs = (f"{_flow_scalar(key)}: {flow_text(child)}" for key, child in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow_text, value)) + "]"
    return _flow_scalar(value)


def fits_block_text(value: str) -> bool:
    """Has it line breaks, and a last line that is seen? Else double quotes serve better."""
    lines = value.rstrip("\n").rpartition("\n")[2]
    return "\n" in value and bool(lines.strip(" "))


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(f"a key is a text, not a {type(key).__name__}")
    return key


def _flow_scalar(value: object) -> str:
    text = scalar(value)
    if not isinstance(value, str) or not set(text) & set(",[]{}?:#&*!|>'\"%@`"):
        return text
    return quoted(value)


def _block_header(value: str) -> str:
    indented = str(STEP) if value.lstrip("\n").startswith(" ") else ""
    end = "+" if value.endswith("\n\n") else "" if value.endswith("\n") else "-"
    return f"|{indented}{end}"


def _block_lines(value: str, indent: int) -> list[str]:
    lines = value.removesuffix("\n").split("\n")
    return [" " * indent + line if line else "" for line in lines]


def _is_plain(value: str) -> bool:
    """Does every YAML reader read it, without quotes, as this text? A date counts as one."""
    if not value or "\n" in value or value != value.strip(" "):
        return False
    if ": " in value or " #" in value or value.endswith(":"):
        return False
    if value[0] in ",[]{}#&*!|>'\"%@`" or _needs_quotes().match(value):
        return False
    return value[0] not in "0123456789" or not _is_odd_date(value)


def _is_odd_date(value: str) -> bool:
    """Would a reader take it for a date or time that is not a day as we write it?"""
    if not re.match(r"\d{4}-\d\d?-\d\d?(?:$|[Tt ])", value, re.ASCII):
        return False
    try:
        return date.fromisoformat(value).isoformat() != value
    except ValueError:
        return True


@cache
def _needs_quotes() -> re.Pattern[str]:
    """Numbers, booleans and null of YAML 1.1 and 1.2, and beginnings that mean something else."""
    return re.compile(
        r"""
        (?: [-+]?0[bB][01_]+ | [-+]?0[oO]?[0-7_]+ | [-+]?0[xX][0-9a-fA-F_]+
          | [-+][0-9_]+
          | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?
          | [-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?
          | [-+]?\.inf | \.nan
          | true | false | yes | no | on | off | y | n | null | ~ | = | <<
        )$
        | [-?:](?:\ |$) | (?:---|\.\.\.)(?:\ |$)
        """,
        re.VERBOSE | re.IGNORECASE | re.ASCII,
    )
