"""A change of what a register is judged by: what a sign-off of it lists, and whose are enough."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.register.mandates import Signatory
from defectreg.register.parties import Parties, Party

_WHICH = ("before", "after")
_STRICTER = {"active": 0, "retired": 1, "distrusted": 2}


@dataclass(frozen=True, slots=True)
class Listed:
    """Paths with the SHA-256 of their bytes: as they stood, and as they will stand."""

    before: Mapping[str, str]
    after: Mapping[str, str]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Listed:
        """What a sign-off lists that holds against its schema."""
        return cls(*(_paths(data.get(key, ())) for key in _WHICH))

    def is_said_by(self, data: Mapping[str, Any]) -> bool:
        """Whether a sign-off lists these paths and no other, each once."""
        return all(sorted(data.get(key, ())) == sorted(self.lines(key)) for key in _WHICH)

    def lines(self, which: str) -> list[str]:
        """``before`` or ``after`` as sha256sum writes it, by path."""
        paths: Mapping[str, str] = getattr(self, which)
        return [f"{paths[path]}  {path}" for path in sorted(paths)]


def _paths(lines: Collection[str]) -> dict[str, str]:
    return {line[66:]: line[:64] for line in lines}


def administrators(parties: Parties) -> dict[str, frozenset[str]]:
    """By the slug of each Party that has any: the pseudonyms of its administrators."""
    return able_as("administrator", parties)


def able_as(role: str, parties: Parties) -> dict[str, frozenset[str]]:
    """By the slug of each Party that has any: the pseudonyms of its people with a role.

    Who holds no key in use can sign nothing, and is none.
    """
    found = {party.slug: frozenset(_able(role, party)) for party in parties}
    return {slug: people for slug, people in found.items() if people}


def _able(role: str, party: Party) -> list[str]:
    return [
        person.pseudonym
        for person in party.people
        if role in person.roles and any(key.state == "active" for key in person.keys)
    ]


def is_enough(signed: Collection[Signatory], parties: Parties) -> bool:
    """Whether these people may change what the register is judged by.

    Two administrators of two Parties; while only one Party has any, all there are.
    """
    there = administrators(parties)
    by = {(who.party.slug, who.person.pseudonym) for who in signed}
    if len(there) > 1:
        return len({slug for slug, _ in by}) > 1
    return bool(there) and by >= {(slug, name) for slug, names in there.items() for name in names}


def still_able(signed: Collection[Signatory], parties: Parties) -> dict[str, frozenset[str]]:
    """The administrators who would make these enough, as far as each counts: by Party.

    A second one of a Party that has signed counts only while no other Party has any.
    """
    there = administrators(parties)
    by = {who.party.slug for who in signed}
    if len(there) > 1:
        return {slug: people for slug, people in there.items() if slug not in by}
    names = {who.person.pseudonym for who in signed}
    return {slug: people - names for slug, people in there.items() if people - names}


def only_withdraws_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a Party's file changes only in that keys are retired or distrusted."""
    states = _states(before), _states(after)
    return (
        _without_states(before) == _without_states(after)
        and states[0] != states[1]
        and all(_STRICTER[new] >= _STRICTER[old] for old, new in zip(*states, strict=True))
    )


def _states(party: Mapping[str, Any]) -> list[str]:
    return [
        key.get("state", "active") for person in party.get("people", ()) for key in person["keys"]
    ]


def _without_states(party: Mapping[str, Any]) -> dict[str, Any]:
    people = [
        {**person, "keys": [{**key, "state": ""} for key in person["keys"]]}
        for person in party.get("people", ())
    ]
    return {**party, "people": people}
