"""What `notify` was asked, where it works, and what came of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.cli.today import asked_day, today

if TYPE_CHECKING:
    from defectreg.letters.preparing import Ready
    from defectreg.register.errors import CannotRun
    from defectreg.store.letters.due import Objection
    from defectreg.store.letters.journal import Journal
    from defectreg.store.letters.notices import Noticed
    from defectreg.store.letters.on_requests import Notice, Said
    from defectreg.store.letters.smtp import Outcome
    from defectreg.store.requests import Target

_DAYS = 31
"""Of so many days what happened is told where nobody says since when."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters were asked for."""

    ids: tuple[str, ...]
    kinds: frozenset[str]
    parties: frozenset[str]
    since: str | None
    as_of: str | None
    general: bool
    digest: str | None
    bulletin: str | None


NOTHING = Wanted((), frozenset(), frozenset(), None, None, False, None, None)
"""Asked of nothing that is due."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What is to be done with them, and by whom."""

    send: bool
    smtp: str | None
    others: bool
    from_here: bool
    output: Path | None
    dry_run: bool
    party: str | None
    key: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a run."""

    day: datetime.date
    letters: tuple[Ready, ...] = ()
    kept: tuple[Ready, ...] = ()
    """Letters that cannot be sent."""
    objections: tuple[Objection, ...] = ()
    drafts: tuple[Path, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    noticed: Noticed | None = None
    stopped: CannotRun | None = None
    """What ended the sending before its end."""
    is_sent: bool = False
    said: str = ""
    """What was done with a single letter, in a sentence; empty where letters were gathered."""
    came_back: tuple[Notice, ...] = ()
    """The notices of a letter that did not reach anybody after all."""
    is_kept_back: bool = False
    """Whether it was to be sent, and something stood against a letter."""


@dataclass(frozen=True)
class Room:
    """The register, its journal and what requests say: what every run begins with."""

    target: Target
    journal: Journal
    said: Said
    day: datetime.date
    now: datetime.datetime


@contextmanager
def opened_room(wanted: Wanted, *, is_acting: bool = False) -> Iterator[Room]:
    """The register and its journal; where letters are sent or noted, no other run does so."""
    from defectreg.store.letters.journal import opened
    from defectreg.store.letters.on_requests import said_on_requests
    from defectreg.store.letters.outbox import alone, folder_of
    from defectreg.store.places import open_register
    from defectreg.store.releasing import trusted_grounds
    from defectreg.store.requests import target_of

    now = datetime.datetime.now(datetime.UTC)
    day = asked_day(wanted.as_of) if wanted.as_of else today(now)
    target = target_of(open_register(Path()))
    trusted_grounds(target.source)  # a Party whose file cannot be read would be nobody's addressee
    folder = folder_of(target.register)
    with alone(folder) if is_acting else nullcontext(), opened(folder) as journal:
        said = said_on_requests(target, since_of(wanted, day))
        yield Room(target, journal, said, day, now)


def since_of(wanted: Wanted, day: datetime.date) -> datetime.date:
    """The day from which on what happened is told."""
    if wanted.since is not None:
        return asked_day(wanted.since)
    return day - datetime.timedelta(days=_DAYS)
