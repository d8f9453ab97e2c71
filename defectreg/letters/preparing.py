"""Letters that are due, made ready: messages that may be sent, and what keeps the others back."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from defectreg.letters.composing import Desk, Letter, composed, template_problems
from defectreg.letters.posting import Message, check_addressee, is_mailbox, message_id, message_of
from defectreg.letters.samples import samples
from defectreg.store.letters.due import Addressee, Due, Objection
from defectreg.store.letters.templates import program_templates

_NAMED = re.compile(r"^(?:- )?(DR-[0-9A-Z]{4}-[0-9A-Z]{4})\b", re.MULTILINE)
"""An id with which a line of a letter begins."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter and its message."""

    due: Due
    subject: str
    message: Message


@dataclass(frozen=True, slots=True)
class Prepared:
    """What may be sent, what may not, and why."""

    ready: tuple[Ready, ...]
    kept: tuple[Ready, ...]
    """Known by their Message-IDs, and without a message."""
    objections: tuple[Objection, ...]


def prepared(
    dues: Sequence[Due],
    desk: Desk,
    sender: Addressee,
    when: datetime.datetime,
    done: Callable[[int], None] = lambda letters: None,
) -> Prepared:
    """Every letter as a message, or an objection to it. Templates are judged before."""
    of_all = (*_of_templates(desk), *_of_sender(sender))
    objections = list(of_all)
    ready, kept = [], []
    for due in dues:
        found = tuple(_of_addressee(due.to, due.kind))
        letter = None
        if not found and not of_all:
            letter, problems = composed(due, desk)
            found = tuple(_unsound(due, sentence) for sentence in problems)
        objections += found
        if letter is None or found:
            kept.append(unsent(due, desk))
        else:
            message = message_of(letter, sender.mailbox, when, desk.policy)
            ready.append(Ready(due, letter.subject, message))
        done(1)
    return Prepared(tuple(ready), tuple(kept), tuple(dict.fromkeys(objections)))


def drafted_by(data: bytes, dues: Iterable[Due], desk: Desk) -> Due | None:
    """The letter of which a file is the draft; None where it tells what no longer stands.

    A draft tells of the records whose ids its Message-ID was made of, among those that are due.
    """
    from email import message_from_bytes
    from email.policy import SMTP

    read = message_from_bytes(data, policy=SMTP)
    identity = str(read["Message-ID"] or "").strip()
    text = read.get_body(("plain",))
    named = set(_NAMED.findall(text.get_content() if text is not None else ""))
    for due in dues:
        some = tuple(each for each in due.subjects if each.record_id in named)
        narrowed = replace(due, subjects=some)
        if (some or not due.subjects) and _identity(narrowed, desk) == identity:
            return narrowed
    return None


def unsent(due: Due, desk: Desk) -> Ready:
    """A letter that a person sends: known by its Message-ID, and without a message."""
    identity = _identity(due, desk)
    return Ready(due, "", Message(identity, "", "", f"{due.kind}-{due.to.slug}", b""))


def _identity(due: Due, desk: Desk) -> str:
    return message_id(Letter(due, "", "", "", ()), desk.policy)


def _of_templates(desk: Desk) -> Iterator[Objection]:
    """What is wrong with templates; the program's own, by its own words, its tests have judged."""
    if desk.templates == program_templates() and not desk.policy.words:
        return
    for file, sentence in template_problems(desk, samples(desk.day)):
        hint = "mend it there, by a change of the rules; or take the program's again"
        yield Objection("L03", file, sentence, hint)


def _of_sender(sender: Addressee) -> Iterator[Objection]:
    if not is_mailbox(sender.mailbox):
        yield Objection("L01", _file(sender.slug), "the Party that sends has no role mailbox",
                        "an administrator adds mailbox: to the file")  # fmt: skip


def _of_addressee(to: Addressee, kind: str) -> Iterator[Objection]:
    for sentence in check_addressee(to):
        code = "L01" if not to.mailbox else "L02"
        yield Objection(code, _file(to.slug), f"{sentence}: it gets no letter ({kind})",
                        "an administrator mends the file; or send it by hand, and say so with "
                        "--sent-by-hand")  # fmt: skip


def _unsound(due: Due, sentence: str) -> Objection:
    return Objection("L04", _file(due.to.slug), f"the letter ({due.kind}) is not sound: {sentence}")


def _file(slug: str) -> str:
    return f"policy/parties/{slug}.yaml"
