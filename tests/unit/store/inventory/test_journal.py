"""The journal: a batch at a time or not at all, only added to, and found whole or not opened."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.register.inventory.changes import Answer
from defectreg.store.inventory.journal import (
    Batch,
    Damaged,
    left_by,
    read_journal,
    try_journal,
    turns,
    write_journal,
)
from tests.journals import AS_OF, AT, device_id, journal_row, occasion, request_id

SNAPSHOT = "20260101T120000Z-00000000"


def silent(sentence: str) -> None:
    raise AssertionError(sentence)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def put(place: Path, *rows: tuple[str, ...], at: str = AT) -> Batch:
    with write_journal(place, occasion(at), silent) as draft:
        draft.add(rows)
        return draft.keep(SNAPSHOT)


def answer(place: Path, *rows: tuple[int, str, str]) -> Batch:
    with write_journal(place, occasion(kind="answers"), silent) as draft:
        draft.add(rows)
        return draft.keep()


def batches(place: Path, *, whole: bool = False) -> list[Batch]:
    with read_journal(place, whole=whole) as journal:
        return list(journal.batches())


def by_hand(place: Path, *changes: str) -> None:
    """Change the file as somebody would who knows SQL."""
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        for table in ("batch", "request", "answer"):
            for verb in ("update", "delete"):
                connection.execute(f"DROP TRIGGER {table}_{verb}")
        for change in changes:
            connection.execute(change)


def test_a_journal_that_was_never_written_has_no_row_and_makes_no_file(place: Path) -> None:
    assert batches(place) == []
    with read_journal(place) as journal:
        assert journal.life(device_id(1)) == ()
    assert list(place.parent.iterdir()) == []


def test_what_is_not_kept_leaves_nothing(place: Path) -> None:
    put(place, journal_row(1, 1))
    with write_journal(place, occasion(), silent) as draft:
        draft.add([journal_row(2, 2)])
    assert [batch.number for batch in batches(place)] == [1]
    with read_journal(place) as journal:
        assert journal.kept([request_id(1), request_id(2)]).keys() == {request_id(1)}


def test_an_exception_leaves_nothing_and_no_note(place: Path) -> None:
    put(place, journal_row(1, 1))

    def stop() -> None:
        with write_journal(place, occasion(), silent) as draft:
            draft.add([journal_row(2, 2)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert [batch.number for batch in batches(place)] == [1]
    assert left_by(place) is None


def test_what_is_only_tried_is_seen_by_the_trial_and_by_nobody_else(place: Path) -> None:
    put(place, journal_row(1, 1))
    before = {file.name: file.read_bytes() for file in place.parent.iterdir()}
    with try_journal(place, occasion()) as draft:
        draft.add([journal_row(2, 1, "ADE")])
        changes = draft.changes([device_id(1)], 1)[device_id(1)]
        assert [change.given["esme_variant"] for change in changes] == ["AD", "ADE"]
        assert draft.kept([request_id(1), request_id(2)]).keys() == {request_id(1), request_id(2)}
    assert {name: (place.parent / name).read_bytes() for name in before} == before


@pytest.mark.parametrize("table", ["batch", "request", "answer"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET rowid = rowid + 5", "DELETE FROM {}"])
def test_rows_are_only_added(place: Path, table: str, verb: str) -> None:
    put(place, journal_row(1, 1))
    answer(place, (1, "sent", ""))
    with (
        closing(sqlite3.connect(place)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="only added"),
    ):
        connection.execute(verb.format(table))


def test_a_request_id_is_there_once(place: Path) -> None:
    put(place, journal_row(1, 1))
    with pytest.raises(CannotRun, match="UNIQUE"):
        put(place, journal_row(2, 1), journal_row(1, 2))
    assert [batch.size for batch in batches(place)] == [1]


def test_the_digest_of_a_batch_is_what_the_page_of_the_tables_says(place: Path) -> None:
    put(place, journal_row(1, 1))
    batch = put(place, journal_row(2, 2), journal_row(3, 3), at="2026-02-02T09:00:00Z")
    first = batches(place)[0]

    def text(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    rows = [[2, *journal_row(2, 2)], [3, *journal_row(3, 3)]]
    columns = [2, "requests", batch.at, "the operations desk", SNAPSHOT, 2, 2, first.digest]
    assert batch.previous == first.digest
    assert batch.digest == hashlib.sha256(f"{text(rows)}\n{text(columns)}".encode()).hexdigest()


def test_time_never_runs_backwards_in_it(place: Path) -> None:
    put(place, journal_row(1, 1), at="2026-02-02T00:00:00Z")
    assert put(place, journal_row(2, 2), at="2026-02-01T00:00:00Z").at == "2026-02-02T00:00:00Z"


def test_the_file_is_its_owners_alone(place: Path) -> None:
    put(place, journal_row(1, 1))
    assert place.stat().st_mode & 0o077 == 0


def test_a_whole_journal_is_found_whole(place: Path) -> None:
    put(place, journal_row(1, 1), journal_row(2, 2))
    answer(place, (1, "refused", "E5"))
    assert [batch.kind for batch in batches(place, whole=True)] == ["requests", "answers"]


DAMAGES = {
    "a row": 'UPDATE request SET given = \'{"esme_variant":"ADE"}\' WHERE seq = 2',
    "a reason": "UPDATE request SET reason = 'firmware-upgrade' WHERE seq = 1",
    "an answer": "UPDATE answer SET answer = 'accepted'",
    "who applied it": "UPDATE batch SET applied_by = 'nobody' WHERE number = 1",
    "a row that is gone": "DELETE FROM request WHERE seq = 1",
    "a row of no batch": "INSERT INTO answer VALUES (2, 1, 'sent', '')",
    "a batch that is gone": "DELETE FROM batch WHERE number = 2",
    "an index": "DROP INDEX request_of_device",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_changed_by_hand_is_noticed(place: Path, damage: str) -> None:
    put(place, journal_row(1, 1), journal_row(2, 2))
    put(place, journal_row(3, 3))
    answer(place, (1, "refused", "E5"))
    triggers = _schema(place)
    by_hand(place, DAMAGES[damage], *triggers)
    with pytest.raises(Damaged):
        batches(place)


def test_what_was_opened_and_put_back_by_hand_is_whole(place: Path) -> None:
    put(place, journal_row(1, 1))
    by_hand(place, "UPDATE request SET reason = reason", *_schema(place))
    assert [batch.number for batch in batches(place)] == [1]


def _schema(place: Path) -> Iterator[str]:
    with closing(sqlite3.connect(place)) as connection:
        query = "SELECT sql FROM sqlite_schema WHERE type = 'trigger'"
        return iter([sql for (sql,) in connection.execute(query)])


def test_a_batch_that_is_taken_away_whole_is_noticed(place: Path, tmp_path: Path) -> None:
    put(place, journal_row(1, 1))
    shutil.copy(place, tmp_path / "earlier")
    put(place, journal_row(2, 2))
    shutil.copy(tmp_path / "earlier", place)
    with pytest.raises(Damaged, match="ends with batch 1, and 2 were written"):
        batches(place)


def test_the_file_and_its_seal_put_back_together_are_whole(place: Path, tmp_path: Path) -> None:
    put(place, journal_row(1, 1))
    kept = {file: file.read_bytes() for file in (place, place.with_suffix(".seal"))}
    put(place, journal_row(2, 2))
    for file, data in kept.items():
        file.write_bytes(data)
    assert [batch.number for batch in batches(place)] == [1]


def test_a_log_that_is_lost_with_what_was_kept_in_it_is_noticed(place: Path) -> None:
    put(place, journal_row(1, 1))
    with read_journal(place):  # whoever reads keeps the log from being written into the file
        put(place, journal_row(2, 2))
        beside = place.with_name("beside.sqlite")
        shutil.copy(place, beside)
        shutil.copy(place.with_suffix(".seal"), beside.with_suffix(".seal"))
        log = place.with_name(f"{place.name}-wal").read_bytes()
    assert len(log) > 0
    with pytest.raises(Damaged, match="ends with batch 1, and 2 were written"):
        batches(beside)
    assert len(batches(place)) == 2


def test_a_journal_that_is_gone_is_noticed(place: Path) -> None:
    put(place, journal_row(1, 1))
    place.unlink()
    with pytest.raises(Damaged, match="is gone"):
        batches(place)
    with pytest.raises(Damaged, match="is gone"):
        put(place, journal_row(2, 2))


def test_a_seal_that_was_cut_off_is_noticed(place: Path) -> None:
    put(place, journal_row(1, 1))
    place.with_suffix(".seal").write_text('{"number": 1, "dig')
    with pytest.raises(Damaged, match="cannot be read"):
        batches(place)


def test_without_a_seal_all_of_it_is_read(place: Path) -> None:
    put(place, journal_row(1, 1))
    place.with_suffix(".seal").unlink()
    assert [batch.number for batch in batches(place)] == [1]
    by_hand(place, DAMAGES["a reason"], *_schema(place))
    with pytest.raises(Damaged):
        batches(place)


def test_another_database_is_refused(place: Path) -> None:
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("CREATE TABLE other (value)")
    for opened in (lambda: batches(place), lambda: put(place, journal_row(1, 1))):
        with pytest.raises(CannotRun, match="no journal of this version"):
            opened()


def test_a_file_that_is_no_database_is_refused(place: Path) -> None:
    place.write_bytes(b"a letter, and no database at all\n" * 200)
    for opened in (lambda: batches(place), lambda: put(place, journal_row(1, 1))):
        with pytest.raises(Damaged):
            opened()


def test_a_full_disc_is_a_sentence_and_leaves_nothing(place: Path) -> None:
    put(place, journal_row(1, 1))
    rows = [journal_row(number, number) for number in range(2, 2000)]

    def fill() -> None:
        with write_journal(place, occasion(), silent) as draft:
            draft._books[-1].execute("PRAGMA max_page_count = 20")
            draft.add(rows)
            draft.keep()

    with pytest.raises(CannotRun, match="full") as caught:
        fill()
    assert "journal.sqlite cannot be written" in caught.value.sentence
    assert [batch.size for batch in batches(place)] == [1]
    assert put(place, *rows).size == len(rows)


def test_who_comes_second_is_told_what_it_waits_for_and_gives_up_at_last(place: Path) -> None:
    told: list[str] = []
    with write_journal(place, occasion(), silent) as draft:
        with (
            pytest.raises(CannotRun, match=r"process \d+ writes the journal and does not end"),
            write_journal(place, occasion(), told.append, patience=0.2),
        ):
            raise AssertionError("both write")
        draft.add([journal_row(1, 1)])
        draft.keep()
    assert len(told) == 1
    assert told[0].startswith("waiting for process ")
    assert put(place, journal_row(2, 2)).number == 2


def test_who_reads_waits_for_nobody_and_sees_what_was_kept_before(place: Path) -> None:
    put(place, journal_row(1, 1))
    with write_journal(place, occasion(), silent) as draft:
        draft.add([journal_row(number, number) for number in range(2, 3000)])
        assert [batch.number for batch in batches(place)] == [1]
        draft.keep()
        assert [batch.number for batch in batches(place)] == [1, 2]


@pytest.mark.parametrize(("is_kept", "left"), [(True, "all of its batch, number 2, is in the"),
                                               (False, "nothing of it is in the")])  # fmt: skip
def test_it_is_said_what_a_run_that_was_killed_left(
    place: Path, *, is_kept: bool, left: str
) -> None:
    put(place, journal_row(1, 1))
    if is_kept:
        put(place, journal_row(2, 2))
    note = {"process": 4711, "at": AT, "batch": 2}
    place.with_suffix(".lock").write_text(json.dumps(note))
    assert left in str(left_by(place))
    told: list[str] = []
    with write_journal(place, occasion(), told.append):
        pass
    assert [sentence.partition(": ")[2][: len(left)] for sentence in told] == [left]
    assert left_by(place) is None


def test_what_a_killed_run_left_is_still_said_after_one_that_could_not_open_it(place: Path) -> None:
    put(place, journal_row(1, 1))
    kept = place.read_bytes()
    note = {"process": 4711, "at": AT, "batch": 2}
    place.with_suffix(".lock").write_text(json.dumps(note))
    place.write_bytes(b"")
    with pytest.raises(CannotRun):
        put(place, journal_row(2, 2))
    place.write_bytes(kept)
    assert "nothing of it" in str(left_by(place))


def test_a_note_that_was_torn_says_nothing(place: Path) -> None:
    put(place, journal_row(1, 1))
    place.with_suffix(".lock").write_text('{"process": 47')
    assert turns.read_left(place) is None
    put(place, journal_row(2, 2))


def test_what_was_refused_is_as_if_it_had_not_been_asked(place: Path) -> None:
    put(place, journal_row(1, 1), journal_row(2, 1, "ADE"))
    answer(place, (2, "sent", ""), (1, "accepted", "I0"))
    answer(place, (2, "refused", "E5"))
    with read_journal(place) as journal:
        changes = journal.changes([device_id(1)], 1)[device_id(1)]
        assert [change.request_id for change in changes] == [request_id(1)]
        first, second = journal.life(device_id(1))
    assert (first.answer, second.answer) == (Answer.ACCEPTED, Answer.REFUSED)
    assert [(each.batch.number, each.code) for each in second.answers] == [(2, ""), (3, "E5")]


def test_changes_count_from_the_day_of_the_extract(place: Path) -> None:
    for number, at in enumerate(["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", AT], 1):
        put(place, journal_row(number, 1), at=at)
    with read_journal(place) as journal:
        first = journal.first_since(AS_OF)
        kept = [
            change.request_id for change in journal.changes([device_id(1)], first)[device_id(1)]
        ]
        assert (first, kept) == (2, [request_id(2), request_id(3)])
        assert journal.first_since("2026-02-02") == 4


def test_a_first_batch_that_is_not_kept_leaves_an_empty_journal(place: Path) -> None:
    with write_journal(place, occasion(), silent) as draft:
        draft.add([journal_row(1, 1)])
    assert batches(place) == []
    assert put(place, journal_row(1, 1)).number == 1
