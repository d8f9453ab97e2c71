from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from defectreg.register.devices import Coverage, parse_combination
from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from defectreg.store import processes
from defectreg.store.git import GitError, blob_id
from defectreg.store.index import (
    NOT_JUDGED,
    AnyOf,
    Found,
    Index,
    Models,
    Query,
    filling,
    open_index,
    views,
)
from defectreg.store.index.asking import without_file
from defectreg.store.index.entries import folded, tokens
from tests.registers import ID, TestRegister, good_record, make_register, sign_off, statement

TODAY = date(2026, 5, 1)
CLOCK = "DR-AAAA-0001"
PATH = record_path(ID)


def clock(**changes: object) -> dict[str, object]:
    wanted = {
        "id": CLOCK,
        "title": "Display shows the wrong hour",
        "kind": None,
        "behaviour": "The display is one hour off after the clocks changed and 0x81A0 came.",
        "affected": ["ESME:FF01/00010100@0001*"],
        "alerts": ["81A0", "8F20"],
        "trigger": "time-change",
    }
    return good_record(**{**wanted, **changes})


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "r", [good_record(), clock()], signs=False)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    """A register that no test changes."""
    folder = tmp_path_factory.mktemp("still") / "r"
    register = make_register(folder, [good_record(), clock()], signs=False)
    fix = statement("fix", "supplier-two", says="Update it to calm the zebra.", device="ESME")
    register.say(ID, fix, accept=True)
    register.say(CLOCK, statement("cause", "supplier-two", says="A giraffe.", cause="suspected"))
    return register


def answer(made: TestRegister, query: Query, limit: int = 20, worktree: bool = False) -> Found:
    with open_index(made.register(), worktree) as index:
        return index.search(query, limit, TODAY)


def ids(made: TestRegister, query: Query, worktree: bool = False) -> list[str]:
    return [hit.record_id for hit in answer(made, query, worktree=worktree).hits]


def words(*typed: str) -> Query:
    return Query(phrases=tuple(tokens(word) for word in typed))


def file_of(made: TestRegister, view: str = "head") -> Path:
    return made.folder / ".git" / "defectreg" / f"{view}.sqlite"


def is_kept(made: TestRegister) -> bool:
    with open_index(made.register()) as index:
        return index._is_kept and file_of(made).exists()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), [CLOCK, ID]),
        (words("billing"), [ID]),
        (words("BILLING", "hub"), [ID]),
        (words("billing", "hour"), []),
        (words("billing alerts"), [ID]),
        (words("alerts billing"), []),
        (words("8f1e"), [ID]),
        (words("0x8F1E"), [ID]),
        (words("81A0"), [CLOCK]),
        (words("00020001"), [ID]),
        (words("00030000..00030004"), [ID]),
        (words(ID), [ID]),
        (words("aaaa"), [CLOCK]),
        (words("zebra"), [ID]),
        (words("giraffe"), []),
        (words("FF01"), []),
        (Query(excluded_phrases=(("hour",),)), [ID]),
        (Query(facets=(AnyOf("kind", ("issue",)),)), [CLOCK]),
        (Query(facets=(AnyOf("kind", ("issue",), True),)), [ID]),
        (Query(facets=(AnyOf("alert", ("8F1E", "8F20")),)), [CLOCK, ID]),
        (Query(facets=(AnyOf("trigger", ("time-change",)),)), [CLOCK]),
        (Query(facets=(AnyOf("region", ("North",)),)), [ID]),
        (Query(facets=(AnyOf("region", ("South", "")),)), [CLOCK]),
        (Query(facets=(AnyOf("has-fix", ("true",)),)), [ID]),
        (Query(facets=(AnyOf("has-fix", ("false",)),)), [CLOCK]),
        (Query(models=(Models("00010100"),)), [CLOCK, ID]),
        (Query(models=(Models("00010100", "ff01"),)), [CLOCK]),
        (Query(models=(Models("00010100", "FF01", True),)), [ID]),
        (Query(ids=("DR-7",)), [ID]),
        (Query(excluded_ids=("DR-7",)), [CLOCK]),
        (Query(stages=("published",)), [ID]),
        (Query(excluded_stages=("published",)), [CLOCK]),
        (Query(stages=("withdrawn",)), []),
    ],
)
def test_each_question_is_answered_by_the_entries_that_fit(
    still: TestRegister, query: Query, expected: list[str]
) -> None:
    assert ids(still, query) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ESME:FF01/00010100@00010005", [(CLOCK, Coverage.YES)]),
        ("ESME:FF01/00010100", [(CLOCK, Coverage.POSSIBLY)]),
        ("ESME:FF01/00010100@00020005", []),
        ("GPF:FF02/00020001 + ESME:FF03/00010100@00010000 in North", [(ID, Coverage.YES)]),
        ("CHF:FF02/00020001 + ESME:FF03/00010100@00010000 in South", []),
    ],
)
def test_a_combination_is_answered_by_the_entries_that_apply_or_possibly_do(
    still: TestRegister, typed: str, expected: list[tuple[str, Coverage]]
) -> None:
    found = answer(still, Query(combinations=(parse_combination(typed),)))
    assert [(hit.record_id, hit.coverage) for hit in found.hits] == expected


def test_a_word_in_the_title_counts_more_than_one_in_the_text(made: TestRegister) -> None:
    in_title = {"title": "Readings come an hour late", "behaviour": "They are late on each day."}
    in_text = {"title": "Readings come rather late", "behaviour": "They are late by an hour."}
    made.add(clock(id="DR-AAAA-0003", **in_title))
    made.add(clock(id="DR-AAAA-0002", **in_text))
    assert ids(made, words("hour", "late")) == ["DR-AAAA-0003", "DR-AAAA-0002"]


def test_a_limit_leaves_the_count_of_all_as_it_is(still: TestRegister) -> None:
    found = answer(still, Query(), limit=1)
    assert (len(found.hits), found.total) == (1, 2)


def test_what_did_not_move_is_not_read_again(made: TestRegister) -> None:
    assert ids(made, words("billing")) == [ID]
    blob = blob_id(made.read(PATH))
    (made.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    made.change(CLOCK, clock(title="Display shows the wrong year"))
    assert ids(made, words("billing")) == [ID]
    assert ids(made, words("year")) == [CLOCK]
    file_of(made).unlink()
    with pytest.raises(GitError):  # the index was all that still knew it
        ids(made, words("billing"))


def test_what_is_committed_meanwhile_is_found_and_what_is_removed_is_not(
    made: TestRegister,
) -> None:
    assert ids(made, words("billing")) == [ID]
    made.change(ID, good_record(title="Meter stops sending invoices to anybody"))
    assert ids(made, words("billing")) == []
    assert ids(made, words("invoices")) == [ID]
    made.add(clock(id="DR-AAAA-0009", title="Another display about billing"))
    assert ids(made, words("billing")) == ["DR-AAAA-0009"]
    made.commit({record_path("DR-AAAA-0009"): None})
    assert ids(made, words("billing")) == []


def test_another_branch_checked_out_is_answered_for_itself(made: TestRegister) -> None:
    made.add(clock(id="DR-BBBB-0001"), ref="refs/heads/submit/x")
    assert ids(made, Query()) == [CLOCK, ID]
    subprocess.run(["git", "checkout", "--quiet", "submit/x"], cwd=made.folder, check=True)
    assert ids(made, Query()) == ["DR-BBBB-0001", CLOCK, ID]
    subprocess.run(["git", "checkout", "--quiet", "main"], cwd=made.folder, check=True)
    assert ids(made, Query()) == [CLOCK, ID]


def test_the_claim_of_a_withdrawn_entry_leaves_search_until_it_comes_back(
    made: TestRegister,
) -> None:
    made.later().say(ID, sign_off("withdraw", code="not-a-defect"))
    withdrawn = Query(stages=("withdrawn",))
    assert ids(made, words("billing")) == []
    assert ids(made, Query()) == [CLOCK]
    assert ids(made, withdrawn) == [ID]
    assert ids(made, Query(phrases=(("billing",),), stages=("withdrawn",))) == []
    assert ids(made, Query(phrases=(("not", "a", "defect"),), stages=("withdrawn",))) == [ID]
    assert ids(made, Query(models=(Models("00020001"),), stages=("withdrawn",))) == []
    made.later().say(ID, sign_off("accept"))
    assert ids(made, words("billing")) == [ID]


def test_what_a_distrusted_key_signed_no_longer_counts(tmp_path: Path) -> None:
    made = make_register(tmp_path / "r", [good_record()])
    made.say(ID, statement("fix", "supplier-two", says="Update.", device="ESME"), accept=True)
    fixed = Query(facets=(AnyOf("has-fix", ("true",)),))
    assert ids(made, fixed) == [ID]
    path = "policy/parties/supplier-two.yaml"
    made.commit({path: made.read(path) + b"        state: distrusted\n"})
    assert ids(made, fixed) == []


def test_a_file_that_cannot_be_read_is_no_entry_and_hides_no_other(made: TestRegister) -> None:
    made.commit({"records/7K/DR-7K3Q-0000.yaml": b"title: [broken\n", "records/x.yaml": b"a: b\n"})
    assert ids(made, Query()) == [CLOCK, ID]


def test_a_schema_that_marks_another_key_is_obeyed(made: TestRegister) -> None:
    assert ids(made, words("power-outage")) == []
    made.change(ID, good_record(trigger="power-outage"))
    assert ids(made, words("power-outage")) == []
    schema = json.loads(made.read("schema/record.schema.json"))
    schema["properties"]["trigger"]["x-search"] = True
    made.commit({"schema/record.schema.json": json.dumps(schema).encode()})
    assert ids(made, words("power-outage")) == [ID]


def everything(index: Index) -> list[object]:
    """All that an index answers, so that two can be compared."""
    with index:
        return [*index.standings(), *index.search(Query(), 99, TODAY).hits]


def test_history_that_was_cut_and_is_fetched_since_is_no_longer_answered_as_cut(
    made: TestRegister, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    made.later().say(ID, statement("report", "supplier-two", says="We see it too."))
    source = f"file://{made.folder}"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", source, str(there)], check=True)
    cut = TestRegister(there, made.repository)
    assert everything(open_index(cut.register())) == everything(without_file(cut.register()))
    with open_index(cut.register()) as index:
        before = index.standing(ID)
    subprocess.run(["git", "fetch", "--quiet", "--unshallow"], cwd=there, check=True)
    with open_index(cut.register()) as index:
        after = index.standing(ID)
    assert before is not None
    assert after is not None
    assert {item.landing.step for item in before.landed} == {0}
    assert {item.landing.step for item in after.landed} == {1, 3}
    assert everything(open_index(cut.register())) == everything(without_file(cut.register()))


def test_a_graft_in_the_clone_changes_no_answer(made: TestRegister) -> None:
    before = everything(open_index(made.register()))
    head = made.register().head
    (made.folder / ".git" / "info" / "grafts").write_text(f"{head}\n")
    assert everything(without_file(made.register())) == before
    assert everything(open_index(made.register())) == before


def test_a_default_that_the_policys_schema_changes_is_obeyed(made: TestRegister) -> None:
    assert ids(made, Query(stages=("reported",))) == []
    schema = json.loads(made.read("schema/policy.schema.json"))
    schema["properties"]["who-validates"]["default"] = "both"
    made.commit({"schema/policy.schema.json": json.dumps(schema).encode()})
    made.add(clock(id="DR-BBBB-0001"))
    assert ids(made, Query(stages=("reported",))) == ["DR-BBBB-0001"]
    assert everything(open_index(made.register())) == everything(without_file(made.register()))


class TestUnreadable:
    def test_a_record_with_a_statement_that_cannot_be_read_is_not_judged(
        self, made: TestRegister
    ) -> None:
        made.commit({f"{statements_folder(ID)}/2026-03-05-sign-off-ssc.yaml": b"kind: [hold"})
        assert ids(made, Query(stages=("published",))) == []
        assert ids(made, Query(excluded_stages=("published",))) == [CLOCK, ID]
        assert ids(made, Query(stages=("not-judged",))) == [ID]
        assert [hit.stage for hit in answer(made, words("billing")).hits] == [NOT_JUDGED]
        with open_index(made.register()) as index:
            assert index.unread(ID) == ("2026-03-05-sign-off-ssc.yaml",)
            assert index.unread(CLOCK) == ()

    def test_once_it_can_be_read_the_record_is_judged_again(self, made: TestRegister) -> None:
        path = f"{statements_folder(ID)}/2026-03-05-report-supplier-two.yaml"
        made.commit({path: b"kind: [report"})
        assert ids(made, Query(stages=("not-judged",))) == [ID]
        said = statement("report", "supplier-two", of=ID, date="2026-03-05", says="Seen.")
        order = ("of", "kind", "by", "date", "says")
        made.commit({path: dump({key: said[key] for key in order}).encode()})
        assert ids(made, Query(stages=("published",))) == [ID]

    def test_a_draft_of_the_work_tree_keeps_no_record_from_being_judged(
        self, made: TestRegister
    ) -> None:
        path = made.folder / f"{statements_folder(ID)}/2026-03-05-report-supplier-two.yaml"
        path.write_text("kind: [report")
        assert ids(made, Query(stages=("published",)), worktree=True) == [ID]


class TestWorkTree:
    def test_changes_that_are_not_committed_are_answered_only_where_asked(
        self, made: TestRegister
    ) -> None:
        text = (made.folder / PATH).read_text().replace("billing", "zebra")
        (made.folder / PATH).write_text(text)
        assert ids(made, words("zebra")) == []
        assert ids(made, words("zebra"), worktree=True) == [ID]
        assert ids(made, words("billing"), worktree=True) == []
        subprocess.run(["git", "checkout", "--quiet", "."], cwd=made.folder, check=True)
        assert ids(made, words("zebra"), worktree=True) == []
        assert ids(made, words("billing"), worktree=True) == [ID]

    def test_a_new_record_comes_first_and_a_removed_one_is_gone(self, made: TestRegister) -> None:
        new = made.folder / record_path("DR-BBBB-0001")
        new.parent.mkdir(parents=True)
        new.write_bytes(made.read(PATH).replace(ID.encode(), b"DR-BBBB-0001"))
        assert ids(made, Query(), worktree=True) == ["DR-BBBB-0001", CLOCK, ID]
        (made.folder / PATH).unlink()
        assert ids(made, Query(), worktree=True) == ["DR-BBBB-0001", CLOCK]
        assert ids(made, Query()) == [CLOCK, ID]

    def test_a_statement_that_has_not_landed_is_found_and_does_not_count(
        self, made: TestRegister
    ) -> None:
        place = made.folder / PATH.removesuffix(".yaml") / "2026-03-03-fix-supplier-two.yaml"
        place.write_text(
            f"of: {ID}\nkind: fix\nby: supplier-two\ndate: 2026-03-03\nsays: Calm the zebra.\n"
        )
        assert ids(made, words("zebra"), worktree=True) == [ID]
        fixed = Query(facets=(AnyOf("has-fix", ("true",)),))
        assert ids(made, fixed, worktree=True) == []


def mark(made: TestRegister, view: str = "head") -> None:
    """Note of a record that nobody touches what is not so, and seal the file as it is then."""
    with sqlite3.connect(file_of(made, view)) as connection:
        connection.execute("UPDATE files SET step = 77, blob = 'none' WHERE path = ?",
                           (record_path(CLOCK),))  # fmt: skip
        connection.execute("UPDATE entries SET step = 77 WHERE record_id = ?", (CLOCK,))
    connection.close()
    os.utime(file_of(made, view), (946_684_800, 946_684_800))


def marked(made: TestRegister, worktree: bool = False) -> bool:
    """Whether what was noted is believed still, once the tables are brought on."""
    with open_index(made.register(), worktree) as index:
        rows = index._rows("SELECT step, blob FROM files WHERE path = ?", record_path(CLOCK))
        return rows == [(77, "none")]


class TestWork:
    """What is touched: a row with what is not so stays as long as nobody has a reason to look."""

    def test_after_a_commit_only_what_it_moved_is_looked_at(self, made: TestRegister) -> None:
        assert is_kept(made)
        mark(made)
        made.change(ID, good_record(title="Meter stops sending zebras to anybody"))
        assert marked(made)
        assert ids(made, words("zebras")) == [ID]

    def test_after_a_step_back_only_what_had_moved_is_looked_at(self, made: TestRegister) -> None:
        made.say(ID, statement("cause", "supplier-two", cause="suspected", says="A giraffe."))
        assert is_kept(made)
        mark(made)
        git(made, "reset", "--quiet", "--hard", "HEAD~1")
        assert marked(made)
        with open_index(made.register()) as index:
            standing = index.standing(ID)
        assert standing is not None
        assert standing.of_kind("cause") == ()

    def test_after_another_policy_no_file_is_looked_at(self, made: TestRegister) -> None:
        assert is_kept(made)
        mark(made)
        made.policy(who_validates="peer", silence="hold")
        assert marked(made)

    def test_of_the_work_tree_only_what_differs_is_looked_at(self, made: TestRegister) -> None:
        git(made, "reset", "--quiet", "--hard")
        assert ids(made, Query(), worktree=True) == [CLOCK, ID]
        mark(made, "worktree")
        (made.folder / PATH).write_text(dump(good_record(title="Meter sends zebras")))
        assert marked(made, worktree=True)
        assert ids(made, words("zebras"), worktree=True) == [ID]
        git(made, "reset", "--quiet", "--hard")
        assert marked(made, worktree=True)
        assert ids(made, words("zebras"), worktree=True) == []

    def test_where_the_history_is_cut_elsewhere_every_landing_is_looked_at(
        self, made: TestRegister
    ) -> None:
        assert is_kept(made)
        mark(made)
        (made.folder / ".git" / "shallow").write_text(f"{made.register().head}\n")
        assert not marked(made)

    def test_stages_are_asked_of_what_moved_alone(self, made: TestRegister) -> None:
        shown = Query(stages=("published",))
        assert ids(made, shown) == [ID]
        with sqlite3.connect(file_of(made)) as connection:
            connection.execute(
                "UPDATE stages SET stage = 'held' WHERE number ="
                " (SELECT number FROM entries WHERE record_id = ?)",
                (ID,),
            )
        connection.close()
        os.utime(file_of(made), (946_684_800, 946_684_800))
        made.change(CLOCK, clock(title="Display shows zebras"))
        assert ids(made, shown) == []
        made.policy(silence="hold")
        assert ids(made, shown) == [ID]


def git(made: TestRegister, *words: str) -> None:
    subprocess.run(["git", *words], cwd=made.folder, check=True)


class TestFile:
    def test_the_answer_is_kept_and_used_again(self, made: TestRegister) -> None:
        assert is_kept(made)
        inode = file_of(made).stat().st_ino
        assert is_kept(made)
        assert file_of(made).stat().st_ino == inode

    def test_a_file_that_is_no_database_is_made_anew(self, made: TestRegister) -> None:
        assert is_kept(made)
        file_of(made).write_bytes(b"no database at all" * 100)
        assert ids(made, Query()) == [CLOCK, ID]
        assert is_kept(made)

    def test_text_changed_within_the_file_is_never_believed(self, made: TestRegister) -> None:
        assert is_kept(made)
        data = file_of(made).read_bytes()
        assert b"billing" in data
        file_of(made).write_bytes(data.replace(b"billing", b"gilling"))
        assert ids(made, words("billing")) == [ID]

    def test_a_row_changed_by_another_program_is_never_believed(self, made: TestRegister) -> None:
        assert is_kept(made)
        with sqlite3.connect(file_of(made)) as connection:
            connection.execute("DELETE FROM facets")
        connection.close()
        assert ids(made, Query(facets=(AnyOf("alert", ("8F1E",)),))) == [ID]

    def test_a_damage_seen_while_it_is_asked_is_done_without(self, made: TestRegister) -> None:
        with open_index(made.register()) as index:
            index._connection.execute("ROLLBACK")
            index._connection.execute("DROP TABLE facets")
            found = index.search(Query(facets=(AnyOf("alert", ("8F1E",)),)), 20, TODAY)
        assert [hit.record_id for hit in found.hits] == [ID]
        assert is_kept(made)

    def test_tables_of_another_program_version_are_made_anew(self, made: TestRegister) -> None:
        assert is_kept(made)
        with sqlite3.connect(file_of(made)) as connection:
            connection.execute("UPDATE state SET value = 'other' WHERE key = 'format'")
            connection.execute("DELETE FROM entries")
        connection.close()
        os.utime(file_of(made), (946_684_800, 946_684_800))
        assert ids(made, Query()) == [CLOCK, ID]

    def test_a_refresh_that_was_killed_leaves_no_trace_in_the_answer(
        self, made: TestRegister
    ) -> None:
        assert is_kept(made)
        made.change(ID, good_record(title="Meter stops sending zebras to anybody"))
        killed = (
            "import os, sys\n"
            "from pathlib import Path\n"
            "from defectreg.store.index import open_index, refreshing\n"
            "from defectreg.store.places import open_register\n"
            "refreshing._refresh_landings = lambda *_: os.kill(os.getpid(), 9)\n"
            "open_index(open_register(Path(sys.argv[1])))\n"
        )
        ended = subprocess.run([sys.executable, "-c", killed, str(made.folder)], check=False)
        assert ended.returncode == -9
        assert ids(made, words("zebras")) == [ID]
        assert ids(made, words("billing")) == []

    def test_several_processes_at_once_give_one_answer(self, made: TestRegister) -> None:
        ask = (
            "import sys, datetime\n"
            "from pathlib import Path\n"
            "from defectreg.store.index import Query, open_index\n"
            "from defectreg.store.places import open_register\n"
            "with open_index(open_register(Path(sys.argv[1]))) as index:\n"
            "    print(index.search(Query(), 9, datetime.date(2026, 5, 1)).total, index._is_kept)\n"
        )
        started = [
            subprocess.Popen(
                [sys.executable, "-c", ask, str(made.folder)], stdout=subprocess.PIPE, text=True
            )
            for _ in range(4)
        ]
        assert [process.communicate()[0] for process in started] == ["2 True\n"] * 4

    def test_processes_that_make_it_anew_at_once_give_one_answer(self, made: TestRegister) -> None:
        again = (
            "import sys, datetime\n"
            "from pathlib import Path\n"
            "from defectreg.store.index import Query, keeping, open_index\n"
            "from defectreg.store.places import open_register\n"
            "register, totals = open_register(Path(sys.argv[1])), set()\n"
            "for _ in range(8):\n"
            "    keeping.break_seal(register.own_folder / 'head.sqlite')\n"
            "    with open_index(register) as index:\n"
            "        found = index.search(Query(), 9, datetime.date(2026, 5, 1))\n"
            "        totals.add((found.total, len(index.ids()), len(list(index.standings()))))\n"
            "print(totals)\n"
        )
        started = [
            subprocess.Popen(
                [sys.executable, "-c", again, str(made.folder)], stdout=subprocess.PIPE, text=True
            )
            for _ in range(3)
        ]
        assert [process.communicate()[0] for process in started] == ["{(2, 2, 2)}\n"] * 3
        assert is_kept(made)
        assert ids(made, words("billing")) == [ID]

    def test_several_processes_note_what_one_notes(
        self, made: TestRegister, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made.commit({record_path("DR-BBBB-0002"): b"not: [a record"})
        with without_file(made.register()) as by_one:
            wanted = [line for line in by_one._connection.iterdump() if "words" not in line]
        monkeypatch.setattr(filling, "_TOGETHER", 1)
        monkeypatch.setattr(processes, "number_of_processes", lambda: 2)
        with without_file(made.register()) as by_two:
            found = [line for line in by_two._connection.iterdump() if "words" not in line]
            assert by_two.search(words("billing"), 9, TODAY).total == 1
        assert found == wanted

    def test_a_program_that_changed_within_its_version_makes_it_anew(
        self, made: TestRegister, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert is_kept(made)
        with sqlite3.connect(file_of(made)) as connection:
            connection.execute("DELETE FROM entries")
        connection.close()
        os.utime(file_of(made), (946_684_800, 946_684_800))
        assert ids(made, Query()) == []
        monkeypatch.setattr(views, "program", lambda: ("another",))
        assert ids(made, Query()) == [CLOCK, ID]

    def test_an_open_index_answers_for_its_own_commit(self, made: TestRegister) -> None:
        with open_index(made.register()) as before:
            made.add(clock(id="DR-BBBB-0001"))
            assert ids(made, Query()) == ["DR-BBBB-0001", CLOCK, ID]
            assert before.ids() == (ID, CLOCK)
        assert ids(made, Query()) == ["DR-BBBB-0001", CLOCK, ID]

    def test_where_nothing_can_be_written_it_answers_from_memory(self, made: TestRegister) -> None:
        place = made.folder / ".git" / "defectreg"
        shutil.rmtree(place, ignore_errors=True)
        place.write_text("a file stands in the way\n")
        assert not is_kept(made)
        assert ids(made, words("billing")) == [ID]

    def test_a_bare_repository_is_asked_as_any_other(
        self, made: TestRegister, tmp_path: Path
    ) -> None:
        bare = tmp_path / "bare.git"
        subprocess.run(
            ["git", "clone", "--quiet", "--bare", str(made.folder), str(bare)], check=True
        )
        there = TestRegister(bare, made.repository)
        assert ids(there, words("billing"), worktree=True) == [ID]


class TestStandings:
    def test_every_record_stands_as_it_does_when_read_alone(self, still: TestRegister) -> None:
        with open_index(still.register()) as index:
            everything = list(index.standings())
            assert [standing.record.id for standing in everything] == list(index.ids())
            assert everything == [index.standing(record_id) for record_id in index.ids()]

    def test_a_record_that_is_not_there_has_no_standing(self, still: TestRegister) -> None:
        with open_index(still.register()) as index:
            assert index.standing("DR-0000-0000") is None


class TestSimilar:
    def similar(self, made: TestRegister, text: str, *combinations: str) -> list[str]:
        with open_index(made.register()) as index:
            found = index.similar(text, [parse_combination(one) for one in combinations])
        scores = [one.likeness for one in found]
        assert scores == sorted(scores, reverse=True)
        return [one.id for one in found]

    def test_what_is_written_in_like_words_comes_first(self, still: TestRegister) -> None:
        assert self.similar(still, "the hub was updated and billing alerts stop")[0] == ID
        assert self.similar(still, "wrong hour on the display")[0] == CLOCK

    def test_what_affects_the_same_models_is_similar_without_a_word_in_common(
        self, still: TestRegister
    ) -> None:
        assert self.similar(still, "", "ESME:FF01/00010100@00010001") == [CLOCK]

    def test_nothing_in_common_is_not_similar(self, still: TestRegister) -> None:
        assert self.similar(still, "xylophone", "GSME:FF09/00099999") == []

    def test_a_withdrawn_entry_is_not_offered(self, made: TestRegister) -> None:
        made.say(ID, sign_off("withdraw", code="not-a-defect"))
        assert ID not in self.similar(made, "billing alerts stop", "CHF:FF02/00020001")

    def test_text_in_the_language_of_the_full_text_search_is_only_text(
        self, still: TestRegister
    ) -> None:
        assert self.similar(still, 'NEAR(billing "alerts) OR * title: AND -{')[0] == ID


def test_words_are_cut_and_compared_as_the_full_text_search_does() -> None:
    typed = "Zähler-Stand 0x8F1E, 0001* naïve DR-7K3Q e\u0301te\u0301"
    cut = tokens(typed)
    assert cut == ("Zähler", "Stand", "8F1E", "0001", "naïve", "DR", "7K3Q", "été")
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5 (text, tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute("CREATE VIRTUAL TABLE cut USING fts5vocab (words, 'row')")
    connection.execute("INSERT INTO words VALUES (?)", (" ".join(cut),))
    assert {folded(word) for word in cut} == {
        term for (term,) in connection.execute("SELECT term FROM cut")
    }
    connection.close()


def test_an_index_in_memory_answers_as_the_kept_one(still: TestRegister) -> None:
    with open_index(still.register()) as kept, without_file(still.register()) as in_memory:
        asked = words("billing")
        assert kept.search(asked, 9, TODAY) == in_memory.search(asked, 9, TODAY)
    assert everything(open_index(still.register())) == everything(without_file(still.register()))
