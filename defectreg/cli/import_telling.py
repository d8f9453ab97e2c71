"""What an import says of itself: to people, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from defectreg.cli.errors import FINDINGS, report
from defectreg.cli.findings import counted, finding_lines, placeless_json
from defectreg.cli.output import emit_json, escape

if TYPE_CHECKING:
    from defectreg.cli.import_running import Outcome
    from defectreg.intake.entries import Refused
    from defectreg.intake.plans import Planned
    from defectreg.intake.receipts import Receipt

SCHEMA_VERSION = 1
_MOST_SHOWN, _MOST_CHARACTERS = 20, 80
_WORDS = {
    "new": "reports on new records",
    "existing": "reports on records that are here",
    "likely-duplicate": "likely duplicates, to be decided",
    "skipped": "skipped",
}


def tell(outcome: Outcome, as_json: bool) -> None:
    """Say what became of it; ends with 1 where something is wrong, or left to decide."""
    if as_json:
        emit_json(outcome_json(outcome))
    else:
        for line in _lines(outcome):
            print(escape(line))
    if has_findings(outcome):
        raise typer.Exit(FINDINGS)


def refuse(refused: Refused, as_json: bool) -> NoReturn:
    """Say what is wrong in what a plan says, and end with 1."""
    if as_json:
        emit_json(refused_json(refused))
    else:
        for group, finding in refused.findings[:_MOST_SHOWN]:
            for line in finding_lines(finding, place=_place(group)):
                print(line)
        if len(refused.findings) > _MOST_SHOWN:
            print(f"… and {len(refused.findings) - _MOST_SHOWN} more; --json has all")
    report(refused.sentence)
    raise typer.Exit(FINDINGS)


def refused_json(refused: Refused) -> dict[str, Any]:
    """Why nothing was entered, as one object of JSON.

    ``schema_version``: 1; ``receipt``: null; ``findings``, each with ``place`` (in the plan, else
    in the file), ``code``, ``severity``, ``sentence``, ``hint``.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "receipt": None,
        "findings": [
            {"place": _place(group), **placeless_json(finding)}
            for group, finding in refused.findings
        ],
    }


def _place(group: Planned) -> str:
    if group.section is not None:
        return f"{group.section.file}:{group.section.first}"
    return f"line {group.lines[0]}"


def has_findings(outcome: Outcome) -> bool:
    """Whether a row is left to decide, or left out because something is wrong in it."""
    from defectreg.intake.reports import LIKELY_DUPLICATE

    admitted = outcome.job.admitted
    is_wrong = any(row.is_finding for row in admitted.left)
    unfit = any(group.says for group in outcome.plan.of("skipped") if not group.section)
    return is_wrong or unfit or bool(outcome.plan.of(LIKELY_DUPLICATE))


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """What became of a file of reports, as one object of JSON.

    ``schema_version``: 1; ``file`` (SHA-256), ``source``; ``rows`` (how many ended as ``new``,
    ``existing``, ``likely-duplicate``, ``skipped``); ``groups``, each with ``lines``, ``outcome``,
    ``record``, ``title`` (of that record), ``likeness`` (0 to 1), ``why``, ``decided`` (the earlier
    decision that was applied), ``found``, ``says`` (what a new record would say); ``noticed``: what
    may never be stored, each with ``line``, ``column``, ``kind``, ``masked``; ``outside``: columns
    that stay outside; ``plan`` (where it was written, or null); ``receipt`` (what was entered, as
    its file has it, or null).
    """
    from defectreg.intake.receipts import receipt_json
    from defectreg.intake.reports import OUTCOMES

    plan, job, receipt = outcome.plan, outcome.job, outcome.receipt
    return {
        "schema_version": SCHEMA_VERSION,
        "file": plan.sha256,
        "source": plan.source,
        "rows": {each: plan.rows(each) for each in OUTCOMES},
        "groups": [_group_json(group) for group in plan.groups],
        "noticed": [
            {
                "line": each.place.line,
                "column": each.place.column,
                "kind": each.kind,
                "masked": each.is_masked,
            }
            for each in job.admitted.noticed
        ],
        "outside": list(job.file.left),
        "plan": str(outcome.written) if outcome.written else None,
        "receipt": receipt_json(receipt) if receipt and not receipt.is_empty else None,
    }


def _group_json(group: Planned) -> dict[str, Any]:
    from defectreg.intake.plans import lines_text

    return {
        "lines": lines_text(group.lines),
        "outcome": group.outcome,
        "record": group.record_id or None,
        "title": group.title or None,
        "likeness": round(group.likeness, 3),
        "why": group.why,
        "decided": group.decided or None,
        "found": list(group.found),
        "says": dict(group.says),
    }


def _lines(outcome: Outcome) -> Iterator[str]:
    if outcome.job.is_finished:
        yield "An earlier run that was stopped has been finished first."
    yield from _counts(outcome)
    yield from _noticed(outcome)
    yield from _skipped(outcome)
    yield from _to_decide(outcome)
    yield from _decided(outcome)
    yield from _written(outcome)


def _counts(outcome: Outcome) -> Iterator[str]:
    plan = outcome.plan
    total = sum(len(group.lines) for group in plan.groups)
    yield f"{counted(total, 'row')} of {outcome.job.asked.file.name}, source: {plan.source}"
    for name, words in _WORDS.items():
        groups = plan.of(name)
        beside = f" in {counted(len(groups), 'group')}" if groups and name != "skipped" else ""
        yield f"  {plan.rows(name):6,}  {words}{beside}"


def _noticed(outcome: Outcome) -> Iterator[str]:
    from defectreg.register.detectors import KINDS

    noticed = outcome.job.admitted.noticed
    if outcome.job.personal:
        yield f"Columns of personal data stay outside: {', '.join(outcome.job.personal)}"
    if not noticed:
        return
    if outcome.plan.is_masked:
        yield "Taken out of the texts, because it may never be stored:"
    else:
        yield "Rows left out, because it may never be stored; --mask takes it out of the texts:"
    places = dict.fromkeys(f"  {each.place}: {KINDS[each.kind].name}" for each in noticed)
    yield from _some(tuple(places))


def _skipped(outcome: Outcome) -> Iterator[str]:
    groups = outcome.plan.of("skipped")
    if groups:
        yield "Skipped because:"
        most_first = sorted(groups, key=lambda group: -len(group.lines))
        yield from _some(
            [f"  {each.why or 'the plan says so'}: {_at(each)}" for each in most_first]
        )


def _to_decide(outcome: Outcome) -> Iterator[str]:
    groups = outcome.plan.of("likely-duplicate")
    if groups:
        yield "To be decided: is it the record named, or new? The plan's file says it."
        yield from _some(
            [
                ": ".join(part for part in (f"  {_at(each)}", _named(each), each.why) if part)
                for each in groups
            ]
        )


def _named(group: Planned) -> str:
    """The record of a group with its title; empty where it has none."""
    return f"{group.record_id} ({group.title})" if group.title else group.record_id


def _decided(outcome: Outcome) -> Iterator[str]:
    groups = [each for each in outcome.plan.groups if each.decided]
    if groups:
        yield "Decided before:"
        yield from _some(
            [f"  {_at(each)}: {each.outcome} {each.record_id} {each.decided}" for each in groups]
        )


def _at(group: Planned) -> str:
    from defectreg.intake.plans import lines_text

    lines = lines_text(group.lines)
    shown = lines if len(lines) <= _MOST_CHARACTERS else f"{lines[:_MOST_CHARACTERS]}…"
    return f"line{'' if len(group.lines) == 1 else 's'} {shown}"


def _written(outcome: Outcome) -> Iterator[str]:
    receipt = outcome.receipt
    if outcome.written:
        yield f"The plan is in {outcome.written}. Change what you will, then: --apply it."
    elif receipt is None:
        yield "Nothing was written: --plan FILE writes this as a file, --write enters it."
    elif receipt.is_empty:
        yield "There was nothing to enter."
    else:
        yield from _entered(outcome, receipt)


def _entered(outcome: Outcome, receipt: Receipt) -> Iterator[str]:
    from defectreg.intake.importing import receipt_place

    yield (
        f"Entered on {', '.join(receipt.commits)}: {counted(receipt.new, 'new record')}, "
        f"{counted(receipt.reports, 'report')} for {counted(receipt.rows, 'row')}"
    )
    yield f"The receipt is in {receipt_place(outcome.job, receipt)}"
    yield f"Filed incidents are listed in {outcome.job.outside.incidents}"
    yield "Next, a validator: defectreg review --new"


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST_SHOWN]
    if len(lines) > _MOST_SHOWN:
        yield f"  … and {len(lines) - _MOST_SHOWN} more; --json has all"
