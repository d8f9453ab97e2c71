"""What an inventory or a request says that nobody checked: it steers no terminal and no tracker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from defectreg.register.yamltext import dump
from tests.alerts import BAD_HUB, GOOD_HUB, fleet, keep
from tests.registers import NAME, TestRegister, make_register
from tests.stories.together import Person

POLICY = dump({"name": NAME, "superfluous-alerts": ["8F1E"]}).encode()


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", files={"policy/register.yaml": POLICY})


def inventory(folder: Path, region: str, hub: str = BAD_HUB) -> str:
    """Four weeks of premises of a region, in which a Hub's firmware stands out."""
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40})
    named = [replace(each, region=region, hub=hub if each.hub == BAD_HUB else each.hub)
             for each in stays]  # fmt: skip
    return str(keep(folder, named, sent))


def written(made: TestRegister) -> list[str]:
    return [ref for ref in made.repository.refs() if "/submit/" in ref]


@pytest.mark.parametrize(
    ("region", "hub"),
    [
        ("North\x1b[31m", BAD_HUB),
        ("Nowhere", BAD_HUB),
        ("North", "CHF:FF02/00020001@00020002\nin South"),
        ("North", "no notation \u202eat all"),
    ],
)
def test_what_no_record_can_say_is_refused_and_steers_nothing(
    made: TestRegister, tmp_path: Path, region: str, hub: str
) -> None:
    place = inventory(tmp_path / "i", region, hub)
    told = Person(made.folder, "supplier-one").run("alerts", "track", "--inventory", place,
                                                   "--write")  # fmt: skip
    assert told.code == 1, told
    assert "\x1b" not in told.out + told.err
    assert "\u202e" not in told.out + told.err
    assert "cannot be written" in told.out
    assert written(made) == []


def test_the_same_inventory_with_a_region_of_the_field_is_tracked(
    made: TestRegister, tmp_path: Path
) -> None:
    place = inventory(tmp_path / "i", "North")
    Person(made.folder, "supplier-one").does("alerts", "track", "--inventory", place, "--write")
    assert len(written(made)) == 1
