"""Who is asking: the Party that speaks, the person who signs for it, and their key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.register.errors import UsageProblem
from defectreg.register.parties import Key, Parties, Party, Person
from defectreg.register.sshkeys import PublicKey
from defectreg.store.signatures import SigningError, public_of

if TYPE_CHECKING:
    from defectreg.store.git import Repository
    from defectreg.store.places import Register

PARTY_VARIABLE = "DEFECTREG_PARTY"
KEY_VARIABLE = "DEFECTREG_KEY"
PARTY_SETTING = "defectreg.party"
KEY_SETTING = "defectreg.key"
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking. ``key`` is the file to sign with; without one the person is not known."""

    party: str
    person: Person | None
    key: Path | None


def identify(register: Register, party: str | None, key: str | None) -> Identity:
    """Who is asking, from what was typed, else the environment, else git's configuration.

    A key alone says its Party too; an empty ``key`` means to do without one. Raises UsageProblem,
    with what to do, where nobody is named, or nobody whom the register's HEAD knows.
    """
    parties = register.grounds.parties
    slug = _chosen(register.repository, party, PARTY_VARIABLE, PARTY_SETTING)
    file = _chosen(register.repository, key, KEY_VARIABLE, KEY_SETTING)
    if not file:
        return Identity(_known(parties, slug).slug, None, None)
    path = Path(file).expanduser()
    holder, person = _holder(parties, path)
    if slug and _known(parties, slug) != holder:
        raise UsageProblem(
            f"the key {path} is one of {holder.slug}, not of {slug}",
            f"name a key of {slug} with --key, or leave --party out",
        )
    return Identity(holder.slug, person, path.absolute())


def named_key(repository: Repository | None, key: str | None) -> str:
    """The key file that was typed, or is set in the environment or git's configuration."""
    if repository is None:
        return key if key is not None else os.environ.get(KEY_VARIABLE, "")
    return _chosen(repository, key, KEY_VARIABLE, KEY_SETTING)


def public_half(key: Path) -> PublicKey:
    """The public key of a key file, from the file beside it where there is one.

    Raises UsageProblem where none can be read.
    """
    beside = key.with_name(key.name + ".pub")
    try:
        return public_of(beside if beside.is_file() else key)
    except SigningError as error:
        raise UsageProblem(
            error.sentence, "`defectreg key PATH` shows a key, or makes one where there is none"
        ) from error


def _chosen(repository: Repository, typed: str | None, variable: str, setting: str) -> str:
    """What was typed, else set; empty where neither. What was typed empty stays so."""
    if typed is not None:
        return typed
    return os.environ.get(variable) or repository.config(setting) or ""


def _known(parties: Parties, slug: str) -> Party:
    if not slug:
        raise UsageProblem(
            "for which Party you speak is not known",
            f"say --party PARTY or --key FILE, or once: git config {PARTY_SETTING} PARTY",
        )
    party = parties.get(slug)
    if party is None:
        named = ", ".join(sorted(parties.by_slug)[:_MOST_NAMED]) or "none yet"
        raise UsageProblem(
            f"there is no Party {slug!a:.60} in this register",
            f"its Parties: {named}; each has a file in policy/parties/",
        )
    return party


def _holder(parties: Parties, key: Path) -> tuple[Party, Person]:
    held = parties.holder(public_half(key).fingerprint)
    if held is None:
        raise UsageProblem(
            f"no Party of this register holds the key {key}",
            f"`defectreg key {key}` prints the lines that its Party's file needs",
        )
    party, person, public = held
    _check_active(key, public)
    return party, person


def _check_active(path: Path, key: Key) -> None:
    if key.state != "active":
        raise UsageProblem(
            f"the key {path} is {key.state}: nothing new is signed with it",
            "`defectreg key PATH` makes another; an administrator adds it to the Party's file",
        )
