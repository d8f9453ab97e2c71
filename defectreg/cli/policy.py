"""The switches: what they say, who decided them, and what another value would move."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.completing import completes_assignment
from defectreg.cli.options import (
    AsOfOption,
    Audience,
    DryRunOption,
    JsonOption,
    KeyOption,
    PartyOption,
    audience_option,
)
from defectreg.cli.output import bold, disclaimer_lines, emit_json, escape
from defectreg.cli.today import asked_day, today

if TYPE_CHECKING:
    from defectreg.gate.policies import Move, Switch, Tried

_EXAMPLES = """\b
Examples:
  defectreg policy show certainty-threshold
  defectreg policy try certainty-threshold=confirmed"""

_SIGN_EXAMPLES = """\b
Examples:
  git switch -c submit/reply-window main
  defectreg policy sign --says 'Paper 7, item 4.'"""

app = typer.Typer()
policy = typer.Typer(
    no_args_is_help=True,
    help="Show the switches, what another value would change, and sign a change.",
    epilog=_EXAMPLES,
)
app.add_typer(policy, name="policy")

SCHEMA_VERSION = 1
_WIDTH = 80
_INDENT = 12
_HOW = ("appears", "goes", "moves", "is shown otherwise")


@app.callback()
def deciding() -> None:
    """Makes typer keep the command's name where it is the only one."""


def _complete_key(incomplete: str) -> list[str]:
    from defectreg.register.policy import switches
    from defectreg.store.places import open_register

    keys = switches(open_register(Path()).grounds.schemas["policy"])
    return [key for key in keys if key.startswith(incomplete)]


@policy.command(short_help="Show every switch: its value, meaning and source.", epilog=_EXAMPLES)
def show(
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="[KEY]", autocompletion=_complete_key, help="One switch; without, all of them."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show every switch: its value, what it means, its source, and who decided it."""
    from defectreg.gate.policies import switches_of
    from defectreg.store.places import open_register

    grounds = open_register(Path()).grounds
    found = switches_of(grounds, key)
    if as_json:
        emit_json(switches_json(grounds.policy.name, found))
        return
    for number, switch in enumerate(found):
        print(("\n" if number else "") + "\n".join(_switch_lines(switch)))


@policy.command(
    "try", short_help="Show what other values would move. Nothing is written.", epilog=_EXAMPLES
)
def try_values(
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY=VALUE...",
            autocompletion=completes_assignment("policy"),
            help="Switches with other values; a list is typed a,b,c.",
        ),
    ],
    audience: Annotated[
        Audience | None,
        typer.Option("--audience", metavar="AUDIENCE", help=audience_option("clear or green")),
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which records would appear, go or change under other values. Nothing is written."""
    from defectreg.gate.policies import changed_policy, compare
    from defectreg.store.places import open_register

    register = open_register(Path())
    changed = changed_policy(register.grounds, changes)
    day = asked_day(as_of)
    tried = compare(
        register.head_source, register.grounds, changed, audience.value if audience else None, day
    )
    if as_json:
        emit_json(tried_json(tried, day))
    else:
        _print_tried(tried, changes)


@policy.command("sign", short_help="Sign a change of the rules.", epilog=_SIGN_EXAMPLES)
def sign(
    head: Annotated[
        str | None,
        typer.Argument(
            metavar="[BRANCH]", help="The request. Without it, the branch checked out here."
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target", metavar="REF", help="Where it is to land. Without it, the main branch."
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--says", metavar="TEXT", help="Why it is changed.")] = "",
    party: PartyOption = None,
    key: KeyOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Sign a change of policy, Parties, schemas, templates or catalogue that stands on a branch.

    The sign-off lists every path that the branch changes, with its SHA-256 before and after.
    """
    from defectreg.gate.policy_signing import plan_sign_off, proposal_of, sign_change
    from defectreg.store.places import open_register

    now = datetime.datetime.now(datetime.UTC)
    register = open_register(Path())
    proposal = proposal_of(register, head, target)
    identity = proposal.identity(register, party, key)
    planned = plan_sign_off(
        register.repository, proposal.head, proposal.target, identity, today(now), reason
    )
    print(planned.text, end="")
    branch = escape(proposal.branch)
    if dry_run:
        print(f"Would be signed and written to {planned.path} on {branch}.")
        return
    sign_change(register.repository, proposal.ref, proposal.head, planned, identity, now)
    for path in planned.replaced:
        print(f"Taken out, for it listed other bytes: {path}")
    print(f"Signed: {planned.path} on {branch}.")
    has_remote = bool(register.repository.config("remote.origin.url"))
    print("\n".join(_next_lines(planned.awaited, branch, has_remote=has_remote)))


def _next_lines(awaited: Sequence[str], branch: str, *, has_remote: bool) -> Iterator[str]:
    push = f"git push origin {branch}"
    if awaited:
        yield f"Awaited: an administrator of {' or '.join(awaited)}."
        yield "Next, they sign it too:"
        yield from [f"  {push}"] if has_remote else []
        yield f"  defectreg policy sign {branch}"
        return
    yield "Nobody else has to sign."
    yield "Next, it lands as one step:"
    yield f"  defectreg gate {branch}"
    yield f"  git switch main && git merge --no-ff {branch}"
    yield from [f"  git push --atomic origin main :{branch}"] if has_remote else []


def _switch_lines(switch: Switch) -> Iterator[str]:
    mark = " (the default)" if switch.is_default else ""
    first = f"{switch.key}: {escape(_words(switch.value))}{mark}"
    yield from map(bold, wrap(first, _WIDTH, subsequent_indent=" " * _INDENT))
    if not switch.is_default:
        yield from _labelled("default", _words(switch.default))
    yield from _labelled("is", switch.meaning)
    for value, meaning in switch.values.items():
        yield from _labelled("", f"{value}: {meaning}")
    yield from _labelled("source", switch.source)
    yield from _labelled("decided", _decided(switch))


def _labelled(label: str, text: str) -> list[str]:
    lines = wrap(escape(text), _WIDTH - _INDENT, subsequent_indent="  ") or [""]
    return [
        f"  {label if number == 0 else '':<{_INDENT - 2}}{line}".rstrip()
        for number, line in enumerate(lines)
    ]


def _decided(switch: Switch) -> str:
    decision = switch.decision
    if decision is None:
        return (
            "not decided: the program's default"
            if switch.is_default
            else "who decided it is not recorded"
        )
    return f"by {decision.by}, {decision.date}, {decision.reference}"


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{word}: {instead}" for word, instead in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return str(value)


def switches_json(name: str, switches: Sequence[Switch]) -> dict[str, Any]:
    """The switches as one object of JSON.

    ``schema_version``: 1; ``name`` of the register; ``switches``, each with ``key``, ``value``,
    ``default``, ``is_default``, ``meaning``, ``values`` (each allowed value with its meaning; empty
    where it has no list), ``source`` and ``decided`` (``by``, ``date``, ``reference``; null where
    nobody wrote it down).
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "name": name,
        "switches": [_switch_data(switch) for switch in switches],
    }


def _switch_data(switch: Switch) -> dict[str, Any]:
    decision = switch.decision
    return {
        "key": switch.key,
        "value": switch.value,
        "default": switch.default,
        "is_default": switch.is_default,
        "meaning": switch.meaning,
        "values": dict(switch.values),
        "source": switch.source,
        "decided": None
        if decision is None
        else {"by": decision.by, "date": decision.date, "reference": decision.reference},
    }


def _print_tried(tried: Tried, changes: Sequence[str]) -> None:
    print("\n".join(disclaimer_lines()))
    print()
    for how in _HOW:
        for move in tried.moves:
            if move.how == how:
                print(_move_line(move))
    counts = [(sum(move.how == how for move in tried.moves), how) for how in _HOW]
    moved = ", ".join(f"{number} {_COUNTED[how]}" for number, how in counts if number)
    typed = escape(" ".join(changes))
    print(f"With {typed}: {moved or 'no record would change'}; of {tried.records} in all.")
    if tried.unread:
        print(f"Not judged, since their files have findings: {', '.join(tried.unread)}")


_COUNTED = {
    "appears": "would appear",
    "goes": "would go",
    "moves": "would change stage",
    "is shown otherwise": "would be shown otherwise",
}


def _move_line(move: Move) -> str:
    stages = move.before if move.before == move.after else f"{move.before} -> {move.after}"
    return f"{bold(move.record_id)}  {move.how} ({stages})  {escape(move.title)}"


def tried_json(tried: Tried, day: datetime.date) -> dict[str, Any]:
    """What other values would move, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``, ``as_of`` (a day); ``records`` (how many there
    are), ``not_judged`` (ids whose files have findings), ``moves``, each with ``id``, ``title``,
    ``how`` ("appears", "goes", "moves", "is shown otherwise"), and the stages ``before`` and
    ``after``.
    """
    from defectreg.register.public import DISCLAIMER

    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {"disclaimer": DISCLAIMER, "as_of": day.isoformat()},
        "records": tried.records,
        "not_judged": list(tried.unread),
        "moves": [
            {
                "id": move.record_id,
                "title": move.title,
                "how": move.how,
                "before": move.before,
                "after": move.after,
            }
            for move in tried.moves
        ],
    }
