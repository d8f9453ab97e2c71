"""Lines of text that comes in pieces: in UTF-8, and no line without an end."""

from __future__ import annotations

import io
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Iterable, Iterator
from itertools import chain

LONGEST = 1 << 20
"""Characters of a line, at most."""


class LineError(ValueError):
    """Text that cannot be read on, at a line (from 1). ``sentence`` repeats nothing of it."""

    def __init__(self, line: int, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence
        self.hint = hint


def read_lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of a text with their ends, LF, CR LF or CR; a byte order mark is passed over.

    Raises LineError for what is not UTF-8, and for a line of more than LONGEST characters.
    """
    decoder, rest, number = getincrementaldecoder("utf-8-sig")(), "", 0
    for chunk in chain(chunks, (None,)):
        text = rest + _decoded(decoder, chunk, number)
        end = len(text) if chunk is None else text.rfind("\n") + 1
        whole, rest = text[:end], text[end:]
        if len(rest) > LONGEST:
            raise LineError(number + 1, "a line has more than a million characters")
        for line in io.StringIO(whole, newline=""):
            number += 1
            yield line


def _decoded(decoder: IncrementalDecoder, chunk: bytes | None, number: int) -> str:
    try:
        return decoder.decode(chunk or b"", chunk is None)
    except UnicodeDecodeError as error:
        line = number + 1 + error.object[: error.start].count(b"\n")
        raise LineError(line, "the text is not UTF-8", "save it as UTF-8") from error
