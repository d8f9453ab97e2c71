"""A letter as a message: headers that nobody's text can add to, and bytes that are the same again
for the same letter, sender and moment."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from defectreg.formats.visible import is_odd
from defectreg.letters.composing import Letter
from defectreg.register.policy import Policy
from defectreg.store.letters.due import Addressee

_MAILBOX = re.compile(
    r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:[.][A-Za-z0-9-]{1,63})+", re.ASCII
)
_LONGEST_HEADER = 900
"""Characters; RFC 5322 lets a line have 998."""
_HOST = re.compile(r"https://([a-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class Message:
    """A message that may be sent; ``data`` are its bytes, line ends and all."""

    message_id: str
    sender: str
    to: str
    file: str
    data: bytes


def check_addressee(to: Addressee) -> Iterator[str]:
    """What keeps a letter from reaching a Party, as sentences that name no mailbox."""
    if not to.mailbox:
        yield "the Party has no role mailbox"
    elif not is_mailbox(to.mailbox):
        yield "the Party's role mailbox is no address"
    if is_odd(to.name):
        yield "the Party's name has characters that no letter may have"


def is_mailbox(text: str) -> bool:
    """Whether a text is the address of a mailbox, and nothing besides."""
    return _MAILBOX.fullmatch(text) is not None


def message_id(letter: Letter, policy: Policy) -> str:
    """The Message-ID: made of what the letter tells to whom, so it is the same in every run."""
    host = _HOST.match(policy.address)
    place = host[1] if host else f"{policy.name}.defectreg.invalid"
    return f"<{letter.due.kind}.{letter.due.identity(policy.name)[:40]}@{place}>"


def message_of(letter: Letter, sender: str, when: datetime.datetime, policy: Policy) -> Message:
    """The message of a letter whose addressee and sender were checked."""
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    identity, due = message_id(letter, policy), letter.due
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = sender
    message["To"] = due.to.mailbox
    if is_mailbox(policy.contact):
        message["Reply-To"] = policy.contact
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(when)
    message["Message-ID"] = identity
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for view in letter.views:
        message.add_attachment(
            view.data, maintype="application", subtype="json", filename=view.name
        )
    _with_fixed_boundaries(message, due.identity(policy.name))
    name = f"{due.kind}-{due.to.slug}-{due.identity(policy.name)[:8]}.eml"
    # Folded, a Message-ID is one that not every mail program reads.
    data = message.as_bytes(policy=message.policy.clone(max_line_length=_LONGEST_HEADER))
    return Message(identity, sender, due.to.mailbox, name, data)


def _with_fixed_boundaries(message: object, seed: str) -> None:
    """Boundaries that are the same again: the library's are random."""
    from email.message import EmailMessage

    if not isinstance(message, EmailMessage):
        return
    parts = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(parts):
        part.set_boundary(f"=_{seed[:32]}_{number}")
