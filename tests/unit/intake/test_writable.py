"""Texts of other people's files in characters that a file of a register may have."""

from __future__ import annotations

import pytest

from defectreg.intake.writable import LONGEST, writable
from defectreg.register.yamltext import dump, load


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb", "a b"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("120002\u200b3305967", "1200023305967"),
        ("\u202egnihton", "gnihton"),
        ("e\u0301", "é"),
        ("\ud800x\x00", "x"),
        ("Zähler – “zwei”", "Zähler – “zwei”"),
    ],
)
def test_what_is_not_seen_goes(text: str, written: str) -> None:
    assert writable(text) == written


def test_what_is_written_so_can_stand_in_a_file() -> None:
    every = "".join(map(chr, [*range(0x300), *range(0x2000, 0x2070), 0xFEFF, 0xD800, 0x1FFFF]))
    text = writable(f"a{every}z")
    assert load(dump({"text": text}).encode()).data == {"text": text}


def test_what_is_longer_than_a_cell_is_cut() -> None:
    assert len(writable("a" * 100_000)) == LONGEST
