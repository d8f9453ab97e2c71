"""What a snapshot says of some of its Devices."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.register.inventory.device import InventoryDevice
from defectreg.store.inventory.devices import find_alike, find_device
from defectreg.store.inventory.snapshot import DEVICES
from tests.journals import SUPPLIER, device_id, esme, load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    devices = [esme(number, date_commissioned="2024-03-01") for number in range(3)]
    return load(tmp_path, [*devices, esme(3, esme_variant="AD")]).table(DEVICES)


def test_devices_come_in_the_order_in_which_they_are_asked_and_as_often(file: Path) -> None:
    asked = [device_id(number) for number in (3, 99, 0, 3)]
    variants = [device and device.esme_variant for device in find_alike(file, asked)]
    assert variants == ["AD", None, "A", "AD"]
    assert list(find_alike(file, [])) == []


def test_devices_of_which_the_rule_sees_the_same_are_one_value_without_an_id(file: Path) -> None:
    first, second, other = find_alike(file, [device_id(number) for number in (0, 1, 3)])
    assert first is second
    assert first is not other
    assert first is not None
    assert (first.device_id, first.date_commissioned, first.supplier) == ("", "", SUPPLIER)


def test_of_one_device_all_is_told(file: Path) -> None:
    assert find_device(file, device_id(3)) == InventoryDevice(**esme(3, esme_variant="AD"))  # type: ignore[arg-type]
    found = find_device(file, device_id(0))
    assert found is not None
    assert found.date_commissioned == "2024-03-01"
    assert find_device(file, device_id(99)) is None


def test_a_file_that_is_no_table_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "devices.parquet"
    file.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(CannotRun, match="cannot be read"):
        find_device(file, device_id(0))
    with pytest.raises(CannotRun, match="cannot be read"):
        find_alike(file, [device_id(0)])
