"""What is wrong in the files that others are judged by, and that their schemas allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from defectreg.register.deciders import may_be_person
from defectreg.register.demonstration import DEMONSTRATION_KEYS
from defectreg.register.detectors import KINDS
from defectreg.register.findings import DataPath, Finding, Problem
from defectreg.register.grounds import (
    LARGEST_CATALOGUE,
    PARTIES_FOLDER,
    POLICY_FILE,
    Grounds,
    finding_at,
)
from defectreg.register.parties import Parties, Party
from defectreg.register.remarks import check_remarks
from defectreg.register.rules.case import BARRIER, sightings
from defectreg.register.rules.texts import CODE_OF_KIND
from defectreg.register.yamltext import Document, Value, YamlError, load

_BASE64 = "key"
"""The key of a Party's file that holds base64, and no words."""
_A_BODY = "name the panel, board, group or firm that decided"
_ADDRESSES = ("mailbox", "contact")
"""Keys that may hold the address of a role."""


def check_ground_files(files: Mapping[str, bytes], grounds: Grounds) -> Iterator[Finding]:
    """What may not stand in the files of Parties, policy and catalogue, and doubles among Parties.

    ``grounds`` are those that these files say; what cannot be read is said where they are read.
    """
    keys, identifiers = _held_keys(grounds.parties), _manufacturer_ids(grounds.parties)
    for path, source in files.items():
        try:
            document = load(source, largest=LARGEST_CATALOGUE)
        except YamlError:
            continue
        yield from _never_stored(path, document)
        party = grounds.parties.get(path.removeprefix(PARTIES_FOLDER).removesuffix(".yaml"))
        if party is not None and path.startswith(PARTIES_FOLDER):
            for code, problem in (
                *_doubles(party, document, keys, identifiers),
                *_demonstration_keys(party, grounds),
            ):
                yield finding_at(path, document, code, problem)


def _never_stored(path: str, document: Document) -> Iterator[Finding]:
    yield from check_remarks(path, document)
    found = list(_texts((), document.data))
    if path == POLICY_FILE:
        yield from _deciding_people(document, found)
    if not sightings(BARRIER.join(text for _, text in found)):
        return
    for place, text in found:
        for kind in sightings(text):
            if not (kind == "e-mail" and _is_address(path, place)):
                problem = Problem(place, f"this looks like {KINDS[kind].name}", KINDS[kind].hint)
                yield finding_at(path, document, CODE_OF_KIND[kind], problem)


def _deciding_people(
    document: Document, found: Iterable[tuple[DataPath, str]]
) -> Iterator[Finding]:
    """Where a switch says that a person decided it, though no other text would read so."""
    for place, text in found:
        is_decider = place[0] == "decided" and place[2:] == ("by",) and text != "by"
        if is_decider and may_be_person(text) and "person-name" not in sightings(text):
            problem = Problem(place, "a body decides, and this may be a person", _A_BODY)
            yield finding_at(POLICY_FILE, document, CODE_OF_KIND["person-name"], problem)


def _is_address(path: str, place: DataPath) -> bool:
    return place[-1] in _ADDRESSES and path.startswith((PARTIES_FOLDER, POLICY_FILE))


def _texts(place: DataPath, value: Value) -> Iterator[tuple[DataPath, str]]:
    """The texts of a document with their paths, and its keys, which may be words too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*place, key), key
            if key != _BASE64:
                yield from _texts((*place, key), inner)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _texts((*place, at), inner)
    else:
        yield place, value


def _keys_of(party: Party) -> Iterator[tuple[DataPath, str]]:
    """Where a Party's keys stand in its file, and their fingerprints."""
    for at, person in enumerate(party.people):
        for number, key in enumerate(person.keys):
            yield ("people", at, "keys", number, "key"), key.public.fingerprint


def _held_keys(parties: Parties) -> Counter[str]:
    return Counter(fingerprint for party in parties for _, fingerprint in _keys_of(party))


def _manufacturer_ids(parties: Parties) -> Counter[str]:
    return Counter(identifier for party in parties for identifier in party.manufacturer_ids)


def _doubles(
    party: Party, document: Document, keys: Counter[str], identifiers: Counter[str]
) -> Iterator[tuple[str, Problem]]:
    for place, fingerprint in _keys_of(party):
        if keys[fingerprint] > 1:
            hint = "take it out of the other place: every person has a key of their own"
            yield "R098", Problem(place, "this key stands in the register more than once", hint)
    typed = document.data.get("manufacturer-ids", [])
    for at, identifier in enumerate(typed if isinstance(typed, list) else []):
        if identifiers[str(identifier).upper()] > 1:
            sentence = "another Party answers for this manufacturer identifier too"
            hint = "take it out of the file of the Party that does not answer for it"
            yield "R099", Problem(("manufacturer-ids", at), sentence, hint)


def _demonstration_keys(party: Party, grounds: Grounds) -> Iterator[tuple[str, Problem]]:
    for place, fingerprint in _keys_of(party):
        if fingerprint in DEMONSTRATION_KEYS and not grounds.policy.demonstration:
            yield "R095", Problem(place, "this is a demonstration key, which anyone may have")
