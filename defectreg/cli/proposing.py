"""What add and edit share: text that is never lost, refusals, and what is said at the end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import field as made_of
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from defectreg.cli.errors import FINDINGS, report
from defectreg.cli.findings import finding_lines, finding_sentence, placeless_json
from defectreg.cli.output import emit_json, escape, escape_block
from defectreg.cli.stopping import Stopped, stopped_by_signals
from defectreg.register.errors import CannotRun

if TYPE_CHECKING:
    from defectreg.intake.proposals import Proposal, Refusal
    from defectreg.store.places import Register

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Manner:
    """How a proposal is made: shown only, told as JSON, typed in an editor or read from a file.

    ``consent`` is the audience to which a new record, told in confidence, may be shown.
    """

    dry_run: bool
    as_json: bool
    editor: bool = False
    source: str = ""
    consent: str = ""


@dataclass(slots=True)
class Typed:
    """What a person typed, kept under a name when it is not written."""

    folder: Path
    name: str
    text: Callable[[], str]
    again: str
    """The command that takes it up again, with ``{}`` for its place."""
    is_trial: bool = False
    """Whether it was only to be shown (``--dry-run``): what stands in the command is not kept."""
    place: Path | None = None
    """Where it lies already."""
    places: dict[str, str] = made_of(default_factory=dict)
    """Field → file, line and column of the file of ``--from`` that says it."""

    def keep(self) -> Path | None:
        """Keep it; None where there is nothing to keep."""
        from defectreg.store.files import draft

        text = "" if self.place or self.is_trial else self.text()
        if text.strip():
            self.place = draft(self.folder, self.name, text)
        return self.place

    def let_go(self) -> None:
        """It stands elsewhere now."""
        if self.place is not None:
            self.place.unlink(missing_ok=True)


def drafts_of(register: Register) -> Path:
    """Where texts lie that were not written."""
    return register.own_folder / "drafts"


@contextmanager
def nothing_lost(typed: Typed) -> Iterator[None]:
    """Keeps what was typed when the work inside cannot go on; after the reason, it says where."""
    try:
        with stopped_by_signals():
            yield
    except (Stopped, OSError):
        place = typed.keep()
        with suppress(OSError):  # the window may be gone
            say_kept(typed, place)
        raise
    except (CannotRun, KeyboardInterrupt, typer.Abort) as reason:
        place = typed.keep()
        if place is not None:
            reason.add_note("\n".join(_kept(typed, place)))
        raise


def say_kept(typed: Typed, place: Path | None) -> None:
    """Say where the text lies, and how to go on with it."""
    if place is not None:
        report(*_kept(typed, place))


def _kept(typed: Typed, place: Path) -> tuple[str, str]:
    again = typed.again.replace("{}", shlex.quote(str(place)))
    return f"what you typed is kept in {place}", f"to go on: {again}"


def read_typed(source: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``; more than a file may have is cut."""
    from defectreg.store.files import LONGEST, read_bounded

    if source == "-":
        return sys.stdin.buffer.read(LONGEST + 1)
    return read_bounded(Path(source), LONGEST + 1)


def say(*sentences: str) -> None:
    """Sentences beside the result: on standard error."""
    for sentence in sentences:
        print(escape(sentence), file=sys.stderr)


def refuse(refusal: Refusal, typed: Typed, manner: Manner) -> NoReturn:
    """Say what is wrong, keep the text, and end with 1."""
    place = typed.keep()
    if manner.as_json:
        emit_json(refused_json(refusal, place))
    else:
        print_refusal(refusal, typed.places)
    report("nothing was written")
    say_kept(typed, place)
    raise typer.Exit(FINDINGS)


def refused_json(refusal: Refusal, place: Path | None) -> dict[str, Any]:
    """Why nothing was written, as one object of JSON.

    ``schema_version``: 1; ``written``: false; ``findings``, each with ``field``, ``code``,
    ``severity``, ``sentence``, ``hint``; ``notes`` (sentences); ``draft`` (where the text is kept,
    or null).
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "written": False,
        "findings": [
            {"field": field, **placeless_json(finding)} for field, finding in refusal.findings
        ],
        "notes": list(refusal.notes),
        "draft": str(place) if place else None,
    }


def print_refusal(refusal: Refusal, places: Mapping[str, str] | None = None) -> None:
    """What is wrong, a line or two for each finding; ``places`` say where its field was read."""
    for field, finding in refusal.findings:
        place = ": ".join(part for part in ((places or {}).get(field, ""), field) if part)
        for line in finding_lines(finding, place=place):
            print(line)
    for note in refusal.notes:
        print(escape(note))


def say_remarks(proposal: Proposal) -> None:
    """Warnings, which keep nothing from being written."""
    from defectreg.intake.proposals import field_of

    for finding in proposal.judgement.remarks:
        say(finding_sentence(finding, field_of(proposal, finding)))


def write(proposal: Proposal, typed: Typed, manner: Manner, **beside: Any) -> None:
    """Sign, commit and say so; with ``--dry-run`` only show. ``beside`` goes into the JSON."""
    from defectreg.intake.proposals import commit, refusal_of, signed_proposal

    if manner.dry_run:
        _show(proposal, manner, beside)
        say_kept(typed, typed.place)
        return
    with nothing_lost(typed):
        proposal = signed_proposal(proposal)
        refusal = refusal_of(proposal)
        if refusal is not None:
            refuse(refusal, typed, manner)
        made = commit(proposal)
    typed.let_go()
    if manner.as_json:
        emit_json(proposed_json(proposal, made, beside))
    else:
        _say_written(proposal)


def _show(proposal: Proposal, manner: Manner, beside: dict[str, Any]) -> None:
    if manner.as_json:
        emit_json(proposed_json(proposal, None, beside))
        return
    for path, data in proposal.candidate.files.items():
        print(f"# {escape(path)}")
        print(escape_block(data.decode()))
    say(f"Nothing was written; it would go to the branch {proposal.desk.base.branch}.")


def proposed_json(proposal: Proposal, commit: str | None, beside: dict[str, Any]) -> dict[str, Any]:
    """What was proposed, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``; ``id``, ``branch``, ``signed``, ``files`` (each
    path with its text), ``next`` (commands), ``written`` and ``commit`` (null with ``--dry-run``).
    Of a new issue ``similar`` besides (records like it: ``id``, ``title``, ``likeness`` from 0 to
    1, and ``request``, the branch on which it waits, empty once landed); of a change
    ``differences`` (``field``, and lists of its values ``before`` and ``after``) and ``removed``
    (paths of sign-offs on the request that decided on the text as it was).
    """
    from defectreg.register.public import DISCLAIMER

    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {"disclaimer": DISCLAIMER},
        "id": proposal.desk.record_id,
        "branch": proposal.desk.base.branch,
        "signed": not proposal.unsigned,
        "files": {path: data.decode() for path, data in proposal.candidate.files.items()},
        "next": _next(proposal),
        "written": commit is not None,
        "commit": commit,
        **beside,
    }


def _say_written(proposal: Proposal) -> None:
    record_id = proposal.desk.record_id
    print(f"Committed on the branch {escape(proposal.desk.base.branch)}: {proposal.message}")
    for path in proposal.candidate.files:
        print(f"  {escape(path)}")
    if proposal.unsigned:
        print(f"It is not signed yet: `defectreg key sign {record_id}` signs it.")
    print("Next:")
    for command in _next(proposal):
        print(f"  {escape(command)}")
    if _needs_accept(proposal):
        print(f"  a validator: defectreg review {record_id} --accept")


def _next(proposal: Proposal) -> list[str]:
    """What the person runs now; what others do afterwards is not theirs to run."""
    record_id, repository = proposal.desk.record_id, proposal.desk.register.repository
    commands = [f"defectreg key sign {record_id}"] if proposal.unsigned else []
    commands.append(f"defectreg validate {record_id}")
    if repository.config("remote.origin.url"):
        commands.append(f"git push origin {proposal.desk.base.branch}")
    return commands


def _needs_accept(proposal: Proposal) -> bool:
    from defectreg.register.statement import ACCEPTED_KINDS, place_of_statement

    places = [place_of_statement(path) for path in proposal.candidate.files]
    return any(
        place is None or place[1][len("2026-01-01-") :].startswith(tuple(ACCEPTED_KINDS))
        for place in places
    )
