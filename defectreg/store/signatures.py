"""Signatures over bytes, made and checked by ``ssh-keygen -Y``."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path
from typing import IO

from defectreg.register.errors import CannotRun
from defectreg.register.sshkeys import PublicKey, Signature
from defectreg.store.files import FileProblem, read_bounded

_PATIENCE = 60
"""Seconds that a check may take."""

_PATIENCE_WITH_PEOPLE = 600
"""Seconds for a passphrase, or for a touch of a security key."""

_PRINCIPAL = "signer"  # ssh-keygen wants a name for whose key it is; ours is known by its bytes

_HINT = "ssh-keygen -l -f FILE says what a key file holds; defectreg key makes a new key"
_FEW = 4
"""Signatures from which several are checked at once."""
_NOT_OVER_THIS = "the signature is not over these bytes"


class SigningError(CannotRun):
    """What could not be signed or made, and what to do about it."""


class SshMissing(SigningError):
    """There is no ssh-keygen on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "ssh-keygen was not found", "install OpenSSH (Debian: apt-get install openssh-client)"
        )


def sign(key: Path, namespace: str, payloads: Sequence[bytes]) -> list[str]:
    """An armoured signature for each of ``payloads``, by one run of ssh-keygen.

    ``key`` is a private key, or a public one whose private half an agent holds. A passphrase is
    asked for on the terminal, once.
    """
    if not payloads:
        return []
    with _private_folder() as folder, _usable(key) as usable:
        files = [str(number) for number in range(len(payloads))]
        for file, payload in zip(files, payloads, strict=True):
            (folder / file).write_bytes(payload)
        arguments = ("-q", "-Y", "sign", "-f", str(usable), "-n", namespace, *files)
        with _terminal() as terminal:
            result = _keygen(
                arguments,
                folder,
                terminal,
                patience=_PATIENCE_WITH_PEOPLE,
                shows=_waits_for_touch(key),
            )
        if result.returncode != 0:
            raise SigningError(f"{key} did not sign: {_complaint(result)}", _HINT)
        return [(folder / f"{file}.sig").read_text("ascii") for file in files]


@dataclass(frozen=True, slots=True)
class Claim:
    """A signature that ``key`` is said to have made of ``payload`` in a namespace."""

    payload: bytes
    signature: str
    namespace: str
    key: PublicKey

    @property
    def digest(self) -> bytes:
        """The SHA-256 of all of it, each part with its length."""
        digest = hashlib.sha256()
        parts = (self.signature, self.namespace, str(self.key))
        for part in (self.payload, *(each.encode() for each in parts)):
            digest.update(b"%d:" % len(part) + part)
        return digest.digest()


def check(payload: bytes, signature: str, namespace: str, key: PublicKey) -> str | None:
    """What is wrong with a signature that ``key`` should have made of ``payload``; None: nothing.

    Raises SshMissing and SigningError only where it could not be asked.
    """
    return check_all([Claim(payload, signature, namespace, key)])[0]


def check_all(claims: Sequence[Claim]) -> list[str | None]:
    """As :func:`check`, of several, in their order: ssh-keygen takes one at a time, so as many run
    at once as there are processors."""
    from concurrent.futures import ThreadPoolExecutor

    with _private_folder() as folder:
        if len(claims) < _FEW:
            return [_complaint_of(claim, folder, at) for at, claim in enumerate(claims)]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return list(pool.map(_complaint_of, claims, repeat(folder), count()))


_GOOD: set[bytes] = set()
"""SHA-256 of the claims that held: what one command judges twice is asked of ssh-keygen once."""


def _complaint_of(claim: Claim, folder: Path, number: int) -> str | None:
    try:
        said = Signature.parse(claim.signature)
    except ValueError as error:
        return str(error)
    if said.namespace != claim.namespace:
        return f"the signature is for {said.namespace!a}, not for {claim.namespace!a}"
    if said.key != claim.key:
        return f"the signature is by the key {said.fingerprint}, not {claim.key.fingerprint}"
    if claim.digest not in _GOOD:
        if not _is_good(claim, folder, str(number)):
            return _NOT_OVER_THIS
        _GOOD.add(claim.digest)
    return None


def generate(path: Path) -> PublicKey:
    """A new ed25519 key at ``path`` without passphrase or comment, its public half beside it.

    Never overwrites.
    """
    beside = path.with_name(path.name + ".pub")
    if any(file.exists() or file.is_symlink() for file in (path, beside)):
        raise SigningError(f"there is a key at {path} already", "name another file")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    arguments = ("-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path.absolute()))
    result = _keygen(arguments, path.parent)
    if result.returncode != 0:
        raise SigningError(f"no key could be made at {path}: {_complaint(result)}")
    return public_of(path)


def public_of(path: Path) -> PublicKey:
    """The public key in a key file, private or public; a passphrase is not asked for."""
    text = _read(path)
    if not _is_private(text):
        return _parsed(path, text)
    with _usable(path) as usable:
        result = _keygen(("-y", "-P", "", "-f", str(usable)), usable.parent)
    if result.returncode == 0:
        return _parsed(path, result.stdout.decode("ascii", "replace"))
    beside = path.with_name(path.name + ".pub")
    if beside.exists():
        return _parsed(beside, _read(beside))
    raise SigningError(f"{path} cannot be read: {_complaint(result)}", _HINT)


def _waits_for_touch(key: Path) -> bool:
    """Is it the key of a security device? Then ssh-keygen asks on standard error for a touch."""
    try:
        return public_of(key).type.startswith("sk-")
    except SigningError:
        return False


def _is_good(claim: Claim, folder: Path, name: str) -> bool:
    """``name`` is that of the files made for it; none stay."""
    allowed, signature, payload = (folder / f"{name}.{kind}" for kind in ("key", "sig", "said"))
    allowed.write_text(f"{_PRINCIPAL} {claim.key}\n", "ascii")
    signature.write_text(claim.signature, "ascii")
    payload.write_bytes(claim.payload)
    arguments = ("-q", "-Y", "verify", "-f", allowed.name, "-I", _PRINCIPAL, "-n", claim.namespace)
    with payload.open("rb") as source:
        result = _keygen((*arguments, "-s", signature.name), folder, source)
    for file in (allowed, signature, payload):
        file.unlink()
    return result.returncode == 0


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder that only this user can look into, gone afterwards."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="defectreg-") as name:
        yield Path(name)


@contextmanager
def _usable(key: Path) -> Iterator[Path]:
    """The key file as ssh-keygen takes it: a private key that others may read is copied first."""
    private = _private_half(key)
    if private is None:
        yield key.absolute()  # a public key; an agent holds the rest
        return
    if not private.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield private.absolute()
        return
    with _private_folder() as folder:
        copy = folder / "key"
        for suffix in ("", ".pub"):
            source = private.with_name(private.name + suffix)
            if source.exists():
                _copy_privately(source, copy.with_name(copy.name + suffix))
        yield copy


def _private_half(key: Path) -> Path | None:
    if _is_private(_read(key)):
        return key
    beside = key.with_suffix("")
    return beside if key.suffix == ".pub" and beside.is_file() else None


def _copy_privately(source: Path, target: Path) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(source.read_bytes())


def _read(path: Path) -> str:
    try:
        return read_bounded(path.resolve()).decode("utf-8")
    except (FileProblem, UnicodeDecodeError) as error:
        raise SigningError(f"no key can be read from {path}", _HINT) from error


def _is_private(text: str) -> bool:
    return text.startswith("-----BEGIN ")


def _parsed(path: Path, text: str) -> PublicKey:
    try:
        return PublicKey.parse(text.strip(), comment=True)
    except ValueError as error:
        raise SigningError(f"{path}: {error}", _HINT) from error


def _complaint(result: subprocess.CompletedProcess[bytes]) -> str:
    lines = (result.stderr or b"").decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "ssh-keygen gave no reason"


@contextmanager
def _terminal() -> Iterator[int]:
    """Where ssh-keygen may ask for a passphrase: the terminal, if a person looks at one."""
    if not sys.stderr.isatty():
        yield subprocess.DEVNULL
        return
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield subprocess.DEVNULL
        return
    try:
        yield terminal
    finally:
        os.close(terminal)


def _keygen(
    arguments: Sequence[str],
    folder: Path,
    source: IO[bytes] | int = subprocess.DEVNULL,
    *,
    patience: int = _PATIENCE,
    shows: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen in ``folder``; with ``shows`` it speaks to the person itself."""
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments],
            cwd=folder,
            env=os.environ | {"LC_ALL": "C"},
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=None if shows else subprocess.PIPE,
            timeout=patience,
            check=False,
        )
    except FileNotFoundError as error:
        raise SshMissing from error
    except subprocess.TimeoutExpired as error:
        raise SigningError(f"ssh-keygen gave no answer for {patience} seconds") from error
