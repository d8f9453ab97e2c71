"""Letters handed to a mail server: over STARTTLS, one addressee at a time, noted before and after.

A letter is noted as *sending* before its text is handed over. Where the connection ends before the
server has answered, nobody knows whether it took the letter: it is in doubt, and stays so until a
person says what became of it.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store.letters.journal import Begun, Journal

USER_VARIABLE = "DEFECTREG_SMTP_USER"
PASSWORD_VARIABLE = "DEFECTREG_SMTP_PASSWORD"  # noqa: S105 - its name, not its value
SETTING = "defectreg.smtp"
_SUBMISSION = 587
_PATIENCE = 60
"""Seconds that a server may take for an answer."""
_LAST_PORT = 65535
_TAKEN = 250
_FORWARDED = 251
"""The server knows the addressee elsewhere, and hands the letter on."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed over; user and password are empty where it asks for none."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, typed: str, variables: Mapping[str, str]) -> Server:
        """The server that ``HOST`` or ``HOST:PORT`` means. Raises UsageProblem for none."""
        host, separator, port = typed.rpartition(":") if ":" in typed else (typed, "", "")
        number = int(port) if port.isascii() and port.isdigit() else 0
        is_named = host and host.isascii() and host.replace(".", "").replace("-", "").isalnum()
        if not is_named or (separator and not 0 < number <= _LAST_PORT):
            raise UsageProblem(f"{typed!a:.80} is no mail server", "write it as HOST or HOST:PORT")
        user = variables.get(USER_VARIABLE, "")
        return cls(host, number or _SUBMISSION, user, variables.get(PASSWORD_VARIABLE, ""))


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message and what the journal notes of it."""

    begun: Begun
    sender: str
    to: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter: accepted, refused, in-doubt, or elsewhere (another run has it).

    ``why`` is the server's code, and never its text, which may name the mailbox.
    """

    message_id: str
    state: str
    why: str = ""


def send(
    server: Server,
    envelopes: Sequence[Envelope],
    journal: Journal,
    done: Callable[[int], None] = lambda letters: None,
) -> Iterator[Outcome]:
    """Hand letters over, one after the other; a refused addressee does not keep the others.

    Raises CannotRun where the server cannot be reached, offers no STARTTLS, or refuses the sender.
    """
    with _connected(server) as connection:
        for envelope in envelopes:
            yield _sent(connection, envelope, journal)
            done(1)


@contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A connection over TLS, with its certificate checked; the password goes over no other."""
    try:
        connection = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE)
    except (OSError, smtplib.SMTPException) as error:
        raise _unreachable(server, type(error).__name__) from error
    try:
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        raise _unwilling(server, error) from error
    try:
        yield connection
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()


def _unreachable(server: Server, why: str) -> CannotRun:
    return CannotRun(
        f"the mail server {server.host}:{server.port} cannot be reached: {why}",
        "nothing was sent that is not noted; run it again when the server answers",
    )


def _unwilling(server: Server, error: Exception) -> CannotRun:
    place = f"{server.host}:{server.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return CannotRun(
            f"the mail server {place} refuses the user or the password ({error.smtp_code})",
            f"they are read from {USER_VARIABLE} and {PASSWORD_VARIABLE}",
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return CannotRun(
            f"the certificate of the mail server {place} is not trusted",
            "name the server as its certificate does; SSL_CERT_FILE names an authority of your own",
        )
    return CannotRun(
        f"the mail server {place} opens no encrypted connection: {type(error).__name__}",
        "letters and passwords go over STARTTLS only",
    )


def _sent(connection: smtplib.SMTP, envelope: Envelope, journal: Journal) -> Outcome:
    identity = envelope.begun.message_id
    code = _offered(connection, envelope)
    if code:
        return Outcome(identity, "refused", f"{code}")
    if not journal.claim(envelope.begun):
        connection.rset()
        return Outcome(identity, "elsewhere")
    try:
        code, _ = connection.data(envelope.data)
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
    except (OSError, smtplib.SMTPException):
        return Outcome(identity, "in-doubt")
    accepted = code == _TAKEN
    state = "accepted" if accepted else "refused"
    journal.settle(identity, state)
    return Outcome(identity, state, "" if accepted else f"{code}")


def _offered(connection: smtplib.SMTP, envelope: Envelope) -> int:
    """0 where the server takes a letter to this addressee, else its code. Raises CannotRun where
    it takes none from this sender."""
    try:
        code, _ = connection.mail(envelope.sender)
        if code != _TAKEN:
            raise CannotRun(
                f"the mail server takes nothing from this sender: it answered {code}",
                "mend mailbox: of your Party, or the user that you log in as; what was sent is "
                "noted",
            )
        code, _ = connection.rcpt(envelope.to)
        if code not in (_TAKEN, _FORWARDED):
            connection.rset()
            return code
    except (OSError, smtplib.SMTPException) as error:
        raise CannotRun(
            f"the mail server ended the connection: {type(error).__name__}",
            "what it took is noted; run it again for the rest",
        ) from error
    return 0
