"""Examples of codes: a few lines that break a rule, and the same lines as the rule wants them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from defectreg.register.rules.examples_of_files import OF_FILES
from defectreg.register.rules.examples_of_records import OF_RECORDS
from defectreg.register.rules.examples_of_statements import OF_STATEMENTS


@dataclass(frozen=True, slots=True)
class Example:
    """Lines of a file that are wrong, and what may stand in their place; without a line's end."""

    wrong: str
    right: str

    @property
    def shown(self) -> tuple[str, str]:
        """Both as they may be shown: what is not printable ASCII is written ``\\u200b``."""
        return _shown(self.wrong), _shown(self.right)


def read_examples(text: str) -> Mapping[str, Example]:
    """Examples by code, of lines ``R014``, ``- what is wrong``, ``+ what is right``."""
    lines: dict[str, dict[str, list[str]]] = {}
    code = ""
    for line in text.removesuffix("\n").split("\n"):
        sign = line[:1]
        if sign in ("-", "+"):
            lines[code][sign].append(line[2:])
        else:
            code = line
            lines[code] = {"-": [], "+": []}
    return {
        code: Example("\n".join(said["-"]), "\n".join(said["+"])) for code, said in lines.items()
    }


def _shown(text: str) -> str:
    return "\n".join(
        line.encode("unicode_escape").decode() if not line.isascii() or not line.isprintable()
        else line
        for line in text.split("\n")
    )  # fmt: skip


def examples() -> Mapping[str, Example]:
    """Every example, by its code."""
    return read_examples(OF_FILES + OF_RECORDS + OF_STATEMENTS)
