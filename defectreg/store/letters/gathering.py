"""Which letters are due: asked of every record that landed, of every request, and the journal."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from defectreg.register.devices import Device
from defectreg.register.grounds import Grounds
from defectreg.register.parties import Party
from defectreg.register.policy import Policy
from defectreg.register.public import PublicRecord
from defectreg.register.release import Release, public_record
from defectreg.register.stage import Stage, marks_of
from defectreg.register.standing import Standing
from defectreg.register.tellings import Asked, Telling, tellings_of
from defectreg.store.index import Index, open_index
from defectreg.store.judging import shown_now
from defectreg.store.letters.due import KINDS, Addressee, Due, Subject
from defectreg.store.letters.on_requests import Said
from defectreg.store.releasing import release_of
from defectreg.store.requests import Target

_OF_WHAT_IS_SHOWN = frozenset(
    {"manufacturer", "reminder", "parties", "dcc", "fix", "publication", "correction", "withdrawal"}
)
"""Kinds that have the view of an entry beside them; the others name its id alone."""
_PUBLISHED = Stage("published")
_WAITING = frozenset({"withdrawn", "held", "to-notify", "in-reply"})
"""Stages in which there may be something to tell, however long nothing has happened."""
_HOLIDAYS = 14
"""Days that the holidays of any stretch of working days are fewer than."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was told before: by the journal, and by notices that stand on requests."""

    keys: frozenset[tuple[str, str, str, str]] = frozenset()
    told: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathering:
    """What is asked: on which day, what happened since when, of which records and kinds."""

    day: datetime.date
    since: datetime.date
    ids: Collection[str] = ()
    kinds: Collection[str] = ()

    def is_asked(self, telling: Telling) -> bool:
        """Whether a telling is of a record and a kind that were asked about."""
        return (not self.ids or telling.record_id in self.ids) and (
            not self.kinds or telling.kind in self.kinds
        )


def due_letters(
    target: Target,
    asked: Gathering,
    known: Known,
    said: Said,
    done: Callable[[int], None] = lambda records: None,
) -> list[Due]:
    """The letters of records that are due, one for each kind and Party, in the order of KINDS."""
    grounds = target.grounds
    release = release_of(grounds, grounds.policy, None, asked.day)
    together: dict[tuple[str, str], list[Subject]] = {}
    for telling, standing in _tellings(target, asked, known, said, done):
        key = (telling.kind, telling.to, telling.record_id, telling.key)
        is_listed = grounds.parties.get(telling.to) is not None
        if is_listed and asked.is_asked(telling) and key not in known.keys:
            subject = _subject(telling, standing, release)
            together.setdefault((telling.kind, telling.to), []).append(subject)
    order = list(KINDS)
    return [
        Due(kind, addressee_of(grounds, party), tuple(subjects))
        for (kind, party), subjects in sorted(
            together.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    ]


def addressee_of(grounds: Grounds, slug: str) -> Addressee:
    """A Party as letters name it; of one that is no longer listed only its slug."""
    party = grounds.parties.get(slug)
    return Addressee(slug, party.name if party else slug, party.mailbox if party else "")


def _tellings(
    target: Target,
    asked: Gathering,
    known: Known,
    said: Said,
    done: Callable[[int], None],
) -> Iterator[tuple[Telling, Standing | None]]:
    policy = target.grounds.policy
    for standing in _standings(target, asked, known):
        done(1)
        record_id = standing.record.id
        told = known.told.get(record_id, {})
        for telling in tellings_of(standing, Asked(policy, asked.day, asked.since, told)):
            if telling.kind != "manufacturer" or (record_id, telling.to) not in said.noticed:
                yield telling, standing
    for telling in said.tellings:
        yield telling, None


def _standings(target: Target, asked: Gathering, known: Known) -> Iterator[Standing]:
    """The records of which there may be something to tell, with all that is said of them.

    What cannot be read may be a hold: nothing is told of such a record.
    """
    register = replace(target.register, head=target.commit)
    with open_index(register) as index:
        ids = asked.ids or _worth_asking(index, target.grounds.policy, asked, known)
        for standing, unread in index.cases_of(sorted(ids)):
            if not unread:
                yield standing


def _worth_asking(index: Index, policy: Policy, asked: Gathering, known: Known) -> set[str]:
    """The ids of records that wait for a letter or of which something happened since.

    What landed before that is published when its time for replies ends: so much longer ago is
    asked too. A correction that no letter has told yet is found however old it is.
    """
    longest = datetime.timedelta(days=2 * policy.reply_window + _HOLIDAYS)
    return {
        *index.ids_since(asked.since - longest),
        *index.ids_in(_WAITING, asked.day),
        *(
            record_id
            for record_id, sha256 in index.sha256s(known.told).items()
            if any(sha256 not in read for read in known.told[record_id].values())
        ),
    }


def _subject(telling: Telling, standing: Standing | None, release: Release) -> Subject:
    own: tuple[str, ...] = ()
    view = None
    if standing is not None and telling.kind in _OF_WHAT_IS_SHOWN:
        view = _view(standing, release)
        own = tuple(_own(standing, standing.parties.get(telling.to)))
    return Subject(
        telling.record_id, telling.key, telling.read, telling.told, telling.why, telling.until,
        own, view,
    )  # fmt: skip


def _view(standing: Standing, release: Release) -> PublicRecord | None:
    """The entry as it is shown, or would be once its manufacturers were told and heard."""
    if standing.withdrawal is not None:
        return shown_now(standing, release)[1]
    marks = marks_of(standing, release.catalogue, release.audience, release.policy)
    return public_record(standing, _PUBLISHED, marks, release)


def _own(standing: Standing, party: Party | None) -> Iterable[str]:
    """The affected models that a Party answers for, as it knows them itself."""
    held = party.manufacturer_ids if party is not None else frozenset()
    return sorted(
        {
            str(Device(device.type, device.manufacturer, device.model))
            for entry in standing.record.affected
            for device in entry.devices
            if device.manufacturer.upper() in held
        }
    )
