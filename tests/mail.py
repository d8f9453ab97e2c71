"""A real mail server on loopback for tests: STARTTLS, and a memory of what it took."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_HOST = "localhost"


@dataclass
class Mail:
    """What a server took, and what it is to refuse."""

    port: int
    certificate: Path
    taken: list[bytes] = field(default_factory=list)
    addressed: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """Mailboxes that it does not know."""
    before_answer: Callable[[], None] = lambda: None
    """What happens once it has a letter, and has not said so."""
    takes_from_sender: bool = True
    reply: str = "250 OK"
    hangs_up_after: int = -1
    """Having taken so many letters it hangs up on the next one, and says nothing; -1: never."""
    password: str = ""
    logins: list[str] = field(default_factory=list)

    @property
    def server(self) -> str:
        """As ``--smtp`` takes it."""
        return f"{_HOST}:{self.port}"

    @property
    def variables(self) -> dict[str, str]:
        """What lets the program trust the server."""
        return {"SSL_CERT_FILE": str(self.certificate)}

    def messages(self) -> list[EmailMessage]:
        """What it took, read."""
        return [_read(data) for data in self.taken]

    async def handle_RCPT(  # noqa: N802 - the library's names
        self, server: smtp.SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return f"550 5.1.1 no mailbox {address} here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802 - the library's names
        self, server: smtp.SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.takes_from_sender:
            return f"553 5.7.1 {address} may not send here"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's names
        self, server: smtp.SMTP, session: Any, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.before_answer()
        if len(self.taken) == self.hangs_up_after:
            transport: Any = server.transport
            transport.abort()
        if self.reply.startswith("250"):
            self.taken.append(content)
            self.addressed += envelope.rcpt_tos
        return self.reply


@contextmanager
def mail_server(folder: Path, *, password: str = "", encrypted: bool = True) -> Iterator[Mail]:
    """A server on a free port, with a certificate of its own for localhost."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    certificate, key = _certificate(folder)
    mail = Mail(port, certificate, password=password)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def authenticate(
        server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        mail.logins.append(data.login.decode())
        return AuthResult(success=data.password.decode() == password, handled=False)

    controller = Controller(
        mail, hostname="127.0.0.1", port=port,
        tls_context=context if encrypted else None, require_starttls=encrypted,
        authenticator=authenticate, auth_required=bool(password), auth_require_tls=True,
    )  # fmt: skip
    controller.start()
    try:
        yield mail
    finally:
        controller.stop()


def _read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, _class=EmailMessage, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _HOST)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(_HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "mail.pem", folder / "mail.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
