"""Where a question's words stand in a record: a short piece of its own text, and which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from defectreg.store.index.entries import Passage, folded, without_prefix

LONGEST = 180
"""Characters of a piece, before it ends at a whole word."""
_LEAD = 50
_RUN = re.compile(r"[^\W_]+")
_MORE = "…"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text and the places in it where words of the question stand."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def matches(self) -> tuple[str, ...]:
        """The matching words as they stand there, each once."""
        return tuple(dict.fromkeys(self.text[start:end] for start, end in self.spans))

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text cut into what matches and what does not."""
        place = 0
        for start, end in self.spans:
            yield self.text[place:start], False
            yield self.text[start:end], True
            place = end
        yield self.text[place:], False


def snippet_of(passages: Iterable[Passage], phrases: Sequence[tuple[str, ...]]) -> Snippet:
    """The piece that shows most of the phrases; of equals the first. Empty where none is shown.

    A title is shown only where nothing else matches.
    """
    best, most = Snippet(""), (0, False)
    for passage in passages:
        marked = marks(" ".join(passage.text.split()), phrases)
        found = len({folded(without_prefix(word)) for word in marked.matches})
        if (found, passage.key != "title") > most and found:
            best, most = marked, (found, passage.key != "title")
    return _cut(best)


def marks(text: str, phrases: Sequence[tuple[str, ...]]) -> Snippet:
    """A whole text with every place where one of the phrases stands."""
    runs = [match.span() for match in _RUN.finditer(text)]
    words = [folded(without_prefix(text[start:end])) for start, end in runs]
    spans: set[Span] = set()
    for phrase in phrases:
        wanted = [folded(word) for word in phrase]
        for place in range(len(words) - len(wanted) + 1):
            if words[place : place + len(wanted)] == wanted:
                spans.update(runs[place : place + len(wanted)])
    return Snippet(text, tuple(sorted(spans)))


def _cut(whole: Snippet) -> Snippet:
    """As much of a text as a line or two show, with the first place that matches."""
    text = whole.text
    if len(text) <= LONGEST or not whole.spans:
        return whole
    start = max(0, whole.spans[0][0] - _LEAD)
    start = text.find(" ", start) + 1 if start else 0
    start = min(start, whole.spans[0][0])
    end = text.rfind(" ", start, start + LONGEST) if start + LONGEST < len(text) else len(text)
    end = max(end, whole.spans[0][1])
    before, after = (_MORE if start else ""), (_MORE if end < len(text) else "")
    moved = len(before) - start
    spans = ((left + moved, right + moved) for left, right in whole.spans if right <= end)
    return Snippet(before + text[start:end] + after, tuple(spans))
