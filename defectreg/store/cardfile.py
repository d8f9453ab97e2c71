"""The cards of entries, and the word lists made of them: kept, so that only what moved is made.

A cache in the clone's own folder, never a truth of its own: a file that is damaged, of another
program or that somebody wrote to is made anew; where there can be none, all is kept in memory.

| table | one row for | columns |
|---|---|---|
| state | what the rows are made of | key, value |
| cards | an entry | id; digest of what its card was made of; number, null for none; what of the card is asked of every entry |
| texts | an entry | id; number, null for none; length, words and places of its text |
| files | an entry | id; what of the card stands in files as it is |
| lists | a word | word; entries in which it stands; postings; members; least; stamp of all that |
| moved | an entry that may be another in the lists | id; number, length, words, places as listed |
"""  # noqa: E501 - a table's row is one line

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from defectreg.register.errors import CannotRun
from defectreg.store.files import FileProblem
from defectreg.store.index import keeping
from defectreg.store.publishing import alone

_TEXT = ("length", "words", "places")
_PUT_TEXT = "REPLACE INTO texts VALUES (?, NULL, ?, ?, ?)"
_FORMAT = 1
"""Raised with every change of these tables."""
_PUNCTUATION = 16
"""Characters that a list is written with, beside what stands in it."""
_STAMP = 8
"""Octets of a stamp."""
_FEW = 100
"""Where more entries moved, and more than one in so many, all lists are made anew."""


@dataclass(frozen=True, slots=True)
class WordList:
    """A word, in how many entries it stands, and in which.

    Where the list has not all of them, ``members`` tells them, and ``least`` the least weight that
    is listed.
    """

    word: str
    entries: int
    postings: str
    members: str
    least: int


class WordShape(NamedTuple):
    """A word's list without what is in it: about how many characters it is written with, and a
    stamp that changes with it."""

    word: str
    characters: int
    stamp: bytes


class Columns(NamedTuple):
    """The columns of a card: what is asked of every entry, and what stands in files as it is."""

    asked: tuple[str, ...]
    files: tuple[str, ...]


class Made(NamedTuple):
    """A card: its columns, and between them length, words and places of its text; the words, and
    where each of them stands, with blanks between."""

    id: str
    digest: bytes
    asked: Sequence[Any]
    text: tuple[int, str, str]
    files: Sequence[Any]


class CardFile:
    """Cards by the id of their entry; processes that share the work may read them.

    A card has the columns that are named, and those of its text. What stands in files as it is has
    a table of its own, since every entry is looked at, and few files are made.
    """

    def __init__(self, columns: Columns, made_of: str, file: Path | None = None) -> None:
        self._columns = columns
        self._file = file
        self._opened = {os.getpid(): _connected(file)}
        """By the process that opened it."""
        self._fill(made_of)

    @property
    def _connection(self) -> sqlite3.Connection:
        process = os.getpid()
        if process not in self._opened:
            # What is kept in memory was inherited with it.
            inherited = next(iter(self._opened.values()))
            self._opened[process] = inherited if self._file is None else _connected(self._file)
        return self._opened[process]

    def _fill(self, made_of: str) -> None:
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        run("CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        made_of = f"{_FORMAT} {made_of}"
        if self.state("made of") != made_of:
            for name, columns in (
                ("cards", f"id TEXT PRIMARY KEY, digest, number, {', '.join(self._columns.asked)}"),
                ("texts", f"id TEXT PRIMARY KEY, number INTEGER, {', '.join(_TEXT)}"),
                ("files", f"id TEXT PRIMARY KEY, {', '.join(self._columns.files)}"),
                ("lists", "word TEXT PRIMARY KEY, entries, postings, members, least, stamp"),
                ("moved", "id TEXT PRIMARY KEY, number, length, words, places"),
            ):
                run(f"DROP TABLE IF EXISTS {name}")
                run(f"CREATE TABLE {name} ({columns})")
            run("CREATE INDEX numbered ON texts (number)")
            run("DELETE FROM state")
            self.note("made of", made_of)

    def state(self, key: str) -> str:
        """What was noted; empty for nothing."""
        found = self._connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return found[0] if found else ""

    def note(self, key: str, value: str) -> None:
        """Note something about the rows."""
        self._connection.execute("REPLACE INTO state VALUES (?, ?)", (key, value))

    def digests(self) -> dict[str, bytes]:
        """Of what each card was made, by id."""
        return dict(self._connection.execute("SELECT id, digest FROM cards"))

    def put(self, cards: Iterable[Made]) -> None:
        """Note cards, in place of those of the same ids."""
        # No column's name comes from outside the program, here and below.
        asked, files = (", ?" * len(columns) for columns in self._columns)
        put_card = f"REPLACE INTO cards VALUES (?, ?, NULL{asked})"  # noqa: S608
        put_files = f"REPLACE INTO files VALUES (?{files})"  # noqa: S608
        for made in cards:
            self._move(made.id)
            self._connection.execute(put_card, (made.id, made.digest, *made.asked))
            self._connection.execute(_PUT_TEXT, (made.id, *made.text))
            self._connection.execute(put_files, (made.id, *made.files))

    def remove(self, ids: Iterable[str]) -> None:
        """Forget cards."""
        for record_id in ids:
            self._move(record_id)
            for table in ("cards", "texts", "files"):
                self._connection.execute(f"DELETE FROM {table} WHERE id = ?", (record_id,))  # noqa: S608

    def number(self, numbers: Mapping[str, int | None]) -> None:
        """Give every card the number that it has among the texts; None for none."""
        before = dict(self._connection.execute("SELECT id, number FROM texts"))
        changed = [(number, each) for each, number in numbers.items() if before[each] != number]
        if len(changed) > max(_FEW, len(numbers) // _FEW):
            self.note("lists", "")
        for _, record_id in changed:
            self._move(record_id)
        self._connection.executemany("UPDATE cards SET number = ? WHERE id = ?", changed)
        self._connection.executemany("UPDATE texts SET number = ? WHERE id = ?", changed)

    def _move(self, record_id: str) -> None:
        """Note how an entry stands in the lists, where it is about to change."""
        if self.state("lists"):
            asked = "SELECT number, length, words, places FROM texts WHERE id = ?"
            listed = self._connection.execute(asked, (record_id,)).fetchone()
            self._connection.execute(
                "INSERT OR IGNORE INTO moved VALUES (?, ?, ?, ?, ?)",
                (record_id, *(listed or (None, 0, "", ""))),
            )

    def moved(self) -> Iterator[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]:
        """Number, length, words and places of entries as they are listed, and as they are now;
        None where they are in no list."""
        for before_and_now in self._connection.execute(
            "SELECT moved.number, moved.length, moved.words, moved.places,"
            " texts.number, texts.length, texts.words, texts.places"
            " FROM moved LEFT JOIN texts USING (id) ORDER BY id"
        ):
            before, now = before_and_now[:4], before_and_now[4:]
            yield before if before[0] is not None else None, now if now[0] is not None else None

    def read(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """What is asked of every card, in the order of the ids; of one column too a tuple."""
        asked = f"SELECT {', '.join(columns)} FROM cards ORDER BY id"  # noqa: S608
        return self._connection.execute(asked)

    def files(self, column: str, ids: Iterable[str]) -> Iterator[Any]:
        """What of the cards with these ids, which are there, stands in files."""
        asked = f"SELECT {column} FROM files WHERE id = ?"  # noqa: S608
        for record_id in ids:
            yield self._connection.execute(asked, (record_id,)).fetchone()[0]

    def texts(self) -> Iterator[tuple[int, int, str, str]]:
        """Number, length, words and places of each text, the highest number first."""
        return self._connection.execute(
            "SELECT number, length, words, places FROM texts WHERE number IS NOT NULL"
            " ORDER BY number DESC"
        )

    def replace_lists(self, made_of: str, lists: Iterable[WordList]) -> None:
        """Note all word lists anew."""
        self._connection.execute("DELETE FROM lists")
        self._put_lists(lists)
        self._end_lists(made_of)

    def change_lists(self, made_of: str, lists: Iterable[WordList]) -> None:
        """Note some lists anew; of a word that stands nowhere now there is none."""
        changed = [*lists]
        gone = ((one.word,) for one in changed)
        self._connection.executemany("DELETE FROM lists WHERE word = ?", gone)
        self._put_lists(one for one in changed if one.entries)
        self._end_lists(made_of)

    def _put_lists(self, lists: Iterable[WordList]) -> None:
        self._connection.executemany(
            "INSERT INTO lists VALUES (?, ?, ?, ?, ?, ?)",
            (
                (one.word, one.entries, one.postings, one.members, one.least, _stamp(one))
                for one in lists
            ),
        )

    def _end_lists(self, made_of: str) -> None:
        self._connection.execute("DELETE FROM moved")
        self.note("lists", made_of)

    def shapes(self) -> Iterator[WordShape]:
        """The shape of every list, in the order of the words."""
        rows = self._connection.execute(
            "SELECT word, length(word) + length(postings) + length(members) + ?, stamp FROM lists"
            " ORDER BY word",
            (_PUNCTUATION,),
        )
        return map(WordShape._make, rows)

    def list_of(self, word: str) -> WordList | None:
        """The list of a word; None where it stands nowhere."""
        asked = "SELECT word, entries, postings, members, least FROM lists WHERE word = ?"
        found = self._connection.execute(asked, (word,)).fetchone()
        return WordList(*found) if found else None

    def words_between(self, fewest: int, most: int) -> list[str]:
        """The words that stand in more than ``fewest`` entries, and in ``most`` at most."""
        asked = "SELECT word FROM lists WHERE entries > ? AND entries <= ?"
        return [word for (word,) in self._connection.execute(asked, (fewest, most))]

    def totals(self) -> tuple[int, int]:
        """How many cards have a number, and how many words they have together."""
        asked = "SELECT count(*), coalesce(sum(length), 0) FROM texts WHERE number IS NOT NULL"
        entries, words = self._connection.execute(asked).fetchone()
        return entries, words

    def show(self) -> None:
        """Let other processes see what was noted so far."""
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN IMMEDIATE")

    def settle(self) -> None:
        """Keep what was noted; from here on cards are only read."""
        self._connection.execute("COMMIT")
        if self._file is not None:
            keeping.seal(self._file)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@contextmanager
def card_file(columns: Columns, made_of: str, file: Path | None) -> Iterator[CardFile]:
    """The cards that a file keeps, empty where it keeps none that were made of the same.

    They are kept in memory where there is no file, or another run has it. Raises CannotRun where
    the file turns out to be damaged; it is gone then.
    """
    with _mine(file) as mine:
        cards = _opened(columns, made_of, mine)
        try:
            yield cards
        except sqlite3.Error as error:
            if mine is not None:
                mine.unlink(missing_ok=True)
            raise CannotRun(
                f"what this clone keeps of entries is damaged: {error}",
                "run the command again: it is made anew",
            ) from error
        finally:
            cards.close()


@contextmanager
def _mine(file: Path | None) -> Iterator[Path | None]:
    """The file while this run alone has it; None where that cannot be."""
    with ExitStack() as held:
        mine = None
        if file is not None:
            with suppress(OSError, FileProblem):
                folder = file.with_suffix("")
                folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(alone(folder))
                mine = file
        yield mine


def _opened(columns: Columns, made_of: str, file: Path | None) -> CardFile:
    if file is not None:
        with suppress(sqlite3.Error, OSError):
            if keeping.is_sealed(file):
                return CardFile(columns, made_of, file)
        with suppress(sqlite3.Error, OSError):
            file.unlink(missing_ok=True)
            return CardFile(columns, made_of, file)
    return CardFile(columns, made_of)


def _connected(file: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(file or ":memory:", isolation_level=None)
    # A run that is killed leaves a file without a seal, of which nothing is believed.
    connection.execute("PRAGMA journal_mode = OFF")
    return connection


def _stamp(one: WordList) -> bytes:
    text = f"{one.word} {one.entries} {one.postings} {one.members}"
    return blake2b(text.encode(), digest_size=_STAMP).digest()
