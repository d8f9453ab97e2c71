"""How far long work has come, told to whoever watches: the command line, where somebody does.

Work that a question may bring with it, as the first reading of a register does, tells it here, so
that not every question has to pass on who is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Watch: TypeAlias = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Takes what is done and how many steps it has; gives what is told of each few steps done."""


@contextmanager
def _nobody(label: str, total: int) -> Iterator[Callable[[int], None]]:
    yield lambda done: None


WATCH: ContextVar[Watch] = ContextVar("watch", default=_nobody)


def long_work(label: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
    """While it lasts, who watches sees how far it has come."""
    return WATCH.get()(label, total)
