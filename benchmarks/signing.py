"""SSH signatures made in this process: ssh-keygen takes an hour for half a million of them."""

from __future__ import annotations

import base64
import hashlib
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_TYPE = b"ssh-ed25519"


def _strings(*texts: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(text)) + text for text in texts)


class Signer:
    """An Ed25519 key made from a seed: never one to trust, always the same."""

    def __init__(self, seed: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())
        self._blob = _strings(_TYPE, self._key.public_key().public_bytes_raw())

    @property
    def public(self) -> str:
        """The public half as a Party's file names it."""
        return f"{_TYPE.decode()} {base64.b64encode(self._blob).decode()}"

    def signed(self, text: bytes, namespace: str) -> bytes:
        """A statement's text with the signature as its last key, as ssh-keygen would make it."""
        name = namespace.encode()
        digest = hashlib.sha512(text).digest()
        over = b"SSHSIG" + _strings(name, b"", b"sha512", digest)
        raw = _strings(_TYPE, self._key.sign(over))
        blob = b"SSHSIG" + struct.pack(">I", 1) + _strings(self._blob, name, b"", b"sha512", raw)
        text64 = base64.b64encode(blob).decode()
        lines = [text64[at : at + 70] for at in range(0, len(text64), 70)]
        armour = ["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----"]
        return text + "".join(["signature: |\n", *(f"  {line}\n" for line in armour)]).encode()
