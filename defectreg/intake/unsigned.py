"""What a Party left unsigned on a request, signed before it lands."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defectreg.register.checking import read_statement
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.grounds import Grounds
from defectreg.register.rules.signatures import roles_for
from defectreg.register.statement import Statement
from defectreg.store import git
from defectreg.store.identity import Identity
from defectreg.store.requests import LANDED, Request, Target
from defectreg.store.signing_statements import signed_all


@dataclass(frozen=True, slots=True)
class Unsigned:
    """What one Party left unsigned on one request."""

    request: Request
    paths: tuple[str, ...]
    read_before: tuple[tuple[str, str], ...]
    """Sign-offs that name the bytes of one of these: its file, then the one it read."""


def left_unsigned(request: Request, party: str, grounds: Grounds) -> Unsigned:
    """What a Party left unsigned on a request, and who has read it so."""
    statements = dict(_statements(request, grounds))
    mine = {
        path: item for path, item in statements.items() if item.by == party and not item.is_signed
    }
    read_before = [
        (reader.file, item.file)
        for reader in statements.values()
        for reading in reader.read
        for item in mine.values()
        if reading.sha256 == item.sha256
    ]
    return Unsigned(request, tuple(mine), tuple(read_before))


def why_nothing(requests: Sequence[Request], party: str, grounds: Grounds) -> UsageProblem:
    """Why a Party has nothing to sign on the requests of a record, as a sentence."""
    record_id = requests[0].record_id
    if any(request.ref != LANDED for request in requests):
        return UsageProblem(
            f"{party} left nothing unsigned on the requests of {record_id}",
            f"`defectreg review {record_id}` shows what they bring",
        )
    landed = Request(record_id, LANDED, "", requests[0].landed, {})
    if left_unsigned(landed, party, grounds).paths:
        return UsageProblem(
            f"what {party} left unsigned of {record_id} has landed, and can no longer be signed",
            "say it anew: `defectreg add KIND ID TEXT`",
        )
    return UsageProblem(f"{record_id} stands on no request, and {party} left nothing unsigned")


def sign_unsigned(
    unsigned: Unsigned, identity: Identity, target: Target, now: datetime.datetime
) -> str:
    """Sign these statements in one act, and commit them on the request; returns the commit.

    Raises CannotRun where the person has not the role that one of them takes.
    """
    if identity.key is None or identity.person is None:
        raise UsageProblem(
            "no key is named to sign with", "say --key FILE, or: git config defectreg.key FILE"
        )
    request = unsigned.request
    for path, statement in _statements(request, target.grounds):
        needed = roles_for(statement)
        if path in unsigned.paths and needed and not needed & identity.person.roles:
            raise CannotRun(
                f"{statement.file} is signed by a person with the role "
                f"{' or '.join(sorted(needed))}, which {identity.person.pseudonym} has not",
                "the Party's file in policy/parties/ says who has which role",
            )
    texts = [request.new[path] for path in unsigned.paths]
    signed = signed_all(texts, identity.key, target.grounds.policy.namespace)
    occasion = git.Occasion(f"Sign what is said of {request.record_id}\n", identity.party, now)
    files = dict(zip(map(request.on_branch, unsigned.paths), signed, strict=True))
    repository = target.register.repository
    return git.commit(repository, request.own_ref, request.commit, files, occasion)


def _statements(request: Request, grounds: Grounds) -> Iterator[tuple[str, Statement]]:
    for path, source in sorted(request.new.items()):
        if path != request.record_path:
            read, _ = read_statement(path, source, grounds)
            if read is not None and isinstance(read.value, Statement):
                yield path, read.value
