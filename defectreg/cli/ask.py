"""Ask: what is in the register, and what was said of it."""

from __future__ import annotations

import datetime
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click import Context  # the type that TyperCommand's methods take
from typer.core import TyperCommand

from defectreg.cli.completing import complete_id, complete_query, completes_field
from defectreg.cli.output import bold, emit_json, escape, escape_block
from defectreg.register.classification import CLASSES
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.search.accounts import Account
    from defectreg.search.lives import Event, Life
    from defectreg.search.results import Result
    from defectreg.search.snippets import Snippet
    from defectreg.store.places import Register

app = typer.Typer()

_INDENT = "    "
_NARROWEST = 40
_WIDEST = 100
_AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Stages as they are on this day (YYYY-MM-DD)."),
]
_Audience = Annotated[
    str | None,
    typer.Option(
        "--audience",
        metavar="CLASS",
        autocompletion=lambda incomplete: [name for name in CLASSES if name.startswith(incomplete)],
        help="Stages for this audience: clear, green, amber or red. The policy's without.",
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Values = list[str] | None


def _filter(name: str, sentence: str) -> Any:
    return typer.Option(
        f"--{name}", metavar="VALUE", help=sentence, autocompletion=completes_field(name)
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


@app.command(cls=_Question)
def search(
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY]...",
            help='Words, "phrases", field:value, -word, or a combination of Devices.',
            autocompletion=complete_query,
        ),
    ] = None,
    kind: Annotated[_Values, _filter("kind", "Entries of this kind.")] = None,
    certainty: Annotated[_Values, _filter("certainty", "Entries of this certainty.")] = None,
    region: Annotated[_Values, _filter("region", "Entries that hold in this region.")] = None,
    alert: Annotated[_Values, _filter("alert", "Entries with this alert code.")] = None,
    has_fix: Annotated[_Values, _filter("has-fix", "Entries with a fix: true or false.")] = None,
    stage: Annotated[_Values, _filter("stage", "Entries at this stage.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many entries to show.")] = 20,
    json: _Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print a table of all fields as CSV.")] = False,
    worktree: Annotated[
        bool, typer.Option("--worktree", help="Ask also what differs in the work tree.")
    ] = False,
    as_of: _AsOf = None,
    audience: _Audience = None,
) -> None:
    """Find records by words, fields or a combination of Devices; the newest without any."""
    from defectreg.search.language import parse_query
    from defectreg.search.results import found_csv, found_json, meta_of, results_of
    from defectreg.store.index import open_index

    if json and csv:
        raise UsageProblem("--json and --csv cannot go together", "choose one of them")
    register = _register()
    day, whom = _day(as_of), _audience_of(audience, register)
    typed = " ".join(query or ())
    options = {"kind": kind, "certainty": certainty, "region": region, "alert": alert}
    options |= {"has-fix": has_fix, "stage": stage}
    beside = [(name, value) for name, values in options.items() for value in values or ()]
    asked = parse_query(typed, register.grounds.schemas["record"], beside)
    with open_index(register, worktree) as index:
        found = index.search(asked, limit, day, whom)
    results = results_of(found.hits, asked, index.grounds.catalogue)
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
    record_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="The id, or its beginning.", autocompletion=complete_id),
    ],
    json: _Json = False,
    as_of: _AsOf = None,
    audience: _Audience = None,
) -> None:
    """Show a record and everything that was said of it, fixes first."""
    from defectreg.register.stage import facts_of, marks_of, stage_of
    from defectreg.search.accounts import account_json, account_of
    from defectreg.search.lives import life_of, short

    register = _register()
    day, whom = _day(as_of), _audience_of(audience, register)
    life = life_of(register, record_id)
    stage = stage_of(facts_of(life.standing, life.grounds.policy, whom, day))
    marks = marks_of(life.standing, life.grounds.catalogue)
    if json:
        meta = {"as_of": day.isoformat(), "audience": whom, "commit": life.commit}
        emit_json(account_json(life, stage, marks, {**meta, "ref": short(life.ref)}))
    else:
        _print_lines(_account(account_of(life, stage, marks)))


@app.command()
def log(
    record_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="The id, or its beginning.", autocompletion=complete_id),
    ],
    json: _Json = False,
) -> None:
    """Show the life of a record: everything that was said, when it landed, and who signed."""
    from defectreg.register.public import DISCLAIMER
    from defectreg.search.lives import event_json, events_of, life_of, short

    life = life_of(_register(), record_id)
    events = events_of(life)
    if json:
        meta = {"disclaimer": DISCLAIMER, "commit": life.commit, "ref": short(life.ref)}
        emit_json(
            {
                "schema_version": 1,
                "meta": meta,
                "id": life.standing.record.id,
                "events": [event_json(event) for event in events],
            }
        )
    else:
        _print_lines(_life(life, events))


def _register() -> Register:
    from defectreg.store.places import open_register

    return open_register(Path.cwd())


def _day(typed: str | None) -> datetime.date:
    if typed is None:
        from defectreg.store.git.history import day_in_london

        return day_in_london(int(time.time()))
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError:
        raise UsageProblem(
            f"{typed!a:.40} is not a day of the calendar", "write it as YYYY-MM-DD"
        ) from None


def _audience_of(typed: str | None, register: Register) -> str:
    if typed is None:
        return register.grounds.policy.audience
    if typed not in CLASSES:
        raise UsageProblem(f"{typed!a:.40} is no audience", f"one of {', '.join(CLASSES)}")
    return typed


def _listing(results: Sequence[Result], total: int) -> Iterator[str]:
    from defectreg.register.public import DISCLAIMER

    yield from _wrapped(DISCLAIMER, "")
    for result in results:
        yield ""
        yield from _lines_of(result)
    if total > len(results):
        yield ""
        yield f"{len(results)} of {total} entries; --limit shows more."


def _lines_of(result: Result) -> Iterator[str]:
    from defectreg.register.public import kind_words
    from defectreg.search.accounts import stage_words

    record = result.hit.standing.record
    yield bold(f"{record.id}  {escape(result.title)}")
    about = [stage_words(result.hit.stage)]
    if not result.is_withdrawn:
        about.insert(0, f"{kind_words(record)}, {record.certainty}")
        shown = [mark for mark in result.marks if mark != "cause-unknown"]
        about += [", ".join(shown)] if shown else []
        about += ["possibly applies"] if result.applies == "possibly" else []
    yield from _wrapped(escape(" · ".join(about)), _INDENT)
    if not result.is_withdrawn:
        for text in record.data["affected"]:
            yield from _wrapped(escape(text), _INDENT)
    if result.snippet.spans:
        yield _INDENT + _marked(result.snippet)


def _marked(snippet: Snippet) -> str:
    return "".join(
        bold(escape(piece)) if is_match else escape(piece) for piece, is_match in snippet.pieces()
    )


def _account(account: Account) -> Iterator[str]:
    from defectreg.register.public import DISCLAIMER

    yield from _wrapped(DISCLAIMER, "")
    yield ""
    for line in _wrapped(escape(account.title), ""):
        yield bold(line)
    for name, text in account.facts:
        yield from _wrapped(escape(text), " " * 11, f"{name:<11}")
    for part in account.parts:
        yield ""
        yield bold(part.heading)
        for number, paragraph in enumerate(part.paragraphs):
            if number and "\n" in paragraph.text:
                yield ""
            yield from _wrapped(escape_block(paragraph.text), "  ")
            if paragraph.about:
                yield from _wrapped(f"({escape(paragraph.about)})", _INDENT)


def _life(life: Life, events: Sequence[Event]) -> Iterator[str]:
    from defectreg.register.public import DISCLAIMER
    from defectreg.search.lives import short
    from defectreg.search.results import WITHDRAWN_TITLE

    record = life.standing.record
    title = record.title if life.standing.withdrawal is None else WITHDRAWN_TITLE
    yield from _wrapped(DISCLAIMER, "")
    yield ""
    yield bold(f"{record.id}  {escape(title)}")
    if not life.has_landed:
        yield f"stands on {escape(short(life.ref))}; it has not landed"
    yield f"{'landed':<11} {'dated':<11} what"
    for event in events:
        landed = "not landed" if event.landed is None else event.landed.isoformat()
        what = f"{event.kind} {event.decision}".strip()
        signed = _signed(event)
        where = f" · on {event.ref}" if event.ref else ""
        text = f"{what} · {event.by} · {signed} · {event.file}{where}"
        yield from _wrapped(escape(text), " " * 24, f"{landed:<11} {event.claimed} ".ljust(24))


def _signed(event: Event) -> str:
    if event.signer:
        return f"signed by {event.signer} ({event.key} key)"
    return "unsigned" if event.key == "unsigned" else "signed with a key that nobody holds"


def _wrapped(text: str, indent: str, first: str | None = None) -> Iterator[str]:
    """Lines of text, already escaped; its own line breaks stay. A terminal's fit its width."""
    from textwrap import wrap

    width = sys.maxsize
    if sys.stdout.isatty():
        width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
    lead = indent if first is None else first
    for line in text.split("\n"):
        yield from wrap(
            line,
            width,
            initial_indent=lead,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=False,
        ) or [""]
        lead = indent


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
