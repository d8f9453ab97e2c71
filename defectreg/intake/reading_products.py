"""Devices in free texts: combinations in the notation, makers and models by name or number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from defectreg.intake.passages import Passage
from defectreg.intake.reports import Found
from defectreg.intake.vocabulary import Name, is_distinct, words_of
from defectreg.register.devices import (
    DEVICE_TYPES,
    REGIONS,
    NotationError,
    parse_combination,
)
from defectreg.register.notation import upper

_PIECE = r"[A-Za-z0-9._%-]{1,90}"
_PATTERN = rf"{_PIECE}\*?"
_DEVICE = rf"(?:{'|'.join(DEVICE_TYPES)}):{_PIECE}/{_PIECE}(?:@{_PATTERN}(?:,{_PATTERN}){{0,63}})?"
_PLACES = "|".join(REGIONS)
_COMBINATION = re.compile(
    rf"(?<![0-9A-Za-z]){_DEVICE}(?:\s{{0,2}}\+\s{{0,2}}{_DEVICE}){{0,15}}"
    rf"(?:\sin\s(?:{_PLACES})(?:,\s?(?:{_PLACES})){{0,7}}(?![0-9A-Za-z]))?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?<![0-9A-Za-z/:])(?P<maker>[0-9A-Fa-f]{4})/(?P<model>[0-9A-Fa-f]{8})"
    r"(?![0-9A-Za-z/])"
)
_LONG_ALONE = 7
"""Letters of a maker's name from which it is known alone although a letter of it is wrong."""
_NEXT = 2
"""Characters at most between a maker's name and that of its model."""
_BETWEEN_WORDS = re.compile(r"[\s_./'-]{0,2}")
_TYPES = {
    "CHF": r"comm?s[\s-]?hubs?|communications?[\s-]hubs?|\bhubs?|CHFs?",
    "GSME": r"gas[\s-](?:smart[\s-])?meters?|GSMEs?",
    "ESME": r"(?:electricity|electric|elec|leccy)[\s-](?:smart[\s-])?meters?|ESMEs?",
    "PPMID": r"PPMIDs?|prepayment (?:interface|display)s?",
    "IHD": r"IHDs?|in-?home displays?",
    "HCALCS": r"HCALCSs?",
    "CAD": r"CADs?|consumer access devices?",
}
_TYPE = re.compile(
    rf"(?<![0-9A-Za-z:])(?:{'|'.join(f'(?P<{kind}>{said})' for kind, said in _TYPES.items())})"
    r"(?![0-9A-Za-z:])",
    re.IGNORECASE,
)


def combinations(passage: Passage) -> Iterator[Found]:
    """What is written in the notation."""
    for match in _COMBINATION.finditer(passage.text):
        written = match[0].rstrip(".-")
        try:
            combination = parse_combination(written)
        except NotationError:
            continue
        start = match.start()
        yield Found("affected", str(combination), start, start + len(written))


def numbered_models(passage: Passage) -> Iterator[Found]:
    """``FF01/00010100``: as the product that the catalogue has of it, else as it is written."""
    for match in _NUMBERED.finditer(passage.text):
        ending = upper(f":{match[0]}")
        models = passage.vocabulary.models.get(upper(match["model"]), ())
        listed = [product for product in models if product.endswith(ending)]
        yield Found("model", listed[0] if len(listed) == 1 else upper(match[0]), *match.span())


def names(passage: Passage) -> Iterator[Found]:
    """Makers and models by their names, a letter of a long word wrong or not.

    A part of a model's name counts where its maker is named too, or where it is long and only one
    model's.
    """
    sighted = list(_sighted(passage))
    makers = {name.manufacturer for _, _, _, names in sighted for name in names if _is_sure(names)}
    makers |= _makers(passage)
    maker, behind = "", 0
    for start, end, words, choice in sighted:
        name = _meant(choice, words, makers)
        is_next = bool(maker) and start - behind <= _NEXT
        if name is not None and not (is_next and name.manufacturer != maker):
            yield Found(name.field, name.value, start, end)
        maker = name.value if name is not None and name.field == "manufacturer" else ""
        behind = end


def device_types(passage: Passage) -> Iterator[Found]:
    """Words for Device Types: what a model's number without its type is of."""
    for match in _TYPE.finditer(passage.text):
        yield Found("type", str(match.lastgroup), *match.span())


def _makers(passage: Passage) -> set[str]:
    """Makers of the Devices that are found by number or in the notation."""
    models = passage.values("model")
    written = (parse_combination(text) for text in passage.values("affected"))
    return {model.rpartition("/")[0].rpartition(":")[2] for model in models}.union(
        *(combination.manufacturers() for combination in written)
    )


def _sighted(passage: Passage) -> Iterator[tuple[int, int, tuple[str, ...], tuple[Name, ...]]]:
    """Places where words of a name stand, the longest name at each."""
    vocabulary, text = passage.vocabulary, passage.text
    matches = list(words_of(text))
    words = [vocabulary.word(match[0]) for match in matches]
    is_any = text.islower()
    place = 0
    while place < len(words):
        count = _length(passage, matches, words, place)
        if count:
            phrase = tuple(words[place : place + count])
            start, end = matches[place].start(), matches[place + count - 1].end()
            if len(phrase) > 1 or _is_a_name(text[start:end], phrase[0], is_any):
                yield start, end, phrase, vocabulary.phrases[phrase]
        place += count or 1


def _length(
    passage: Passage, matches: Sequence[re.Match[str]], words: Sequence[str], place: int
) -> int:
    """How many words from a place on are the longest name there; 0 where none is."""
    text, phrases = passage.text, passage.vocabulary.phrases
    most = 1
    while (
        most < passage.vocabulary.longest
        and place + most < len(words)
        and _BETWEEN_WORDS.fullmatch(text, matches[place + most - 1].end(),
                                     matches[place + most].start())
    ):  # fmt: skip
        most += 1
    for count in range(most, 0, -1):
        start, end = matches[place].start(), matches[place + count - 1].end()
        if tuple(words[place : place + count]) in phrases and _stands_alone(text, start, end):
            return count
    return 0


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not before.isalnum() and not after.isalnum()


def _is_a_name(typed: str, word: str, is_any: bool) -> bool:
    """Whether one word is written as a name: with a capital, or any in a text without capitals.

    With a letter wrong it has to be long.
    """
    is_spelt = typed.lower() == word or len(word) >= _LONG_ALONE
    return is_spelt and (typed[0].isupper() or is_any)


def _is_sure(names: Sequence[Name]) -> bool:
    """Whether words name a maker: by its name, or by the whole name of one of its models."""
    return len(names) == 1 and (names[0].is_whole or names[0].field == "manufacturer")


def _meant(choice: Sequence[Name], words: tuple[str, ...], makers: set[str]) -> Name | None:
    """The one of several that some words stand for; None where it cannot be told."""
    whole = [name for name in choice if name.is_whole]
    if len(whole) == 1:
        return whole[0]
    known = [name for name in choice if name.manufacturer in makers]
    if len(known) == 1:
        return known[0]
    is_enough = len(choice) == 1 and (choice[0].field == "manufacturer" or is_distinct(words))
    return choice[0] if is_enough else None
