"""Pages from templates: the one place that knows the template language.

Templates may be a register's own, so they are run where they reach nothing but what they are
given; all they print is escaped, and what is undefined stops the build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from defectreg.publication import words
from defectreg.register.errors import CannotRun
from defectreg.register.public import DISCLAIMER, PublicRegister
from defectreg.store.kept import KeptRecords, Titles

if TYPE_CHECKING:
    from jinja2 import Environment

_OF_DICTIONARIES = frozenset(dir(dict))
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
        from jinja2 import DictLoader, StrictUndefined

        environment = _sandbox()(
            loader=DictLoader(dict(templates)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        del environment.filters["safe"]  # nothing that a record says is ever markup
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
            text = made.render(path=path, root="../" * path.count("/"), **values)
        return text.encode()

    def piece(self, template: str, macro: str, *values: Any) -> str:
        """What a macro makes of values, for what stands on many pages: pages show it as it is.

        Raises CannotRun where the template is wrong.
        """
        with _in_words(template):
            made: str = getattr(self.environment.get_template(template).module, macro)(*values)
        return made

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
    except TemplateError as error:
        place = f"templates/site/{getattr(error, 'name', None) or template}"
        line = getattr(error, "lineno", None)
        raise CannotRun(
            f"{place}{f':{line}' if line else ''}: {error.message}",
            "mend the template, or take the program's again",
        ) from error


@cache
def _sandbox() -> type[Environment]:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """A sandbox that looks twice only where something could be reached.

        Fields of our own values and keys of dictionaries are what a page asks for half a million
        times; none of them is a method.
        """

        def getattr(self, obj: Any, attribute: str) -> Any:
            kind = type(obj)
            if kind is dict:
                if attribute in obj and attribute not in _OF_DICTIONARIES:
                    return obj[attribute]
            elif attribute in getattr(kind, "__dataclass_fields__", ()) and attribute[0] != "_":
                return getattr(obj, attribute)
            return super().getattr(obj, attribute)

    return Sandbox


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
