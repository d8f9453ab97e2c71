"""Which ESME Variants disagree with what product and firmware imply, and how many, where and why.

The question of the DCC's report in MP125. How that report infers a variant is not public; this one
stands on the product map, and its judgement is the list in ``diff.sql``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from defectreg.register.inventory.changes import REASONS, Kind
from defectreg.register.inventory.identifiers import SMETS_VERSION
from defectreg.register.inventory.variants import KNOWN_TO_OLDER, VARIANTS, compare
from defectreg.store.inventory.journal import read_journal
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import (
    ASN,
    COLUMNS,
    CPL,
    DEVICES,
    PRODUCTS,
    Snapshot,
    open_current,
)
from defectreg.store.tables.engine import (
    DUCKDB,
    Engine,
    Result,
    Rows,
    Table,
    many,
    open_engine,
    read_sql,
)

METHOD = (
    "It is the question of the DCC's report in MP125. The method of that report is not public; "
    "this one compares the inventory with the product map that was loaded."
)
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "agrees": "agrees",
        "differs": "differs from what product and firmware imply",
        "old-system": "old nine-code system: what is implied has no code there",
        "base-letter": "base letter differs from what the meter reports",
        "no-code": "recorded ESME Variant is none of the 25 codes",
        "not-listed": "product is not on the Central Products List",
        "no-entry": "no entry in the product map",
        "not-correctable": "not correctable by SR8.4",
        "cannot-be-judged": "cannot be judged",
    }
)
"""Every outcome and its words. An ESME that is asked about has exactly one."""
CORRECTABLE = ("differs", "old-system", "base-letter", "no-code")
"""The outcomes of which some Devices can be corrected."""
CAUSES: Mapping[str, str] = MappingProxyType(
    {
        "agrees": "",
        **REASONS,
        "not-known": "no cause is known",
        "recorded-base": "the base letter recorded",
        "implied-base": "the base letter implied by the product map",
        "no-code": "",
        "model-not-listed": "the model in no firmware",
        "firmware-not-listed": "not in this firmware",
        "no-entry": "",
        "smets1": "SMETS1",
        "status": "its Device Status",
        "other-smets-version": "another detail: the variant agrees, the SMETS version not",
        "no-status": "Device Status not known",
        "no-product": "no manufacturer or model",
        "no-firmware": "no firmware version",
        "not-hexadecimal": "manufacturer, model or firmware is not hexadecimal digits",
        "no-variant": "no ESME Variant recorded",
        "map-contradicts": "the product map says two things",
        "no-smets-version": "differs, SMETS version not known",
        "no-supplier": "differs, Responsible Supplier not known",
    }
)
"""Every cause and its words; '' where the outcome says it all."""
ASKED = ("Commissioned", "InstalledNotCommissioned", "Whitelisted")
"""The statuses that are asked about, in the order in which they are told."""
FOUND = (
    "device_id",
    "device_status",
    "manufacturer",
    "model",
    "firmware",
    "esme_variant",
    "implied",
    "missing",
    "extra",
    "outcome",
    "cause",
    "proposed",
    "region",
    "supplier",
    "smets_version",
    "base_letter",
    "correctable",
)
"""The columns of a Device that does not agree, all text; ``missing`` and ``extra`` are letters."""
_FOUND = f"SELECT {', '.join(FOUND)} FROM found ORDER BY place, device_id"  # noqa: S608 - our names
_AT_ONCE = 20_000
Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """So many Devices have an outcome; of ``proposed`` a correction is on its way."""

    part: str
    """What they have in common: cause, missing, extra, status, product, supplier or region."""
    name: Name
    """Of a product manufacturer, model and firmware, else one text."""
    outcome: str
    devices: int
    proposed: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How many ESMEs have which outcome, by what they have in common."""

    counts: tuple[Count, ...]
    not_asked: Mapping[str, int]
    """Device Status to ESMEs that were not asked about."""

    def by(self, part: str) -> dict[Name, dict[str, Count]]:
        """Name to outcome to count, sorted by name."""
        found: dict[Name, dict[str, Count]] = {}
        for count in self.counts:
            if count.part == part:
                found.setdefault(count.name, {})[count.outcome] = count
        return dict(sorted(found.items()))

    def of(self, outcome: str) -> int:
        """How many have an outcome."""
        return sum(c.devices for c in self.counts if c.part == "cause" and c.outcome == outcome)

    def proposed(self, outcome: str) -> int:
        """Of how many of them a correction was allowed, and no extract shows it yet."""
        return sum(c.proposed for c in self.counts if c.part == "cause" and c.outcome == outcome)

    @property
    def devices(self) -> int:
        """How many have an outcome at all."""
        return sum(count.devices for count in self.counts if count.part == "cause")

    @property
    def is_clean(self) -> bool:
        """Whether all agree."""
        return self.of("agrees") == self.devices


class Difference:
    """The answer: its summary, and every Device that does not agree, for as long as it is open."""

    def __init__(self, snapshot: Snapshot, result: Result) -> None:
        self.snapshot = snapshot
        self.summary = _summary(result)
        self.result = result

    def found(self) -> Iterator[tuple[str, ...]]:
        """The Devices that do not agree, commissioned first: texts under ``FOUND``."""
        for row in self.result.ask(_FOUND).rows():
            yield tuple(map(str, row))


@contextmanager
def open_difference(inventory: Inventory, engine: str = DUCKDB) -> Iterator[Difference]:
    """Ask the newest snapshot; raises CannotRun where that, or a product map, was never loaded."""
    snapshot = open_current(inventory)
    with answered(open_engine(engine), tables_of(snapshot, proposed_of(inventory, snapshot))) as it:
        yield Difference(snapshot, it)


def answered(engine: Engine, tables: Mapping[str, Table]) -> AbstractContextManager[Result]:
    """The rows of the summary, and the tables that ``diff.sql`` made, while they are open."""
    sql = read_sql("defectreg.inventory", "diff.sql")
    return engine.run(sql, tables, {"smets_version": SMETS_VERSION})


def tables_of(snapshot: Snapshot, proposed: Iterable[tuple[str, str]]) -> dict[str, Table]:
    """What ``diff.sql`` reads. The lists that were never loaded are empty, the others must be."""
    optional = {name: Rows(COLUMNS[name]) for name in (ASN, CPL)}
    return {
        **optional,
        **{name: snapshot.table(name) for name in (DEVICES, PRODUCTS)},
        **{name: snapshot.tables[name] for name in optional if name in snapshot.tables},
        "pairs": many(_pairs(), "recorded", "implied", "missing", "extra", "shows_older"),
        "proposed": many(proposed, "device_id", "esme_variant"),
    }


def proposed_of(inventory: Inventory, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Device ID and ESME Variant of each correction that was allowed since the extract.

    Of one Device the last; none that the DCC refused.
    """
    with read_journal(inventory.journal) as journal:
        first = journal.first_since(snapshot.as_of)
        changes = journal.first_changes(first, range(first, journal.next_seq("request")))
        changed = (change.device_id for change in changes)
        while ids := list(islice(changed, _AT_ONCE)):
            for device_id, made in journal.changes(ids, first).items():
                given = [c.given for c in made if c.kind == Kind.UPDATED]
                variants = [each["esme_variant"] for each in given if "esme_variant" in each]
                if variants:
                    yield device_id, variants[-1]


def _pairs() -> Iterator[tuple[str, ...]]:
    for recorded in VARIANTS:
        for implied in VARIANTS:
            missing, extra = compare(recorded, implied)
            shows_older = recorded in KNOWN_TO_OLDER and implied not in KNOWN_TO_OLDER
            yield (
                recorded,
                implied,
                "".join(sorted(missing)),
                "".join(sorted(extra)),
                "yes" if shows_older else "no",
            )


def _summary(result: Result) -> Summary:
    counts, not_asked = [], {}
    for part, name, model, firmware, outcome, devices, proposed in result.rows():
        if part == "not-asked":
            not_asked[str(name)] = int(devices or 0)
            continue
        words = (name, model, firmware) if part == "product" else (name,)
        named = tuple(map(str, words))
        count = Count(str(part), named, str(outcome), int(devices or 0), int(proposed or 0))
        counts.append(count)
    return Summary(tuple(counts), dict(sorted(not_asked.items())))
