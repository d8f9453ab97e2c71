"""Many small texts of JSON, read together: one by one, most of the time goes into the beginning."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

_TOGETHER = 1024


def loaded(texts: Iterable[str]) -> Iterator[Any]:
    """The value of each text, every one of which is a whole text of JSON. Raises ValueError."""
    left = iter(texts)
    while some := list(islice(left, _TOGETHER)):
        values = json.loads(f"[{','.join(some)}]")
        if len(values) != len(some):
            raise ValueError("texts that are not one value each")
        yield from values
