"""The words of free texts as they are compared: stems, one word for one meaning, slips mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from defectreg.intake.reports import Found, Reported
from defectreg.intake.vocabulary import shortened
from defectreg.register.field_words import SAME

_WORD = re.compile(r"[a-z]{2,}")
_LONG = 6
"""Letters of a word that may be another one with a letter wrong."""
_RARE, _USUAL = 2, 6
"""Texts up to which a word may be a slip, and from which on it is what was meant."""
_COMMON = frozenset(
    "a about after all also am an and another any are as at be been being but by call called calls "
    "can case cause comes could cust customer desk did do does down each else even fault faulty "
    "for from get gets give given goes going got had has have having he hello hi his how if in "
    "into is issue it its just keep keeps known like line make makes may me meter model more my "
    "need no not now of off on once one only or other our out over please problem rang received "
    "reported reports rep same say says see seen sent service shows since so some somebody still "
    "such team thank thanks that the their them then there these they this those to too until up "
    "us use very was we well were what when where which while who will with without work would "
    "you your request device devices type electricity gas region area north south central advise "
    "regard regards investigate note desc".split()
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ers", "er", "ies", "ed", "es", "s", "ly")
_LEAST_STEM = 3


def told_words(rows: Sequence[Reported]) -> list[tuple[str, ...]]:
    """The words of each row's text that say what is told, each once; a rare slip is mended.

    What was found in a text is no word of it.
    """
    said = [_words(row) for row in rows]
    meant = _mended(Counter(word for words in said for word in words))
    return [tuple(dict.fromkeys(_stem(meant.get(word, word)) for word in words)) for words in said]


def _words(row: Reported) -> list[str]:
    """Each word once, in the order of the text; of several with one meaning the first we have."""
    told = f"{_without(row.text, row.found)}\n{row.fields.get('title', '')}"
    text = _SPOKEN.sub(_as_one, told.lower())
    return [word for word in dict.fromkeys(_WORD.findall(text)) if word not in _COMMON]


def _as_one(match: re.Match[str]) -> str:
    return _MEANING[" ".join(match[0].replace("-", " ").split())]


def _without(text: str, found: Iterable[Found]) -> str:
    pieces, end = [], 0
    for one in sorted(found, key=lambda one: one.start):
        pieces += [text[end : one.start], _kept(one, text)]
        end = max(end, one.end)
    return "".join([*pieces, text[end:]])


def _kept(one: Found, text: str) -> str:
    """Words for a Device Type say what is told; identifiers and codes are compared as such."""
    return text[one.start : one.end] if one.field == "type" else " "


def _mended(count: Mapping[str, int]) -> dict[str, str]:
    """Rare long words to the usual one from which they differ in a letter."""
    usual: dict[str, str] = {}
    for word in sorted(count, key=lambda word: (count[word], word)):
        if len(word) >= _LONG and count[word] >= _USUAL:
            usual |= dict.fromkeys(shortened(word), word)
    rare = (word for word in count if len(word) >= _LONG and count[word] <= _RARE)
    found = ((word, [usual[each] for each in shortened(word) if each in usual]) for word in rare)
    return {word: meant[0] for word, meant in found if meant}


def _stem(word: str) -> str:
    """A word without its ending, so that its forms are one: roughly, as they are only compared."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e") if len(word) > _LEAST_STEM else word


def _meanings() -> dict[str, str]:
    return {
        " ".join(said.replace("-", " ").split()): word
        for word, others in SAME.items()
        for said in others.split("|")
    }


USUAL = frozenset(
    map(
        _stem,
        "alert send end day month night week time show read answer update firmware hub network "
        "display power outage log message supply balance tariff bill install new old error fail "
        "stop start lose value code home".split(),
    )
)
"""Words, as they are compared, that many reports have whatever they tell."""
_MEANING = _meanings()
_SPOKEN = re.compile(
    r"\b(?:"
    + "|".join(
        re.escape(said).replace(r"\ ", r"[\s-]")
        for said in sorted(_MEANING, key=lambda said: (-len(said), said))
    )
    + r")\b"
)
