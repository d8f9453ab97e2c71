"""A run is killed, comes second, or finds the disc full: a batch is there whole or not at all."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journals import (
    command,
    correction,
    esme,
    inventory,
    load,
    request_id,
    write_requests,
)
from tests.registers import ROOT

NUMBER = 6000
"""Corrections of a batch: so many that SQLite writes some of them before the batch ends."""
PATIENCE = 120.0


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an inventory and two files of corrections, of which nothing is written yet."""
    folder = tmp_path_factory.mktemp("cut-off")
    load(folder / "inventory", [esme(number) for number in range(NUMBER)])
    for part in (0, 1):
        rows = [correction(part * NUMBER + number, number) for number in range(NUMBER)]
        write_requests(folder / f"{part}.csv", rows)
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A fresh inventory; the journal is not written yet."""
    place = tmp_path / "inventory"
    (place / "snapshots").mkdir(parents=True)
    source = prepared / "inventory"
    for file in source.rglob("*"):
        target = place / file.relative_to(source)
        if file.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.hardlink_to(file)
    return place


def start(folder: Path, file: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(folder, "apply", str(file), "--write", "--json", *options),
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(run: subprocess.Popen[str], holds: Callable[[], bool]) -> None:
    """Until something holds, or the run has ended."""
    end = time.monotonic() + PATIENCE
    while not holds() and run.poll() is None:
        assert time.monotonic() < end, "it never came so far"
        time.sleep(0.001)


def length(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def sizes(folder: Path) -> list[int]:
    answer = inventory(folder, "log", "--json")
    assert answer.code == 0, answer.err
    return [batch["size"] for batch in json.loads(answer.out)["batches"]]


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "as soon as it has its turn": lambda folder: length(folder / "journal.lock") > 0,
    "when the first rows are written": lambda folder: length(folder / "journal.sqlite-wal") > 0,
    "in the midst of the rows": lambda folder: length(folder / "journal.sqlite-wal") > 500_000,
    "near the end": lambda folder: length(folder / "journal.sqlite-wal") > 1_500_000,
    "when all is in the file": lambda folder: length(folder / "journal.sqlite") > 1_000_000,
    "when it is sealed": lambda folder: (folder / "journal.seal").exists(),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_that_is_killed_leaves_all_of_its_batch_or_nothing_and_it_is_said(
    prepared: Path, folder: Path, moment: str
) -> None:
    run = start(folder, prepared / "0.csv")
    wait_for(run, lambda: MOMENTS[moment](folder))
    run.send_signal(signal.SIGKILL)
    run.communicate()
    was_noted = length(folder / "journal.lock") > 0
    told = inventory(folder, "log")
    assert (told.code, told.err) == (0, "")
    kept = sizes(folder)
    assert kept in ([], [NUMBER])
    if was_noted:
        left = "all of its batch, number 1, is" if kept else "nothing of it is"
        assert f"was stopped: {left} in the journal.\n" in told.out
    again = inventory(folder, "apply", str(prepared / "0.csv"), "--write")
    assert again.code == 0
    assert ("was stopped" in again.err) == was_noted
    assert sizes(folder) == [NUMBER]
    assert inventory(folder, "log", "--check").code == 0


def test_two_runs_at_once_are_one_after_the_other(prepared: Path, folder: Path) -> None:
    runs = [start(folder, prepared / f"{part}.csv") for part in (0, 1)]
    for run in runs:
        out, err = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0, err
        assert json.loads(out)["batch"]["size"] == NUMBER
        assert err == "" or "waiting for " in err
    assert sizes(folder) == [NUMBER, NUMBER]
    assert inventory(folder, "log", "--check").code == 0


def test_two_runs_of_the_same_file_write_it_once(prepared: Path, folder: Path) -> None:
    runs = [start(folder, prepared / "0.csv") for _ in range(2)]
    assert [run.wait(PATIENCE) for run in runs] == [0, 0]
    for run in runs:
        run.communicate()
    assert sizes(folder) == [NUMBER]


def test_a_disc_that_is_full_is_a_sentence(prepared: Path, folder: Path) -> None:
    few = write_requests(folder.parent / "few.csv", [correction(3 * NUMBER, 1)])
    assert inventory(folder, "apply", str(few), "--write").code == 0

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))

    run = subprocess.run(
        command(folder, "apply", str(prepared / "0.csv"), "--write"),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
    assert (run.returncode, run.stdout) == (3, "")
    assert "journal.sqlite cannot be written: " in run.stderr
    assert "Traceback" not in run.stderr
    assert sizes(folder) == [1]
    assert inventory(folder, "apply", str(prepared / "0.csv"), "--write").code == 0
    assert sizes(folder) == [1, NUMBER]
    assert request_id(0) in (prepared / "0.csv").read_text("utf-8")
