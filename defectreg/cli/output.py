"""What the program prints: untrusted text made visible, JSON, emphasis, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from defectreg.formats.visible import is_odd, is_seen, visible

_NARROWEST = 40
_WIDEST = 100
"""Columns of a terminal for which text is wrapped, at least and at most."""


def escape(text: str) -> str:
    """``text`` as one line that a terminal cannot be steered with: see ``visible``."""
    return visible(text)


def escape_block(text: str) -> str:
    """As :func:`escape`, line by line: the line feeds of ``text`` stay."""
    return "\n".join(map(escape, text.split("\n")))


def emit_json(value: object) -> None:
    """Print ``value`` as JSON."""
    sys.stdout.write(json_text(value))


def json_text(value: object) -> str:
    """``value`` as JSON: indented, in Unicode, with what cannot be seen as JSON escapes."""
    import json

    text = json.dumps(value, indent=2, ensure_ascii=False)
    return "\n".join(map(_json_line, text.split("\n"))) + "\n"


def bold(text: str) -> str:
    """``text``, already escaped, standing out where standard output is a terminal with colours."""
    return f"\x1b[1m{text}\x1b[22m" if colours_wanted() else text


def disclaimer_lines() -> Iterator[str]:
    """The disclaimer, with which every text that shows entries begins."""
    from defectreg.register.shown_words import DISCLAIMER

    return wrapped(DISCLAIMER, "")


def wrapped(text: str, indent: str, first: str | None = None) -> Iterator[str]:
    """Lines of text, already escaped; its own line breaks stay. A terminal's fit its width."""
    from shutil import get_terminal_size
    from textwrap import wrap

    width = sys.maxsize
    if sys.stdout.isatty():
        width = max(_NARROWEST, min(_WIDEST, get_terminal_size().columns))
    lead = indent if first is None else first
    for line in text.split("\n"):
        yield from wrap(
            line,
            width,
            initial_indent=lead,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=False,
        ) or [""]
        lead = indent


def colours_wanted() -> bool:
    """Whether standard output is a terminal and neither ``NO_COLOR`` nor ``TERM`` is against it."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


LONG = 1000
"""Steps from which on work of the floors below is shown: records that take two seconds or so."""
_DRAWN: list[str] = []
"""What bars say that are on the terminal: one at most."""


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, in a terminal only; gives what is called with each step's size.

    ``total`` None is not known. Nothing is drawn where there is nothing to count, nor within the
    work of another bar.
    """
    if total == 0 or _DRAWN or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()
    _DRAWN.append(label)
    try:
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(label, total=total)
            yield lambda done: bar.advance(task, done)
    finally:
        _DRAWN.remove(label)


def watch(label: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
    """A bar for work of the floors below, where it is long."""
    return progress(label, total if total >= LONG else 0)


def _json_line(line: str) -> str:
    return "".join(map(_json_character, line)) if is_odd(line) else line


def _json_character(character: str) -> str:
    if is_seen(character):
        return character
    point = ord(character)
    if point < 0x10000:
        return f"\\u{point:04x}"
    return f"\\u{0xD7C0 + (point >> 10):04x}\\u{0xDC00 + (point & 0x3FF):04x}"
