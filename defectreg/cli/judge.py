"""Judge: check files and say what is wrong, and explain the codes of what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.completing import complete_id
from defectreg.cli.errors import FINDINGS
from defectreg.cli.findings import (
    Telling,
    counted,
    counts_json,
    finding_json,
    print_findings,
    summary,
)
from defectreg.cli.options import Form, FormOption, JsonOption, ReportOption
from defectreg.cli.output import bold, emit_json, progress
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.gate.validating import Verdict
    from defectreg.register.rules.page import CodePage
    from defectreg.store.places import Register

app = typer.Typer()

SCHEMA_VERSION = 1
_MANY = 200
"""Cases from which a bar shows how far it is."""


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
    staged: Annotated[
        bool,
        typer.Option("--staged", help="What git would commit now; takes no path and no id."),
    ] = False,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", help="Judge every file, whatever came of it the last time."),
    ] = False,
    form: FormOption = Form.text,
    reports: ReportOption = None,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no warnings.")] = False,
) -> None:
    """Check files and say what is wrong.

    Exit code 0: nothing, or warnings only; 1: errors, or something is awaited; 3: cannot check.
    With --staged what is awaited gives 0: it comes with a later commit.
    """
    from defectreg.store.places import open_register

    register = open_register(Path())
    typed = what or []
    verdict = _staged(register, typed) if staged else _judged(register, typed, not no_cache)
    telling = Telling.asked(form, reports, as_json=as_json)
    none = "Of records nothing is staged." if staged else "There are no records."
    telling.tell(
        verdict.findings,
        verdict_json(verdict),
        lambda: _print(verdict, none, quiet=quiet),
    )
    if verdict.count("error") or (verdict.count("awaited") and not staged):
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
    for label, lines in (("Wrong", page.wrong), ("Right", page.right)):
        if lines:
            print(f"\n{label}:\n")
            print("\n".join(f"    {line}" for line in lines.split("\n")))


def codes_json(pages: Sequence[CodePage]) -> dict[str, Any]:
    """What codes mean, as one object of JSON.

    ``schema_version``: 1; ``codes``, each with ``code``, ``severity``, ``title``, ``explanation``,
    ``hint``, ``source``, and ``wrong`` and ``right``: a few lines of a file that break the rule and
    that keep it, with ``\\u200b`` for what cannot be seen (empty where lines alone cannot show it).
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
        "wrong": page.wrong,
        "right": page.right,
    }


def _judged(register: Register, typed: list[str], remembers: bool) -> Verdict:
    from defectreg.gate.asking import validate_asked

    with ExitStack() as stack:

        def begin(total: int) -> Callable[[int], None]:
            if total < _MANY:
                return lambda done: None
            return stack.enter_context(progress("validate", total))

        return validate_asked(register, typed, begin, remembers=remembers)


def _staged(register: Register, typed: list[str]) -> Verdict:
    from defectreg.gate.staging import validate_staged

    if typed:
        raise UsageProblem(
            "--staged judges all that git would commit, and takes neither path nor id",
            "leave it out to judge files as they lie there",
        )
    return validate_staged(register)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """What was found, as one object of JSON.

    ``schema_version``: 1; ``counts``: ``records``, ``error``, ``awaited``, ``warning``;
    ``findings``, each with ``file``, ``line``, ``column`` (from 1), ``code``, ``severity``
    (error, awaited, warning), ``sentence`` and ``hint`` (may be empty).
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "counts": {"records": verdict.records, **counts_json(verdict.findings)},
        "findings": list(map(finding_json, verdict.findings)),
    }


def _print(verdict: Verdict, none: str, *, quiet: bool) -> None:
    print_findings(verdict.findings, quiet=quiet)
    among = counted(verdict.records, "record")
    clean = f"All {among} are well formed." if verdict.records else none
    if verdict.records == 1:
        clean = "The record is well formed."
    print(summary(verdict.findings, among, clean))
