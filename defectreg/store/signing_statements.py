"""Statements signed: their bytes, and the signature over them as the last key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from defectreg.register.statement import signed_part
from defectreg.store.signatures import sign


def signed(text: bytes, key: Path, namespace: str) -> bytes:
    """A statement's file with a signature; one that was there is replaced.

    ``namespace`` is that of the register's policy. Raises SigningError.
    """
    return signed_all([text], key, namespace)[0]


def signed_all(texts: Sequence[bytes], key: Path, namespace: str) -> list[bytes]:
    """As :func:`signed`, for several in one signing act: a passphrase is asked for once."""
    payloads = [_ended(signed_part(text)) for text in texts]
    signatures = sign(key, namespace, payloads)
    return [
        payload + _as_last_key(signature)
        for payload, signature in zip(payloads, signatures, strict=True)
    ]


def _ended(payload: bytes) -> bytes:
    """The bytes to be signed: whole lines, or the signature's key would join the last one."""
    return payload if not payload or payload.endswith(b"\n") else payload + b"\n"


def _as_last_key(signature: str) -> bytes:
    lines = signature.strip().split("\n")
    return "".join(["signature: |\n", *(f"  {line}\n" for line in lines)]).encode("ascii")
