"""How texts are cut into words: as SQLite cuts them, whatever they hold."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from defectreg.store.index import tables
from defectreg.store.textindex import TOKENIZER, Cutter

ROOT = Path(__file__).parents[3]
EXAMPLES: list[dict[str, Any]] = json.loads((ROOT / "spec/words/examples.json").read_text())
IDS = [ascii(example["text"]) for example in EXAMPLES]


def cut_by_sqlite(text: str) -> list[str]:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, tokenize='{TOKENIZER}')")
    connection.execute("CREATE VIRTUAL TABLE cut USING fts5vocab(words, 'instance')")
    connection.execute("INSERT INTO words VALUES (?)", (text,))
    rows = connection.execute("SELECT term FROM cut ORDER BY offset").fetchall()
    connection.close()
    return [word for (word,) in rows]


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_an_example_is_cut_into_its_words(example: dict[str, Any]) -> None:
    with Cutter() as cutter:
        assert cutter.cut(example["text"]) == example["words"]


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_an_example_says_what_sqlite_does(example: dict[str, Any]) -> None:
    assert cut_by_sqlite(example["text"]) == example["words"]


def test_all_examples_together_are_cut_as_sqlite_cuts_them() -> None:
    text = " ".join(example["text"] for example in EXAMPLES)
    with Cutter() as cutter:
        assert cutter.cut(text) == cut_by_sqlite(text)
        assert cutter.cut(text) == cutter.cut(text)


def test_the_tokenizer_is_the_command_lines() -> None:
    connection = sqlite3.connect(":memory:")
    tables.create(connection)
    (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'words'").fetchone()
    connection.close()
    assert f"tokenize='{TOKENIZER}'" in made


def test_a_character_is_folded_a_mark_or_an_end() -> None:
    with Cutter() as cutter:
        asked = [ord(character) for character in "aAé\u0301-"]
        assert cutter.folded(asked) == dict(zip(asked, ["a", "a", "e", "", " "], strict=True))


@pytest.mark.parametrize("text", ["one\x00two", "one\ud800two"])
def test_what_is_no_text_ends_a_word(text: str) -> None:
    with Cutter() as cutter:
        assert cutter.cut(text) == ["one", "two"]
