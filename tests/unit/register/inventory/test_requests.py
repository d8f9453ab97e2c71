"""Requests as values: the id that makes each one the same request again."""

from __future__ import annotations

import pytest

from defectreg.register.inventory.identifiers import IdentifierError
from defectreg.register.inventory.requests import RequestId, parse_request_id

ORIGINATOR = "90-B3-D5-1F-30-01-00-00"
TARGET = "90-B3-D5-1F-30-00-00-02"


def test_a_request_id_is_originator_target_and_counter() -> None:
    said = f"{ORIGINATOR}:{TARGET}:1000"
    assert parse_request_id(said) == RequestId(ORIGINATOR, TARGET, 1000)
    assert str(parse_request_id(said)) == said


def test_two_spellings_of_one_request_id_are_one() -> None:
    spelt = f"{ORIGINATOR.lower()}:{TARGET}:0001000"
    assert parse_request_id(spelt) == parse_request_id(f"{ORIGINATOR}:{TARGET}:1000")


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "colons between"),
        (f"{ORIGINATOR}:{TARGET}", "colons between"),
        (f"{ORIGINATOR}:{TARGET}:1:2", "colons between"),
        (f"{ORIGINATOR[:-1]}:{TARGET}:1", "not an EUI-64"),
        (f"{ORIGINATOR}::1", "not an EUI-64"),
        (f"{ORIGINATOR}:{TARGET}:", "64 bits"),
        (f"{ORIGINATOR}:{TARGET}:-1", "64 bits"),
        (f"{ORIGINATOR}:{TARGET}:1_0", "64 bits"),
        (f"{ORIGINATOR}:{TARGET}:{2**64}", "64 bits"),
        (f"{ORIGINATOR}:{TARGET}:{'9' * 5000}", "64 bits"),
    ],
)
def test_what_is_no_request_id_is_refused(text: str, because: str) -> None:
    with pytest.raises(IdentifierError, match=because):
        parse_request_id(text)


def test_the_largest_counter_has_64_bits() -> None:
    assert parse_request_id(f"{ORIGINATOR}:{TARGET}:{2**64 - 1}").counter == 2**64 - 1
