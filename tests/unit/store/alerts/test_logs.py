"""The bytes of a log: which file it is, and how many lines."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectreg.store.alerts.logs import bytes_of
from defectreg.store.inventory import sources


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\nb", 2),
        (b"a\nb\n", 2),
        (b"a\r\nb\r\n\r\n\n", 2),
        (b"a\n\nb\n", 3),
        (b"\n\na", 3),
        (b"a\rb", 1),
    ],
)
def test_lines_are_counted_to_the_last_with_text(tmp_path: Path, data: bytes, lines: int) -> None:
    file = tmp_path / "log"
    file.write_bytes(data)
    assert bytes_of(file).lines == lines
    assert bytes_of(file).sha256 == hashlib.sha256(data).hexdigest()


@given(st.lists(st.sampled_from((b"a", b"\n", b"\r\n", b"\r", b"bc")), max_size=12).map(b"".join),
       st.integers(1, 4))  # fmt: skip
def test_pieces_change_no_count(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, piece: int
) -> None:
    file = tmp_path_factory.mktemp("logs") / "log"
    file.write_bytes(data)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sources, "_PIECE", piece)
        assert bytes_of(file).lines == data.rstrip(b"\r\n").count(b"\n") + 1
