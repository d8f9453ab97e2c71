"""Work that waits for the disk, done in a few threads at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

_THREADS = 4
"""Of files that lie in memory more threads take longer; of others four are twice as fast as one."""
_FEW = 64
"""Items up to which no thread is begun."""


def in_parts(work: Callable[[Sequence[Item]], Made], items: Sequence[Item]) -> list[Made]:
    """What is made of each part of the items, in their order; what ``work`` raises is raised."""
    if len(items) <= _FEW:
        return [work(items)]
    from concurrent.futures import ThreadPoolExecutor

    size = -(-len(items) // _THREADS)
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(work, [items[n : n + size] for n in range(0, len(items), size)]))
