"""Free texts read against the catalogue: what is found in one, and where.

Nothing is guessed at: what is found stands in the text, and is shown with its place to the person
who decides. A text may come from anywhere; the work grows with its length, whatever is in it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from defectreg.intake import reading_codes as codes
from defectreg.intake import reading_firmware as firmware
from defectreg.intake import reading_products as products
from defectreg.intake.passages import Passage
from defectreg.intake.reading_dates import days
from defectreg.intake.reports import Found
from defectreg.intake.vocabulary import Vocabulary
from defectreg.register.catalogue import Catalogue
from defectreg.register.plaintext import places, plain

LONGEST = 20_000
"""Characters of a text that are read."""
_RECOGNISED: tuple[Callable[[Passage], Iterator[Found]], ...] = (
    products.combinations,
    days,
    products.numbered_models,
    products.names,
    firmware.by_form,
    firmware.by_word,
    codes.service_requests,
    codes.variants,
    codes.alerts,
    codes.regions,
    products.device_types,
)
"""In order of precedence: what one has found, none after it finds again."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads texts against one catalogue; for many texts it is made once."""

    vocabulary: Vocabulary

    @staticmethod
    def of(catalogue: Catalogue) -> Reader:
        """What reads texts against this catalogue."""
        return Reader(Vocabulary.of(catalogue))

    def read(self, text: str, day: datetime.date | None = None) -> tuple[Found, ...]:
        """What is found in a text, in its order, none overlapping another.

        ``day`` is when it was told: *yesterday* and days without a year are counted from it.
        """
        shown = text[:LONGEST]
        passage = Passage(plain(shown), self.vocabulary, day)
        taken = bytearray(len(passage.text))
        for recognised in _RECOGNISED:
            fresh = tuple(_free(recognised(passage), taken))
            passage = replace(passage, found=passage.found + fresh)
        origins = places(shown)
        moved = (
            replace(one, start=origins[one.start], end=origins[one.end - 1] + 1)
            for one in passage.found
        )
        return tuple(sorted(moved, key=lambda one: (one.start, one.end)))


def _free(found: Iterator[Found], taken: bytearray) -> Iterator[Found]:
    """What overlaps nothing that is taken already; it is taken then."""
    for one in found:
        if one.start < one.end and not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            yield one
