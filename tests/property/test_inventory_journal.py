"""Laws of the journal: batches add up, and what broke is noticed or harmless."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.inventory.applying import Wish, apply_requests
from defectreg.inventory.history import life_of
from defectreg.inventory.request_files import Asked
from defectreg.register.errors import CannotRun
from defectreg.register.inventory.requests import (
    PRENOTIFICATION,
    UPDATE_INVENTORY,
    DetailsUpdate,
    DeviceDeletion,
    Header,
    Prenotification,
    Request,
    parse_request_id,
)
from defectreg.store.inventory.journal import read_journal, write_journal
from defectreg.store.inventory.places import Inventory
from tests.journals import (
    AT,
    OTHER_SUPPLIER,
    SUPPLIER,
    device_id,
    esme,
    journal_row,
    load,
    occasion,
    request_id,
)

DEVICES = 4


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """ESMEs of which two are Pending; the last is not in the extract."""
    folder = tmp_path_factory.mktemp("inventory")
    pending = {"device_status": "Pending", "supplier": ""}
    load(folder, [esme(0), esme(1, **pending), esme(2, **pending)])
    return Inventory(folder)


def request(number: int, device: int, action: str, variant: str, sender: str) -> Request:
    service = PRENOTIFICATION if action == "prenotify" else UPDATE_INVENTORY
    header = Header(parse_request_id(request_id(number, sender)), service, service)
    name = device_id(device)
    if action == "prenotify":
        details = ("FF01", "00010100", "ESME")
        return Prenotification(header, "5.4", name, *details, esme_variant=variant)
    if action == "delete":
        return DeviceDeletion(header, "5.4", name)
    return DetailsUpdate(header, "5.4", name, esme_variant=variant)


requests = st.builds(
    request,
    st.integers(0, 8),
    st.integers(0, DEVICES - 1),
    st.sampled_from(("update", "update", "delete", "prenotify")),
    st.sampled_from(("A", "AD", "ADE")),
    st.sampled_from((SUPPLIER, SUPPLIER, OTHER_SUPPLIER)),
)


def state_after(inventory: Inventory, batches: Sequence[Sequence[Request]]) -> list[object]:
    """What is known of each Device when these batches were applied, each request for itself."""
    for file in inventory.folder.glob("journal.*"):
        file.unlink()
    for batch in batches:
        asked = [Asked("requests.csv", line, each, "") for line, each in enumerate(batch, 2)]
        apply_requests(inventory, asked, Wish(AT, writes=True, each=True), print)
    lives = [life_of(inventory, device_id(number)) for number in range(DEVICES)]
    return [
        (life.now, [(step.entry.change, step.entry.was, step.entry.code) for step in life.steps])
        for life in lives
    ]


@settings(max_examples=20)
@given(st.lists(requests, max_size=10), st.data())
def test_requests_come_to_the_same_however_they_are_divided_into_batches(
    inventory: Inventory, asked: list[Request], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(asked)), max_size=3)))
    ends = [0, *cuts, len(asked)]
    divided = [asked[start:end] for start, end in pairwise(ends)]
    assert state_after(inventory, divided) == state_after(inventory, [[each] for each in asked])


ROWS = 40


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    """A journal of three batches, the last of which is in the log still; and what it answers."""
    folder = tmp_path_factory.mktemp("journal")
    place = folder / "written" / "journal.sqlite"
    place.parent.mkdir()
    with ExitStack() as reading:
        for part in (0, 1, 2):
            if part == 2:
                reading.enter_context(read_journal(place))
            with write_journal(place, occasion(), print) as draft:
                numbers = range(part * ROWS, (part + 1) * ROWS)
                draft.add([journal_row(number, number % 7) for number in numbers])
                draft.keep()
        kept = folder / "kept"
        shutil.copytree(place.parent, kept)
    return kept, answers(kept)


def answers(folder: Path) -> object:
    """All that the journal in a folder answers."""
    with read_journal(folder / "journal.sqlite") as journal:
        lives = [journal.life(device_id(number)) for number in range(8)]
        changes = journal.changes(map(device_id, range(8)), ROWS)
        ids = [request_id(number) for number in range(4 * ROWS)]
        return lives, changes, journal.kept(ids), list(journal.batches())


@settings(max_examples=100)
@given(st.data())
def test_flipped_bits_are_noticed_or_harmless(
    written: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    kept, expected = written
    folder = tmp_path_factory.mktemp("flipped", numbered=True) / "inventory"
    shutil.copytree(kept, folder)
    name = data.draw(st.sampled_from(("journal.sqlite", "journal.sqlite-wal", "journal.seal")))
    content = bytearray((folder / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    (folder / name).write_bytes(content)
    try:
        found = answers(folder)
    except CannotRun:
        found = expected
    shutil.rmtree(folder.parent)
    assert found == expected
