from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from defectreg.register.working_days import holidays_of_package
from defectreg.store.kept_holidays import KeptHolidays


def file_of(folder: Path) -> Path:
    return folder / "holidays.json"


def test_the_days_of_a_year_are_those_of_the_package(tmp_path: Path) -> None:
    assert KeptHolidays(tmp_path).of(2026) == holidays_of_package(2026)
    assert KeptHolidays(tmp_path).of(2026) == holidays_of_package(2026)


def test_another_year_is_kept_beside_those_before(tmp_path: Path) -> None:
    KeptHolidays(tmp_path).of(2026)
    KeptHolidays(tmp_path).of(2027)
    kept = json.loads(file_of(tmp_path).read_bytes().partition(b"\n")[2])[1]
    assert sorted(kept) == ["2026", "2027"]


def test_what_was_kept_is_taken(tmp_path: Path) -> None:
    KeptHolidays(tmp_path).of(2026)
    made_of, _ = json.loads(file_of(tmp_path).read_bytes().partition(b"\n")[2])
    text = json.dumps([made_of, {"2026": []}]).encode()
    file_of(tmp_path).write_bytes(sha256(text).hexdigest().encode() + b"\n" + text)
    assert KeptHolidays(tmp_path).of(2026) == frozenset()


@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.8, 0.999])
def test_a_changed_byte_changes_no_day(tmp_path: Path, place: float) -> None:
    KeptHolidays(tmp_path).of(2026)
    data = bytearray(file_of(tmp_path).read_bytes())
    data[int(place * len(data))] ^= 2
    file_of(tmp_path).write_bytes(data)
    assert KeptHolidays(tmp_path).of(2026) == holidays_of_package(2026)
