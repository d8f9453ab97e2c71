"""The index answers as the answer without it: whatever was committed, and whatever befell it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.register.devices import parse_combination
from defectreg.register.record import record_path
from defectreg.register.stage import STAGE_NAMES, facts_of, stage_of
from defectreg.register.waits import waits_of_landed
from defectreg.register.yamltext import dump
from defectreg.store.git import Repository
from defectreg.store.index import AnyOf, Index, Models, Query, open_index
from defectreg.store.index.asking import without_file
from tests.registers import TestRegister, good_record, make_register, sign_off, statement

TODAY = date(2026, 5, 1)
DAYS = (date(2026, 3, 1), date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 18), TODAY)
"""Among them the last day of a reply window that opens on the first day, and those beside it."""
AUDIENCES = ("clear", "green", "red")
IDS = ("DR-AAAA-0001", "DR-AAAA-0002", "DR-BBBB-0001")
WORDS = ("alpha", "beta", "gamma", "0x8F1E", "naïve")
AFFECTED = ("CHF:FF02/00020001", "ESME:FF01/00010100@0001*", "GPF:FF02/00020001 in North,South")
QUERIES = (
    Query(),
    Query(stages=("withdrawn",)),
    Query(stages=("published",)),
    *(Query(phrases=((word.removeprefix("0x"),),)) for word in WORDS),
    Query(phrases=(("alpha",),), excluded_phrases=(("beta",),)),
    Query(facets=(AnyOf("has-fix", ("true",)),)),
    Query(facets=(AnyOf("alert", ("8F20",)),)),
    Query(facets=(AnyOf("region", ("North", "")),)),
    Query(models=(Models("00020001", "FF02"),)),
    Query(combinations=(parse_combination("CHF:FF02/00020001 in North"),)),
)

records = st.fixed_dictionaries(
    {
        "title": st.lists(st.sampled_from(WORDS), min_size=2, max_size=4).map(" ".join),
        "affected": st.lists(st.sampled_from(AFFECTED), min_size=1, max_size=2, unique=True),
        "alerts": st.sampled_from([None, ["8F1E"], ["8F20", "8F1E"]]),
        "certainty": st.sampled_from(["reported", "suspected"]),
    }
)
damages = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=40
)
steps = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(IDS), records),
    st.tuples(st.just("fix"), st.sampled_from(IDS), st.sampled_from(WORDS)),
    st.tuples(st.just("withdraw"), st.sampled_from(IDS), st.none()),
    st.tuples(st.just("remove"), st.sampled_from(IDS), st.none()),
    st.tuples(st.just("break"), st.sampled_from(IDS), st.none()),
    st.tuples(st.just("edit"), st.sampled_from(IDS), records),
    st.tuples(st.just("notice"), st.sampled_from(IDS), st.none()),
    st.tuples(st.just("cause"), st.sampled_from(IDS), st.none()),
    st.tuples(
        st.just("policy"),
        st.just(""),
        st.fixed_dictionaries(
            {
                "silence": st.sampled_from(["proceed", "hold"]),
                "certainty_threshold": st.sampled_from(["reported", "confirmed"]),
                "who_validates": st.sampled_from(["dcc", "both"]),
                "dcc_reports_validated_by": st.sampled_from(["self", "other-party"]),
            }
        ),
    ),
)
moves = st.one_of(
    st.tuples(st.just("merge"), st.sampled_from(IDS), st.booleans()),
    st.tuples(st.just("revert"), st.just(""), st.none()),
    st.tuples(st.just("rewind"), st.just(""), st.integers(1, 3)),
    st.tuples(st.just("cut"), st.just(""), st.integers(0, 2)),
    st.tuples(st.just("uncut"), st.just(""), st.none()),
    st.tuples(st.just("lose"), st.sampled_from(IDS), st.none()),
    st.tuples(st.just("damage"), st.sampled_from(["head", "worktree"]), damages),
)
"""What may happen to a clone, beside what is said."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register without records, to be copied: starting one takes longer."""
    return make_register(tmp_path_factory.mktemp("empty") / "r", signs=False).folder


def copied(empty: Path, folder: str) -> TestRegister:
    shutil.copytree(empty, Path(folder) / "r")
    return TestRegister(Path(folder) / "r", Repository.find(Path(folder) / "r"), signs=False)


def take(made: TestRegister, step: tuple[str, str, Any]) -> None:
    """One thing that may happen to a register; what cannot happen now does not."""
    verb, record_id, value = step
    if verb == "edit":
        place = made.folder / record_path(record_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(dump(good_record(id=record_id, **value)))
        return
    for words in (("reset", "--quiet", "--hard"), ("clean", "-fdq")):
        git(made, *words, check=True)
    if verb in MOVES:
        MOVES[verb](made, record_id, value)
    elif verb == "policy":
        made.policy(**value)
    elif (made.folder / record_path(record_id)).exists():
        go_on(made, verb, record_id, value)
    elif verb == "put":
        made.add(good_record(id=record_id, **value))


def go_on(made: TestRegister, verb: str, record_id: str, value: Any) -> None:
    """What may happen to a record that is there, readable or not."""
    if verb == "put":
        made.change(record_id, good_record(id=record_id, **value))
    elif verb == "fix":
        fix = statement("fix", "supplier-two", says=f"Mend {value}.", device="CHF")
        made.say(record_id, fix, accept=True)
    elif verb == "notice":
        told = {"affected": list(AFFECTED), "certainty": "suspected", "impact": "high"}
        notice = statement("notice", "secas", to="maker-one", delivered="e-mail", told=told)
        made.say(record_id, notice)
    elif verb == "cause":
        made.say(record_id, statement("cause", "dcc", cause="suspected", says="It drifts."))
    elif verb == "withdraw":
        made.later().say(record_id, sign_off("withdraw", code="not-a-defect"))
    else:
        made.commit({record_path(record_id): None if verb == "remove" else b"title: [\n"})


def git(made: TestRegister, *words: str, check: bool = False) -> str:
    """What git said; nothing where it refused."""
    names = {f"GIT_{who}_{what}": "a@b.invalid" for who in ("AUTHOR", "COMMITTER")
             for what in ("NAME", "EMAIL")}  # fmt: skip
    day = f"{made.today}T18:00Z"
    answer = subprocess.run(
        ["git", *words],
        cwd=made.folder,
        env={**os.environ, **names, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day},
        capture_output=True,
        text=True,
        check=check,
    )
    return answer.stdout.strip() if answer.returncode == 0 else ""


def merge(made: TestRegister, record_id: str, is_crossed: bool) -> None:
    """Bring a request in, or with ``is_crossed`` the main branch into it, which is main then."""
    if not (made.folder / record_path(record_id)).exists():
        return
    git(made, "branch", "--quiet", "--force", "side")
    made.say(record_id, statement("cause", "supplier-two", cause="known", says="Seen."),
             ref="refs/heads/side")  # fmt: skip
    made.later().say(record_id, statement("confirmation", "supplier-one", outcome="worked"))
    git(made, "reset", "--quiet", "--hard", check=True)
    if is_crossed:
        git(made, "checkout", "--quiet", "--detach", "side", check=True)
    git(made, "merge", "--quiet", "--no-ff", "-m", "land", "main" if is_crossed else "side",
        check=True)  # fmt: skip
    git(made, "checkout", "--quiet", "-B", "main", check=True)


def revert(made: TestRegister, _: str, __: None) -> None:
    """Take the last commit back by another one; what it removed is added again."""
    if not git(made, "revert", "--no-edit", "HEAD"):
        git(made, "revert", "--quit")
        git(made, "reset", "--quiet", "--hard", check=True)


def rewind(made: TestRegister, _: str, commits: int) -> None:
    """Go back to an earlier commit, as if the later ones had never been."""
    git(made, "reset", "--quiet", "--hard", f"HEAD~{commits}")


def cut(made: TestRegister, _: str, commits: int) -> None:
    """Do without the beginning of the history, as a shallow clone does."""
    oldest = git(made, "rev-parse", "--quiet", "--verify", f"HEAD~{commits}")
    if oldest:
        (made.folder / ".git" / "shallow").write_text(f"{oldest}\n")


def uncut(made: TestRegister, _: str, __: None) -> None:
    (made.folder / ".git" / "shallow").unlink(missing_ok=True)


def lose(made: TestRegister, record_id: str, _: None) -> None:
    """A file of the work tree is gone, and nobody committed that."""
    (made.folder / record_path(record_id)).unlink(missing_ok=True)


def damage(made: TestRegister, name: str, flips: list[tuple[float, int]]) -> None:
    """Some bytes of a file of the index are others, whoever changed them."""
    file = made.folder / ".git" / "defectreg" / f"{name}.sqlite"
    if file.exists():
        file.write_bytes(flipped(file.read_bytes(), flips))


def flipped(data: bytes, flips: list[tuple[float, int]]) -> bytes:
    changed = bytearray(data)
    for place, flip in flips:
        changed[int(place * len(changed))] ^= flip
    return bytes(changed)


MOVES: dict[str, Callable[[TestRegister, str, Any], None]] = {
    "merge": merge,
    "revert": revert,
    "rewind": rewind,
    "cut": cut,
    "uncut": uncut,
    "lose": lose,
    "damage": damage,
}


def answers(index: Index) -> Iterator[object]:
    with index:
        yield index.ids()
        yield list(index.standings())
        for query in QUERIES:
            yield index.search(query, 2, TODAY)
        for day in DAYS:
            yield list(index.waits(day)), index.heard_since(day), index.ids_since(day)
        yield index.sha256s(index.ids())
        yield index.similar("alpha beta 8F20", [parse_combination("CHF:FF02/00020001")])


def in_stage(index: Index, stage: str, day: date, audience: str) -> list[str]:
    found = index.search(Query(stages=(stage,)), 9, day, audience)
    assert len(found.hits) == found.total
    return sorted(hit.record_id for hit in found.hits)


def check_stages(index: Index) -> None:
    """What is noted of stages is what the records themselves say on the day."""
    with index:
        policy, cases = index.grounds.policy, list(index.cases())
        for day in DAYS:
            asked = [wait for case in cases for wait in waits_of_landed(*case, policy, day)]
            assert list(index.waits(day)) == asked
            for audience in AUDIENCES:
                read = [standing for standing, unread in cases if not unread]
                names = {one.record.id: stage_of(facts_of(one, policy, audience, day)).name
                         for one in read}  # fmt: skip
                for stage in STAGE_NAMES:
                    there = sorted(each for each, name in names.items() if name == stage)
                    assert in_stage(index, stage, day, audience) == there
                    if audience == policy.audience:
                        assert index.ids_in((stage,), day) == frozenset(there)
            assert index.ids_since(day) == {
                standing.record.id
                for standing, _ in cases
                if any(item.landing.day >= day for item in standing.landed)
            }
        assert index.sha256s(index.ids()) == {
            standing.record.id: standing.record.sha256 for standing, _ in cases
        }


def check(made: TestRegister) -> None:
    for worktree in (False, True):
        register = made.register()
        kept, fresh = open_index(register, worktree), without_file(register, worktree)
        assert list(answers(kept)) == list(answers(fresh))
        check_stages(open_index(register, worktree))


@settings(max_examples=10)
@given(history=st.lists(st.lists(steps, min_size=1, max_size=3), min_size=1, max_size=3))
def test_after_any_history_the_kept_answer_is_the_fresh_one(
    empty: Path, history: list[list[tuple[str, str, Any]]]
) -> None:
    with TemporaryDirectory() as folder:
        made = copied(empty, folder)
        for moment in history:
            for step in moment:
                take(made, step)
            check(made)


@settings(max_examples=15)
@given(history=st.lists(steps | moves, min_size=2, max_size=8))
def test_however_a_clone_goes_to_and_fro_the_kept_answer_is_the_fresh_one(
    filled: TestRegister, history: list[tuple[str, str, Any]]
) -> None:
    with TemporaryDirectory() as folder:
        made = copied(filled.folder, folder)
        for step in history:
            take(made, step)
            compare(made)


def compare(made: TestRegister) -> None:
    """What is kept is what would be made anew, and so are the landings it goes on from."""
    for worktree in (False, True):
        register = made.register()
        with open_index(register, worktree) as kept, without_file(register, worktree) as fresh:
            assert list(kept.cases()) == list(fresh.cases())
            asked = Query(phrases=(("alpha",),))
            assert kept.search(asked, 2, TODAY) == fresh.search(asked, 2, TODAY)
            assert kept.search(Query(), 2, TODAY) == fresh.search(Query(), 2, TODAY)
            assert list(kept.waits(TODAY)) == list(fresh.waits(TODAY))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    records = [good_record(id=record_id) for record_id in IDS]
    return make_register(tmp_path_factory.mktemp("filled") / "r", records, signs=False)


@settings(max_examples=15)
@given(
    damage=damages,
    cut=st.none() | st.floats(0, 1),
    suffix=st.sampled_from(["", "-wal"]),
)
def test_whatever_bytes_of_its_file_are_changed_the_answer_is_the_same(
    filled: TestRegister, damage: list[tuple[float, int]], cut: float | None, suffix: str
) -> None:
    with open_index(filled.register()) as index:
        expected = index.search(Query(phrases=(("billing",),)), 9, TODAY), index.ids()
        waiting = list(index.waits(TODAY)), in_stage(index, "published", TODAY, "green")
    own = filled.folder / ".git" / "defectreg"
    data = flipped((own / "head.sqlite").read_bytes(), damage)
    whole = data if cut is None else data[: int(cut * len(data))]
    (own / f"head.sqlite{suffix}").write_bytes(whole)
    with open_index(filled.register()) as index:
        assert (index.search(Query(phrases=(("billing",),)), 9, TODAY), index.ids()) == expected
        assert (list(index.waits(TODAY)), in_stage(index, "published", TODAY, "green")) == waiting
