"""Keep: keys, and what this machine and clone have of what the program takes."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import FINDINGS, report
from defectreg.cli.options import (
    DryRunOption,
    JsonOption,
    KeyOption,
    PartyOption,
    RecordArgument,
)
from defectreg.cli.output import bold, emit_json, escape
from defectreg.register.errors import CannotRun

if TYPE_CHECKING:
    from defectreg.intake.unsigned import Unsigned
    from defectreg.register.sshkeys import PublicKey
    from defectreg.store.health import Line
    from defectreg.store.places import Register

app = typer.Typer()

SCHEMA_VERSION = 1


@app.callback()
def keeping() -> None:
    """Keys, and what a machine and a clone need."""


@app.command(epilog="Example: defectreg key ~/keys/mine")
def key(
    path: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="The key's file; made if not there.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show your key, or make one.

    Without FILE it is the one that $DEFECTREG_KEY names, else git config defectreg.key, else
    ~/.config/defectreg/key. `defectreg key sign ID` signs; a file of that name is ./sign.
    """
    _show_key(path, dry_run=dry_run, as_json=as_json)


@app.command("key sign", epilog="Example: defectreg key sign 7k3q --key ~/keys/mine")
def sign(
    record: RecordArgument,
    party: PartyOption = None,
    named: KeyOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Sign what your Party left unsigned on the requests of a record.

    What has landed is never changed: only statements that still stand on a request are signed.
    """
    _sign(record, party, named, dry_run=dry_run, as_json=as_json)


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Say what this machine and this clone have, and what they lack.

    Exit code 1: something cannot work.
    """
    from defectreg.store.health import examine

    lines = list(examine(Path.cwd()))
    if as_json:
        emit_json(health_json(lines))
    else:
        for line in lines:
            print(f"{line.state:<9}  {bold(line.subject)}: {escape(line.found)}")
            if line.hint:
                print(f"           hint: {escape(line.hint)}")
    if any(line.state == "cannot" for line in lines):
        raise typer.Exit(FINDINGS)


def health_json(lines: Sequence[Line]) -> dict[str, Any]:
    """What was looked at, as one object of JSON.

    ``schema_version``: 1; ``lines``, each with ``subject``, ``state`` ("ok", "attention",
    "cannot"), ``found`` and ``hint`` (empty where nothing is to be done).
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "lines": [
            {
                "subject": line.subject,
                "state": line.state,
                "found": line.found,
                "hint": line.hint,
            }
            for line in lines
        ],
    }


@dataclass(frozen=True, slots=True)
class _Shown:
    """A key as it is shown. ``holder`` is empty where no register at hand knows it."""

    path: Path
    public: PublicKey
    is_new: bool
    holder: str
    roles: tuple[str, ...]
    state: str

    @property
    def for_the_party(self) -> list[str]:
        """The lines that the Party's file needs, below ``people:``."""
        return [
            "  - pseudonym: person-1",
            "    roles:",
            "      - reporter",
            "    keys:",
            f"      - key: {self.public}",
        ]

    @property
    def settings(self) -> list[str]:
        """The commands that make it the key used here."""
        party = self.holder or "PARTY"
        return [
            f"git config defectreg.key {shlex.quote(str(self.path))}",
            f"git config defectreg.party {party}",
        ]


def _show_key(typed: str | None, *, dry_run: bool, as_json: bool) -> None:
    from defectreg.store.identity import named_key, public_half
    from defectreg.store.signatures import generate

    register = _register()
    chosen = typed or named_key(register.repository if register else None, None)
    path = (Path(chosen).expanduser() if chosen else _default_key()).absolute()
    is_new = not path.exists()
    if is_new and dry_run:
        print(f"Would make a key at {escape(str(path))}.")
        return
    public = generate(path) if is_new else public_half(path)
    if is_new and register is not None and path.is_relative_to(register.repository.root):
        report(
            "the key lies in the register's folder, where it could be committed",
            "move it out of there; its private half is for you alone",
        )
    shown = _known(path, public, register, is_new=is_new)
    if as_json:
        emit_json(key_json(shown))
    else:
        print("\n".join(_key_lines(shown)))


def _default_key() -> Path:
    settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(settings) / "defectreg" / "key"


def _register() -> Register | None:
    """The register around this folder; a key can be made where there is none."""
    from defectreg.store.places import open_register

    try:
        register = open_register(Path())
        _ = register.grounds
    except CannotRun:
        return None
    return register


def _known(path: Path, public: PublicKey, register: Register | None, *, is_new: bool) -> _Shown:
    held = register.grounds.parties.holder(public.fingerprint) if register else None
    if held is None:
        return _Shown(path, public, is_new, "", (), "")
    party, person, of_register = held
    return _Shown(path, public, is_new, party.slug, tuple(sorted(person.roles)), of_register.state)


def _key_lines(shown: _Shown) -> Iterator[str]:
    done = "Made a key" if shown.is_new else "The key"
    yield f"{done} at {escape(str(shown.path))}"
    yield f"fingerprint  {shown.public.fingerprint}"
    yield f"public line  {shown.public}"
    if shown.holder:
        yield f"held by      {shown.holder}, as {', '.join(shown.roles)} ({shown.state})"
    else:
        yield "An administrator adds these lines to the file of your Party in policy/parties/,"
        yield "below `people:`, with a pseudonym and the roles that you have:"
        yield from shown.for_the_party
    yield "To be asked no more which Party and key are yours, in your clone of the register:"
    yield from (f"  {escape(line)}" for line in shown.settings)


def key_json(shown: _Shown) -> dict[str, Any]:
    """A key as one object of JSON.

    ``schema_version``: 1; ``path``, ``made`` (whether it is new), ``fingerprint``, ``public`` (the
    public line), ``held_by`` (a Party, or null where no register at hand knows it), ``roles`` and
    ``state`` (active, retired, distrusted, or null).
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "path": str(shown.path),
        "made": shown.is_new,
        "fingerprint": shown.public.fingerprint,
        "public": str(shown.public),
        "held_by": shown.holder or None,
        "roles": list(shown.roles),
        "state": shown.state or None,
    }


def _sign(
    typed: str, party: str | None, named: str | None, *, dry_run: bool, as_json: bool
) -> None:
    from defectreg.intake.unsigned import left_unsigned, sign_unsigned, why_nothing
    from defectreg.store.identity import identify
    from defectreg.store.places import find_record, open_register
    from defectreg.store.requests import requests_for, target_of

    target = target_of(open_register(Path()))
    identity = identify(target.register, party, named)
    requests = requests_for(target, [find_record(target.register, typed).record_id])
    found = [left_unsigned(request, identity.party, target.grounds) for request in requests]
    found = [unsigned for unsigned in found if unsigned.paths]
    if not found:
        raise why_nothing(requests, identity.party, target.grounds)
    now = datetime.now(UTC)
    commits = [
        None if dry_run else sign_unsigned(unsigned, identity, target, now) for unsigned in found
    ]
    if as_json:
        emit_json(signed_json(found, commits))
        return
    for unsigned in found:
        _print_signed(unsigned, dry_run=dry_run)


def _print_signed(unsigned: Unsigned, *, dry_run: bool) -> None:
    branch = unsigned.request.own_ref.removeprefix("refs/heads/")
    print(f"{'Would sign' if dry_run else 'Signed'}, on {escape(branch)}:")
    print("\n".join(f"  {escape(path)}" for path in unsigned.paths))
    for reader, read in unsigned.read_before:
        report(
            f"{reader} read {read} as it was before its signature, and counts for it no more",
            "whoever signed that reads it again",
        )


def signed_json(found: list[Unsigned], commits: list[str | None]) -> dict[str, Any]:
    """What was signed, as one object of JSON.

    ``schema_version``: 1; ``requests``, each with ``branch``, ``files`` (paths), ``commit`` (null
    with ``--dry-run``) and ``read_before``: sign-offs of a file as it was without its signature,
    which count for it no more, each with ``sign_off`` and ``file``.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "requests": [
            {
                "branch": unsigned.request.own_ref.removeprefix("refs/heads/"),
                "files": list(unsigned.paths),
                "commit": commit,
                "read_before": [
                    {"sign_off": reader, "file": read} for reader, read in unsigned.read_before
                ],
            }
            for unsigned, commit in zip(found, commits, strict=True)
        ],
    }
