"""Lines of text that comes in pieces."""

from __future__ import annotations

import pytest

from defectreg.formats.lines import LONGEST, LineError, read_lines


def test_lines_are_the_same_however_the_text_is_cut() -> None:
    text = "\ufeffone\r\ntw\u00e9\n\nfour".encode()
    whole = [*read_lines([text])]
    assert whole == ["one\r\n", "tw\u00e9\n", "\n", "four"]
    assert [*read_lines(text[place : place + 1] for place in range(len(text)))] == whole


@pytest.mark.parametrize(
    ("text", "line"), [(b"a\nb\n\xffc\n", 3), (b"a\n\xc3", 2), (b"\xff\xfe", 1)]
)
def test_what_is_not_utf8_is_refused_with_its_line(text: bytes, line: int) -> None:
    with pytest.raises(LineError, match="not UTF-8") as refused:
        list(read_lines([text]))
    assert refused.value.line == line


def test_a_line_without_an_end_is_refused() -> None:
    with pytest.raises(LineError, match="million"):
        list(read_lines([b"x" * LONGEST, b"x"]))
    assert [*read_lines([b"x" * LONGEST])] == ["x" * LONGEST]
