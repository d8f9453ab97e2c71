"""How SQLite's full-text index cuts a text into words, for indexes that are no SQLite file.

The index of the command line uses the tokenizer ``unicode61 remove_diacritics 2``. What it does
with each character is asked of SQLite itself, once for each that occurs, so that the words here are
its words whatever its version. Reading them back from an index in memory (``fts5vocab``) gives the
same and takes five times as long: ``tests/unit/store/test_textindex.py`` compares the two.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType

TOKENIZER = "unicode61 remove_diacritics 2"
_TABLES = (
    f"CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='{TOKENIZER}')",
    "CREATE VIRTUAL TABLE cut USING fts5vocab(words, 'instance')",
)
_BETWEEN = "a"
"""Stands on both sides of a character that is asked about."""


class Cutter:
    """Cuts texts into the words by which SQLite finds them: without case and diacritics."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        for statement in _TABLES:
            self._connection.execute(statement)
        # SQLite's text ends at this character.
        self._folded: dict[int, str] = {0: " "}

    def __enter__(self) -> Cutter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def cut(self, text: str) -> list[str]:
        """The words of a text in its order."""
        new = {ord(character) for character in set(text)} - self._folded.keys()
        if new:
            self._folded.update(self.folded(new))
        return text.translate(self._folded).split()

    def folded(self, characters: Iterable[int]) -> Mapping[int, str]:
        """Character → what stands for it in a word: itself, another, nothing where it is a mark on
        the one before it; a blank where it ends a word."""
        asked = {number: f"{_BETWEEN}{chr(number)}{_BETWEEN}" for number in characters}
        words: dict[int, list[str]] = {number: [] for number in asked}
        for number, word in self._cut_by_sqlite(asked):
            words[number].append(word)
        return {
            number: " " if len(found) > 1 else found[0][len(_BETWEEN) : -len(_BETWEEN)]
            for number, found in words.items()
        }

    def _cut_by_sqlite(self, texts: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        self._connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
        self._connection.execute("BEGIN")
        # A surrogate is no character: no encoding of one reaches SQLite.
        self._connection.executemany(
            "INSERT INTO words (rowid, text) VALUES (?, ?)",
            ((number, text.encode(errors="replace").decode()) for number, text in texts.items()),
        )
        self._connection.execute("COMMIT")
        yield from self._connection.execute("SELECT doc, term FROM cut ORDER BY doc, offset")
