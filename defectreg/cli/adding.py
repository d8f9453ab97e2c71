"""How a new issue, and a statement on one, are typed: by flags, questions, a file, an editor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as made_of
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from typer._click import Context

from defectreg.cli.asking import Answers, ask_all, choose, is_terminal
from defectreg.cli.editor import filled_in
from defectreg.cli.fields import TEXT, option_of, refuse_others, typed_values
from defectreg.cli.proposing import (
    Manner,
    Typed,
    drafts_of,
    nothing_lost,
    read_typed,
    refuse,
    say,
    say_kept,
    say_remarks,
    write,
)
from defectreg.intake import proposals
from defectreg.intake.alike import alike
from defectreg.intake.candidates import Unwritable, kept_text, nested
from defectreg.intake.forms import (
    Field,
    complaint,
    missing,
    normalised,
    record_fields,
    report_fields,
    statement_fields,
    tidy,
)
from defectreg.intake.naming import about, readings, statement_names, the_one
from defectreg.intake.proposals import Desk, Proposal, Refusal
from defectreg.intake.readers import who_will_read
from defectreg.intake.sheets import REPORT, read_sheet, report_sheet, sheet
from defectreg.register.errors import UsageProblem
from defectreg.register.record import is_record_id
from defectreg.register.schema import Validator
from defectreg.register.similarity import Similar
from defectreg.register.yamltext import YamlError, load
from defectreg.store.identity import Identity, identify
from defectreg.store.places import Register, open_register
from defectreg.store.proposals import exists

_MOST_SIMILAR = 5
_FROM_FILES = ("read",)
"""Keys that are worked out of the record's files where nobody typed them."""


@dataclass(slots=True)
class Filled:
    """What was typed so far, by dotted key: of the record or statement, and of its own report."""

    values: Answers = made_of(default_factory=dict)
    report: Answers = made_of(default_factory=dict)

    def text(self) -> str:
        """All of it as a text to keep, which ``--from`` reads; empty where there is nothing."""
        report = {REPORT: nested(self.report)} if self.report else {}
        data = nested(self.values) | report
        return kept_text(data) if data else ""


def add_issue(context: Context, party: str | None, key: str | None, manner: Manner) -> None:
    """Report a new issue."""
    register = open_register(Path())
    schemas = register.grounds.schemas
    fields = record_fields(schemas["record"])
    own = report_fields(schemas["record"], schemas["statement"])
    names = {option_of(field) for field in fields}
    names |= {option_of(field, own_report=True) for field in own}
    refuse_others(context, names, "a new issue")
    filled = Filled(typed_values(context, fields), typed_values(context, own, own_report=True))
    consent = f" --consent {manner.consent}" if manner.consent else ""
    typed = Typed(drafts_of(register), "issue.yaml", filled.text,
                  f"defectreg add --from {{}} --editor{consent}", manner.dry_run)  # fmt: skip
    with nothing_lost(typed):
        identity = identify(register, party, key)
        record_id = _taken_from_file(manner, filled, fields, own, typed)
        desk = Desk.for_new(register, identity, _now(), _fresh(register, record_id))
        say(*who_will_read(desk.grounds, identity.party))
        proposal = _issue_filled_in(desk, filled, fields, own, typed, manner)
        say_remarks(proposal)
        record = proposal.judgement.checked.record
        similar = alike(register, record, _MOST_SIMILAR) if record else []
        chosen = _offered(similar, manner)
    if chosen is None:
        write(proposal, typed, manner, similar=[_as_data(one) for one in similar])
        return
    say_kept(typed, typed.keep())
    _report_instead(register, identity, chosen.id, filled, manner)


def add_statement(
    context: Context, said: tuple[str, str, str | None], party: str | None, key: str | None,
    manner: Manner,
) -> None:  # fmt: skip
    """Add a statement: ``said`` is its kind, the beginning of the record's id, and its text."""
    kind, typed_id, text = said
    register = open_register(Path())
    fields = statement_fields(register.grounds.schemas["statement"], kind)
    names = {option_of(field) for field in fields if field.key != TEXT}
    refuse_others(context, names, f"a {kind}")
    filled = Filled(typed_values(context, fields))
    if text is not None:
        filled.values[TEXT] = tidy(
            read_typed("-").decode("utf-8", "surrogateescape") if text == "-" else text
        )
    typed = Typed(drafts_of(register), f"{kind}.yaml", filled.text,
                  f"defectreg add {kind} {typed_id} --from {{}}", manner.dry_run)  # fmt: skip
    with nothing_lost(typed):
        identity = identify(register, party, key)
        _taken_from_file(manner, filled, fields, (), typed)
        desk = Desk.for_record(register, identity, _now(), typed_id)
        say(*who_will_read(desk.grounds, identity.party))
        proposal = _statement_filled_in(desk, kind, filled, fields, typed, manner)
        say_remarks(proposal)
    write(proposal, typed, manner)


def attempt(make: Callable[[], Proposal]) -> Proposal | Refusal:
    """A proposal, or why there is none."""
    try:
        proposal = make()
    except (YamlError, Unwritable) as error:
        return proposals.unread(error)
    return proposals.refusal_of(proposal) or proposal


def _now() -> datetime:
    return datetime.now(UTC)


def _issue_filled_in(
    desk: Desk, filled: Filled, fields: Sequence[Field], own: Sequence[Field], typed: Typed,
    manner: Manner,
) -> Proposal:  # fmt: skip
    def of_text(text: str) -> Proposal:
        values, report = read_sheet(text.encode("utf-8", "surrogateescape"))
        if values.pop("id", desk.record_id) != desk.record_id:
            raise UsageProblem("the id of a new record is made for it", "take the id out")
        filled.values, filled.report = normalised(fields, values), normalised(own, report)
        return proposals.issue(desk, filled.values, filled.report, manner.consent)

    if manner.editor:
        schema = desk.grounds.schemas["record"]
        form = sheet(f"A new record, {desk.record_id}.", fields, nested(filled.values), schema)
        form += report_sheet(own, filled.report)
        return filled_in(form, lambda text: attempt(lambda: of_text(text)), typed, manner)
    lacking = missing(fields, filled.values)
    if lacking and is_terminal():
        words = desk.grounds.catalogue.completions()
        typed.is_trial = False  # answers stand in no command: they are kept
        _ask(fields, filled.values, desk.grounds.validators["record"], words)
        _ask(own, filled.report, desk.grounds.validators["statement"], words)
    elif lacking:
        raise _lacks(lacking, "a new issue")
    return or_refused(
        attempt(lambda: proposals.issue(desk, filled.values, filled.report, manner.consent)),
        typed,
        manner,
    )


def _statement_filled_in(
    desk: Desk, kind: str, filled: Filled, fields: Sequence[Field], typed: Typed, manner: Manner
) -> Proposal:
    def of_values() -> Proposal:
        values = _resolved(desk, kind, filled.values)
        return proposals.statement(desk, kind, values)

    def of_text(text: str) -> Proposal:
        values, _ = read_sheet(text.encode("utf-8", "surrogateescape"))
        filled.values = normalised(fields, values)
        return of_values()

    if manner.editor:
        schema = desk.grounds.schemas["statement"]
        form = sheet(f"A {kind} on {desk.record_id}.", fields, nested(filled.values), schema)
        return filled_in(form, lambda text: attempt(lambda: of_text(text)), typed, manner)
    lacking = [field for field in missing(fields, filled.values) if field.key not in _FROM_FILES]
    if is_terminal() and (lacking or not filled.values):
        words = desk.grounds.catalogue.completions()
        typed.is_trial = False
        _ask(fields, filled.values, desk.grounds.validators["statement"], words)
    elif lacking:
        raise _lacks(lacking, f"a {kind}")
    return or_refused(attempt(of_values), typed, manner)


def or_refused(made: Proposal | Refusal, typed: Typed, manner: Manner) -> Proposal:
    """The proposal; ends the program with what is wrong where there is none."""
    if isinstance(made, Refusal):
        refuse(made, typed, manner)
    return made


def _ask(
    fields: Iterable[Field], answers: Answers, validator: Validator, words: Sequence[str]
) -> None:
    asked = [field for field in fields if field.prompt]
    ask_all(asked, answers, lambda field, value: complaint(field, value, validator), words)


def _lacks(fields: Iterable[Field], what: str) -> UsageProblem:
    options = ["TEXT" if field.key == TEXT else option_of(field) for field in fields]
    return UsageProblem(
        f"{what} needs {', '.join(options)}",
        "type them, or use --from FILE, --editor, or a terminal in which you can be asked",
    )


def _taken_from_file(
    manner: Manner, filled: Filled, fields: Sequence[Field], own: Sequence[Field], typed: Typed
) -> str:
    """Fill in what the file of ``--from`` says and no flag does; returns the id it names."""
    if not manner.source:
        return ""
    source = read_typed(manner.source)
    try:
        values, report = read_sheet(source)
    except YamlError as error:
        typed.text = lambda: source.decode("utf-8", "replace")
        typed.places = {"": f"{manner.source}:{error.line}:{error.column}"}
        refuse(proposals.unread(error), typed, manner)
    typed.places = _places(manner.source, source)
    record_id = values.pop("id", "")
    filled.values.update(normalised(fields, values) | filled.values)
    filled.report.update(normalised(own, report) | filled.report)
    return str(record_id)


def _places(name: str, source: bytes) -> dict[str, str]:
    """Where a file says its fields, those of the report too."""
    document = load(source)
    report = document.data.get(REPORT)
    paths: list[tuple[str, ...]] = [(key,) for key in document.data]
    paths += [(REPORT, key) for key in report] if isinstance(report, dict) else []
    positions = {": ".join(path): document.key_position(path) for path in paths}
    return {field: f"{name}:{at.line}:{at.column}" for field, at in positions.items()}


def _fresh(register: Register, record_id: str) -> str:
    """An id that somebody chose, if it is one and new; raises UsageProblem."""
    if not record_id:
        return ""
    if not is_record_id(record_id):
        raise UsageProblem("the id in the file is none", "take it out: a new record gets one")
    if exists(register, record_id):
        raise UsageProblem(
            f"there is a record {record_id} already", f"`defectreg edit {record_id}` changes it"
        )
    return record_id


def _resolved(desk: Desk, kind: str, values: Answers) -> Answers:
    """With the file names that short names mean, and what is worked out of files."""
    resolved = dict(values)
    if isinstance(values.get("about"), str):
        resolved["about"] = about(values["about"], desk.standing)
    if isinstance(values.get("supersedes"), str):
        own = statement_names(desk.standing, (kind,), desk.identity.party)
        resolved["supersedes"] = the_one(values["supersedes"], own, f"{kind} of yours")
    if kind == "consent":
        resolved["read"] = readings(desk.record_id, desk.standing, values.get("read", ()))
    letter = values.get("letter")
    if isinstance(letter, str) and Path(letter).is_file():
        from hashlib import sha256

        resolved["letter"] = sha256(Path(letter).read_bytes()).hexdigest()
    return resolved


def _offered(similar: Sequence[Similar], manner: Manner) -> Similar | None:
    """The record that a person rather adds a report to; None without a terminal."""
    if not similar:
        return None
    say("Like it, and here already:")
    for number, one in enumerate(similar, 1):
        where = f"  (on {one.branch})" if one.branch else ""
        say(f"  {number}. {one.id}  {one.title}{where}")
    if manner.dry_run or manner.as_json or not is_terminal():
        say("If it is one of these: `defectreg add report ID`, and no new record.")
        return None
    number = choose("Is it one of these? Its number adds your report to it; Enter goes on:",
                    len(similar))  # fmt: skip
    return similar[number - 1] if number else None


def _report_instead(
    register: Register, identity: Identity, record_id: str, filled: Filled, manner: Manner
) -> None:
    desk = Desk.for_record(register, identity, _now(), record_id)
    values = {**filled.report, TEXT: filled.values["behaviour"]}
    if "since" in filled.values:
        values.setdefault("since", filled.values["since"])
    typed = Typed(drafts_of(register), "report.yaml", Filled(values).text,
                  f"defectreg add report {record_id} --from {{}}")  # fmt: skip
    with nothing_lost(typed):
        proposal = or_refused(
            attempt(lambda: proposals.statement(desk, "report", values)), typed, manner
        )
    write(proposal, typed, manner)


def _as_data(one: Similar) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "likeness": round(one.likeness, 3),
        "request": one.branch,
    }
