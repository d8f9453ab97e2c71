"""Work shared out among a few processes, which know what this one knows when they begin."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from defectreg.register.errors import CannotRun

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Item = TypeVar("Item")
Made = TypeVar("Made")

MOST = 4
"""Processes at most: each takes memory of its own."""
_AHEAD = 8
"""Items for each process that may be made, or on their way, before they are taken."""
_BEFORE_LOOKING = 500_000
"""Values made before a process looks for circles among them; there are few."""
_INHERITED: list[Callable[[Any], Any]] = []


def number_of_processes() -> int:
    """How many processes work best here."""
    return min(MOST, len(os.sched_getaffinity(0)))


def shared_out(
    work: Callable[[Item], Made], items: Sequence[Item], processes: int | None = None
) -> Iterator[Made]:
    """What is made of each item, in their order, whichever process made it.

    Made here where one process is all there is, or there are too few items for more; elsewhere no
    more than a few items before they are taken: what waits takes memory. What ``work`` returns, and
    what it raises, must bear being sent from one process to another.
    """
    wanted = number_of_processes() if processes is None else processes
    number = min(wanted, len(items))
    if _can_share(number):
        with _executor(number, work) as executor:
            begun = deque(executor.submit(_do_inherited, item) for item in items[: number * _AHEAD])
            for item in items[number * _AHEAD :]:
                yield begun.popleft().result()
                begun.append(executor.submit(_do_inherited, item))
            while begun:
                yield begun.popleft().result()
    else:
        yield from map(work, items)


def _can_share(number: int) -> bool:
    import multiprocessing

    return number > 1 and "fork" in multiprocessing.get_all_start_methods()


@contextmanager
def _executor(number: int, work: Callable[[Any], Any]) -> Iterator[ProcessPoolExecutor]:
    """Processes that have begun with ``work``. Raises CannotRun where one of them is ended."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("fork")
    executor = ProcessPoolExecutor(number, context, _inherit, (work,))
    try:
        yield executor
    except BrokenProcessPool as error:
        raise CannotRun(
            "a process that did part of the work was ended", "is there enough memory?"
        ) from error
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def meanwhile(work: Callable[[], Made]) -> Iterator[Callable[[], Made]]:
    """Let another process work; what is given waits for what it made.

    Done here, when it is asked for, where there is one processor. What ``work`` returns, and what
    it raises, must bear being sent.
    """
    if not _can_share(number_of_processes()):
        yield work
        return
    with _executor(1, lambda _: work()) as executor:
        making = executor.submit(_do_inherited, None)
        yield making.result


def keep_values() -> None:
    """Look rarely for values that only name each other: of a large register nearly all stay."""
    import gc

    gc.set_threshold(_BEFORE_LOOKING)


def _inherit(work: Callable[[Any], Any]) -> None:
    import gc
    import signal

    # Ctrl-C reaches every process of the terminal: the first one decides what is left undone.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what was inherited stays for good, and need not be looked through
    keep_values()
    _INHERITED[:] = [work]


def _do_inherited(item: Any) -> Any:
    return _INHERITED[0](item)
