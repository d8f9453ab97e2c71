"""SSH public keys and signatures as values: read, told apart, never checked here.

Written forms: a key is ``ssh-ed25519 AAAA…`` (RFC 4253, section 6.6); a signature is the armoured
block of ``ssh-keygen -Y sign`` (OpenSSH, PROTOCOL.sshsig). Whether a signature is good is asked of
``ssh-keygen`` by the floor above.
"""

from __future__ import annotations

import hashlib
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

_SMALLEST_RSA = 2048  # bits: below it ssh-keygen itself warns
_LARGEST_RSA = 16384  # bits: OpenSSH takes no more
_LONGEST_TEXT = 16384  # characters: five times the signature of the largest RSA key
_POINT = 65  # bytes: 4, then two coordinates of 32 bytes
_LONGEST_LINE = 76  # characters of an armoured line; ssh-keygen writes 70

_MAGIC = b"SSHSIG"
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_HASHES = ("sha256", "sha512")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An SSH public key: its type as OpenSSH names it, and its bytes."""

    type: str
    blob: bytes

    @classmethod
    def parse(cls, text: str, *, comment: bool = False) -> PublicKey:
        """The key in ``type base64``; raises ValueError with a sentence.

        A comment, which is often a person's name, is refused unless ``comment`` allows it; it is
        dropped.
        """
        text = _limited(text).strip()
        words = text.split(None, 2)
        if len(text.splitlines()) > 1:
            raise ValueError("a public key is one line")
        if len(words) < 2:
            raise ValueError("a public key is a type and its base64: ssh-ed25519 AAAA…")
        if len(words) == 3 and not comment:
            raise ValueError("a public key stands here without a comment; take out what follows it")
        key = cls.from_blob(_decoded(words[1], "the public key"))
        if key.type != words[0]:
            raise ValueError(f"the public key says {words[0]!a} and is a {key.type}")
        return key

    @classmethod
    def from_blob(cls, blob: bytes) -> PublicKey:
        """The key in these bytes; raises ValueError for a type that no signer may use."""
        return _key_in(blob)

    @property
    def fingerprint(self) -> str:
        """``SHA256:…``, as ``ssh-keygen -l`` prints it."""
        return _fingerprint(self.blob)

    def __str__(self) -> str:
        return f"{self.type} {b64encode(self.blob).decode('ascii')}"


@lru_cache(maxsize=1024)
def _key_in(blob: bytes) -> PublicKey:
    """A few keys sign all the statements of a register."""
    name, rest = _string(blob, "the public key")
    check = _TYPES.get(name)
    if check is None:
        raise ValueError(f"a key of type {_shown(name)} is not used here; {_ADVICE}")
    check(rest)
    return PublicKey(name.decode("ascii"), blob)


@lru_cache(maxsize=1024)
def _fingerprint(blob: bytes) -> str:
    digest = hashlib.sha256(blob).digest()
    return "SHA256:" + b64encode(digest).decode("ascii").rstrip("=")


@dataclass(frozen=True, slots=True)
class Signature:
    """What an armoured signature says of itself: nothing of it is proven."""

    namespace: str
    key: PublicKey

    @property
    def fingerprint(self) -> str:
        return self.key.fingerprint

    @classmethod
    def parse(cls, text: str) -> Signature:
        """The signature in an armoured block; raises ValueError with a sentence."""
        data = _decoded(_without_armour(text), "the signature")
        if data[:6] != _MAGIC or data[6:10] != b"\0\0\0\1":
            raise ValueError("this is no SSH signature of version 1")
        key_blob, rest = _string(data[10:], "the signature")
        namespace, rest = _string(rest, "the signature")
        _reserved, rest = _string(rest, "the signature")
        hash_name, rest = _string(rest, "the signature")
        _check_proof(rest)
        _check_hash_algorithm(hash_name)
        return cls(_text(namespace, "namespace"), PublicKey.from_blob(key_blob))


def _check_hash_algorithm(name: bytes) -> None:
    text = _text(name, "hash algorithm")
    if text not in _HASHES:
        raise ValueError(f"the signature is over {text!a}; it must be over sha256 or sha512")


def _check_proof(data: bytes) -> None:
    """Is there one proof, of a known kind, and nothing behind it?"""
    proof, rest = _string(data, "the signature")
    _ended(rest, "the signature")
    algorithm, _ = _string(proof, "the signature")
    if algorithm not in _ALGORITHMS:
        raise ValueError(f"a signature by {_shown(algorithm)} is not used here; {_ADVICE}")


def _without_armour(text: str) -> str:
    lines = _limited(text).removesuffix("\n").split("\n")
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise ValueError(f"a signature begins with {_BEGIN} and ends with {_END}")
    if any(not line or len(line) > _LONGEST_LINE for line in lines[1:-1]):
        raise ValueError(f"a line of a signature has 1 to {_LONGEST_LINE} characters")
    return "".join(lines[1:-1])


def _limited(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"a key or signature has at most {_LONGEST_TEXT} characters")
    return text


def _decoded(text: str, what: str) -> bytes:
    """The bytes of canonical base64, so that no two texts are one key."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"{what} is not base64") from None
    if b64encode(data).decode("ascii") != text:
        raise ValueError(f"{what} is base64 with something left over at its end")
    return data


def _string(data: bytes, what: str) -> tuple[bytes, bytes]:
    """The first length-prefixed string of SSH's wire format, and what follows it."""
    if len(data) < 4:
        raise ValueError(f"{what} is cut short")
    (length,) = struct.unpack_from(">I", data)
    if len(data) - 4 < length:
        raise ValueError(f"{what} is cut short")
    return data[4 : 4 + length], data[4 + length :]


def _ended(rest: bytes, what: str) -> None:
    if rest:
        raise ValueError(f"{what} has something left over at its end")


def _text(data: bytes, what: str) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"the signature's {what} is not UTF-8") from None
    if not text.isprintable():
        raise ValueError(f"the signature's {what} has characters that cannot be printed")
    return text


def _shown(name: bytes) -> str:
    return ascii(name[:64].decode("utf-8", "replace"))


def _check_ed25519(data: bytes) -> None:
    _ended(_after_point(data, 32), "the public key")


def _check_security_key_ed25519(data: bytes) -> None:
    _ended(_string(_after_point(data, 32), "the public key")[1], "the public key")


def _check_ecdsa(data: bytes) -> None:
    _ended(_after_curve(data), "the public key")


def _check_security_key_ecdsa(data: bytes) -> None:
    _ended(_string(_after_curve(data), "the public key")[1], "the public key")


def _after_point(data: bytes, length: int) -> bytes:
    point, rest = _string(data, "the public key")
    if len(point) != length:
        raise ValueError(f"the public key has {len(point)} bytes where its type has {length}")
    return rest


def _after_curve(data: bytes) -> bytes:
    curve, rest = _string(data, "the public key")
    if curve != b"nistp256":
        raise ValueError(f"the public key is on the curve {_shown(curve)}, not nistp256")
    return _after_point(rest, _POINT)


def _check_rsa(data: bytes) -> None:
    exponent, rest = _string(data, "the public key")
    modulus, rest = _string(rest, "the public key")
    _ended(rest, "the public key")
    bits = _positive(modulus).bit_length()
    if not _SMALLEST_RSA <= bits <= _LARGEST_RSA:
        raise ValueError(f"an RSA key of {bits} bits is not used here; {_ADVICE}")
    if _positive(exponent) < 3 or not _positive(exponent) & 1:
        raise ValueError("the RSA key has an exponent that no program would choose")


def _positive(data: bytes) -> int:
    """A positive integer in SSH's wire format, written in the one shortest way."""
    value = int.from_bytes(data, "big", signed=True)
    if value <= 0 or len(data) != value.bit_length() // 8 + 1:
        raise ValueError("the RSA key has a number that is not written in the shortest way")
    return value


_TYPES: Mapping[bytes, Callable[[bytes], None]] = {
    b"ssh-ed25519": _check_ed25519,
    b"sk-ssh-ed25519@openssh.com": _check_security_key_ed25519,
    b"ecdsa-sha2-nistp256": _check_ecdsa,
    b"sk-ecdsa-sha2-nistp256@openssh.com": _check_security_key_ecdsa,
    b"ssh-rsa": _check_rsa,
}
_ALGORITHMS = (*(name for name in _TYPES if name != b"ssh-rsa"), b"rsa-sha2-256", b"rsa-sha2-512")
_ADVICE = "make one with: ssh-keygen -t ed25519"
