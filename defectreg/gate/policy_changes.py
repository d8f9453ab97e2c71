"""A request that changes what the register is judged by: judged by what stands until then."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from defectreg.gate.signers import Signed, read_signed
from defectreg.gate.trees import CATALOGUE, SIGN_OFFS
from defectreg.register.checking import read_statement
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from defectreg.register.ground_checks import check_ground_files
from defectreg.register.grounds import (
    PARTIES_FOLDER,
    POLICY_FILE,
    Grounds,
    check_catalogue,
    is_ground,
    read_grounds,
)
from defectreg.register.mandates import Signatory
from defectreg.register.policy_change import (
    Listed,
    administrators,
    is_enough,
    only_withdraws_keys,
)
from defectreg.register.statement import name_fits, place_of_statement
from defectreg.store.git import Move, Repository

ACKNOWLEDGED = "policy/acknowledged.yaml"
STATEMENT_SCHEMA = "schema/statement.schema.json"
_SCHEMA_OF_SIGN_OFF = "policy-sign-off"
_SIGNED = (_SCHEMA_OF_SIGN_OFF, "bulletin", "acknowledged")
"""Schemas of which only the gate asks."""
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*")


@dataclass(frozen=True)
class RulesChange:
    """What a request moves of the rules (or the catalogue) and of the sign-offs beside them.

    ``blobs`` holds the bytes of every blob that is moved, by its id.
    """

    kind: str
    moves: Sequence[Move]
    blobs: Mapping[str, bytes]
    grounds: Grounds
    """Those that stand until then."""
    day: datetime.date

    @property
    def listed(self) -> Listed:
        """What its sign-offs must list: every other path, before and after."""
        others = [move for move in self.moves if not move.path.startswith(SIGN_OFFS)]
        return Listed(
            {move.path: self._sha256(move.before.blob) for move in others if move.before},
            {move.path: self._sha256(move.after.blob) for move in others if move.after},
        )

    def _sha256(self, blob: str) -> str:
        return hashlib.sha256(self.blobs[blob]).hexdigest()

    def after(self, path: str) -> bytes | None:
        """The bytes that the request leaves at a path that it moves; None for none."""
        entry = next(move.after for move in self.moves if move.path == path)
        return self.blobs[entry.blob] if entry else None


def check_change(change: RulesChange, repository: Repository, after: str) -> Iterator[Finding]:
    """Everything that stands against a change of policy or catalogue; ``after`` is its tree."""
    people, findings = signed_by(change, repository, after)
    yield from findings
    if change.kind == CATALOGUE and not people:
        yield _awaited(change, "a change of the catalogue awaits the sign-off of a validator")
    elif change.kind != CATALOGUE:
        yield from _awaits_administrators(change, people)
    yield from _check_outcome(change, repository, after)


def signed_by(
    change: RulesChange, repository: Repository, after: str
) -> tuple[list[Signatory], list[Finding]]:
    """Whose sign-offs of a change count, and what stands against the others."""
    people: list[Signatory] = []
    findings: list[Finding] = []
    played_back = _played_back(change, repository, after)
    for move in change.moves:
        if move.path in played_back:
            findings.append(played_back[move.path])
        elif move.path.startswith(SIGN_OFFS):
            found, wrong = _sign_off(change, move)
            findings += wrong
            people += [found.who] if found and found.who else []
    return people, findings


def _played_back(change: RulesChange, repository: Repository, after: str) -> dict[str, Finding]:
    """By its path: each sign-off brought whose bytes stand under another name, before or now.

    Else a change that was taken back could be made again by anyone.
    """
    listing = repository.listing(after, SIGN_OFFS.rstrip("/"))
    paths_of: dict[str, list[str]] = {}
    for path, blob in listing.items():
        paths_of.setdefault(blob, []).append(path)
    return {
        move.path: Finding(
            move.path, 1, 1, "G022", "error", "it is a copy of another sign-off, and counts once",
            "each change is signed anew; who signs the same change on the same day says why",
        )
        for move in change.moves
        if move.path.startswith(SIGN_OFFS) and move.after and len(paths_of[move.after.blob]) > 1
    }  # fmt: skip


def _sign_off(change: RulesChange, move: Move) -> tuple[Signed | None, list[Finding]]:
    if move.before is not None or move.after is None:
        sentence = "a sign-off of the rules is changed or taken away"
        return None, [Finding(move.path, 1, 1, "G001", "error", sentence, "sign anew beside it")]
    source = change.blobs[move.after.blob]
    signed, findings = read_signed(
        move.path, source, _SCHEMA_OF_SIGN_OFF, change.grounds, change.day
    )
    if signed is None:
        return None, findings
    findings.extend(_wrong(change, signed))
    is_good = signed.who is not None and not findings
    return Signed(move.path, signed.data, signed.who if is_good else None), findings


def _wrong(change: RulesChange, signed: Signed) -> Iterator[Finding]:
    wanted = "validator" if change.kind == CATALOGUE else "administrator"
    if not name_fits(signed.path.removeprefix(SIGN_OFFS), signed.data):
        hint = "name it <date>-sign-off-<party>.yaml, with -2, -3 ... for further ones of a day"
        sentence = "the file's name does not say its date, kind and Party"
        yield Finding(signed.path, 1, 1, "R003", "error", sentence, hint)
    if signed.data["role"] != wanted:
        sentence = f"it is signed as {signed.data['role']}; this change asks for a {wanted}"
        yield Finding(signed.path, 1, 1, "G021", "error", sentence)
    elif signed.who is not None and wanted not in signed.who.person.roles:
        sentence = f"the person who signed has not the role {wanted}"
        yield Finding(signed.path, 1, 1, "G021", "error", sentence)
    if not change.listed.is_said_by(signed.data):
        sentence = "it lists other paths or bytes than the request changes"
        hint = "`defectreg policy sign` lists what the request changes now"
        yield Finding(signed.path, 1, 1, "G022", "error", sentence, hint)


def is_signed(change: RulesChange, people: Sequence[Signatory]) -> bool:
    """Whether those who signed a change of the rules are enough for it."""
    return is_enough(people, change.grounds.parties) or _withdraws_own_key(change, people)


def _awaits_administrators(change: RulesChange, people: Sequence[Signatory]) -> Iterator[Finding]:
    if is_signed(change, people):
        return
    by = ", ".join(sorted({who.party.slug for who in people})) or "nobody"
    sentence = f"a change of the rules awaits two administrators of two Parties; signed: {by}"
    yield _awaited(change, sentence)


def _awaited(change: RulesChange, sentence: str) -> Finding:
    path = min((move.path for move in change.moves), default=POLICY_FILE)
    hint = "each signs with `defectreg policy sign`; policy/parties says who has which role"
    return Finding(path, 1, 1, "G020", "awaited", sentence, hint)


def _withdraws_own_key(change: RulesChange, people: Sequence[Signatory]) -> bool:
    """Whether all that is done is that an administrator withdraws keys of their own Party."""
    paths = {move.path for move in change.moves if not move.path.startswith(SIGN_OFFS)}
    for who in people:
        path = f"{PARTIES_FOLDER}{who.party.slug}.yaml"
        move = next((move for move in change.moves if move.path == path), None)
        if paths != {path} or move is None or move.before is None or move.after is None:
            continue
        before, after = (
            change.grounds.held("party", path, change.blobs[entry.blob])[0]
            for entry in (move.before, move.after)
        )
        if before is not None and after is not None and only_withdraws_keys(before, after):
            return True
    return False


def _check_outcome(change: RulesChange, repository: Repository, after: str) -> Iterator[Finding]:
    """That the register can be judged by what the request leaves, and what has landed by it."""
    listing = repository.listing(after, "policy", "schema", "catalogue")
    wanted = {path: blob for path, blob in listing.items() if is_ground(path)}
    read = repository.blobs(wanted.values())
    files = {path: data for path, (_, data) in zip(wanted, read, strict=True)}
    try:
        grounds, findings = read_grounds(files)
    except CannotRun as error:
        yield Finding(POLICY_FILE, 1, 1, "G023", "error", error.sentence, error.hint)
        return
    yield from findings
    yield from check_catalogue(grounds)
    moved = {move.path for move in change.moves}
    texts = {path: data for path, data in files.items() if path.endswith(".yaml")}
    yield from check_ground_files({path: texts[path] for path in texts if path in moved}, grounds)
    if grounds.policy.name != change.grounds.policy.name:
        sentence = "the register's name changes, and with it no signature would hold"
        yield Finding(POLICY_FILE, 1, 1, "G023", "error", sentence, "a name is for good")
    if not administrators(grounds.parties) and administrators(change.grounds.parties):
        sentence = "no administrator with a key in use would be left"
        hint = "nobody could change the rules any more: name another one first"
        yield Finding(POLICY_FILE, 1, 1, "G023", "error", sentence, hint)
    yield from _check_slugs(grounds)
    yield from _check_signed_schemas(change, grounds)
    yield from _check_acknowledged(change, grounds)
    if STATEMENT_SCHEMA in moved:
        yield from _check_landed(repository, after, grounds)


def _check_slugs(grounds: Grounds) -> Iterator[Finding]:
    for party in grounds.parties:
        if not _SLUG.fullmatch(party.slug):
            path = f"{PARTIES_FOLDER}{party.slug}.yaml"
            sentence = "no statement could name this Party: its file's name is no name of a Party"
            hint = "words of small letters and digits, joined by hyphens"
            yield Finding(path, 1, 1, "G023", "error", sentence, hint)


def _check_signed_schemas(change: RulesChange, grounds: Grounds) -> Iterator[Finding]:
    """That the schemas of which only the gate asks are there, and take this very sign-off."""
    moved = {move.path: move for move in change.moves}
    for name in _SIGNED:
        path = f"schema/{name}.schema.json"
        try:
            if path in moved:
                grounds.held(name, path, b"{}\n")
        except CannotRun as error:
            yield Finding(path, 1, 1, "G023", "error", error.sentence, error.hint)
            continue
        for sign_off in moved if path in moved and name == _SCHEMA_OF_SIGN_OFF else ():
            source = change.after(sign_off) if sign_off.startswith(SIGN_OFFS) else None
            if source is not None and grounds.held(name, sign_off, source)[1]:
                sentence = f"{sign_off} would be invalid under it"
                yield Finding(path, 1, 1, "G023", "error", sentence, "nobody could sign any more")


def _check_acknowledged(change: RulesChange, grounds: Grounds) -> Iterator[Finding]:
    if any(move.path == ACKNOWLEDGED for move in change.moves):
        source = change.after(ACKNOWLEDGED)
        if source is not None:
            yield from grounds.held("acknowledged", ACKNOWLEDGED, source)[1]


def _check_landed(repository: Repository, after: str, grounds: Grounds) -> Iterator[Finding]:
    """That every statement which has landed holds against the new schema: it only widens."""
    listing = repository.listing(after, "records")
    paths = [path for path in listing if place_of_statement(path)]
    for path, (_, source) in zip(
        paths, repository.blobs(listing[path] for path in paths), strict=True
    ):
        if any(each.code[0] in "YS" for each in read_statement(path, source, grounds)[1]):
            sentence = f"{path} has landed and would be invalid under it"
            hint = "a statement's schema only widens: what was said can never be said anew"
            yield Finding(STATEMENT_SCHEMA, 1, 1, "G024", "error", sentence, hint)
            return


def moved_blobs(moves: Iterable[Move]) -> list[str]:
    """The ids of the blobs that a request moves, before and after, each once."""
    both = (entry for move in moves for entry in (move.before, move.after) if entry)
    return sorted({entry.blob for entry in both if entry.mode != "160000"})
