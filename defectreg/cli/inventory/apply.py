"""Apply: requests judged by the rule, and what it allows kept in the journal."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import FINDINGS, report
from defectreg.cli.findings import counted
from defectreg.cli.inventory.options import InventoryOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import emit_json, escape, progress
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.inventory.answering import Noted
    from defectreg.inventory.applying import Applied, Problem, Wish
    from defectreg.inventory.request_files import Asked, Unread
    from defectreg.store.inventory.journal import Batch
    from defectreg.store.inventory.places import Inventory

app = typer.Typer()
SCHEMA_VERSION = 1
MOST_TEXT = 500
_STEP = 1000
_EXAMPLES = """\b
Examples:
  defectreg inventory apply corrections.xml --reason firmware-upgrade
  defectreg inventory apply corrections.xml --reason firmware-upgrade --write
  defectreg inventory apply --outcome responses.csv --write"""


@app.command("apply", short_help="Judge requests by the rule, and keep them.", epilog=_EXAMPLES)
def apply(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...", help="Requests SR12.2 and SR8.4: DUIS XML, or CSV of our columns."
        ),
    ] = None,
    outcome: Annotated[
        Path | None,
        typer.Option(
            "--outcome",
            metavar="FILE",
            help="Instead of requests, what became of them: DUIS responses, or CSV with "
            "request-id and response-code (none: it was sent).",
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write it into the journal; without it, only shown.")
    ] = False,
    each: Annotated[
        bool,
        typer.Option("--each", help="Write what is allowed also where something else is refused."),
    ] = False,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            metavar="REASON",
            help="Why, where a file does not say: asn, pre-notification, previous-supplier, "
            "firmware-upgrade, or words of your own.",
        ),
    ] = "",
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who applies it, as the journal shall say.")
    ] = "",
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge requests by the rule of who may change what, and keep what it allows in the journal.

    Allowed by the rule does not mean accepted by the DCC. Either all requests are written or none;
    the same request again changes nothing. Exit code 1: something is refused, or cannot be judged.
    """
    from defectreg.inventory.applying import Wish
    from defectreg.store.inventory.places import open_inventory

    for option, text in (("--reason", reason), ("--by", by)):
        _check_text(option, text)
    if bool(files) == bool(outcome):
        raise UsageProblem(
            "apply takes files of requests, or --outcome and a file of answers",
            "defectreg inventory apply --help says what it takes",
        )
    place = open_inventory(inventory)
    if outcome:
        is_clean = _note(place, outcome, by, write=write, as_json=as_json)
    else:
        wish = Wish(utc_now(), by, reason, writes=write, each=each)
        is_clean = _judge(place, files or [], wish, as_json=as_json)
    if not is_clean:
        raise typer.Exit(FINDINGS)


def _judge(place: Inventory, files: Sequence[Path], wish: Wish, *, as_json: bool) -> bool:
    """Judge the requests of files and say what came of it; whether nothing was refused."""
    from defectreg.inventory.applying import apply_requests
    from defectreg.inventory.request_files import read_request_file
    from defectreg.store.inventory.sources import files_of, pieces_of

    gc.disable()  # what is read has no cycles, and there is much of it
    with progress("Judging") as step:
        asked = chain.from_iterable(
            read_request_file(str(file), pieces_of(file)) for file in files_of(files, place)
        )
        applied = apply_requests(place, _counting(asked, step), wish, report)
    if as_json:
        emit_json(applied_json(applied))
    else:
        print("\n".join(_applied_lines(applied, wish)))
    return not applied.problems


def _note(place: Inventory, file: Path, by: str, *, write: bool, as_json: bool) -> bool:
    """Note what became of requests and say so; whether each answer was about one."""
    from defectreg.inventory.answering import note_answers, read_answer_file
    from defectreg.store.inventory.journal import Occasion
    from defectreg.store.inventory.sources import pieces_of

    answers = read_answer_file(str(file), pieces_of(file))
    occasion = Occasion("answers", utc_now(), by)
    noted = note_answers(place, answers, occasion, report, writes=write)
    if as_json:
        emit_json(noted_json(noted))
    else:
        print("\n".join(_noted_lines(noted)))
    return not noted.problems


def utc_now() -> str:
    """The time, in UTC, as the journal writes it: ``2026-03-01T09:30:00Z``."""
    return f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _check_text(option: str, text: str) -> None:
    """Raises UsageProblem for what the journal does not take."""
    if len(text) > MOST_TEXT or not text.isprintable():
        raise UsageProblem(f"{option} takes up to {MOST_TEXT} characters, in one line")


def _counting(
    asked: Iterable[Asked | Unread], step: Callable[[int], None]
) -> Iterator[Asked | Unread]:
    for number, each in enumerate(asked, 1):
        yield each
        if number % _STEP == 0:
            step(_STEP)


def _applied_lines(applied: Applied, wish: Wish) -> Iterator[str]:
    """For people: each that was refused, how many of each code, and what was written."""
    from defectreg.inventory.judging import CODES

    for problem in applied.problems:
        yield _problem_line(problem)
    for (outcome, code), count in applied.counts.items():
        yield f"{count:>9,}  {outcome:<16}  {code}  {CODES[code]}"
    snapshot = applied.snapshot
    yield f"Judged on the snapshot {snapshot.id}, as of {escape(snapshot.as_of)}."
    yield _written(applied, wish)


def _problem_line(problem: Problem) -> str:
    where = escape(problem.file) + (f":{problem.line}" if problem.line else "")
    about = f"{problem.request_id} of {problem.device_id}: " if problem.request_id else ""
    return f"{where}: {problem.outcome}[{problem.code}]: {about}{escape(problem.sentence)}"


def _written(applied: Applied, wish: Wish) -> str:
    if applied.batch:
        return _batch_line(applied.batch, "request")
    if not applied.allowed:
        return "Nothing was written: there is nothing new that is allowed."
    if applied.is_hindered:
        wrong = f"refused or not to be judged: {counted(len(applied.problems), 'request')}"
        hint = "" if wish.each else "; --each writes what is allowed"
        return f"Nothing was written: {wrong}{hint}."
    return f"Nothing was written: --write writes {counted(applied.allowed, 'request')}."


def _batch_line(batch: Batch, word: str) -> str:
    return f"Written: batch {batch.number}, {counted(batch.size, word)}, digest {batch.digest}."


def applied_json(applied: Applied) -> dict[str, Any]:
    """What came of requests, as one object of JSON.

    ``schema_version``: 1; ``snapshot``: ``id`` and ``as_of``; ``requests``: how many there were;
    ``codes``, each with ``code``, ``outcome`` (allowed, refused, passed-through,
    cannot-be-judged), ``sentence`` and ``count``; ``problems``: each that was refused or could not
    be judged, with ``file``, ``line`` (0: not known), ``request_id``, ``device_id``, ``outcome``,
    ``code`` and ``sentence``; ``allowed``: how many the journal did not have; ``batch`` that was
    written, with ``number``, ``size`` and ``digest``, null where nothing was.
    """
    from defectreg.inventory.judging import CODES

    return {
        "schema_version": SCHEMA_VERSION,
        "snapshot": {"id": applied.snapshot.id, "as_of": applied.snapshot.as_of},
        "requests": applied.asked,
        "codes": [
            {"code": code, "outcome": outcome, "sentence": CODES[code], "count": count}
            for (outcome, code), count in applied.counts.items()
        ],
        "problems": [asdict(problem) for problem in applied.problems],
        "allowed": applied.allowed,
        "batch": _batch_json(applied.batch),
    }


def _batch_json(batch: Batch | None) -> dict[str, Any] | None:
    if batch is None:
        return None
    return {"number": batch.number, "size": batch.size, "digest": batch.digest}


def _noted_lines(noted: Noted) -> Iterator[str]:
    for problem in noted.problems:
        yield f"{escape(problem.file)}:{problem.line}: {escape(problem.sentence)}"
    for answer, count in noted.counts.items():
        yield f"{count:>9,}  {answer}"
    if noted.batch:
        yield _batch_line(noted.batch, "answer")
    elif noted.problems:
        wrong = counted(len(noted.problems), "line")
        yield f"Nothing was written: {wrong} cannot be noted."
    elif noted.fresh:
        yield f"Nothing was written: --write writes {counted(noted.fresh, 'answer')}."
    else:
        yield "Nothing was written: the journal says so already."


def noted_json(noted: Noted) -> dict[str, Any]:
    """What came of answers, as one object of JSON.

    ``schema_version``: 1; ``answers``: how many of ``sent``, ``accepted`` and ``refused``; ``new``:
    how many the journal did not have; ``problems``: what is no answer, or one to nothing, with
    ``file``, ``line`` and ``sentence``; ``batch`` as ``apply`` of requests has it.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "answers": dict(noted.counts),
        "new": noted.fresh,
        "problems": [
            {"file": each.file, "line": each.line, "sentence": each.sentence}
            for each in noted.problems
        ],
        "batch": _batch_json(noted.batch),
    }
