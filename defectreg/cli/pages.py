"""How the help is laid out: no word is broken at a hyphen, no brackets that nobody types."""

from __future__ import annotations

from collections.abc import Sequence

from typer._click import Command, Context, HelpFormatter  # what typer's commands are made of
from typer.core import TyperGroup

_HYPHEN = "\u2011"
"""Stands for a hyphen while lines are broken: they are not broken there."""


class HelpPage(HelpFormatter):
    """A page of help in which ``device-information`` stays one word to copy."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """As typer, without the braces around what is required."""
        super().write_usage(prog, args.replace("{", "").replace("}", ""), prefix)

    def write_text(self, text: str) -> None:
        """As typer, in whole words."""
        super().write_text(_whole(text))

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """As typer, in whole words."""
        super().write_dl([(first, _whole(second)) for first, second in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        """The page."""
        return super().getvalue().replace(_HYPHEN, "-")


class HelpContext(Context):
    """What makes a command write its help on such a page."""

    formatter_class = HelpPage


def laid_out(command: Command) -> Command:
    """The command, and those below it, with help on such pages."""
    command.context_class = HelpContext
    if isinstance(command, TyperGroup):
        for below in command.commands.values():
            laid_out(below)
    return command


def _whole(text: str) -> str:
    return text.replace("-", _HYPHEN)
