"""A closed window, or somebody's kill: the program is stopped as Ctrl-C stops it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

import typer

_Handler: TypeAlias = Callable[[int, FrameType | None], object] | signal.Handlers

_SIGNALS = (signal.SIGHUP, signal.SIGTERM)


class Stopped(typer.Exit):
    """A signal ended the program; its exit code is 128 and the signal's number, as in a shell."""


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Inside, a signal that would end the program at once raises Stopped.

    A signal that is ignored already (``nohup``) stays so.
    """
    heard = [one for one in _SIGNALS if signal.getsignal(one) is signal.SIG_DFL]
    with _handled(heard, _stop):
        yield


@contextmanager
def not_stopped() -> Iterator[None]:
    """Inside, signals end the program at once again."""
    with _handled([one for one in _SIGNALS if signal.getsignal(one) is _stop], signal.SIG_DFL):
        yield


@contextmanager
def _handled(signals: list[signal.Signals], handler: _Handler) -> Iterator[None]:
    before = {one: signal.signal(one, handler) for one in signals}
    try:
        yield
    finally:
        for one, former in before.items():
            signal.signal(one, former)


def _stop(number: int, frame: FrameType | None) -> None:
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_IGN)  # a second one does not disturb what is kept now
    raise Stopped(128 + number)
