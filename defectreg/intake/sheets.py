"""Forms that are filled in with an editor: YAML with remarks above each field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from defectreg.intake.candidates import flat, ordered, without_empty
from defectreg.intake.forms import Field
from defectreg.intake.proposals import Refusal
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Finding
from defectreg.register.schema import Schema
from defectreg.register.yamltext import dump, load

REPORT = "report"
"""The key under which a form of a new issue has what its first report says."""
MARK = "#! "
"""Begins the lines that the program wrote into a form; they are taken out again."""
_WIDTH = 96


def sheet(about: str, fields: Iterable[Field], given: Mapping[str, Any], schema: Schema) -> str:
    """A form: a line about it, then each field with what it means, filled in as far as known.

    What is not required stands behind ``#``, for whoever wants it.
    """
    lines = [*_remark(about), *_remark("A line that begins with # is not read."), ""]
    tops: dict[str, list[Field]] = {}
    for field in fields:
        tops.setdefault(field.key.split(".")[0], []).append(field)
    data = ordered(given, schema.document, schema)
    for top, inner in tops.items():
        lines.extend(_entry(top, inner, data))
    return "\n".join(lines) + "\n"


def report_sheet(fields: Iterable[Field], given: Mapping[str, Any]) -> str:
    """The part of a new issue's form that goes into its report."""
    fields = list(fields)
    lines = _remark("What your own report of it says; the rest of it is as above.")
    lines.append(f"{REPORT}:" if given else f"# {REPORT}:")
    for field in fields:
        lines.extend(f"  {line}" for line in _remark(f"{field.title}: {_meaning(field)}"))
        if field.key in given:
            lines.extend(f"  {line}" for line in dump({field.key: given[field.key]}).splitlines())
        else:
            lines.append(f"#   {field.key}:")
    return "\n".join(lines) + "\n"


def read_sheet(source: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of a filled-in form by dotted key, and those of its report.

    What was left empty is left out. Raises YamlError, and UsageProblem for a report that is no
    mapping.
    """
    data = without_empty(load(source).data)
    report = data.pop(REPORT, {})
    if not isinstance(report, dict):
        raise UsageProblem(
            f"{REPORT} holds keys and values", f"for example {REPORT}: {{devices: 1}}"
        )
    return flat(data), flat(report)


def with_findings(text: str, refusal: Refusal) -> str:
    """A form that is opened again, with what is wrong in it at its top."""
    remarks = [line for field, finding in refusal.findings for line in _said(field, finding)]
    lines = ["Not written yet, because:", *remarks, *map(_plain, refusal.notes)]
    return "".join(f"{MARK}{line}\n" for line in lines) + without_findings(text)


def without_findings(text: str) -> str:
    """A form without what the program said in it."""
    return "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith(MARK.strip())
    )


def _said(field: str, finding: Finding) -> Iterator[str]:
    yield f"{field}: {finding.code}: {_plain(finding.sentence)}".removeprefix(": ")
    if finding.hint:
        yield f"   {_plain(finding.hint)}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _entry(top: str, fields: list[Field], data: Mapping[str, Any]) -> Iterator[str]:
    for field in fields:
        yield from _remark(f"{field.title}: {_meaning(field)}")
    if top in data:
        yield from dump({top: data[top]}).splitlines()
    elif fields[0].is_required:
        yield from _empty(fields[0])
    elif "." in fields[0].key:
        yield f"# {top}:"
        yield from (f"#   {field.key.partition('.')[2]}:" for field in fields)
    else:
        yield f"# {top}:"
    yield ""


def _empty(field: Field) -> list[str]:
    if field.is_list:
        return [f"{field.key}:", "  -"]
    return [f"{field.key}: |", "  "] if field.is_long else [f"{field.key}:"]


def _meaning(field: Field) -> str:
    parts = [str(field.item["description"] if field.is_list else field.about["description"])]
    if field.values:
        parts.append(f"One of {', '.join(field.values)}.")
    if field.default is not None:
        default = str(field.default).lower() if field.is_boolean else field.default
        parts.append(f"Left out: {default}.")
    if field.item.get("examples"):
        parts.append(f"Example: {field.item['examples'][0]}")
    return " ".join(parts)


def _remark(text: str) -> list[str]:
    return wrap(
        text, _WIDTH, initial_indent="# ", subsequent_indent="#   ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
