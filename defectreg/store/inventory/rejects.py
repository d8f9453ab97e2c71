"""The file of what was not loaded: file, place and reason of each row, and nothing of the row."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from defectreg.store.inventory.outgoing import outgoing

NAMES = ("file", "line", "reason")


class Rejects:
    """A CSV file of rejects that is being written, and how many there are for each reason.

    ``safe`` makes of a text a cell that no spreadsheet calculates.
    """

    def __init__(self, file: Path, safe: Callable[[str], str]) -> None:
        self.file = file
        self._safe = safe
        self.reasons: Counter[str] = Counter()
        self._opened = file.open("x", encoding="utf-8", newline="", errors="backslashreplace")
        self._writer = csv.writer(self._opened, quoting=csv.QUOTE_ALL)
        self._writer.writerow(NAMES)

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def add(self, file: str, place: str, reason: str, more: str = "") -> None:
        """Add a row; ``more`` is said in the file, but not counted apart.

        ``place`` is a number, or a word and a number.
        """
        self.reasons[reason] += 1
        said = f"{reason}: {more}" if more else reason
        self._writer.writerow((self._safe(file), place, self._safe(said)))

    def put(self, place: Path) -> None:
        """Copy the file to another place, whole or not at all; raises CannotRun, also in git."""
        self._opened.flush()
        with self.file.open("rb") as made, outgoing(place) as file:
            shutil.copyfileobj(made, file)
