"""Where templates run: they reach nothing but what they are given, and nothing they print is raw.

What every page asks for thousands of times is answered without the library's second look, where
that look could find nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, MutableMapping
from functools import cache, lru_cache
from types import CodeType
from typing import Any

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateRuntimeError,
    TemplateSyntaxError,
    nodes,
)
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from defectreg.publication.words import day_words

_OF_DICTIONARIES = frozenset(dir(dict))
_OF_MARKUP = frozenset(
    {"endswith", "lower", "lstrip", "rstrip", "split", "startswith", "strip", "striptags", "upper"}
)
"""What may be asked of markup: of the rest some put raw text in the place of escaped text."""


def environment_of(templates: Mapping[str, str], folder: str) -> Environment:
    """Where templates by file name are run; ``folder`` is said of them where one is wrong."""

    def load(name: str) -> tuple[str, str, None] | None:
        return (templates[name], folder + name, None) if name in templates else None

    environment = _Sandbox(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    for name in ("safe", "tojson"):  # nothing that a record says is ever markup
        del environment.filters[name]
    environment.filters.update(replace=_replaced, time=_time)
    environment.globals["once"] = _once(environment)
    return environment


def escaped(value: Any) -> str:
    """A value as pages show it: the library's escape, gone round where it would change nothing."""
    kind = type(value)
    if kind is Markup or (
        kind is str
        and not (">" in value or "<" in value or "&" in value or "'" in value or '"' in value)
    ):
        return value  # type: ignore[no-any-return]  # its type was asked
    return escape(value)


class _Template(Template):
    """A template that escapes only what is not escaped yet."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002  # the library's name
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        made = super().from_code(environment, code, globals, uptodate)
        made.root_render_func.__globals__["escape"] = escaped
        return made


class _Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox that looks twice only where something could be reached.

    Fields of our own values, keys of dictionaries and macros are what pages ask for millions of
    times; none of them is a method.
    """

    template_class = _Template

    def make_globals(self, d: MutableMapping[str, Any] | None) -> dict[str, Any]:
        return {**self.globals, **(d or {})}  # each page copies it: a chain of maps is slow there

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind: Any = type(obj)
        if kind is dict:
            if attribute in obj and attribute not in _OF_DICTIONARIES:
                return obj[attribute]
        elif attribute in _fields_of(kind):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        if type(called) is not Macro:
            return super().call(context, called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(context.eval_ctx, *args, **kwargs)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, Markup) and attr not in _OF_MARKUP:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return _escaping(super()._parse(source, name, filename), name)


@cache
def _fields_of(kind: Any) -> frozenset[str]:
    """What our own values hold, or compute of what they hold; nothing of a foreign type."""
    fields = getattr(kind, "__dataclass_fields__", ()) or getattr(kind, "_fields", ())
    computed = [name for name in dir(kind) if isinstance(getattr(kind, name, None), property)]
    return frozenset(name for name in (*fields, *computed) if fields and name[0] != "_")


def _escaping(tree: nodes.Template, name: str | None) -> nodes.Template:
    """A template that was read. Raises TemplateError where it turns escaping on or off."""
    for node in tree.find_all(nodes.EvalContextModifier):
        raise TemplateSyntaxError("autoescape cannot be turned on or off", node.lineno, name)
    return tree


def _replaced(text: object, old: object, new: object) -> str:
    """Text with other text in its place; what is escaped already would come out raw."""
    if any(hasattr(each, "__html__") for each in (text, old, new)):
        raise TemplateRuntimeError("replace takes text, and no markup")
    return str(text).replace(str(old), str(new))


@lru_cache(maxsize=4096)
def _time(day: datetime.date) -> Markup:
    """A day as an element of a page."""
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), day_words(day))


def _once(environment: Environment) -> Callable[..., Markup]:
    """What a macro makes of texts, made once for all the pages that show it."""

    @lru_cache(maxsize=256)
    def once(template: str, macro: str, *values: str) -> Markup:
        made: Markup = getattr(environment.get_template(template).module, macro)(*values)
        return made

    return once
