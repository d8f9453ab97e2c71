"""Ask: what is in the register, and what was said of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click import Context  # the type that TyperCommand's methods take
from typer.core import TyperCommand

from defectreg.cli.completing import complete_query, completes_field
from defectreg.cli.options import AsOfOption, AudienceOption, JsonOption, RecordArgument
from defectreg.cli.output import (
    bold,
    disclaimer_lines,
    emit_json,
    escape,
    escape_block,
    wrapped,
)
from defectreg.cli.today import asked_day
from defectreg.register.classification import ALIASES, CLASSES
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.search.accounts import Account
    from defectreg.search.lives import Event, Life
    from defectreg.search.results import Result
    from defectreg.search.snippets import Snippet
    from defectreg.store.places import Register

app = typer.Typer()

_INDENT = "    "
_KINDS = "issue, defect, unusual-behaviour, superfluous-alerts, device-information"
_CERTAINTIES = "reported, suspected, correlated, confirmed"
_REGIONS = "North, Central, South, 4G North, 4G Central, 4G South, Unknown, SMETS1"
_STAGES = (
    "withdrawn, held, returned, reported, recorded, to-notify, in-reply, published, not-judged"
)
_Values = list[str] | None


def _filter(name: str, sentence: str, metavar: str = "VALUE") -> Any:
    return typer.Option(
        f"--{name}", metavar=metavar, help=sentence, autocompletion=completes_field(name)
    )


class _Question(TyperCommand):
    """A command whose words may begin with a hyphen: ``-update`` leaves entries out."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        excluded = [word for word in args[:end] if _is_excluded(word)]
        options = [word for word in args[:end] if not _is_excluded(word)]
        if excluded:
            args = [*options, "--", *excluded, *args[end + 1 :]]
        return super().parse_args(ctx, args)


def _is_excluded(word: str) -> bool:
    return len(word) > 1 and word[0] == "-" and word[1] != "-" and word != "-h"


_EXAMPLES = """\b
Fields: kind, certainty, region, alert, has-fix, stage, trigger, frequency,
  variant, service-request, id, model; manufacturer, beside a model

\b
Examples:
  defectreg search billing alerts -display
  defectreg search alert:8F0A region:North has-fix:true
  defectreg search "CHF:FF02/00020001 + ESME:FF01/00010100 in North\""""


_MOST_SHOWN = 20
"""Entries of a listing where nobody says how many."""


def _at_least_one(number: int | None) -> int | None:
    if number is not None and number < 1:
        raise UsageProblem(f"--limit {number} shows nothing", "type a number from 1 on")
    return number


@app.command(cls=_Question, epilog=_EXAMPLES)
def search(
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY]...",
            help='Words, "phrases", field:value, -word, or a combination of Devices.',
            autocompletion=complete_query,
        ),
    ] = None,
    kind: Annotated[_Values, _filter("kind", f"Of this kind: {_KINDS}.")] = None,
    certainty: Annotated[_Values, _filter("certainty", f"This certain: {_CERTAINTIES}.")] = None,
    region: Annotated[_Values, _filter("region", f"Seen there, or anywhere: {_REGIONS}.")] = None,
    alert: Annotated[
        _Values, _filter("alert", "With this alert code, such as 8F0A.", "CODE")
    ] = None,
    has_fix: Annotated[
        _Values, _filter("has-fix", "With a fix that counts, or without: true, false.")
    ] = None,
    stage: Annotated[_Values, _filter("stage", f"At this stage: {_STAGES}.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="NUMBER",
            callback=_at_least_one,
            help=f"At most so many entries: {_MOST_SHOWN} without it, all of them with --csv.",
        ),
    ] = None,
    json: JsonOption = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print a table of all fields as CSV.")] = False,
    worktree: Annotated[
        bool, typer.Option("--worktree", help="Ask also what differs in the work tree.")
    ] = False,
    as_of: AsOfOption = None,
    audience: AudienceOption = None,
) -> None:
    """Find records by words, fields or a combination of Devices; the newest without any.

    A filter may be given several times: any of its values will do. field:value in the QUERY does
    the same.
    """
    from defectreg.search.language import parse_query
    from defectreg.search.results import found_csv, found_json, meta_of, results_of
    from defectreg.store.index import open_index

    if json and csv:
        raise UsageProblem("--json and --csv cannot go together", "choose one of them")
    register = _register()
    day, whom = asked_day(as_of), _audience_of(audience, register)
    typed = " ".join(query or ())
    options = {"kind": kind, "certainty": certainty, "region": region, "alert": alert}
    options |= {"has-fix": has_fix, "stage": stage}
    beside = [(name, value) for name, values in options.items() for value in values or ()]
    asked = parse_query(typed, register.grounds.schemas["record"], beside)
    with open_index(register, worktree) as index:
        most = limit or (sys.maxsize if csv else _MOST_SHOWN)
        found = index.search(asked, most, day, whom)
    results = results_of(found.hits, asked, index.grounds, whom)
    if csv:
        sys.stdout.write(found_csv(results, index.grounds.schemas["record"]))
    elif json:
        meta = meta_of(" ".join([typed, *(f"{n}:{v}" for n, v in beside)]).strip(), day, whom,
                       index.commit)  # fmt: skip
        emit_json(found_json({**meta, "worktree": worktree, "total": found.total}, results))
    else:
        _print_lines(_listing(results, found.total))
    if not results:
        _say_nothing_found(asked.phrases, index.grounds.catalogue.manufacturers)


@app.command()
def show(
    record_id: RecordArgument,
    json: JsonOption = False,
    as_of: AsOfOption = None,
    audience: AudienceOption = None,
) -> None:
    """Show a record and everything that was said of it, fixes first."""
    from defectreg.search.accounts import account_json, account_of
    from defectreg.search.lives import life_of
    from defectreg.store.places import short_name

    register = _register()
    day, whom = asked_day(as_of), _audience_of(audience, register)
    life = life_of(register, record_id)
    stage, marks = life.stage(whom, day), life.marks(whom)
    if json:
        meta = {"as_of": day.isoformat(), "audience": whom, "commit": life.commit}
        emit_json(account_json(life, stage, marks, {**meta, "ref": short_name(life.ref)}))
    else:
        _print_lines(_account(account_of(life, stage, marks)))


@app.command()
def log(
    record_id: RecordArgument,
    json: JsonOption = False,
) -> None:
    """Show the life of a record: what was said and changed, when it landed, and who signed."""
    from defectreg.search.lives import changes_of, events_of, life_of, log_json

    register = _register()
    life = life_of(register, record_id)
    events = events_of(life, changes_of(register, life))
    if json:
        emit_json(log_json(life, events))
    else:
        _print_lines(_life(life, events))


def _register() -> Register:
    from defectreg.store.places import open_register

    return open_register(Path.cwd())


def _audience_of(typed: str | None, register: Register) -> str:
    if typed is None:
        return register.grounds.policy.audience
    typed = ALIASES.get(typed, typed)
    if typed not in CLASSES:
        raise UsageProblem(f"{typed!a:.40} is no audience", f"one of {', '.join(CLASSES)}")
    return typed


def _listing(results: Sequence[Result], total: int) -> Iterator[str]:
    yield from disclaimer_lines()
    for result in results:
        yield ""
        yield from _lines_of(result)
    if total > len(results):
        yield ""
        yield f"{len(results)} of {total} entries; --limit shows more."


def _lines_of(result: Result) -> Iterator[str]:
    from defectreg.register.shown_words import kind_words
    from defectreg.search.accounts import stage_words

    record = result.hit.standing.record
    yield bold(f"{record.id}  {escape(result.title)}")
    about = [stage_words(result.hit.stage)]
    if not result.is_withdrawn:
        about.insert(0, f"{kind_words(record)}, {record.certainty}")
        shown = [mark for mark in result.marks if mark != "cause-unknown"]
        about += [", ".join(shown)] if shown else []
        about += ["possibly applies"] if result.applies == "possibly" else []
    yield from wrapped(escape(" · ".join(about)), _INDENT)
    if not result.is_withdrawn:
        for text in record.data["affected"]:
            yield from wrapped(escape(text), _INDENT)
    if result.snippet.spans:
        yield _INDENT + _marked(result.snippet)


def _marked(snippet: Snippet) -> str:
    return "".join(
        bold(escape(piece)) if is_match else escape(piece) for piece, is_match in snippet.pieces()
    )


def _account(account: Account) -> Iterator[str]:
    yield from disclaimer_lines()
    yield ""
    for line in wrapped(escape(account.title), ""):
        yield bold(line)
    for name, text in account.facts:
        yield from wrapped(escape(text), " " * 11, f"{name:<11}")
    for part in account.parts:
        yield ""
        yield bold(part.heading)
        for number, paragraph in enumerate(part.paragraphs):
            if number and "\n" in paragraph.text:
                yield ""
            if paragraph.text:
                yield from wrapped(escape_block(paragraph.text), "  ")
            if paragraph.about:
                yield from wrapped(f"({escape(paragraph.about)})", _INDENT)


def _life(life: Life, events: Sequence[Event]) -> Iterator[str]:
    from defectreg.search.results import WITHDRAWN_TITLE
    from defectreg.store.places import short_name

    record = life.standing.record
    title = record.title if life.standing.withdrawal is None else WITHDRAWN_TITLE
    yield from disclaimer_lines()
    yield ""
    yield bold(f"{record.id}  {escape(title)}")
    if not life.has_landed:
        yield f"stands on {escape(short_name(life.ref))}; it has not landed"
    yield f"{'landed':<11} {'dated':<11} what"
    for event in events:
        yield from _event_lines(event)


def _event_lines(event: Event) -> Iterator[str]:
    landed = "not landed" if event.landed is None else event.landed.isoformat()
    text = _happened(event)
    yield from wrapped(escape(text), " " * 24, f"{landed:<11} {event.claimed} ".ljust(24))


def _happened(event: Event) -> str:
    if event.kind == "change":
        return f"record changed: {', '.join(event.fields) or 'its comments or form'}"
    what = f"{event.kind} {event.decision}".strip()
    where = f" · on {event.ref}" if event.ref else ""
    return f"{what} · {event.by} · {_signed(event)} · {event.file}{where}"


def _signed(event: Event) -> str:
    if event.signer:
        return f"signed by {event.signer} ({event.key} key)"
    return "unsigned" if event.key == "unsigned" else "signed with a key that nobody holds"


def _print_lines(lines: Iterator[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _say_nothing_found(
    phrases: Sequence[tuple[str, ...]], manufacturers: Mapping[str, str]
) -> None:
    sys.stdout.flush()
    words = {word.upper() for phrase in phrases for word in phrase}
    sentence = "nothing was found; not every issue is reported, so that says nothing of a Device"
    print(sentence, file=sys.stderr)
    if not words.isdisjoint(manufacturers):
        print("hint: a manufacturer is asked for with its model: FF01/00010100", file=sys.stderr)
