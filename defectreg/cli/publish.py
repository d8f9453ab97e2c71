"""Publish: the pages and the exports of a commit."""

from __future__ import annotations

import datetime
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from defectreg.cli.completing import complete_month
from defectreg.cli.options import AsOfOption, Audience, JsonOption, audience_option
from defectreg.cli.output import disclaimer_lines, emit_json, escape, progress
from defectreg.cli.today import asked_day, today
from defectreg.publication.cards import COLUMNS
from defectreg.publication.documents import SCHEMA_VERSION
from defectreg.publication.site import MARK, Site, made_of
from defectreg.publication.words import AUDIENCES, day_words
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.public import DISCLAIMER, PublicRegister
from defectreg.store.building import Edition, build, counted
from defectreg.store.bulletins import Asked, publication
from defectreg.store.cardfile import card_file
from defectreg.store.days import check_day
from defectreg.store.git import Change, Repository
from defectreg.store.kept import KeptRecords
from defectreg.store.leaving import Leaving, Previous, check_leaving, leaving
from defectreg.store.places import Register, open_register
from defectreg.store.processes import keep_values
from defectreg.store.program import program
from defectreg.store.publishing import site_templates
from defectreg.store.releasing import Released
from defectreg.store.sources import FOLDERS, CommitSource

app = typer.Typer()
_PROGRAM = ("register", "formats", "store", "publication")
"""The folders of the program that decide what is published."""


@app.callback()
def publishing() -> None:
    """The pages and the exports."""


@app.command("publish")
def publish(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Where to. Without it, public/."),
    ] = None,
    audience: Annotated[
        Audience | None,
        typer.Option("--audience", metavar="AUDIENCE", help=audience_option("clear or green")),
    ] = None,
    as_of: AsOfOption = None,
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            metavar="MONTH",
            autocompletion=complete_month,
            help="What the publisher signed for this month, 2026-10, less what was taken back.",
        ),
    ] = None,
    scheduled: Annotated[
        bool,
        typer.Option(
            "--scheduled",
            help="What the policy's cadence says: the newest signed month, or the commit.",
        ),
    ] = False,
    commit: Annotated[
        str, typer.Option("--commit", metavar="COMMIT", help="Which commit is published.")
    ] = "HEAD",
    previous: Annotated[
        Path | None,
        typer.Option(
            "--previous",
            metavar="DIR",
            help="The last publication: no entry of it may be missing without a reason.",
        ),
    ] = None,
    confirm: Annotated[
        bool,
        typer.Option("--confirm", help="With --previous: more than one entry in ten may leave."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Make every page, and write none.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Build the pages and the exports of a commit: what an audience may see of it on a day.

    A folder that holds a publication is brought to this one, and nothing else may stand in it.
    Exit code 1: records were left out, for their files cannot be judged.
    """
    asked = _asked(month, audience, as_of, scheduled=scheduled)
    keep_values()
    register = open_register(Path.cwd())
    source = CommitSource(register.repository, _commit(register.repository, commit))
    _check_history(register.repository)
    if as_of is not None:
        check_day(register.repository, source.commit, asked.day)
        _say_future(asked.day)
    with register.repository.changing(*FOLDERS) as changes:
        with progress("judging") as done:
            result = publication(source, asked, done)
        leaves = _leaving(previous, result, source, is_confirmed=confirm)
        target = (output or register.repository.root / "public").absolute()
        number = _built(result, source, register, None if dry_run else target)
        _say_uncommitted(register, changes())
    place = None if dry_run else target
    if as_json:
        emit_json(published_json(result, number, place, leaves))
    else:
        _print_text(result, number, place, leaves)
    if result.left_out:
        _say_left_out(result.left_out)
        raise typer.Exit(1)


def _leaving(
    folder: Path | None, result: Released, source: CommitSource, *, is_confirmed: bool
) -> tuple[Leaving, ...]:
    """The entries that leave, each for a reason. Raises CannotRun where one has none."""
    if folder is None:
        return ()
    last = Previous.of(folder.absolute(), MARK)
    leaves = leaving(last, result.register, source)
    check_leaving(leaves, last, is_confirmed=is_confirmed)
    return leaves


def _built(result: Released, source: CommitSource, register: Register, target: Path | None) -> int:
    """Make the files, and write them where there is a target; returns how many there are."""
    manifest = None if target is None else _manifest(register, target)
    with (
        edition_of(result, source, manifest) as edition,
        progress("building", len(edition.units)) as done,
    ):
        if target is None or manifest is None:
            return counted(edition, done).files
        return build(target, edition, manifest, done).files


@contextmanager
def edition_of(result: Released, source: CommitSource, manifest: Path | None) -> Iterator[Edition]:
    """The files of a publication, made by the templates of the commit.

    What is kept of entries lies beside the manifest, where there is one.
    """
    templates, this = site_templates(source), program(_PROGRAM)
    made = made_of(result.register, templates, this)
    file = None if manifest is None else manifest.with_suffix(".cards")
    with card_file(COLUMNS, made, file) as cards:
        with progress("reading", len(result.register.records)) as done:
            site = Site.of(result.register, templates, cards, done)
        yield site.edition(this)


def _manifest(register: Register, target: Path) -> Path:
    """Where it is kept of what a folder's files were made."""
    name = hashlib.sha256(str(target.resolve()).encode()).hexdigest()[:16]
    return register.own_folder / "published" / f"{name}.sqlite"


def _asked(
    month: str | None, audience: Audience | None, as_of: str | None, *, scheduled: bool
) -> Asked:
    """What is to be published. Raises UsageProblem where a month and what it fixes are asked."""
    if month and scheduled:
        raise UsageProblem("--month and --scheduled say different things", "use one of them")
    if month and (audience or as_of):
        raise UsageProblem(
            "a signed month has its own day and audience", "leave --as-of and --audience out"
        )
    return Asked(month, scheduled, audience.value if audience else None, asked_day(as_of))


def _commit(repository: Repository, name: str) -> str:
    commit = repository.resolve(name)
    if commit is None:
        raise UsageProblem(f"{name!a:.80} is no commit here", "--commit takes what git log shows")
    return commit


def _check_history(repository: Repository) -> None:
    """Where the beginning is cut off, everything counts as landed with the oldest commit."""
    if not repository.is_shallow():
        return
    sentence = "this clone has only the end of the history, so days of landing are not known"
    hint = "git fetch --unshallow brings the rest; in CI, set the depth of the clone to 0"
    if os.environ.get("CI"):
        raise CannotRun(sentence, hint)
    print(f"warning: {sentence}\nhint: {hint}", file=sys.stderr)


def _say_future(day: datetime.date) -> None:
    """What waits for a manufacturer's reply today may be let out as of a later day."""
    if day > today():
        print(
            f"warning: {day.isoformat()} is after today: manufacturers may still reply to what "
            "this publishes",
            file=sys.stderr,
        )


def _say_uncommitted(register: Register, changes: Iterable[Change]) -> None:
    policy = register.grounds.policy
    if any(policy.is_register_path(change.path) for change in changes):
        print(
            "warning: the register has changes that are not committed; "
            "this publishes the commit, not your changes",
            file=sys.stderr,
        )


def _say_left_out(ids: tuple[str, ...]) -> None:
    print(
        f"warning: left out, because their files cannot be judged: {', '.join(ids)}\n"
        "hint: defectreg validate says what is wrong in them",
        file=sys.stderr,
    )


def _numbers(register: PublicRegister) -> tuple[int, int]:
    withdrawn = KeptRecords.of(register.records).count_withdrawn()
    return len(register.records) - withdrawn, withdrawn


def _stages(stages: Mapping[str, int]) -> str:
    return ", ".join(f"{stage} {number}" for stage, number in stages.items() if number)


def _print_text(
    result: Released, number: int, place: Path | None, leaves: Sequence[Leaving]
) -> None:
    register = result.register
    entries, withdrawn = _numbers(register)
    verb = "would publish" if place is None else "published"
    print("\n".join(disclaimer_lines()))
    print()
    print(f"{verb} {_counted(entries, 'entry', 'entries')}, {withdrawn} withdrawn")
    print(f"for     {AUDIENCES[register.audience]}, as of {day_words(register.day)}")
    print(f"commit  {register.commit}")
    print(f"stages  {_stages(result.stages) or 'no record'}")
    print(f"files   {number}" + ("" if place is None else f" in {escape(str(place))}"))
    for each in leaves:
        print(f"leaves  {each.record_id} ({each.reason})")
    if place is not None:
        print(f"open    {escape(str(place / 'index.html'))}")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def published_json(
    result: Released, number: int, place: Path | None, leaves: Sequence[Leaving] = ()
) -> dict[str, Any]:
    """What was published, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``, ``audience``, ``as_of`` (a day), ``commit``;
    ``written`` (false with ``--dry-run``), ``output`` (the folder, or null), ``files`` (how many),
    ``entries`` and ``withdrawn`` (how many are shown), ``stages`` (how many records of the
    register are at each), ``left_out`` (ids of records whose files cannot be judged),
    ``leaving`` (with ``--previous``: ``id`` and ``reason``, a stage or ``reclassified``, of each
    entry that is shown no longer).
    """
    register = result.register
    entries, withdrawn = _numbers(register)
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            "audience": register.audience,
            "as_of": register.day.isoformat(),
            "commit": register.commit,
        },
        "written": place is not None,
        "output": None if place is None else str(place),
        "files": number,
        "entries": entries,
        "withdrawn": withdrawn,
        "stages": dict(result.stages),
        "left_out": list(result.left_out),
        "leaving": [{"id": each.record_id, "reason": each.reason} for each in leaves],
    }
