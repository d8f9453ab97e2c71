"""Log: the life of a Device in the inventory, and what the journal holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.findings import counted
from defectreg.cli.inventory.options import InventoryOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import bold, emit_json, escape
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.inventory.history import Account, Life, Step
    from defectreg.register.inventory.device import InventoryDevice
    from defectreg.store.inventory.journal import Batch
    from defectreg.store.inventory.places import Inventory

app = typer.Typer()
SCHEMA_VERSION = 1
_EXAMPLES = """\b
Examples:
  defectreg inventory log 00-DB-12-34-56-78-90-A1
  defectreg inventory log --check"""


@app.command("log", short_help="Show what was asked for a Device, and by whom.", epilog=_EXAMPLES)
def log(
    device: Annotated[
        str | None,
        typer.Argument(
            metavar="[DEVICE]", help="A Device ID. Without it, the batches of the journal."
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Read every byte of the journal and of the newest snapshot, whether it is whole.",
        ),
    ] = False,
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the life of a Device: what the newest extract says, and each request the rule allowed.

    Of each: who, when, what it was, what it is, why, and whether it was sent, accepted, refused, or
    is seen in the extract. Exit code 1: journal and snapshot do not agree, of the Device, or
    without one of any.
    """
    from defectreg.inventory.history import account_of
    from defectreg.store.inventory.places import open_inventory

    place = open_inventory(inventory)
    if device is not None:
        if check:
            raise UsageProblem("--check is asked of the whole journal, and not of one Device")
        return _show_life(place, device, as_json=as_json)
    account = account_of(place, whole=check)
    lines = _account_lines(account, is_checked=check)
    emit_json(account_json(account)) if as_json else print("\n".join(lines))
    if account.disagreeing:
        raise typer.Exit(FINDINGS)
    return None


def _show_life(place: Inventory, device: str, *, as_json: bool) -> None:
    from defectreg.inventory.history import life_of
    from defectreg.register.inventory.identifiers import IdentifierError, parse_device_id

    try:
        life = life_of(place, parse_device_id(device))
    except IdentifierError as error:
        raise UsageProblem(error.sentence) from error
    emit_json(life_json(life)) if as_json else print("\n".join(_life_lines(life)))
    if life.disagrees:
        raise typer.Exit(FINDINGS)


def _life_lines(life: Life) -> Iterator[str]:
    yield bold(life.device_id)
    if life.snapshot is None:
        yield "Nothing has been loaded into the inventory."
    else:
        where = f"the snapshot {life.snapshot.id}, as of {escape(life.snapshot.as_of)}"
        said = f"In {where}: {_described(life.said)}" if life.said else f"It is not in {where}."
        yield said
    if life.disagrees:
        yield "The snapshot says something else of it than when it was first changed."
    for step in life.steps:
        yield from _step_lines(step)
    if not life.steps:
        yield "The journal has no request about it."
    elif life.now != life.said:
        yield f"Now: {_described(life.now)}" if life.now else "Now: it is not in the inventory."


def _step_lines(step: Step) -> Iterator[str]:
    entry, given = step.entry, step.entry.change.given
    by = f", applied by {escape(entry.batch.applied_by)}" if entry.batch.applied_by else ""
    yield f"{entry.batch.at}  {entry.change.kind}: {_change_words(entry.was, given)}"
    yield f"  who: {entry.change.sender}{by}"
    yield f"  why: {_reason_words(entry.reason)}"
    yield f"  request {entry.change.request_id}, {entry.code}, batch {entry.batch.number}"
    for answered in entry.answers:
        code = f" with {answered.code}" if answered.code else ""
        yield f"  {answered.batch.at}  {answered.answer}{code}"
    yield f"  {step.standing}: {_STANDINGS[step.standing]}"


_STANDINGS: Mapping[str, str] = {
    "proposed": "it is not known that it was sent",
    "sent": "what the DCC answered is not known",
    "accepted": "no later extract was loaded",
    "refused": "the DCC did not make the change",
    "seen": "the newest extract shows it",
    "overtaken": "the newest extract shows something else",
}
"""What each standing of a change means."""


def _change_words(was: Mapping[str, str], given: Mapping[str, str]) -> str:
    """What changed, or what was said of a Device that was deleted."""
    if not given:
        return ", ".join(f"{_name(name)} {escape(says)}" for name, says in was.items())
    return ", ".join(
        f"{_name(name)} {escape(was[name]) or 'nothing'} -> {escape(says)}"
        if name in was
        else f"{_name(name)} {escape(says)}"
        for name, says in given.items()
    )


def _reason_words(reason: str) -> str:
    from defectreg.register.inventory.changes import REASONS

    return escape(REASONS.get(reason, reason)) or "no reason was given"


def _described(device: InventoryDevice | None) -> str:
    said = ((name, says) for name, says in _said(device).items() if name != "device_id")
    return ", ".join(f"{_name(name)} {escape(str(says))}" for name, says in said)


def _said(device: InventoryDevice | None) -> dict[str, Any]:
    """What is said of a Device, by column, but for what means nothing here."""
    data = asdict(device) if device else {}
    return {name: says for name, says in data.items() if says and name != "premises"}


def _name(column: str) -> str:
    return column.replace("_", " ").replace("esme", "ESME").replace("smets", "SMETS")


def life_json(life: Life) -> dict[str, Any]:
    """The life of a Device, as one object of JSON.

    ``schema_version``: 1; ``device_id``; ``snapshot``: ``id`` and ``as_of``, null where nothing
    was loaded; ``said``: what the extract says of the Device by column, null where it does not
    have it; ``requests``, the first first, each with ``at``, ``sender``, ``applied_by``,
    ``request_id``, ``kind`` (prenotified, updated, deleted), ``code`` of the rule, ``was`` and
    ``given`` by column, ``reason``, ``batch`` (its number), ``snapshot`` it was judged on,
    ``answers`` (``at``, ``answer``, ``code``) and ``standing``; ``now``: what the Device is with
    what was asked since the extract, null where it is not in the inventory; ``disagrees``: whether
    the snapshot says something else of it than when it was first changed.
    """
    snapshot = life.snapshot
    return {
        "schema_version": SCHEMA_VERSION,
        "device_id": life.device_id,
        "snapshot": {"id": snapshot.id, "as_of": snapshot.as_of} if snapshot else None,
        "said": _said(life.said) or None,
        "requests": [_step_json(step) for step in life.steps],
        "now": _said(life.now) or None,
        "disagrees": life.disagrees,
    }


def _step_json(step: Step) -> dict[str, Any]:
    entry = step.entry
    return {
        "at": entry.batch.at,
        "sender": entry.change.sender,
        "applied_by": entry.batch.applied_by,
        "request_id": entry.change.request_id,
        "kind": entry.change.kind,
        "code": entry.code,
        "was": dict(entry.was),
        "given": dict(entry.change.given),
        "reason": entry.reason,
        "batch": entry.batch.number,
        "snapshot": entry.batch.snapshot,
        "answers": [
            {"at": each.batch.at, "answer": each.answer, "code": each.code}
            for each in entry.answers
        ],
        "standing": step.standing,
    }


def _account_lines(account: Account, *, is_checked: bool) -> Iterator[str]:
    for batch in account.batches:
        yield _batch_line(batch)
    if not account.batches:
        yield "The journal has no batch."
    if account.left:
        yield f"{account.left[:1].upper()}{account.left[1:]}."
    for gone in account.gone:
        yield f"The snapshot {escape(gone)}, on which batches were judged, is not there any more."
    for device_id in account.disagreeing:
        yield f"{device_id}: the snapshot says something else than when it was first changed."
    if is_checked:
        yield "The journal is whole: every row is as it was written."


def _batch_line(batch: Batch) -> str:
    by = f" by {escape(batch.applied_by)}" if batch.applied_by else ""
    size = counted(batch.size, batch.kind.removesuffix("s"))
    on = f", judged on {escape(batch.snapshot)}" if batch.snapshot else ""
    return f"{batch.number:>6}  {batch.at}  {size}{by}{on}  {batch.digest[:16]}"


def account_json(account: Account) -> dict[str, Any]:
    """What the journal holds, as one object of JSON.

    ``schema_version``: 1; ``batches``, the first first, each with ``number``, ``kind`` (requests,
    answers), ``at``, ``applied_by``, ``snapshot``, ``first`` (number of its first row), ``size``,
    ``previous`` and ``digest``; ``left``: what a run that was killed has left, null for nothing;
    ``gone``: ids of snapshots that are not there any more; ``disagreeing``: Device IDs of which the
    snapshot says something else than when they were first changed.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "batches": [asdict(batch) for batch in account.batches],
        "left": account.left,
        "gone": list(account.gone),
        "disagreeing": list(account.disagreeing),
    }
