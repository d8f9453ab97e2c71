"""Models and firmware versions by their numbers: which of the two eight digits are, and whose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from defectreg.intake.passages import Passage
from defectreg.intake.reports import Found
from defectreg.register.devices import parse_combination
from defectreg.register.firmware import DIGITS, parse_pattern
from defectreg.register.notation import NotationError, Word, upper

FIRMWARE, WITHOUT, BEFORE = "firmware", "firmware-without-it", "firmware-before"
"""A version in which it is seen, one in which the text says it is not, one that was updated."""
_VERSION = (
    r"(?:firmware|software|fw|f/w|sw|fware)(?:\s+(?:image|level|versions?|ver|release|rev))?"
    r"|versions?|ver|releases?|(?<![A-Za-z])v"
)
_FIRMWARE_WORD = re.compile(
    rf"(?<![A-Za-z])(?:{_VERSION}|running|runs)\.?(?:\s+(?:is|are|was|of|number|no|to|from|on|at))*"
    r"\W{0,3}$|[@]\s?$",
    re.IGNORECASE,
)
_MODEL_WORD = re.compile(
    r"(?<![A-Za-z])(?:models?|type|product|hardware|hw|meters?|hubs?|displays?"
    r"|ESMEs?|GSMEs?|CHFs?|GPFs?|IHDs?|PPMIDs?|CADs?|HCALCSs?)(?:\s+(?:is|was|number|no|id))*"
    r"\W{0,3}$",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"\b(?:upgrad|updat|mov|went|goes|go|chang|migrat|flash|roll)\w{0,6}\b.{0,50}$", re.I | re.S
)
_WITHOUT = re.compile(
    r"(?:\b(?:not|never|nothing|isn't|wasn't|n't)\b[^.;]{0,24}\b(?:on|with|in|under|before|for)"
    r"|\b(?:fine|ok|okay|fixed|resolved|cured|gone|unlike|before|working|clear)"
    r"(?:\s+(?:on|with|in|under|by|at))?)"
    r"\s+(?:the\s+)?(?:earlier\s+|older\s+|previous\s+|newer\s+|later\s+)?"
    r"(?:(?:firmware|fw|version|release|software)\s+)*$",
    re.IGNORECASE,
)
_FINE_AFTER = re.compile(
    r"\s{0,2}[,(-]?\s?(?:(?:is|was|are|were|seems?|works?)\s)?"
    r"(?:fine|ok|okay|good|unaffected|not affected)\b",
    re.IGNORECASE,
)
_EIGHT = r"(?:0[xX])?[0-9A-Fa-f]{8}"
_BY_FORM = re.compile(
    rf"(?<![0-9A-Za-z.:-])(?P<first>{_EIGHT})"
    rf"(?:\s?(?P<joint>\.\.|-|\bto\b|\bthrough\b|->)\s?(?P<last>{_EIGHT}))?"
    r"(?![0-9A-Za-z]|[:-][0-9A-Fa-f])",
    re.IGNORECASE,
)
_BY_WORD = re.compile(
    rf"(?<![A-Za-z])(?:{_VERSION})\.?[\s:=\#]{{0,3}}(?:is\s|was\s)?"
    r"(?P<version>[0-9A-Fa-f]{1,7}\*|v?[0-9][0-9A-Za-z.]{0,7})(?![0-9A-Za-z.]*[0-9A-Za-z*])",
    re.IGNORECASE,
)


def by_form(passage: Passage) -> Iterator[Found]:
    """Numbers of eight hexadecimal digits, and ranges of them: models or firmware versions.

    A word before says which; else the catalogue; where it lists both, the first is the model unless
    one is found already. What neither lists, without a word, is nothing.
    """
    has_model = bool(passage.values("model") or passage.values("affected"))
    field, end = "", 0
    for match in _BY_FORM.finditer(passage.text):
        is_listed_on = match.start() - end < 8 and _is_list(passage.text[end : match.start()])
        field = _field(passage, match, field if is_listed_on else "", has_model)
        end = match.end()
        if field == "model":
            has_model = True
            yield from _model(passage, match)
        elif field:
            yield from _versions(passage, match, field)


def by_word(passage: Passage) -> Iterator[Found]:
    """Shorter versions after a word for firmware: listed ones, prefixes, and any with a dot."""
    for match in _BY_WORD.finditer(passage.text):
        typed = match["version"].lstrip("vV").rstrip(".")
        version = _listed(passage, typed)
        if version is not None:
            start = passage.text.index(typed, match.start("version"))
            field = WITHOUT if _is_without(passage, *match.span()) else FIRMWARE
            yield Found(field, version, start, start + len(typed))


def _is_list(between: str) -> bool:
    return not between.strip(" \n\t,;/&") or between.strip(" \n\t,;") in ("and", "or", "to")


def _field(passage: Passage, match: re.Match[str], earlier: str, has_model: bool) -> str:
    """What the digits are of: ``model``, one of the two of firmware, or empty."""
    before = passage.before(match.start())
    if _is_without(passage, *match.span()):
        return WITHOUT
    if match["last"] or _FIRMWARE_WORD.search(before) or _is_new(before):
        return FIRMWARE
    if _MODEL_WORD.search(before):
        return "model"
    number = _number(match["first"])
    is_model = number in passage.vocabulary.models
    is_version = number in passage.vocabulary.releases
    if earlier and earlier != "model" and is_version >= is_model:
        return earlier
    if is_model and is_version:
        return FIRMWARE if has_model and not _is_told_again(passage, number) else "model"
    return "model" if is_model else FIRMWARE if is_version else ""


def _is_told_again(passage: Passage, number: str) -> bool:
    """Whether it is the model of a product that was found already, and no version of it."""
    found = (each for each in passage.values("model") if each.endswith(f"/{number}"))
    return any(each not in passage.vocabulary.releases[number] for each in found)


def _is_without(passage: Passage, start: int, end: int) -> bool:
    """Whether the text says of a version that it is not seen there."""
    is_fine = _FINE_AFTER.match(passage.after(end))
    return bool(is_fine or _WITHOUT.search(passage.before(start)))


def _is_new(before: str) -> bool:
    """Whether it is the version to which another was taken: ``updated last week to A``."""
    return before.rstrip().endswith((" to", " onto")) and bool(_MOVED.search(before))


def _number(written: str) -> str:
    return upper(written)[-DIGITS:]


def _model(passage: Passage, match: re.Match[str]) -> Iterator[Found]:
    """The product that has this model, of makers that are named the only one; else its number."""
    number = _number(match["first"])
    listed = passage.vocabulary.models.get(number, ())
    makers = passage.values("manufacturer")
    named = [product for product in listed if _maker(product) in makers]
    meant = named if len(named) == 1 else listed
    yield Found("model", meant[0] if len(meant) == 1 else number, *match.span("first"))


def _maker(product: str) -> str:
    return parse_combination(product).devices[0].manufacturer


def _versions(passage: Passage, match: re.Match[str], field: str) -> Iterator[Found]:
    """A version, a range, or of *updated from one to another* the other."""
    first = _number(match["first"])
    if not match["last"]:
        is_left = field == FIRMWARE and _is_left(passage, match)
        yield Found(BEFORE if is_left else field, first, *match.span("first"))
        return
    last = _number(match["last"])
    has_moved = match["joint"] == "->" or _MOVED.search(passage.before(match.start()))
    if has_moved or int(first, 16) > int(last, 16):
        yield Found(BEFORE, first, *match.span("first"))
        yield Found(field, last, *match.span("last"))
    else:
        yield Found(field, f"{first}..{last}", *match.span())


def _is_left(passage: Passage, match: re.Match[str]) -> bool:
    """Whether it is the version from which another one was taken: ``from A (old) to B``."""
    before = passage.before(match.start())
    is_from = re.search(r"\bfrom\s+(?:\w+\s+){0,2}$", before, re.I)
    return bool(is_from and _MOVED.search(before[: is_from.start()]))


def _listed(passage: Passage, typed: str) -> str | None:
    """A version as the catalogue lists it, with its noughts; one that may be, as it is typed."""
    releases = passage.vocabulary.releases
    for version in (upper(typed), upper(typed).rjust(DIGITS, "0")):
        if version in releases:
            return version
    if not (typed.endswith("*") or "." in typed):
        return None
    try:
        return str(parse_pattern(Word(typed, 1), strict=False))
    except NotationError:
        return None
