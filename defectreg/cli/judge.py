"""Judge: check files and say what is wrong, and explain the codes of what was found."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from defectreg.cli.completing import complete_id
from defectreg.cli.errors import FINDINGS
from defectreg.cli.options import JsonOption
from defectreg.cli.output import bold, emit_json, escape, progress
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Severity

if TYPE_CHECKING:
    from defectreg.gate.validating import Verdict
    from defectreg.register.findings import Finding
    from defectreg.register.rules.pages import CodePage
    from defectreg.store.places import Register

app = typer.Typer()

SCHEMA_VERSION = 1
_MANY = 200
"""Cases from which a bar shows how far it is."""


class Form(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"


def _complete_code(incomplete: str) -> list[str]:
    from defectreg.register.rules.pages import code_pages

    return [code for code in code_pages() if code.startswith(incomplete.upper())]


@app.command()
def validate(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH|ID]...",
            autocompletion=complete_id,
            help="Files, folders, or ids of records; without, everything.",
        ),
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", metavar="FORM", help="How to print it: text or json.")
    ] = Form.text,
    as_json: JsonOption = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print errors only, without warnings.")
    ] = False,
) -> None:
    """Check files and say what is wrong.

    Exit code 0: nothing, or warnings only; 1: errors, or something is awaited; 3: cannot check.
    """
    from defectreg.store.places import open_register

    register = open_register(Path())
    verdict = _judged(register, what or [])
    if as_json or form is Form.json:
        emit_json(verdict_json(verdict))
    else:
        _print(verdict, quiet=quiet)
    if verdict.count("error") or verdict.count("awaited"):
        raise typer.Exit(FINDINGS)


@app.command()
def explain(
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", autocompletion=_complete_code, help="Such as R014."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Explain the code of a finding; without one, list them all."""
    from defectreg.register.rules.pages import code_pages

    pages = code_pages()
    asked = [_page(pages, code)] if code else []
    if as_json:
        emit_json(codes_json(asked or list(pages.values())))
    elif asked:
        _print_page(asked[0])
    else:
        for page in pages.values():
            print(f"{page.code}  {page.title}")


def _page(pages: Mapping[str, CodePage], typed: str) -> CodePage:
    from difflib import get_close_matches

    page = pages.get(typed.upper())
    if page is None:
        near = get_close_matches(typed.upper(), pages, n=3, cutoff=0.5)
        advice = f"did you mean {', '.join(near)}?" if near else "explain alone lists them"
        raise UsageProblem(f"there is no code {typed!a:.20}", advice)
    return page


def _print_page(page: CodePage) -> None:
    print(f"{bold(page.code)} ({page.severity}): {page.title}")
    if page.explanation:
        print(f"\n{page.explanation}")
    print()
    for label, text in (("Hint", page.hint), ("Source", page.source)):
        if text:
            print(f"{label}: {text}")


def codes_json(pages: Sequence[CodePage]) -> dict[str, Any]:
    """What codes mean, as one object of JSON.

    ``schema_version``: 1; ``codes``, each with ``code``, ``severity``, ``title``, ``explanation``,
    ``hint`` and ``source``.
    """
    return {"schema_version": SCHEMA_VERSION, "codes": list(map(_as_data, pages))}


def _as_data(page: CodePage) -> dict[str, str]:
    return {
        "code": page.code,
        "severity": page.severity,
        "title": page.title,
        "explanation": page.explanation,
        "hint": page.hint,
        "source": page.source,
    }


def _judged(register: Register, typed: list[str]) -> Verdict:
    from defectreg.gate.asking import validate_asked

    with ExitStack() as stack:

        def begin(total: int) -> Callable[[int], None]:
            if total < _MANY:
                return lambda done: None
            return stack.enter_context(progress("validate", total))

        return validate_asked(register, typed, begin)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """What was found, as one object of JSON.

    ``schema_version``: 1; ``counts``: ``records``, ``error``, ``awaited``, ``warning``;
    ``findings``, each with ``file``, ``line``, ``column`` (from 1), ``code``, ``severity``
    (error, awaited, warning), ``sentence`` and ``hint`` (may be empty).
    """
    findings = [
        {
            "file": finding.file,
            "line": finding.line,
            "column": finding.column,
            "code": finding.code,
            "severity": finding.severity,
            "sentence": finding.sentence,
            "hint": finding.hint,
        }
        for finding in verdict.findings
    ]
    counts = {name: verdict.count(name) for name in get_args(Severity)}
    return {
        "schema_version": SCHEMA_VERSION,
        "counts": {"records": verdict.records, **counts},
        "findings": findings,
    }


def _print(verdict: Verdict, *, quiet: bool) -> None:
    for finding in verdict.findings:
        if not quiet or finding.severity == "error":
            sys.stdout.writelines(_lines(finding))
    print(_summary(verdict))


def _lines(finding: Finding) -> Iterator[str]:
    place = f"{escape(finding.file)}:{finding.line}:{finding.column}"
    yield f"{place}: {bold(f'{finding.severity}[{finding.code}]')}: {escape(finding.sentence)}\n"
    if finding.hint:
        yield f"  hint: {escape(finding.hint)}\n"


def _summary(verdict: Verdict) -> str:
    among = _counted(verdict.records, "record")
    counts = ((verdict.count("error"), "error"), (verdict.count("warning"), "warning"))
    found = ", ".join(_counted(number, word) for number, word in counts if number)
    awaited = verdict.count("awaited")
    if found:
        sentence = f"Found {found} in {among}."
    elif verdict.records == 1:
        sentence = "The record is well formed."
    else:
        sentence = f"All {among} are well formed." if verdict.records else "There are no records."
    return f"{sentence} Awaited: {_counted(awaited, 'thing')}." if awaited else sentence


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
