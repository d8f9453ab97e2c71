"""Letters gathered and prepared: which are due, who sends them, and their drafts."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.cli.letters.asked import Acts, Done, Room, Wanted, opened_room, since_of
from defectreg.cli.letters.sent import doubts, identity_of, sent
from defectreg.cli.output import progress
from defectreg.cli.today import today
from defectreg.register.errors import CannotRun, UsageProblem

if TYPE_CHECKING:
    from defectreg.letters.composing import Desk
    from defectreg.letters.preparing import Prepared
    from defectreg.store.letters.due import Addressee, Due
    from defectreg.store.requests import Target


def written(wanted: Wanted, acts: Acts) -> Done:
    """The letters that are due: drafted, or sent."""
    from defectreg.letters.preparing import prepared
    from defectreg.store.letters.notices import check_may_notify

    with opened_room(wanted, is_acting=acts.send) as room:
        if acts.send:
            _check_today(room)
            check_may_notify(identity_of(room.target, acts))
            _check_clone(room, acts)
        dues = dues_of(wanted, room)
        desk = desk_of(room)
        with progress("writing", len(dues)) as done:
            ready = prepared(dues, desk, _sender(room.target, acts), _moment(room, acts), done)
        if acts.send and not acts.dry_run:
            return sent(ready, room, acts)
        objections = (*ready.objections, *doubts(room.journal))
        drafts = _drafted(ready, room, acts)
        return Done(room.day, ready.ready, ready.kept, objections, drafts)


def dues_of(wanted: Wanted, room: Room) -> list[Due]:
    """The letters that were asked for and are not told yet."""
    from defectreg.store.letters.due import KINDS

    odd = sorted(wanted.kinds - KINDS.keys())
    if odd:
        raise UsageProblem(f"{odd[0]!a:.40} is no kind of letter", f"one of {', '.join(KINDS)}")
    for slug in sorted(wanted.parties):
        if room.target.grounds.parties.get(slug) is None:
            raise UsageProblem(f"there is no Party {slug!a:.60}", "policy/parties/ has a file each")
    found = _occasional(wanted, room)
    if found is None:
        found = _of_records(wanted, room)
    known = room.journal.known()
    return [
        due
        for due in found
        if (not wanted.parties or due.to.slug in wanted.parties)
        and not all((due.kind, due.to.slug, *key) in known for key in due.keys)
    ]


def _occasional(wanted: Wanted, room: Room) -> list[Due] | None:
    """Letters of no single record; None where none were asked for."""
    from defectreg.store.letters.occasional import bulletins_of, digests_of, reminders_of

    if wanted.general:
        return reminders_of(room.target, room.day)
    with progress("judging") as done:
        if wanted.digest is not None:
            return digests_of(room.target, wanted.digest, room.day, done)
        if wanted.bulletin is not None:
            return bulletins_of(room.target, wanted.bulletin, done)
    return None


def _of_records(wanted: Wanted, room: Room) -> list[Due]:
    from defectreg.store.letters.gathering import Gathering, Known, due_letters
    from defectreg.store.places import find_record

    register = replace(room.target.register, head=room.target.commit)
    ids = frozenset(find_record(register, typed).record_id for typed in wanted.ids)
    asked = Gathering(room.day, since_of(wanted, room.day), ids, wanted.kinds)
    known = Known(room.journal.known(), room.journal.told())
    with progress("records") as done:
        return due_letters(room.target, asked, known, room.said, done)


def desk_of(room: Room) -> Desk:
    """Where letters are written: the policy, the day and the templates of the target."""
    from defectreg.letters.composing import Desk
    from defectreg.store.letters.templates import letter_templates

    templates = letter_templates(room.target.source)
    return Desk(room.target.grounds.policy, room.day, templates)


def _sender(target: Target, acts: Acts) -> Addressee:
    """Whose mailbox letters come from: the Party of who sends; of drafts, else the publisher's."""
    from defectreg.store.letters.gathering import addressee_of

    parties = target.grounds.parties
    if acts.send or acts.party or acts.key:
        return addressee_of(target.grounds, identity_of(target, acts).party)
    slugs = sorted(
        party.slug
        for party in parties
        if any("publisher" in person.roles for person in party.people)
    )
    if not slugs:
        raise CannotRun("no Party of this register has a publisher", "an administrator names one")
    return addressee_of(target.grounds, slugs[0])


def _moment(room: Room, acts: Acts) -> datetime.datetime:
    """The moment that letters bear: now, where they are sent; of drafts the day's noon, so that
    they are the same again."""
    if acts.send:
        return room.now.replace(microsecond=0)
    return datetime.datetime.combine(room.day, datetime.time(12), datetime.UTC)


def _check_clone(room: Room, acts: Acts) -> None:
    """Raises UsageProblem where letters went from another clone: this one does not know which."""
    if acts.from_here or not room.journal.is_new():
        return
    if room.said.notices or any("-notice-" in path for path in room.target.source.blobs()):
        raise UsageProblem(
            "notices say that letters were sent, and none was sent from this clone: it does not "
            "know which, and would send them again",
            "send from the clone that sent them, or copy its folder .git/defectreg/letters; "
            "--from-here sends from this one from now on, and --since DAY leaves out what is older",
        )


def _check_today(room: Room) -> None:
    if room.day != today(room.now):
        raise UsageProblem("letters are sent of today", "leave --as-of out, or --send")


def _drafted(found: Prepared, room: Room, acts: Acts) -> tuple[Path, ...]:
    from defectreg.store.letters.outbox import folder_of, write_drafts

    if acts.dry_run:
        return ()
    folder = acts.output.absolute() if acts.output else folder_of(room.target.register) / "drafts"
    drafts = {each.message.file: each.message.data for each in found.ready}
    return tuple(write_drafts(folder, drafts, is_own=acts.output is None))
