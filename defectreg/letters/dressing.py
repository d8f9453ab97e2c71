"""Letters from templates: the one place here that knows the template language.

A letter is plain text; its HTML is made of that text, so both say the same, and nothing of what a
record says is ever markup. What templates print is made visible, one line each, unless it is
``quoted``. A template may be a register's own: it reaches nothing but what it is given.
"""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from defectreg.formats.visible import visible
from defectreg.register.errors import CannotRun

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_WIDTH = 76
_INDENT = "    "
_FOLDER = "templates/letters/"


_STYLE = (
    "<style>body { max-width: 40em; margin: 1em auto; padding: 0 1em; line-height: 1.45;"
    " font-family: sans-serif; overflow-wrap: anywhere; }"
    " h2 { margin: 1.6em 0 .4em; padding-top: .8em; border-top: 1px solid #888;"
    " font-size: 1.1em; }"
    " pre { margin: .6em 0; padding-left: 1em; border-left: 3px solid #888; font: inherit;"
    " white-space: pre-wrap; }</style>"
)
"""Quotations are folded where a window is narrow; colours are those of the reader's program."""
_WRONG = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class _Block(str):
    """Text of several lines that are visible already."""

    __slots__ = ()


def rendered(template: str, templates: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """The text of a letter. Raises CannotRun, with the place, where the template is wrong."""
    from jinja2 import TemplateError

    try:
        return _folded(_environment(templates).get_template(template).render(values))
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise _wrong(getattr(error, "name", None) or template, line, error.message or "") from error
    except _WRONG as error:  # what expressions of a template raise; its text may be a record's
        raise _wrong(template, None, type(error).__name__) from error


def as_html(subject: str, text: str) -> str:
    """A letter's text as a page: paragraphs, lists, headings and quotations; no link, no picture.

    A line above hyphens is a heading, lines that begin with a hyphen are a list, lines that are
    indented stay as they are.
    """
    body = "\n".join(map(_block_html, _blocks(text)))
    title = html.escape(subject)
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title>{_STYLE}</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def day_words(day: datetime.date) -> str:
    """A day as British readers write it."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_words(month: str) -> str:
    """A month, ``2026-10``, as British readers write it."""
    return f"{_MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def _wrong(template: str, line: int | None, what: str) -> CannotRun:
    place = f"{_FOLDER}{template}{f':{line}' if line else ''}"
    return CannotRun(f"{visible(place)}: {visible(what)}",
                     "mend the template, or take the program's again")  # fmt: skip


def _environment(templates: Mapping[str, str]) -> SandboxedEnvironment:
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # Text, not markup: `as_html` escapes all of it.
    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(templates.get),
        autoescape=False,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update(quoted=_quoted, day=day_words, month=month_words)
    return environment


def _shown(value: Any) -> Any:
    if isinstance(value, _Block) or not isinstance(value, str):
        return value
    return visible(value)


def _quoted(text: str) -> _Block:
    """Text of others: indented, so that no line of it is taken for the letter's own."""
    return _Block("\n".join(_INDENT + visible(line) for line in str(text).strip().split("\n")))


def _folded(text: str) -> str:
    """Lines of at most _WIDTH characters, and one blank line where there are several."""
    from textwrap import wrap

    folded: list[str] = []
    for line in text.strip().split("\n"):
        if len(line) <= _WIDTH or line.startswith(_INDENT):
            folded.append(line.rstrip())
        else:
            indent = "  " if line[:2] in ("- ", "  ") else ""
            folded += wrap(line, _WIDTH, subsequent_indent=indent, break_on_hyphens=False,
                           break_long_words=False)  # fmt: skip
    pairs = zip(folded, [*folded[1:], ""], strict=True)
    return "\n".join(line for line, after in pairs if line or after) + "\n"


def _blocks(text: str) -> Iterator[list[str]]:
    """Lines that stand together, with blank lines between."""
    block: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _block_html(lines: list[str]) -> str:
    if len(lines) > 1 and set(lines[1]) == {"-"}:
        heading = f"<h2>{html.escape(lines[0])}</h2>"
        return heading + (f"\n{_block_html(lines[2:])}" if lines[2:] else "")
    if all(line.startswith(_INDENT) for line in lines):
        return f"<pre>{html.escape(chr(10).join(line[4:] for line in lines))}</pre>"
    if lines[0].startswith("- "):
        items = " ".join(line.strip() if line[:2] != "- " else f"\0{line[2:]}" for line in lines)
        listed = (html.escape(item.strip()) for item in items.split("\0")[1:])
        return f"<ul>{''.join(f'<li>{item}</li>' for item in listed)}</ul>"
    return f"<p>{html.escape(' '.join(map(str.strip, lines)))}</p>"
