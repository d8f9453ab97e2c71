"""Options that the schemas make: one for each field of a record or statement that is typed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from typer._click import Context, HelpFormatter, Parameter  # what TyperCommand's methods take
from typer._click.shell_completion import CompletionItem
from typer.core import TyperCommand, TyperOption

from defectreg.intake.forms import SAID_KINDS, Field, record_fields, statement_fields
from defectreg.register.errors import UsageProblem
from defectreg.register.schema import Schema

TEXT = "says"
"""The field that is typed as the argument TEXT."""
_OTHERWISE = {"from": "--from-party"}
"""Keys whose own name is another option."""
_OWN_REPORT = {"since": "--seen-since"}
"""Keys that a new record has too: how its report's are typed."""
_META = "defectreg.fields"


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name, whether it belongs to a new record, and to which statements."""

    name: str
    field: Field
    in_record: bool
    kinds: tuple[str, ...]


def option_of(field: Field, *, own_report: bool = False) -> str:
    """How a field is typed as an option: ``--alert``, ``--impact-consumers``.

    ``own_report``: as a part of the report that a new record begins with.
    """
    if own_report and field.key in _OWN_REPORT:
        return _OWN_REPORT[field.key]
    key = field.key.replace(".", "-")
    if field.is_list and not field.is_combination:
        key = key.removesuffix("s")
    return _OTHERWISE.get(field.key, f"--{key}")


@cache
def options() -> tuple[Option, ...]:
    """The options that the program's own schemas make, in their order."""
    record = record_fields(packaged_schema("record"))
    statement = [
        field for field in statement_fields(packaged_schema("statement")) if field.key != TEXT
    ]
    said = {option_of(field): field for field in statement}
    made = [
        Option(option_of(field), field, True, _kinds(said.pop(option_of(field), None)))
        for field in record
    ]
    since = next(field for field in statement if field.key in _OWN_REPORT)
    made.append(Option(_OWN_REPORT[since.key], since, True, ()))
    made.extend(Option(name, field, False, _kinds(field)) for name, field in said.items())
    return tuple(made)


def typed_values(
    context: Context, fields: Iterable[Field], *, own_report: bool = False
) -> dict[str, Any]:
    """What was typed for these fields, by dotted key; what was not typed is left out."""
    typed: Mapping[str, Any] = context.meta.get(_META, {})
    values: dict[str, Any] = {}
    for field in fields:
        given = typed.get(option_of(field, own_report=own_report))
        if given not in (None, ()):
            values[field.key] = _value(field, given)
    return values


def refuse_others(context: Context, names: set[str], of: str) -> None:
    """Raises UsageProblem for an option that was typed and belongs to something else."""
    typed: Mapping[str, Any] = context.meta.get(_META, {})
    for name, given in typed.items():
        if given not in (None, ()) and name not in names:
            allowed = ", ".join(sorted(names)) or "none"
            raise UsageProblem(f"{name} does not belong to {of}", f"its options: {allowed}")


class FieldsCommand(TyperCommand):
    """A command that takes the schemas' fields as options, beside those it was written with."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The options written by hand, then those of the schemas."""
        return [*super().get_params(ctx), *map(_parameter, options())]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Three lists: the command's own, a new issue's, a statement's."""
        own = [
            record
            for parameter in super().get_params(ctx)
            if (record := parameter.get_help_record(ctx)) is not None
        ]
        with formatter.section("Arguments and options"):
            formatter.write_dl(own)
        issue = [option for option in options() if option.in_record]
        statement = [option for option in options() if not option.in_record]
        for heading, group in (
            ("A new issue says", issue),
            ("A statement, or the report of a new issue, says", statement),
        ):
            with formatter.section(heading):
                formatter.write_dl([(_left(option), _help(option)) for option in group])


@cache
def packaged_schema(name: str) -> Schema:
    """One of the schemas that came with the program."""
    from defectreg.store.files import packaged

    return Schema(json.loads((packaged("schema") / f"{name}.schema.json").read_bytes()))


def _kinds(field: Field | None) -> tuple[str, ...]:
    if field is None or field.kinds >= set(SAID_KINDS):
        return ()
    return tuple(kind for kind in SAID_KINDS if kind in field.kinds)


def _value(field: Field, given: Any) -> Any:
    """What a person typed as it is written; what is wrong stays, for the check to name it."""
    if isinstance(given, bool):
        return given
    if isinstance(given, str):
        return field.written(given)
    return [field.written(text) for one in given for text in field.split(one)]


def _parameter(option: Option) -> TyperOption:
    field = option.field

    def keep(context: Context, _: Parameter, value: Any) -> None:
        context.meta.setdefault(_META, {})[option.name] = value

    def complete(_: Context, __: Parameter, incomplete: str) -> list[CompletionItem] | list[str]:
        if field.is_combination:
            from defectreg.cli.completing import complete_combination

            return complete_combination(incomplete)
        return [value for value in field.values if value.startswith(incomplete)]

    name = option.name.removeprefix("--")
    # A name of its own: an argument of the command may have the field's.
    own = f"field_{name.replace('-', '_')}"
    if field.is_boolean:
        return TyperOption(
            param_decls=[own, f"--{name}/--no-{name}"], is_flag=True, default=None,
            expose_value=False, callback=keep,
        )  # fmt: skip
    return TyperOption(
        param_decls=[own, option.name], multiple=field.is_list, type=str, metavar=_metavar(field),
        expose_value=False, callback=keep, shell_complete=complete,
    )  # fmt: skip


def _metavar(field: Field) -> str:
    if field.is_combination:
        return "COMBINATION"
    if field.item.get("format") == "date":
        return "DATE"
    return "VALUE" if field.values else "TEXT"


def _left(option: Option) -> str:
    name = option.name.removeprefix("--")
    if option.field.is_boolean:
        return f"--{name} / --no-{name}"
    return f"{option.name} {_metavar(option.field)}"


def _help(option: Option) -> str:
    parts = [option.field.title]
    if option.field.values:
        parts.append(f"one of {', '.join(option.field.values)}")
    elif option.field.is_list:
        parts.append("may be given several times")
    text = "; ".join(parts)
    return f"{text} ({', '.join(option.kinds)})" if option.kinds else text
