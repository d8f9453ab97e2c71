"""The command that proposes records, and reports on them, of what alerts are correlated with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.alerts.correlated import Correlated, ask
from defectreg.cli.alerts.options import AlertOption, SinceOption, UntilOption, alert_codes
from defectreg.cli.errors import FINDINGS
from defectreg.cli.inventory.options import EngineOption, InventoryOption
from defectreg.cli.options import JsonOption, KeyOption, PartyOption
from defectreg.cli.output import disclaimer_lines, emit_json, escape, progress
from defectreg.cli.proposing import print_refusal, proposed_json, refused_json

if TYPE_CHECKING:
    from defectreg.alerts.tracking import Tracked, Tracker
    from defectreg.intake.proposals import Proposal, Refusal
    from defectreg.store.identity import Identity
    from defectreg.store.places import Register

app = typer.Typer()
SCHEMA_VERSION = 1
_EXAMPLES = """\b
Examples:
  defectreg alerts track
  defectreg alerts track --since 2026-10-01 --until 2026-10-31 --write"""


@app.callback()
def keeping() -> None:
    """Makes typer keep the command's name where it is the only one."""


@app.command(epilog=_EXAMPLES)
def track(
    since: SinceOption = None,
    until: UntilOption = None,
    alert: AlertOption = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Commit each on a branch of its own; without it, they are only shown."
        ),
    ] = False,
    party: PartyOption = None,
    key: KeyOption = None,
    engine: EngineOption = "duckdb",
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Propose a record of superfluous alerts, or a report on one, for each finding.

    Findings are those of `alerts correlate`, of the alert codes that the policy counts as
    superfluous. One of a record that is there, by alert code, combination and region, becomes a
    further report; what has ended, a report with `until`. Figures are bands unless the policy wants
    them exact. Nothing is said twice of the same days. Exit code 1: something cannot be written.
    """
    from defectreg.store.alerts.tracked import alone
    from defectreg.store.places import open_register

    register = open_register(Path.cwd())
    smallest = register.grounds.policy.small_cell
    answer = ask(inventory, engine, (since, until), alert_codes(alert), smallest)
    with alone(register) if write else nullcontext():
        plan = _planned(register, answer, (party, key), write=write)
        made = _written(plan.proposals, write=write)
    if as_json:
        emit_json(plan_json(plan, answer, made))
    else:
        _print(plan, made)
    if plan.refusals:
        raise typer.Exit(FINDINGS)


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines of a run; by their place what would be written, or why it cannot be."""

    tracker: Tracker
    lines: Sequence[Tracked]
    proposals: Mapping[int, Proposal]
    refusals: Mapping[int, Refusal]


def _planned(
    register: Register,
    answer: Correlated,
    named: tuple[str | None, str | None],
    *,
    write: bool,
) -> Plan:
    """The plan of a Party that is named; of nobody where the policy counts no code."""
    from defectreg.alerts.tracking import PROPOSING
    from defectreg.intake.proposals import Proposal, Refusal
    from defectreg.store.identity import identify

    if not register.grounds.policy.superfluous_alerts:
        tracker = _tracker(register, answer, "")
        return Plan(tracker, tracker.plan(answer.found, answer.areas), {}, {})
    identity, now = identify(register, *named), datetime.now(UTC)
    tracker = _tracker(register, answer, identity.party)
    lines = tracker.plan(answer.found, answer.areas)
    tried = {
        place: _tried(register, identity, now, line, write=write)
        for place, line in enumerate(lines)
        if line.outcome in PROPOSING
    }
    proposals = {place: each for place, each in tried.items() if isinstance(each, Proposal)}
    refusals = {place: each for place, each in tried.items() if isinstance(each, Refusal)}
    return Plan(tracker, lines, proposals, refusals)


def _tried(
    register: Register, identity: Identity, now: datetime, line: Tracked, *, write: bool
) -> Proposal | Refusal:
    """What a line would write, signed where it is to be written; or why it cannot be."""
    from defectreg.cli.adding import attempt
    from defectreg.intake.proposals import Refusal, signed_proposal

    made = attempt(lambda: _proposal(register, identity, now, line))
    if isinstance(made, Refusal) or not write:
        return made
    return attempt(lambda: signed_proposal(made))


def _tracker(register: Register, answer: Correlated, party: str) -> Tracker:
    from defectreg.alerts.drafting import Window
    from defectreg.alerts.tracking import Tracker
    from defectreg.cli.today import today
    from defectreg.store.alerts.tracked import known_records

    grounds = register.grounds
    names = grounds.catalogue.alert_codes
    window = Window(answer.kept.days, grounds.policy.figures == "exact", names)
    codes = frozenset(grounds.policy.superfluous_alerts)
    asked = codes & set(answer.codes) if answer.codes else codes
    known = known_records(register, asked, today()) if asked else ()
    return Tracker(party, asked, window, known)


def _proposal(register: Register, identity: Identity, now: datetime, line: Tracked) -> Proposal:
    """What a line would write: a new record with its report, or one more report."""
    from defectreg.intake.proposals import Desk, issue, statement

    if line.known is None:
        return issue(Desk.for_new(register, identity, now), line.record, line.report)
    desk = Desk.for_record(register, identity, now, line.known.record.id)
    return statement(desk, "report", line.report)


def _written(proposals: Mapping[int, Proposal], *, write: bool) -> dict[int, str]:
    """The commits that were made, by place in the plan; none where it is only shown.

    Each stands for itself: what was written before a run was stopped is not proposed again.
    """
    from defectreg.intake.proposals import commit

    if not write:
        return {}
    with progress("Writing", len(proposals)) as done:
        made = {}
        for place, proposal in proposals.items():
            made[place] = commit(proposal)
            done(1)
    return made


def _print(plan: Plan, made: Mapping[int, str]) -> None:
    from defectreg.alerts.planning import summary, tracked_lines

    print("\n".join(disclaimer_lines()))
    for place, line in enumerate(plan.lines):
        print()
        print("\n".join(map(escape, tracked_lines(line))))
        if place in plan.refusals:
            print_refusal(plan.refusals[place])
        if place in made:
            print(f"    committed on {escape(plan.proposals[place].desk.base.branch)}")
    print()
    print("\n".join(map(escape, summary(plan.lines, plan.tracker.codes))))
    print("\n".join(map(escape, _next(plan, made))))


def _next(plan: Plan, made: Mapping[int, str]) -> Iterator[str]:
    """What was written and what is to do, or that nothing was."""
    if plan.refusals:
        yield f"{len(plan.refusals)} cannot be written, as said above."
    if plan.proposals and not made:
        yield "Nothing was written; --write does."
    for place in made:
        proposal = plan.proposals[place]
        if proposal.unsigned:
            yield f"Not signed yet: `defectreg key sign {proposal.desk.record_id}` signs it."
        yield f"  git push origin {proposal.desk.base.branch}"


def plan_json(plan: Plan, answer: Correlated, made: Mapping[int, str]) -> dict[str, Any]:
    """The plan, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``, ``since``, ``until``, ``alerts``,
    ``small_cell``, ``party`` (empty where nothing can be proposed) and ``superfluous_alerts``, the
    codes that are counted; ``plan``: lines, each with what was found and its ``outcome``, and
    ``proposal``: null, or as `add --json` tells of what is proposed, or of what is refused.
    """
    from defectreg.alerts.planning import tracked_json
    from defectreg.register.shown_words import DISCLAIMER

    meta = {**answer.meta, "party": plan.tracker.party}
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            **meta,
            "superfluous_alerts": sorted(plan.tracker.codes),
        },
        "plan": [
            {**tracked_json(line, answer.found), "proposal": _proposal_json(plan, place, made)}
            for place, line in enumerate(plan.lines)
        ],
    }


def _proposal_json(plan: Plan, place: int, made: Mapping[int, str]) -> dict[str, Any] | None:
    if place in plan.refusals:
        return refused_json(plan.refusals[place], None)
    if place in plan.proposals:
        return proposed_json(plan.proposals[place], made.get(place), {})
    return None
