"""Work shared out: in order, whichever process did it, and what goes wrong there is said here."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.processes import MOST, number_of_processes, shared_out


@pytest.mark.parametrize("processes", [1, 2, 3, None])
def test_what_is_made_comes_in_the_order_of_the_items(processes: int | None) -> None:
    factor = 3  # what the work knows, every process knows
    made = shared_out(lambda number: number * factor, range(50), processes)
    assert list(made) == [number * 3 for number in range(50)]


def test_several_processes_do_it() -> None:
    assert os.getpid() not in set(shared_out(lambda _: os.getpid(), range(8), 2))


@pytest.mark.parametrize(("items", "processes"), [(range(8), 1), (range(1), 4)])
def test_little_work_is_done_here(items: range, processes: int) -> None:
    assert set(shared_out(lambda _: os.getpid(), items, processes)) == {os.getpid()}


def test_of_nothing_nothing_is_made() -> None:
    assert list(shared_out(str, [], 4)) == []


def test_what_is_wrong_there_is_said_here() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise CannotRun("wrong there", "mend it")
        return number

    with pytest.raises(CannotRun, match="wrong there") as caught:
        list(shared_out(work, range(8), 2))
    assert caught.value.hint == "mend it"


def test_a_process_that_was_ended_is_said() -> None:
    with pytest.raises(CannotRun, match="a process that did part of the work was ended"):
        list(shared_out(lambda _: os.kill(os.getpid(), signal.SIGKILL), range(4), 2))


def test_no_more_is_made_than_will_be_taken_soon(tmp_path: Path) -> None:
    made = shared_out(lambda number: (tmp_path / str(number)).touch(), range(500), 2)
    next(made)
    for _ in range(1000):
        if (tmp_path / "15").exists():
            break
        time.sleep(0.01)
    time.sleep(0.3)
    assert sum(1 for _ in tmp_path.iterdir()) == 16
    assert len(list(made)) == 499


def test_there_are_never_many() -> None:
    assert 1 <= number_of_processes() <= MOST
