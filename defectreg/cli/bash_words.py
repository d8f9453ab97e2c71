"""What bash calls words while it completes: pieces of what was typed, broken at colons too.

``kind:de`` comes as three, and only the last is replaced by what is offered. So the pieces are put
together for us, and what is offered loses what stands before its last piece.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WORDS = "COMP_WORDS"
PLACE = "COMP_CWORD"
_BREAKS = ":="


@dataclass(frozen=True, slots=True)
class Typed:
    """The words as they were typed, and which of them is being completed."""

    words: tuple[str, ...]
    place: int

    @property
    def variables(self) -> dict[str, str]:
        """As typer wants to be told."""
        return {WORDS: "\n".join(self.words), PLACE: str(self.place)}

    def offered(self, completions: str) -> str:
        """The lines of what is offered, as bash puts them in the place of the last piece."""
        word = self.words[self.place] if self.place < len(self.words) else ""
        cut = max(word.rfind(mark) for mark in _BREAKS) + 1
        lines = completions.split("\n")
        return "\n".join(line[cut:] if line.startswith(word[:cut]) else line for line in lines)


def typed(variables: Mapping[str, str]) -> Typed | None:
    """What was typed, of the variables that typer's script sets; None where they say nothing."""
    pieces = variables.get(WORDS, "").split("\n")
    place = variables.get(PLACE, "")
    if len(pieces) < 2 or not place.isdigit():
        return None
    words: list[str] = []
    places: list[int] = []
    joins = False
    for piece in pieces:
        is_break = bool(piece) and not piece.strip(_BREAKS)
        if words and (joins or is_break):
            words[-1] += piece
        else:
            words.append(piece)
        places.append(len(words) - 1)
        joins = is_break
    return Typed(tuple(words), places[int(place)] if int(place) < len(places) else len(words))
