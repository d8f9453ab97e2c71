"""Pages from templates: the one place that knows the template language.

Templates may be a register's own, so they are run where they reach nothing but what they are
given. What they are given is escaped where it is printed, and no filter, block or method turns that
off; what is undefined stops the build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defectreg.publication import words
from defectreg.register.errors import CannotRun
from defectreg.register.public import DISCLAIMER, PublicRegister
from defectreg.store.kept import KeptRecords, Titles

if TYPE_CHECKING:
    from types import TracebackType

    from jinja2 import Environment

_FOLDER = "templates/site/"
_FIRST, _, _REST = DISCLAIMER.partition(". ")


@dataclass(frozen=True, slots=True)
class Pages:
    """A register's pages in the dress of its templates."""

    environment: Environment
    templates: Mapping[str, str]
    titles: Mapping[str, str]
    """Id → title of all that is published, and of what was withdrawn."""

    @classmethod
    def of(cls, register: PublicRegister, templates: Mapping[str, str]) -> Pages:
        """Pages of a register from templates by file name."""
        from defectreg.publication.pages.sandbox import environment_of

        environment = environment_of(templates, _FOLDER)
        environment.filters.update(
            day=words.day_words,
            coded=words.coded_words,
            device=words.device_words,
            paragraphs=words.paragraphs,
            seen=words.seen_words,
            link=contact_link,
        )
        environment.globals.update(_globals(register))
        return cls(environment, templates, Titles(KeptRecords.of(register.records)))

    def page(self, template: str, path: str, **values: Any) -> bytes:
        """The bytes of the page at ``path``. Raises CannotRun where the template is wrong."""
        with _in_words(template):
            made = self.environment.get_template(template)
            text = made.render(
                path=path, root="../" * path.count("/"), here=_section(path), **values
            )
        return text.encode()

    def piece(self, template: str, macro: str, *values: Any) -> str:
        """What a macro makes of values, for what stands on many pages: pages show it as it is.

        Raises CannotRun where the template is wrong.
        """
        with _in_words(template):
            made: str = getattr(self.environment.get_template(template).module, macro)(*values)
        return made

    def markup(self, piece: str) -> str:
        """What `piece` made, and was kept as text since: pages show it as it is."""
        from markupsafe import Markup

        return Markup(piece)  # noqa: S704 - a template made it, which escapes what it is given

    def plain(self, template: str) -> bytes:
        """The bytes of a file that is shown as it is."""
        if template not in self.templates:
            raise CannotRun(f"templates/site/{template} is missing", "install defectreg again")
        return self.templates[template].encode()


@contextmanager
def _in_words(template: str) -> Iterator[None]:
    """Say of a wrong template which it is, where, and what to do."""
    from jinja2 import TemplateError

    try:
        yield
    except CannotRun:  # what a page is given cannot be read
        raise
    except TemplateError as error:
        name, line = getattr(error, "name", None), getattr(error, "lineno", None)
        place = (_FOLDER + name, line) if name else _place_in(error.__traceback__)
        raise _wrong(template, place, error.message or "") from error
    except Exception as error:  # whatever its expressions do
        kind = type(error).__name__  # its text may be a record's
        raise _wrong(template, _place_in(error.__traceback__), kind) from error


def _wrong(template: str, place: tuple[str, int | None] | None, what: str) -> CannotRun:
    path, line = place or (_FOLDER + template, None)
    return CannotRun(
        f"{path}{f':{line}' if line else ''}: {what}",
        "mend the template, or take the program's again",
    )


def _place_in(trace: TracebackType | None) -> tuple[str, int | None] | None:
    """The innermost line of a template that was run."""
    from traceback import walk_tb

    place = None
    for frame, line in walk_tb(trace):
        path = frame.f_code.co_filename
        if path.startswith(_FOLDER):
            made = frame.f_globals.get("__jinja_template__")  # the lines are not yet its own
            place = path, made.get_corresponding_lineno(line) if made else line
    return place


def _section(path: str) -> str:
    """Where in the site a page stands: its path, or the folder of one that is among others."""
    folder, separator, name = path.partition("/")
    return f"{folder}/" if separator and name != "index.html" else path


def contact_link(contact: str) -> str:
    """Where a contact leads; empty where it is neither a web address nor a mailbox."""
    if contact.startswith("https://"):
        return contact
    return f"mailto:{contact}" if "@" in contact and ":" not in contact else ""


def is_indexed(register: PublicRegister) -> bool:
    """Whether search engines are invited: only for the world, and only if the policy says so."""
    return register.audience == "clear" and register.policy.indexing == "allow"


def has_bulk(register: PublicRegister) -> bool:
    """Whether the policy's search level lets everything be taken at once."""
    return register.policy.search_level == "model"


def _globals(register: PublicRegister) -> dict[str, Any]:
    return {
        "register": register,
        "disclaimer_first": f"{_FIRST}.",
        "disclaimer_rest": _REST,
        "audience": words.AUDIENCES[register.audience],
        "day": register.day,
        "is_indexed": is_indexed(register),
        "has_bulk": has_bulk(register),
        "is_self_validated": register.policy.dcc_reports_validated_by == "self",
        "marks": words.MARKS,
        "statements": words.STATEMENTS,
        "positions": words.POSITIONS,
        "withdrawals": words.WITHDRAWALS,
        "causes": words.CAUSES,
    }
