"""Letters that a person sent, by post or otherwise: noted, with the SHA-256 of what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.cli.letters.asked import Acts, Done, Room, Wanted, opened_room
from defectreg.cli.letters.gathered import desk_of, dues_of
from defectreg.cli.letters.sent import begun_of, identity_of, noticed_by
from defectreg.register.errors import CannotRun, UsageProblem

if TYPE_CHECKING:
    from defectreg.letters.composing import Desk
    from defectreg.store.letters.due import Due

_LONGEST = 1 << 26
"""Bytes that the file of a letter may have."""


def wrote_by_hand(file: Path, delivered: str, wanted: Wanted, acts: Acts) -> Done:
    """Notices of a letter that a person sent: a draft, or any file with a Party and records."""
    from defectreg.letters.preparing import drafted_by
    from defectreg.store.files import read_bounded
    from defectreg.store.letters.notices import check_may_notify

    with opened_room(wanted, is_acting=True) as room:
        identity = identity_of(room.target, acts)
        check_may_notify(identity)
        data = read_bounded(file, _LONGEST)
        dues, desk = dues_of(wanted, room), desk_of(room)
        due = drafted_by(data, dues, desk) or _named(wanted, dues)
        about = f"a letter ({due.kind}) to {due.to.slug}, {delivered}"
        if acts.dry_run:
            return Done(room.day, said=f"It would be noted: {about}.")
        _note(due, data, delivered, desk, room)
        noticed = noticed_by(room, identity)
        return Done(room.day, noticed=noticed, said=f"Noted: {about}.")


def _named(wanted: Wanted, dues: Sequence[Due]) -> Due:
    """The letter to a Party about records that was typed. Raises UsageProblem where none is due."""
    found = [due for due in dues if due.kind in (wanted.kinds or ("manufacturer", "reminder"))]
    if len(wanted.parties) == 1 and wanted.ids and len(found) == 1:
        return found[0]
    raise UsageProblem(
        "the file is no draft of a letter that is due now",
        "draft it anew; or name one Party with --to, the records, and with --kind the letter",
    )


def _note(due: Due, data: bytes, delivered: str, desk: Desk, room: Room) -> None:
    from defectreg.letters.preparing import Ready, unsent
    from defectreg.store.letters.outbox import keep_sent

    ready: Ready = unsent(due, desk)
    keep_sent(room.target.register, ready.message.file, data)
    if not room.journal.claim(begun_of(ready, delivered, room.day.isoformat(), data)):
        raise CannotRun("that letter is noted as sent already, or being sent")
    room.journal.settle(ready.message.message_id, "accepted")
