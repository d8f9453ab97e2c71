"""Publish: the monthly bulletin, shown, signed and handed on."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.completing import complete_month
from defectreg.cli.options import (
    AsOfOption,
    Audience,
    DryRunOption,
    JsonOption,
    KeyOption,
    PartyOption,
    audience_option,
)
from defectreg.cli.output import bold, disclaimer_lines, emit_json, escape, progress
from defectreg.cli.today import asked_day, today
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.register.public import PublicChange, PublicRegister
    from defectreg.store.months import Pointer
    from defectreg.store.places import Register
    from defectreg.store.signing_months import Proposed

app = typer.Typer()

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What a month is to show where it is not what was signed for it."""

    commit: str | None
    day: str | None
    audience: Audience | None

    @property
    def is_anything(self) -> bool:
        """Whether anything of it was typed."""
        return bool(self.commit or self.day or self.audience)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a bulletin: where it was proposed, and where its files were written."""

    proposed: Proposed | None
    package: Path | None


@app.callback()
def bulletins() -> None:
    """Makes typer keep the command's name where it is the only one."""


_EXAMPLES = """\b
Examples:
  defectreg bulletin 2026-10                   what it tells
  defectreg bulletin 2026-10 --sign            propose it, signed
  defectreg bulletin 2026-10 --package out     what SECAS is handed"""


@app.command(epilog=_EXAMPLES)
def bulletin(
    month: Annotated[
        str,
        typer.Argument(metavar="MONTH", autocompletion=complete_month, help="As 2026-10."),
    ],
    sign: Annotated[
        bool,
        typer.Option("--sign", help="Sign it as a publisher, on a branch submit/bulletin-MONTH."),
    ] = False,
    package: Annotated[
        Path | None,
        typer.Option(
            "--package",
            metavar="DIR",
            help="Write what SECAS is handed: an HTML fragment, a page to print, CSV, checksums.",
        ),
    ] = None,
    audience: Annotated[
        Audience | None,
        typer.Option("--audience", metavar="AUDIENCE", help=audience_option("clear or green")),
    ] = None,
    as_of: AsOfOption = None,
    commit: Annotated[
        str | None,
        typer.Option(
            "--commit", metavar="COMMIT", help="What it shows. Without it, the tip of main."
        ),
    ] = None,
    party: PartyOption = None,
    key: KeyOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show what gained a fix, was added, corrected or withdrawn since the last signed month.

    A month that has landed is shown as it was signed, less what was taken back since. With
    --commit, --as-of, --audience or --sign it is drafted anew: one that lands takes the place of
    the last.
    """
    from defectreg.store.places import open_register
    from defectreg.store.signing_months import propose_month, publisher

    now = datetime.datetime.now(datetime.UTC)
    register = open_register(Path())
    identity = publisher(register, month, party, key) if sign else None
    pointer, shown = _shown(register, month, Asked(commit, as_of, audience), is_new=sign)
    _check_day(pointer, now, is_new=sign)
    proposed = None
    if identity is not None and not dry_run:
        proposed = propose_month(register, pointer, identity, now)
    done = Done(proposed, _packaged(register, shown, package, dry_run=dry_run))
    if as_json:
        emit_json(bulletin_json(shown, done))
    else:
        _print(register, shown, pointer, done)


def _shown(
    register: Register, month: str, asked: Asked, *, is_new: bool
) -> tuple[Pointer, PublicRegister]:
    """What a month points at, and the register with its bulletin."""
    from defectreg.store.bulletins import with_bulletin
    from defectreg.store.days import check_day
    from defectreg.store.months import before, pointers_of, released_month
    from defectreg.store.releasing import record_ids, trusted_grounds
    from defectreg.store.signing_months import check_forward, check_month, draft
    from defectreg.store.sources import CommitSource

    repository = register.repository
    source = CommitSource(repository, register.target.commit)
    grounds = trusted_grounds(source)
    pointers = pointers_of(source, grounds)
    pointer = next((each for each in pointers if each.month == month), None)
    if pointer is None or is_new or asked.is_anything:
        day = asked_day(asked.day)
        check_month(month, day)
        landed = pointer
        pointer = draft(
            register, month, asked.commit, day, asked.audience or grounds.policy.audience
        )
        check_day(repository, pointer.commit, day)
        if is_new:
            check_forward(repository, landed, pointer)
    with progress("judging", len(record_ids(source))) as done:
        result = released_month(source, pointer, done)
    older = before(month, pointers)
    return pointer, with_bulletin(result.register, repository, older, pointer)


def _check_day(pointer: Pointer, now: datetime.datetime, *, is_new: bool) -> None:
    """Raises UsageProblem where what is signed would be dated after today."""
    if is_new and pointer.day > today(now):
        raise UsageProblem(
            f"{pointer.day.isoformat()} is after today", "what is signed shows a day that was"
        )


def _packaged(
    register: Register, shown: PublicRegister, folder: Path | None, *, dry_run: bool
) -> Path | None:
    if folder is None or dry_run:
        return None
    from defectreg.publication.package import MARK, package_of
    from defectreg.store.publishing import replace_folder, site_templates
    from defectreg.store.sources import CommitSource

    source = CommitSource(register.repository, register.target.commit)
    replace_folder(folder.absolute(), package_of(shown, site_templates(source)), MARK)
    return folder.absolute()


def _print(register: Register, shown: PublicRegister, pointer: Pointer, done: Done) -> None:
    print("\n".join(disclaimer_lines()))
    print()
    print("\n".join(_lines(shown, pointer.by)))
    if done.package is not None:
        print(f"package  {escape(str(done.package))}")
    if done.proposed is not None:
        print("\n".join(_proposed_lines(register, done.proposed)))


def _proposed_lines(register: Register, proposed: Proposed) -> Iterator[str]:
    branch = escape(proposed.branch)
    has_remote = bool(register.repository.config("remote.origin.url"))
    yield f"Signed, on {branch}:"
    yield f"  {proposed.path}"
    yield "Next:"
    yield f"  defectreg gate {branch}"
    yield f"  git push origin {branch}" if has_remote else f"  git merge --no-ff {branch}"


def _lines(shown: PublicRegister, signer: str) -> Iterator[str]:
    from defectreg.publication.bulletin import groups_of, month_words
    from defectreg.publication.words import AUDIENCES, day_words

    bulletin = shown.bulletins[0]
    since = day_words(bulletin.since) if bulletin.since else "the beginning"
    state = f"signed by {signer}" if bulletin.is_signed else "a draft that nobody has signed"
    yield f"{bold(f'Bulletin of {month_words(bulletin.month)}')}, {state}"
    yield f"for      {AUDIENCES[shown.audience]}, as of {day_words(bulletin.day)}"
    yield f"since    {since}"
    yield f"commit   {bulletin.commit}"
    groups = groups_of(bulletin)
    for group in groups:
        yield ""
        yield bold(group.heading)
        for change in group.changes:
            yield from _change_lines(change)
    if not groups:
        yield ""
        yield "Nothing that may be shown has changed."
    yield ""


def _change_lines(change: PublicChange) -> Iterator[str]:
    from defectreg.publication.words import STATEMENTS, WITHDRAWALS

    said = WITHDRAWALS[change.withdrawal.code] if change.withdrawal else change.title
    yield f"  {change.id}  {escape(said)}"
    yield from (f"    {escape(combination)}" for combination in change.affected)
    yield from (f"    fix {escape(fix)}" for fix in change.fixes)
    if change.said:
        yield f"    new {', '.join(STATEMENTS[kind].lower() for kind in change.said)}"


def bulletin_json(shown: PublicRegister, done: Done) -> dict[str, Any]:
    """A bulletin as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``, ``audience``, ``as_of`` (a day), ``commit``
    (less what this commit took back); ``month``, ``signed``, ``since`` (the day of the bulletin
    before, or null), ``commit`` (which it shows); ``corrections`` and ``changes``, each with
    ``what``, ``id``, ``title``, ``kind_words``, ``affected``, ``marks``, ``fixes``, ``said`` (kinds
    of statement), ``changed_since`` (whether its text is another now) and ``withdrawn`` (``day``,
    ``code``, ``other``; or null); ``proposed``
    (``branch``, ``file``, ``commit``; or null) and ``package`` (a folder, or null).
    """
    from defectreg.register.public import DISCLAIMER

    bulletin = shown.bulletins[0]
    proposed = done.proposed
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            "audience": shown.audience,
            "as_of": bulletin.day.isoformat(),
            "commit": shown.commit,
        },
        "month": bulletin.month,
        "signed": bulletin.is_signed,
        "since": bulletin.since.isoformat() if bulletin.since else None,
        "commit": bulletin.commit,
        "corrections": [_change_json(change) for change in bulletin.corrections],
        "changes": [_change_json(change) for change in bulletin.changes],
        "proposed": proposed
        and {"branch": proposed.branch, "file": proposed.path, "commit": proposed.commit},
        "package": str(done.package) if done.package else None,
    }


def _change_json(change: PublicChange) -> dict[str, Any]:
    withdrawal = change.withdrawal
    return {
        "what": change.what,
        "id": change.id,
        "title": change.title,
        "kind_words": change.kind_words,
        "affected": list(change.affected),
        "marks": list(change.marks),
        "fixes": list(change.fixes),
        "said": list(change.said),
        "changed_since": change.is_changed_since,
        "withdrawn": withdrawal
        and {
            "day": withdrawal.day.isoformat(),
            "code": withdrawal.code,
            "other": withdrawal.other or None,
        },
    }
