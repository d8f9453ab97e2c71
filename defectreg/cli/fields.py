"""Options that the schemas make: one for each field of a record or statement that is typed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from typer._click import Context, HelpFormatter, Parameter  # what TyperCommand's methods take
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
_KIND = "defectreg.kind"
_SEEN_SINCE = _OWN_REPORT["since"]
_META = "defectreg.fields"
_METAVARS = {
    "alerts": "CODE",
    "variants": "CODE",
    "service-requests": "CODE",
    "related": "ID",
    "supersedes": "FILE",
    "letter": "FILE",
    "read": "FILE",
    "device": "DEVICE",
    "lives-with": "DEVICE",
    "firmware": "VERSION",
    "period": "MONTH",
    "stands-for": "NUMBER",
    "from": "PARTY",
}
"""What is typed after an option, by the field's key, where it has a name."""
_HELP = {
    "--classification": "Who may read it, record or statement: clear is anyone, green the SEC "
    "Parties",
    "--affected": "A combination in which it is seen, as in the example below",
    "--tried-with": "A combination in which it was tried",
    "--variant": "An ESME Variant in which it is seen, where it is not all of them",
    "--alert": "A device alert (8F0A) or DCC Alert (N13) that belongs to it",
    "--service-request": "A Service Request variant (6.2.1) that belongs to it",
    "--related": "Another record that a reader of this one should know",
    "--security": "It touches security: the security body must see it first",
    "--since": "First day on which anybody is known to have seen it (of a report: you)",
    "--seen-since": "With a new issue: first day on which you saw it; `add report` takes --since",
    "--period": "The month it stands for, YYYY-MM, where it sums up several reports",
    "--device": "The Device that changes: a Device Type or model, ESME or ESME:FF01/00010100",
    "--lives-with": "The other Device whose behaviour it lives with: a Device Type or model",
    "--about": "What it is about: behaviour, scope, a statement's file name, or `fix`, `cause` "
    "where there is one",
    "--supersedes": "Your earlier statement that it replaces: its file name or a part of it",
    "--letter": "The letter's file, of which the SHA-256 is taken; or the SHA-256",
    "--read": "What may be shown: the file name of a statement; without it, the record",
    "--from-party": "The manufacturer's Party that wrote the letter you enter",
}
"""What the schema cannot say: what may be typed in place of the value that is written."""


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

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """As typer; the help that is printed meanwhile knows which kind was typed."""
        ctx.meta[_KIND] = next((word for word in args if word in SAID_KINDS), "")
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """What is typed: nothing for a new issue, else a kind, a record and a text."""
        return ["[OPTIONS]", "[KIND ID [TEXT]]"]

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The options written by hand, then those of the schemas."""
        return [*super().get_params(ctx), *map(_parameter, options())]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The command's own options, a new issue's, its report's, and those of statements."""
        own = [
            record
            for parameter in super().get_params(ctx)
            if (record := parameter.get_help_record(ctx)) is not None
        ]
        with formatter.section("Arguments and options"):
            formatter.write_dl(own)
        for heading, group in _groups_of(ctx.meta.get(_KIND, "")):
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

    def complete(_: Context, __: list[str], incomplete: str) -> list[str]:
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
        expose_value=False, callback=keep, autocompletion=complete,
    )  # fmt: skip


def _metavar(field: Field) -> str:
    if field.is_combination:
        return "COMBINATION"
    if field.item.get("format") == "date":
        return "DATE"
    return _METAVARS.get(field.key, "VALUE" if field.values else "TEXT")


def _left(option: Option) -> str:
    name = option.name.removeprefix("--")
    if option.field.is_boolean:
        return f"--{name} / --no-{name}"
    return f"{option.name} {_metavar(option.field)}"


def _groups_of(kind: str) -> Iterator[tuple[str, list[Option]]]:
    """The lists of the help, with their headings: for one kind of statement, or for all."""
    if kind:
        fields = statement_fields(packaged_schema("statement"), kind)
        said = [Option(option_of(field), field, False, ()) for field in fields if field.key != TEXT]
        for heading, is_needed in ((f"A {kind} needs", True), (f"A {kind} may say", False)):
            chosen = [option for option in said if option.field.is_required is is_needed]
            if chosen:
                yield heading, chosen
        return
    yield from _groups()


def _groups() -> Iterator[tuple[str, list[Option]]]:
    issue = [option for option in options() if option.in_record and option.name != _SEEN_SINCE]
    said = [option for option in options() if option.name == _SEEN_SINCE or not option.in_record]
    reports = [option for option in said if option.kinds == ("report",) or option.in_record]
    yield "A new issue needs", [option for option in issue if option.field.is_required]
    yield "It may also say", [option for option in issue if not option.field.is_required]
    yield "A report says, and so may a new issue", reports
    yield "Other statements say", [option for option in said if option not in reports]


def _help(option: Option) -> str:
    """What an option is for, in a line or two: the beginning of the schema's own description."""
    field = option.field
    kinds = "" if option.in_record or option.kinds in ((), ("report",)) else _named(option.kinds)
    sentence = _HELP.get(option.name) or str(field.about["description"]).partition(". ")[0]
    sentence = sentence.removesuffix(".")
    text = kinds + sentence[0].lower() + sentence[1:] if kinds else sentence
    if field.values:
        text += f" ({', '.join(field.values)})"
    if option.in_record and option.kinds and option.name not in _HELP:
        text += "; of a statement too"
    return f"{text}; may be repeated" if field.is_list else text


def _named(kinds: tuple[str, ...]) -> str:
    without = [kind for kind in SAID_KINDS if kind not in kinds]
    if len(without) < len(kinds):
        return f"all but {', '.join(without)}: "
    return f"{', '.join(kinds)}: "
