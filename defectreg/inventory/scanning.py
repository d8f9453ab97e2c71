"""Scan: which installed combinations are in the register, and is there a fix for them."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from defectreg.inventory.portfolio.applying import Applies
from defectreg.inventory.portfolio.groups import Kinds, Portfolio
from defectreg.inventory.portfolio.matching import Matching, Tally, Totals
from defectreg.inventory.portfolio.news import News, State, news_of
from defectreg.inventory.portfolio.reading import Given
from defectreg.register.devices import Combination, Device, parse_combination
from defectreg.register.grounds import Grounds
from defectreg.register.record import Record
from defectreg.register.stage import Stage, facts_of, marks_of, stage_of
from defectreg.register.standing import Standing
from defectreg.store.index import NOT_JUDGED, Index, open_index
from defectreg.store.index.parts import Part, index_at, parts_of
from defectreg.store.places import Register

REMEDIES = ("fix", "workaround", "accommodation")
"""Kinds of statement that say what can be done, the best first."""
_ORDER = tuple(Applies)


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a scan is, and for which day the stages hold."""

    audience: str
    day: datetime.date


@dataclass(frozen=True, slots=True)
class Remedy:
    """What can be done, by a statement that counts and that the audience may be shown."""

    kind: str
    device: str
    firmware: str
    """Empty where it names none."""
    says: str
    file: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A record that applies to something installed."""

    record: Record
    stage: Stage
    marks: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    """Fixes first, then workarounds, then accommodations."""


@dataclass(frozen=True, slots=True)
class Known:
    """A record that applies to an installed combination."""

    record_id: str
    combination: Combination
    """The Devices that the entry names, and its regions where the entry names some."""
    applies: Applies
    combinations: int
    """How many installed combinations."""
    devices: int
    """How many Devices they have that the entry names."""


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A Device as it is given, of which something cannot be read."""

    given: Given
    problems: tuple[str, ...]
    combinations: int
    devices: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What is known of what is installed."""

    portfolios: tuple[Portfolio, ...]
    totals: Totals
    mended: int
    """How many identifiers got their zeros back."""
    known: tuple[Known, ...]
    """What concerns most Devices first."""
    not_judged: tuple[NotJudged, ...]
    issues: Mapping[str, Issue]
    commit: str
    news: News | None = None

    @property
    def devices(self) -> int:
        """How many Devices are installed."""
        return sum(portfolio.devices for portfolio in self.portfolios)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is known, and all could be judged."""
        return not self.totals.known and not self.totals.not_judged


class RegisterEntries:
    """The entries of a register."""

    def __init__(self, index: Index) -> None:
        self._parts = parts_of(index)
        self._texts: dict[str, tuple[str, ...]] = {}
        self._affected: dict[str, tuple[Combination, ...]] = {}

    def met_by(self, device: Device) -> Collection[Part]:
        """The Devices of entries that a Device may be."""
        return self._parts.met_by(device)

    @property
    def hubs(self) -> Mapping[tuple[str, int], frozenset[int]]:
        """Which Devices of an entry are Communications Hubs."""
        return self._parts.hubs

    def affected(self, record_id: str) -> Sequence[Combination]:
        """The entries of a record that was read; none of one that is there no longer."""
        if record_id not in self._affected:
            texts = self._texts.get(record_id, ())
            self._affected[record_id] = tuple(map(parse_combination, texts))
        return self._affected[record_id]

    def read(self, record_ids: Collection[str]) -> None:
        """Read the entries of records: of no other is anything known here."""
        self._texts.update(self._parts.affected_of(record_ids))


def scan(
    portfolios: Sequence[Portfolio], kinds: Kinds, register: Register, asked: Asked
) -> Scan:  # fmt: skip
    """What the register's HEAD knows of what is installed."""
    with open_index(register) as index:
        matching = _matched(portfolios, kinds, index)
        known = sorted(_known(matching.tallies), key=rank_of)
        issues = dict(_issues({each.record_id for each in known}, index, asked))
        return Scan(
            tuple(portfolios),
            matching.totals,
            kinds.mended,
            tuple(each for each in known if each.record_id in issues),  # another may remove one
            tuple(sorted(_not_judged(matching), key=_rank_of_unjudged)),
            issues,
            index.commit,
        )


def state_at(
    commit: str, portfolios: Sequence[Portfolio], kinds: Kinds, register: Register, asked: Asked
) -> State:
    """What a scan of the same would have found at an earlier commit."""
    with index_at(register, commit) as index:
        known = list(_known(_matched(portfolios, kinds, index).tallies))
        issues = dict(_issues({each.record_id for each in known}, index, asked))
    return _state(known, issues)


def with_news(found: Scan, before: State) -> Scan:
    """A scan that says what is otherwise than before."""
    news = news_of(before, _state(found.known, found.issues))
    return Scan(
        found.portfolios,
        found.totals,
        found.mended,
        found.known,
        found.not_judged,
        found.issues,
        found.commit,
        news,
    )


def _matched(portfolios: Sequence[Portfolio], kinds: Kinds, index: Index) -> Matching:
    matching = Matching(kinds, RegisterEntries(index))
    matters = matching.relevant()
    for portfolio in portfolios:
        matching.take(portfolio.groups(matters))
    return matching


def _known(tallies: Iterator[Tally]) -> Iterator[Known]:
    """What applies, once for each record and installed combination."""
    combinations: Counter[tuple[str, Combination, Applies]] = Counter()
    devices: Counter[tuple[str, Combination, Applies]] = Counter()
    for tally in tallies:
        key = tally.record_id, tally.match.combination, tally.match.applies
        combinations[key] += tally.combinations
        devices[key] += tally.devices
    for key, number in combinations.items():
        yield Known(*key, number, devices[key])


def rank_of(known: Known) -> tuple[object, ...]:
    """Most Devices first; of as many, by model, then by what no manufacturer has a part in."""
    models = sorted((device.type, device.model) for device in known.combination.devices)
    drawn = hashlib.sha256(str(known.combination).encode()).digest()
    return -known.devices, models, drawn, known.record_id, _ORDER.index(known.applies)


def _rank_of_unjudged(one: NotJudged) -> tuple[object, ...]:
    given = one.given
    drawn = hashlib.sha256(repr(given).encode("utf-8", "backslashreplace")).digest()
    return -one.devices, given.type, given.model, drawn


def _not_judged(matching: Matching) -> Iterator[NotJudged]:
    for place, number in matching.unjudged.items():
        reading = matching.kinds.readings[place]
        yield NotJudged(reading.given, reading.problems, number.combinations, number.devices)


def _issues(ids: Collection[str], index: Index, asked: Asked) -> Iterator[tuple[str, Issue]]:
    for standing, unread in index.cases_of(ids):
        yield standing.record.id, _issue(standing, index.grounds, asked, is_whole=not unread)


def _issue(standing: Standing, grounds: Grounds, asked: Asked, *, is_whole: bool) -> Issue:
    """A record as ``search`` shows it; where something that landed cannot be read, in no stage."""
    if not is_whole:
        return Issue(standing.record, NOT_JUDGED, (), ())
    policy, audience = grounds.policy, asked.audience
    return Issue(
        standing.record,
        stage_of(facts_of(standing, policy, audience, asked.day)),
        marks_of(standing, grounds.catalogue, audience, policy),
        tuple(_remedies(standing, grounds, audience)),
    )


def _remedies(standing: Standing, grounds: Grounds, audience: str) -> Iterator[Remedy]:
    shown = standing.shown_to(audience, grounds.policy)
    for kind in REMEDIES:
        for item in shown:
            said = item.statement
            if said.kind == kind:
                texts = said.text("device"), said.text("firmware"), said.says
                yield Remedy(kind, *texts, said.file)


def _state(known: Sequence[Known], issues: Mapping[str, Issue]) -> State:
    return State(
        frozenset((each.record_id, str(each.combination)) for each in known),
        frozenset(
            (record_id, remedy.kind, remedy.device, remedy.firmware)
            for record_id, issue in issues.items()
            for remedy in issue.remedies
        ),
    )
