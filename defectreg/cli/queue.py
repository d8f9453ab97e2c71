"""Decide: what waits, for whom, and since when."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.completing import complete_party
from defectreg.cli.options import AsOfOption, JsonOption, KeyOption, PartyOption
from defectreg.cli.output import bold, disclaimer_lines, emit_json, escape, progress
from defectreg.cli.today import asked_day
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from defectreg.register.waits import Wait
    from defectreg.store.places import Register

app = typer.Typer()

SCHEMA_VERSION = 1
_MOST_SHOWN = 20
_ROLES = {"security": "security body", "any": "any Party"}
"""What people type for longer words."""
_NOT_SHOWN = "(title not shown)"
_MIXED = "of no one kind"


@app.callback()
def queueing() -> None:
    """Makes typer keep the command's name where it is the only one."""


_EXAMPLES = """\b
Examples:
  defectreg queue                   all that waits
  defectreg queue --mine            what waits for you
  defectreg queue --for validator   what waits for validators"""


@app.command(epilog=_EXAMPLES)
def queue(
    mine: Annotated[
        bool,
        typer.Option(
            "--mine", help="Only what waits for you: your Party, and the roles that your key has."
        ),
    ] = False,
    whom: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="WHOM",
            autocompletion=complete_party,
            help="Only what waits for validator, publisher, security, administrator, any, or for "
            "a Party.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            metavar="NUMBER",
            show_default=False,
            help=f"At most so many lines for each: {_MOST_SHOWN} without it; 0 shows all. JSON has "
            "all.",
        ),
    ] = _MOST_SHOWN,
    party: PartyOption = None,
    key: KeyOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what waits, for whom, and since when: of what has landed, and of every request.

    What waits for any Party, evidence or a fix, is not among what is yours.
    """
    if limit < 0:
        raise UsageProblem(f"--limit takes a number from 0, not {limit}", "0 shows all")
    from defectreg.gate.queueing import queue as all_waits
    from defectreg.store.places import open_register
    from defectreg.store.requests import target_of

    day = asked_day(as_of)
    target = target_of(open_register(Path()))
    chosen = _chosen(target.register, party, key, whom, mine=mine)
    waits = [wait for wait in all_waits(target, day, _begin) if chosen(wait)]
    if as_json:
        emit_json(queue_json(waits, day, target.grounds.policy.audience, target.register.fetched))
    else:
        _print(waits, target.register.fetched, limit)


def _begin(total: int) -> AbstractContextManager[Callable[[int], None]]:
    return progress("queue", total)


def _chosen(
    register: Register, party: str | None, key: str | None, whom: str | None, *, mine: bool
) -> Callable[[Wait], bool]:
    """Whether a line was asked for."""
    from defectreg.gate.queueing import is_for

    parties, policy = register.grounds.parties, register.grounds.policy
    if whom is not None:
        word = _ROLES.get(whom, whom)
        _check_known(word, register)
        return lambda wait: wait.whom == word
    if not mine:
        return lambda wait: bool(wait.record_id or wait.request)
    from defectreg.store.identity import identify

    identity = identify(register, party, key)
    own = parties.by_slug[identity.party]
    return lambda wait: is_for(wait, own, identity.person, policy)


def _check_known(word: str, register: Register) -> None:
    from defectreg.register.waits import ANY_PARTY, AUTHOR, ROLE_OF

    if word not in (*ROLE_OF, ANY_PARTY, AUTHOR) and register.grounds.parties.get(word) is None:
        raise UsageProblem(
            f"nothing ever waits for {word!a:.60}",
            "validator, publisher, security, administrator, any, or a Party of policy/parties/",
        )


def queue_json(
    waits: Sequence[Wait], day: datetime.date, audience: str, fetched: datetime.datetime | None
) -> dict[str, Any]:
    """What waits, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``, ``as_of`` (a day), ``audience``, ``fetched``
    (when requests were last fetched, or null); ``waits``, the oldest first, each with ``since`` (a
    day), ``whom`` (validator, security body, publisher, administrator, author, any Party, or a
    Party), ``waits_for`` (accept, landing, lift, mending, new text, notice, response, signature,
    sign-off, ...), ``until`` (a day or null), ``kind`` (policy, catalogue or bulletin: of a request
    that is to land; null where it is of a record, or of no one kind), ``id`` and ``title`` (null
    where it may not be printed, or where it is about no record), ``stage`` (what the record has, or
    would have; null where what is said of it waits), ``request`` (a branch; null for what has
    landed), ``files`` (names; of such a request the paths that it changes) and ``parties`` (whom a
    notice, or silence, is about; of which one has still to sign).
    """
    from defectreg.register.shown_words import DISCLAIMER

    meta = {
        "disclaimer": DISCLAIMER,
        "as_of": day.isoformat(),
        "audience": audience,
        "fetched": fetched.isoformat(timespec="seconds") if fetched else None,
    }
    return {"schema_version": SCHEMA_VERSION, "meta": meta, "waits": list(map(_data, waits))}


def _data(wait: Wait) -> dict[str, Any]:
    return {
        "since": wait.since.isoformat(),
        "whom": wait.whom,
        "waits_for": wait.waits_for,
        "until": wait.until.isoformat() if wait.until else None,
        "kind": wait.kind or None,
        "id": wait.record_id or None,
        "title": wait.title,
        "stage": wait.stage or None,
        "request": wait.request or None,
        "files": list(wait.files),
        "parties": list(wait.parties),
    }


def _print(waits: Sequence[Wait], fetched: datetime.datetime | None, limit: int) -> None:
    print("\n".join(disclaimer_lines()))
    when = (
        f"as fetched on {fetched:%Y-%m-%d at %H:%M} UTC"
        if fetched
        else "no fetch is on record here"
    )
    print(f"Requests of others: {when}.")
    if not waits:
        print("Nothing waits.")
    for whom in sorted({wait.whom for wait in waits}, key=_place):
        of_one = [wait for wait in waits if wait.whom == whom]
        print(f"\n{bold(escape(whom))}: {len(of_one)}")
        for wait in of_one[: limit or None]:
            print("\n".join(_lines(wait)))
        if limit and len(of_one) > limit:
            print(f"  and {len(of_one) - limit} more, of later days: --limit 0 shows them")


def _place(whom: str) -> tuple[int, str]:
    """Roles first, then Parties, then what anybody may do."""
    from defectreg.register.waits import ANY_PARTY, ROLE_OF

    roles = list(ROLE_OF)
    place = roles.index(whom) if whom in roles else len(roles) + (whom == ANY_PARTY)
    return place, whom


def _lines(wait: Wait) -> Iterator[str]:
    until = f" until {wait.until}" if wait.until else ""
    if wait.request and not wait.record_id:
        what = bold(wait.kind or _MIXED)
        yield f"  {wait.since}  {what}  {wait.waits_for}  on {escape(wait.request)}"
        by = f" by {' or '.join(wait.parties)}" if wait.parties else ""
        yield f"    {escape(', '.join(wait.files))}{escape(by)}"
        return
    if not wait.record_id:
        yield f"  {wait.since}  {wait.waits_for}: {escape(', '.join(wait.parties))}"
        return
    where = f"  on {escape(wait.request)}" if wait.request else ""
    yield f"  {wait.since}  {bold(wait.record_id)}  {wait.waits_for}{until}{where}"
    about = ", ".join(wait.parties or wait.files)
    yield f"    {escape(wait.title or _NOT_SHOWN)}" + (f": {escape(about)}" if about else "")
