"""What is found in texts with the clone's catalogue, for tests of reading them."""

from __future__ import annotations

import datetime
from functools import cache

from defectreg.intake.reading_texts import Reader
from defectreg.intake.reports import Found
from defectreg.intake.told_fields import fields_of
from defectreg.register.catalogue import Catalogue
from tests.unit.intake.grounds_for_tests import grounds

TOLD = datetime.date(2026, 11, 8)


def catalogue() -> Catalogue:
    """The clone's, with its invented products."""
    return grounds().catalogue


@cache
def reader() -> Reader:
    """What reads with it."""
    return Reader.of(catalogue())


def found(text: str, day: datetime.date | None = TOLD) -> tuple[Found, ...]:
    """What is found in a text that was told on a day."""
    return reader().read(text, day)


def values(text: str, field: str) -> list[str]:
    """What is found of one field, in the order of the text."""
    return [one.value for one in found(text) if one.field == field]


def fields(text: str) -> dict[str, object]:
    """What a record of a text would say."""
    return dict(fields_of(found(text), catalogue()))
