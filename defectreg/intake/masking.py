"""Texts without what may never be stored: a person, a premises, an installed Device."""

from __future__ import annotations

import re
from collections.abc import Iterable

from defectreg.register.detectors import Sighting, find

REMOVED = "[removed]"
"""What stands in a text instead."""
_GOES_ON = {
    "person-name": re.compile(r"(?:[ \t]+(?:[A-Z]\.|[A-Z][\w'-]+))*"),
    "address": re.compile(r"(?:[ \t]*,?[ \t]+[A-Z][\w'-]+)*"),
}
"""Kinds that a sighting may be the beginning of: the surname of a name, the town of an address."""
_PART_OF_A_NAME = re.compile(r"[A-Z][\w'-]{2,}")
_TITLES = frozenset({"Miss", "Mrs"})


def masked(text: str) -> str:
    """The text without what is sighted in it, nor a sighted person's name anywhere else in it."""
    names: set[str] = set()
    while sightings := list(find(text)):
        for each in reversed(sightings):
            end = _end(text, each)
            if each.kind == "person-name":
                names.update(_PART_OF_A_NAME.findall(text[each.start : end]))
            text = text[: each.start] + REMOVED + text[end:]
    return _without_words(text, names - _TITLES)


def _end(text: str, sighting: Sighting) -> int:
    """Where it ends, with what goes on after it."""
    goes_on = _GOES_ON.get(sighting.kind)
    match = goes_on.match(text, sighting.end) if goes_on else None
    return match.end() if match else sighting.end


def _without_words(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", REMOVED, text)
    return text
