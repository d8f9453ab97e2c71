from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.register.findings import Finding
from defectreg.store.git.indexed import Unwatched
from defectreg.store.sources import WorkTreeSource
from defectreg.store.validated import Validated, keep, shelf_of, taken
from tests.examples.loading import base

VALIDATED = Validated(
    "a" * 40,
    "b" * 40,
    7,
    frozenset({"records/AA/DR-AAAA-0001.yaml", "records/na\udcefve.txt"}),
    (Finding("records/na\udcefve.txt", 1, 1, "S011", "error", "“odd”", "move it"),),
    Unwatched("1 2 3", ("records/other/",)),
)


@pytest.fixture
def source(tmp_path: Path) -> WorkTreeSource:
    for path, data in base().items():
        place = tmp_path / "clone" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return WorkTreeSource(tmp_path / "clone")


def test_what_is_kept_is_taken(tmp_path: Path, source: WorkTreeSource) -> None:
    assert taken(shelf_of(tmp_path, source)) is None
    keep(shelf_of(tmp_path, source), VALIDATED)
    assert taken(shelf_of(tmp_path, source)) == VALIDATED


def test_what_is_forgotten_is_gone(tmp_path: Path, source: WorkTreeSource) -> None:
    keep(shelf_of(tmp_path, source), VALIDATED)
    keep(shelf_of(tmp_path, source), None)
    assert taken(shelf_of(tmp_path, source)) is None


@pytest.mark.parametrize(
    ("path", "is_known"),
    [
        ("policy/register.yaml", False),
        ("policy/parties/another.yaml", False),
        ("catalogue/another.yaml", False),
        ("schema/record.schema.json", False),
        ("policy/statements/notes.yaml", True),
        ("templates/notes.txt", True),
    ],
)
def test_it_is_known_while_the_rules_are_the_same(
    tmp_path: Path, source: WorkTreeSource, path: str, is_known: bool
) -> None:
    keep(shelf_of(tmp_path, source), VALIDATED)
    place = source.root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(place.read_bytes() + b" " if place.exists() else b"a: b\n")
    assert (taken(shelf_of(tmp_path, source)) == VALIDATED) is is_known


def test_every_changed_byte_is_seen(tmp_path: Path, source: WorkTreeSource) -> None:
    shelf = shelf_of(tmp_path, source)
    keep(shelf, VALIDATED)
    (file,) = tmp_path.glob("*.json")
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert taken(shelf) is None, place
