"""Cards are kept for the next run, and never believed where something else touched them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.cardfile import CardFile, Columns, Made, card_file

COLUMNS = Columns(("day",), ("line",))
ID = "DR-1111-1111"
TEXT = (2, "a b", "x y")
CARD = Made(ID, b"digest", ("today",), TEXT, ("<li>",))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "own" / "site.cards"
    with card_file(COLUMNS, "program", file) as cards:
        cards.put([CARD])
        cards.settle()
    return file


def kept(file: Path | None, made_of: str = "program") -> dict[str, bytes]:
    with card_file(COLUMNS, made_of, file) as cards:
        return cards.digests()


def test_a_card_is_there_for_the_next_run(file: Path) -> None:
    with card_file(COLUMNS, "program", file) as cards:
        assert cards.digests() == {ID: b"digest"}
        assert [*cards.read("id", "day")] == [(ID, "today")]
        assert [*cards.files("line", [ID])] == ["<li>"]


def test_another_program_or_policy_finds_none(file: Path) -> None:
    assert kept(file, "another") == {}


def test_what_a_killed_run_left_is_not_believed(file: Path) -> None:
    with card_file(COLUMNS, "program", file) as cards:
        cards.put([CARD._replace(id="DR-2222-2222")])
        cards.show()  # and never settled
    assert kept(file) == {}


def test_what_somebody_wrote_to_is_not_believed(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE cards SET day = 'c'")
    assert kept(file) == {}


@pytest.mark.parametrize("data", [b"", b"no database at all" * 1000])
def test_a_file_that_is_none_is_replaced(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert kept(file) == {}


def test_while_another_run_has_the_file_cards_are_kept_in_memory(file: Path) -> None:
    with card_file(COLUMNS, "program", file) as first:
        assert kept(file) == {}
        assert first.digests() != {}


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file")
    assert kept(tmp_path / "own" / "site.cards") == {}
    assert (tmp_path / "own").read_text() == "a file"


def test_damage_that_a_seal_does_not_show_ends_the_run_and_the_file(file: Path) -> None:
    with pytest.raises(CannotRun, match="damaged"), card_file(COLUMNS, "program", file):
        raise sqlite3.DatabaseError("database disk image is malformed")
    assert not file.exists()


def test_numbers_that_change_are_noted_for_the_lists() -> None:
    cards = CardFile(COLUMNS, "program")
    cards.put([CARD])
    cards.number({ID: 0})
    assert [*cards.moved()] == []
    cards.replace_lists("all", [])
    cards.number({ID: 5})
    assert [*cards.moved()] == [((0, *TEXT), (5, *TEXT))]
    cards.remove([ID])
    assert [*cards.moved()] == [((0, *TEXT), None)]
    cards.replace_lists("all", [])
    assert [*cards.moved()] == []
