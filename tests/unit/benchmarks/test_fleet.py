"""The invented fleets that benchmarks run on: the same each time, with every kind of mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import fleet, fleet_files
from defectreg.formats.asn import AsnHeader, AsnLine, AsnTrailer, read_asn
from defectreg.formats.duis import Rejected, read_inventory
from defectreg.register.inventory.identifiers import Form, parse_device_id
from defectreg.register.inventory.variants import VARIANTS
from defectreg.store.inventory.places import open_inventory
from defectreg.store.inventory.snapshot import COLUMNS, check_whole, open_current

SIZE = 5_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fleet")
    fleet.make_inventory(folder, SIZE)
    return folder


@pytest.fixture(scope="module")
def devices(made: Path) -> list[dict[str, object]]:
    return [*fleet_files.rows_of(open_current(open_inventory(made)).table("devices"))]


def encoded(lines: Iterator[str]) -> Iterator[bytes]:
    return (line.encode() for line in lines)


def test_a_fleet_is_a_whole_snapshot_of_about_so_many_devices(made: Path) -> None:
    snapshot = open_current(open_inventory(made))
    check_whole(snapshot)
    assert set(snapshot.loaded) == set(COLUMNS)
    assert SIZE * 0.95 < snapshot.rows["devices"] < SIZE * 1.05


def test_each_device_has_an_id_of_its_own_and_all_columns(
    devices: list[dict[str, object]],
) -> None:
    ids = [parse_device_id(str(row["device_id"])) for row in devices]
    assert len(set(ids)) == len(ids)
    assert tuple(devices[0]) == COLUMNS["devices"]


def test_a_premises_has_both_halves_of_a_hub_that_are_one_product(
    devices: list[dict[str, object]],
) -> None:
    hubs: dict[object, list[tuple[object, ...]]] = {}
    for row in devices:
        if row["device_type"] in ("CHF", "GPF"):
            about = (row["manufacturer"], row["model"], row["firmware"], row["region"])
            hubs.setdefault(row["premises"], []).append(about)
    assert {len(found) for found in hubs.values()} == {2}
    assert all(one == other for one, other in hubs.values())


def test_the_same_seed_makes_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    one, again, other = (
        fleet.write_tables(tmp_path / name, 1_000, seed) for name, seed in (("a", 1), ("b", 1),
                                                                            ("c", 2))
    )  # fmt: skip
    assert all(one[name].read_bytes() == again[name].read_bytes() for name in fleet.TABLES)
    assert one["devices"].read_bytes() != other["devices"].read_bytes()


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_recorded_of_a_variant_is_a_variant_nothing_or_itself(variant: str) -> None:
    recorded = [*fleet.recordings(variant)]
    assert len(recorded) == fleet.DRAWS
    assert recorded.count("") == 5
    assert set(recorded) - {""} <= set(VARIANTS)
    assert recorded.count(variant) > 800


def test_every_kind_of_mistake_is_there(devices: list[dict[str, object]]) -> None:
    esmes = [row for row in devices if row["device_type"] == "ESME"]
    assert any(row["esme_variant"] == "" for row in esmes)
    assert any(row["model"] == "" or len(str(row["model"])) < 8 for row in esmes)
    assert any(row["firmware"] == "" for row in esmes)
    assert any(row["cpl_status"] == "" for row in esmes)
    assert any(row["supplier"] == "" and row["device_status"] != "Pending" for row in esmes)
    assert any(row["region"] == "SMETS1" for row in esmes)
    assert any(row["base_letter"] not in ("", str(row["esme_variant"])[:1]) for row in esmes)


def test_the_responses_conform_but_for_the_planted_mistakes(
    devices: list[dict[str, object]],
) -> None:
    read = [*read_inventory(encoded(fleet_files.xml_lines(iter(devices))), Form.STRICT)]
    wrong = [row for row in devices if len(str(row["model"])) < 8]
    assert sum(isinstance(each, Rejected) for each in read) == len(wrong)
    assert len(read) == len(devices)


@pytest.mark.parametrize("layout", [fleet_files.asn_text, fleet_files.asn_xml])
def test_an_asn_is_whole_in_both_layouts(layout: type) -> None:
    header, *parts = read_asn(encoded(layout(fleet_files.shipment(50), 50)))
    assert isinstance(header, AsnHeader)
    assert header.count == 50
    lines = [part for part in parts if isinstance(part, AsnLine)]
    assert len(lines) == 50
    assert all(isinstance(part, AsnLine | AsnTrailer) for part in parts)
    assert len({line.device_id for line in lines}) == 50
