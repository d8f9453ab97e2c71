"""What is remembered of records never changes what a publication lets out."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defectreg.register.record import record_path
from defectreg.store.index import open_index
from defectreg.store.releasing import released
from tests.registers import TestRegister, good_record, make_register, sign_off, statement

IDS = ("DR-1111-1111", "DR-1122-2222")
AFFECTED = "ESME:FF01/00010100@00010001"
DAYS = (0, 1, 20, 60)
"""A manufacturer's time to reply ends between the last two or so."""


def tell(made: TestRegister, record_id: str, number: int) -> None:
    told = {"affected": [AFFECTED], "certainty": "suspected", "impact": "high"}
    made.say(record_id, statement("notice", "secas", to="maker-one", delivered="e-mail", told=told))


def answer(made: TestRegister, record_id: str, number: int) -> None:
    said = statement("response", "maker-one", says=f"Seen {number}.", position="acknowledged")
    made.say(record_id, said)


def change(made: TestRegister, record_id: str, number: int) -> None:
    certainty = "confirmed" if number % 2 else "suspected"
    text = good_record(id=record_id, affected=[AFFECTED], certainty=certainty)
    made.change(record_id, {**text, "title": f"A meter that is odd {number}"})


def annotate(made: TestRegister, record_id: str, number: int) -> None:
    path = record_path(record_id)
    made.commit({path: made.read(path) + f"# {number}\n".encode()})


def withdraw(made: TestRegister, record_id: str, number: int) -> None:
    made.say(record_id, sign_off("withdraw", code="reported-in-error"))


def hold(made: TestRegister, record_id: str, number: int) -> None:
    made.say(record_id, sign_off("hold", by="ssc", role="security"))


def rules(made: TestRegister, record_id: str, number: int) -> None:
    made.policy(silence="hold" if number % 2 else "proceed")


def index(made: TestRegister, record_id: str, number: int) -> None:
    open_index(made.register()).close()


STEPS = (tell, answer, change, change, annotate, withdraw, hold, rules, index)
Step = tuple[int, int, int, int]


def steps() -> st.SearchStrategy[list[Step]]:
    place = st.integers(0, len(STEPS) - 1)
    step = st.tuples(place, st.integers(0, 1), st.integers(0, 99), st.sampled_from(DAYS))
    return st.lists(step, min_size=2, max_size=3)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps())
def test_with_a_memory_and_without_the_same_is_let_out(said: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as name:
        made = make_register(Path(name) / "register", signs=False)
        for record_id in IDS:
            made.add(good_record(id=record_id, affected=[AFFECTED]))
        for which, record, number, days in said:
            STEPS[which](made.later(), IDS[record], number)
            source = made.register().head_source
            for day in (made.today, made.today + timedelta(days=days)):
                remembered = released(source, "green", day)
                assert remembered == released(source, "green", day, is_remembered=False)
