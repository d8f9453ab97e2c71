"""Whether signatures are good: asked of ``ssh-keygen``, for what has not landed yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.statement import Statement, signed_part
from defectreg.store.signatures import Claim, check_all


@dataclass(frozen=True, slots=True)
class Proof:
    """A signed statement, and the path and bytes of its file."""

    statement: Statement
    path: str
    source: bytes


def proofs(
    statements: Iterable[Statement], files: Mapping[str, bytes], folder: str
) -> Iterator[Proof]:
    """What is to be proven of a record's statements; ``folder`` is where their files stand."""
    for statement in statements:
        if statement.is_signed:
            path = f"{folder}/{statement.file}"
            yield Proof(statement, path, files[path])


def prove(asked: Iterable[Proof], grounds: Grounds) -> Iterator[Finding]:
    """The statements whose signature is not over the bytes above it.

    Unreadable signatures, and those that name another register, are for the content rules. Raises
    CannotRun where there is no ssh-keygen.
    """
    namespace = grounds.policy.namespace
    claimed = [
        (proof, Claim(signed_part(proof.source), proof.statement.text("signature"),
                      namespace, said.key))
        for proof in asked
        if (said := proof.statement.bears) is not None and said.namespace == namespace
    ]  # fmt: skip
    if not claimed:
        return
    complaints = check_all([claim for _, claim in claimed])
    for (proof, claim), complaint in zip(claimed, complaints, strict=True):
        if complaint:
            line = claim.payload.count(b"\n") + 1
            hint = "undo the change, or take the signature out and `defectreg key sign` it anew"
            yield Finding(proof.path, line, 1, "R096", "error", complaint, hint)
