from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from defectreg.cli.stopping import Stopped, not_stopped, stopped_by_signals

SIGNALS = (signal.SIGHUP, signal.SIGTERM)


@pytest.fixture(autouse=True)
def as_a_shell_starts_it() -> Iterator[None]:
    before = {one: signal.signal(one, signal.SIG_DFL) for one in SIGNALS}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.parametrize("one", SIGNALS)
def test_a_signal_stops_with_the_code_a_shell_reports(one: signal.Signals) -> None:
    with pytest.raises(Stopped) as stop, stopped_by_signals():
        os.kill(os.getpid(), one)
    assert stop.value.exit_code == 128 + one


@pytest.mark.parametrize("one", SIGNALS)
def test_a_second_signal_does_not_disturb_what_the_first_began(one: signal.Signals) -> None:
    kept = []

    def stopped_twice() -> None:
        try:
            os.kill(os.getpid(), signal.SIGHUP)
        finally:
            os.kill(os.getpid(), one)
            kept.append("what was typed")

    with pytest.raises(Stopped), stopped_by_signals():
        stopped_twice()
    assert kept == ["what was typed"]


def test_afterwards_a_signal_means_what_it_meant_before() -> None:
    with stopped_by_signals():
        assert [signal.getsignal(one) for one in SIGNALS] != [signal.SIG_DFL, signal.SIG_DFL]
    assert [signal.getsignal(one) for one in SIGNALS] == [signal.SIG_DFL, signal.SIG_DFL]


def test_what_is_ignored_from_the_start_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with stopped_by_signals():
        os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_beside_an_editor_signals_end_the_program_at_once() -> None:
    with stopped_by_signals():
        with not_stopped():
            assert [signal.getsignal(one) for one in SIGNALS] == [signal.SIG_DFL] * 2
        with pytest.raises(Stopped):
            os.kill(os.getpid(), signal.SIGTERM)
