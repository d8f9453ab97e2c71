"""Which manufacturers a register knows: those of the catalogue, and those of its Parties."""

from __future__ import annotations

from defectreg.register.catalogue import Catalogue
from defectreg.register.manufacturers import known_manufacturers
from defectreg.register.parties import Parties
from tests.unit.register.cases import party

CATALOGUE = Catalogue({}, {"FF01": "Alderbrook Metering"}, {}, {}, ())


def test_of_catalogue_and_parties_each_identifier_has_its_names() -> None:
    known = Parties(
        {
            "maker": party(
                "maker", "device-manufacturer", **{"manufacturer-ids": ["ff01", "FF09"]}
            ),
            "new-maker": party("new-maker", "device-manufacturer"),
            "supplier": party("supplier", "large-supplier"),
        }
    )
    name = known.by_slug["maker"].name
    assert known_manufacturers(CATALOGUE, known) == tuple(
        sorted(
            [
                ("FF01", "Alderbrook Metering"),
                ("FF01", name),
                ("FF09", name),
                ("", known.by_slug["new-maker"].name),
            ]
        )
    )
