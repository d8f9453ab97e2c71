"""Letters sent by a server or by hand, and the notices that come of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from defectreg.cli.letters.asked import NOTHING, Acts, Done, Room, opened_room
from defectreg.cli.output import progress
from defectreg.register.errors import CannotRun, UsageProblem

if TYPE_CHECKING:
    from defectreg.letters.preparing import Prepared, Ready
    from defectreg.store.identity import Identity
    from defectreg.store.letters.due import Objection
    from defectreg.store.letters.journal import Begun, Journal
    from defectreg.store.letters.notices import Noticed
    from defectreg.store.letters.on_requests import Notice
    from defectreg.store.letters.smtp import Envelope, Outcome, Server
    from defectreg.store.requests import Target


def sent(found: Prepared, room: Room, acts: Acts) -> Done:
    """Letters handed over and their notices made; nothing is sent where one letter cannot be."""
    identity = identity_of(room.target, acts)
    is_kept_back = bool(found.objections) and not acts.others
    outcomes, stopped = ((), None) if is_kept_back else _handed_over(found.ready, room, acts)
    return Done(
        room.day,
        found.ready,
        found.kept,
        (*found.objections, *_refusals(found.ready, outcomes), *doubts(room.journal)),
        (),
        outcomes,
        noticed_by(room, identity),
        stopped,
        is_sent=not is_kept_back,
        is_kept_back=is_kept_back,
    )


def _handed_over(
    ready: Sequence[Ready], room: Room, acts: Acts
) -> tuple[tuple[Outcome, ...], CannotRun | None]:
    """What became of each letter, and what ended the sending before its end."""
    from defectreg.store.letters.outbox import keep_sent
    from defectreg.store.letters.smtp import send

    if not ready:
        return (), None
    server = _server(room.target, acts)
    for each in ready:
        keep_sent(room.target.register, each.message.file, each.message.data)
    envelopes = [_envelope(each, room) for each in ready]
    outcomes: list[Outcome] = []
    try:
        with progress("sending", len(ready)) as done:
            for outcome in send(server, envelopes, room.journal, done):
                outcomes.append(outcome)
    except CannotRun as problem:
        return tuple(outcomes), problem
    return tuple(outcomes), None


def settled(typed: str, acts: Acts) -> Done:
    """What a person says became of a letter that was in doubt, or came back afterwards."""
    from defectreg.store.letters.notices import check_may_notify

    identity, _, word = typed.rpartition("=")
    if word not in ("accepted", "refused") or not identity:
        raise UsageProblem(f"{typed!a:.100} settles nothing",
                           "write it as MESSAGE-ID=accepted or MESSAGE-ID=refused")  # fmt: skip
    with opened_room(NOTHING, is_acting=True) as room:
        who = identity_of(room.target, acts)
        check_may_notify(who)
        if acts.dry_run:
            return Done(room.day, said=f"It would be noted that it was {word}.")
        came_back: tuple[Notice, ...] = ()
        if not room.journal.settle(identity, word):
            came_back = _came_back(room, identity, word)
        return Done(room.day, noticed=noticed_by(room, who), said=f"Noted: it was {word}.",
                    came_back=came_back)  # fmt: skip


def _came_back(room: Room, identity: str, word: str) -> tuple[Notice, ...]:
    """The notices of a letter that had been accepted, and was refused after all."""
    from defectreg.store.letters.notices import notices_of

    told = room.journal.come_back(identity) if word == "refused" else []
    if not told:
        raise UsageProblem("no letter of that Message-ID is in doubt, or was sent from here",
                           "`defectreg notify` names those that are in doubt")  # fmt: skip
    ids = {record_id for record_id, _ in told if record_id}
    found = notices_of(room.target, room.said, ids)
    return tuple(each for each in found if (each.record_id, each.letter) in told)


def identity_of(target: Target, acts: Acts) -> Identity:
    """Who acts: the Party, the person and the key."""
    from defectreg.store.identity import identify

    return identify(target.register, acts.party, acts.key)


def begun_of(ready: Ready, delivered: str, day: str, data: bytes) -> Begun:
    """What the journal notes of a letter."""
    from defectreg.store.letters.journal import Begun

    due = ready.due
    return Begun(ready.message.message_id, due.kind, due.to.slug, delivered,
                 sha256(data).hexdigest(), day, due.subjects, due.about)  # fmt: skip


def noticed_by(room: Room, identity: Identity) -> Noticed | None:
    """The notices of what was accepted and has none yet, signed on a branch."""
    from defectreg.store.letters.notices import propose_notices

    return propose_notices(room.target, room.journal, room.said, identity, room.now)


def doubts(journal: Journal) -> Iterator[Objection]:
    """Letters of which nobody knows whether the server took them."""
    from defectreg.store.letters.due import Objection

    for message_id, kind, slug in journal.in_doubt():
        yield Objection(
            "L05",
            f"policy/parties/{slug}.yaml",
            f"whether the letter ({kind}) {message_id} was accepted is not known",
            "it is not sent again; ask the server's administrator, then: defectreg notify "
            "--settle MESSAGE-ID=accepted, or =refused",
        )


def _refusals(ready: Sequence[Ready], outcomes: Sequence[Outcome]) -> Iterator[Objection]:
    from defectreg.store.letters.due import Objection

    slugs = {each.message.message_id: each.due for each in ready}
    for outcome in outcomes:
        due = slugs[outcome.message_id]
        file = f"policy/parties/{due.to.slug}.yaml"
        if outcome.state == "refused":
            yield Objection("L06", file, f"the server refused the letter ({due.kind}) with code "
                            f"{outcome.why}", "mend the mailbox, or send it by hand")  # fmt: skip


def _server(target: Target, acts: Acts) -> Server:
    from defectreg.store.letters.smtp import SETTING, Server

    typed = acts.smtp or target.register.repository.config(SETTING)
    if not typed:
        hint = f"say --smtp HOST:PORT, or once: git config {SETTING} HOST:PORT"
        raise UsageProblem("no mail server is named", hint)
    return Server.parse(typed, os.environ)


def _envelope(ready: Ready, room: Room) -> Envelope:
    from defectreg.store.letters.smtp import Envelope

    message = ready.message
    begun = begun_of(ready, "e-mail", room.day.isoformat(), message.data)
    return Envelope(begun, message.sender, message.to, message.data)
