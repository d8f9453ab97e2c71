"""The manufacturers that a register knows: of its catalogue, and of its Parties."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.register.catalogue import Catalogue
from defectreg.register.parties import Parties


def known_manufacturers(catalogue: Catalogue, parties: Parties) -> tuple[tuple[str, str], ...]:
    """Identifier and name of each, sorted; of a Party that holds no identifier the name alone."""
    return tuple(sorted({*catalogue.manufacturers.items(), *_of_parties(parties)}))


def _of_parties(parties: Parties) -> Iterator[tuple[str, str]]:
    for party in parties:
        if party.manufacturer_ids:
            yield from ((identifier, party.name) for identifier in party.manufacturer_ids)
        elif party.category == "device-manufacturer":
            yield "", party.name
