"""How a record is changed: field by field, or in an editor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from defectreg.cli.adding import attempt, or_refused
from defectreg.cli.differing import difference_json, difference_lines
from defectreg.cli.editor import filled_in
from defectreg.cli.errors import report
from defectreg.cli.output import emit_json
from defectreg.cli.proposing import (
    SCHEMA_VERSION,
    Manner,
    Typed,
    drafts_of,
    nothing_lost,
    say,
    say_remarks,
    write,
)
from defectreg.intake import proposals
from defectreg.intake.editing import Assignment, edited, parse_assignment
from defectreg.intake.proposals import Desk, Proposal
from defectreg.intake.readers import who_will_read
from defectreg.register.difference import Difference, differences
from defectreg.register.errors import UsageProblem
from defectreg.register.statement import KINDS
from defectreg.register.yamltext import load
from defectreg.store.identity import identify
from defectreg.store.places import open_register


def edit_record(
    typed_id: str, texts: Sequence[str], party: str | None, key: str | None, manner: Manner
) -> None:
    """Propose a change of a record."""
    _refuse_statement(typed_id)
    if bool(texts) == manner.editor:
        raise UsageProblem(
            "say what to change: FIELD=VALUE, or --editor",
            "for example: defectreg edit 7k3q impact.consumers=high",
        )
    register = open_register(Path())
    typed = Typed(drafts_of(register), "changes.txt", lambda: "\n".join(texts) + "\n",
                  f"defectreg edit {typed_id} once more, with what stands there",
                  manner.dry_run)  # fmt: skip
    with nothing_lost(typed):
        schema = register.grounds.schemas["record"]
        assignments = [parse_assignment(text, schema) for text in texts]
        identity = identify(register, party, key)
        desk = Desk.for_record(register, identity, datetime.now(UTC), typed_id)
        say(*who_will_read(desk.grounds, ""))
        proposal = _proposed(desk, assignments, typed, manner)
        changed = _differences(proposal)
        if proposal.candidate.files[desk.path] == desk.standing[desk.path]:
            report("that is what the record says already: nothing was written")
            typed.let_go()
            if manner.as_json:
                emit_json({"schema_version": SCHEMA_VERSION, "id": desk.record_id,
                           "written": False, "differences": [], "removed": []})  # fmt: skip
            return
        say_remarks(proposal)
        say(*map(_told_stale, proposal.stale))
        if not manner.as_json:
            print("\n".join(line for one in changed for line in difference_lines(one)))
    write(proposal, typed, manner, differences=[difference_json(one) for one in changed],
          removed=list(proposal.stale))  # fmt: skip


def _proposed(
    desk: Desk, assignments: Sequence[Assignment], typed: Typed, manner: Manner
) -> Proposal:
    before = desk.standing[desk.path]
    if manner.editor:
        typed.name = f"{desk.record_id}.yaml"

        def of_text(text: str) -> Proposal:
            source = text.encode("utf-8", "surrogateescape")
            _check_id(source, desk)
            return proposals.change(desk, source)

        return filled_in(before.decode("utf-8", "surrogateescape"),
                         lambda text: attempt(lambda: of_text(text)), typed, manner)  # fmt: skip
    schema = desk.grounds.schemas["record"]
    made = attempt(lambda: proposals.change(desk, edited(before, assignments, schema)))
    return or_refused(made, typed, manner)


def _check_id(source: bytes, desk: Desk) -> None:
    if load(source).data.get("id") != desk.record_id:
        raise UsageProblem("the id of a record never changes", "put it back as it was")


def _refuse_statement(typed: str) -> None:
    name = typed.rpartition("/")[2]
    if any(f"-{kind}-" in name for kind in KINDS):
        raise UsageProblem(
            "a statement is never changed",
            "say it anew: defectreg add KIND ID TEXT --supersedes FILE",
        )


def _told_stale(path: str) -> str:
    name = path.rpartition("/")[2]
    return f"{name} decided on the text as it was: it goes with this change, and is signed anew"


def _differences(proposal: Proposal) -> list[Difference]:
    path = proposal.desk.path
    before, after = proposal.desk.standing[path], proposal.candidate.files[path]
    schema = proposal.desk.grounds.schemas["record"]
    return differences(load(before).data, load(after).data, schema)
