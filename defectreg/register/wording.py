"""Words of blame, compliance or recommendation, which public text does not have.

The register leaves open who is responsible and what anyone should do: the SEC Panel paper of 2020
leaves that question aside. A word counts in a denial and in quotation marks too, since what was
quoted is public all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from defectreg.register.plaintext import places, plain


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a few, at ``text[start:end]``, and what a neutral text says ``instead``."""

    start: int
    end: int
    word: str
    instead: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The forms of a word as a pattern, and what to say instead.

    Each form holds ``stem``, where one blank stands for whatever is between two words.
    """

    stem: str
    forms: str
    instead: str


_AFFECTED = "affected"
_CORRELATED = "correlated with"
_OBSERVED = "what was seen, and what was expected"
_TRIED = "what was tried and what it changed, without advice"
_NOBODY = "what was seen, without saying who is responsible"
_MUST_BE = r"(?:should|must|ought\s+to|needs?\s+to|has\s+to|have\s+to)(?:\s+(?:not|never))?\s+be\s+"
_MUST_NOT_BE = r"(?:should|must|ought\s+to)\s+(?:not|never)\s+be\s+"
_THEY_DO_NOT = "".join(
    rf"(?<!{word}\s)" for word in "that which who they we devices meters hubs and".split()
)
"""It is advice, and not a description: *Hubs that do not use a channel*."""
_DO_NOT = r"(?:do\s+not|don't|never|stop|should\s+not|must\s+not|should|must)\s+"

_GAP = r"[\s_*-]+"
"""What stands between the words of a phrase: blanks, hyphens, and marks of emphasis."""
_BLANKS = str.maketrans("_*-", "   ")

WORDINGS: tuple[Wording, ...] = (
    Wording("fault", r"fault(?:y|ily|iness)", _AFFECTED),
    Wording("fault", r"at\s+fault|faults?\s+of", _NOBODY),
    Wording("fault", r"due\s+to\s+(?:(?:an?|the|its|this)\s+)?(?:[a-z]+\s+)?faults?", _CORRELATED),
    Wording("defective", r"defective(?:ly|ness)?", _AFFECTED),
    Wording("blam", r"blam(?:e|es|ed|ing|eworthy)", _NOBODY),
    Wording("culp", r"culprits?|culpab(?:le|ly|ility)", _NOBODY),
    Wording("guilt", r"guilty?", _NOBODY),
    Wording("liab", r"liable|liabilit(?:y|ies)", _NOBODY),
    Wording("negligen", r"negligen(?:t|tly|ce)", _NOBODY),
    Wording("careless", r"careless(?:ly|ness)?", _NOBODY),
    Wording("incompeten", r"incompeten(?:t|tly|ce)", _NOBODY),
    Wording("wrongdoing", r"wrongdoings?", _NOBODY),
    Wording("substandard", r"substandard", _OBSERVED),
    Wording("shoddy", r"shoddy", _OBSERVED),
    Wording("fit for purpose", r"(?:not\s+fit|unfit)\s+for\s+purpose", _OBSERVED),
    Wording("caused", r"caused\s+(?:[a-z]+ly\s+)?by", _CORRELATED),
    Wording("the cause", r"(?:is|are|was|were|be)\s+the\s+causes?\s+of", _CORRELATED),
    Wording("attributable to", r"attributable\s+to", _CORRELATED),
    Wording("compl", r"(?:fail(?:s|ed|ing|ure|ures)?\s+to\s+)?compl(?:y|ies|ied|ying)", _OBSERVED),
    Wording("complian", r"(?:non[-\s]?|in)?complian(?:t|tly|ce|ces)", _OBSERVED),
    Wording("conform", r"(?:non[-\s]?)?conform(?:ant|ance|ances|ity|ities)", _OBSERVED),
    Wording("conforming", r"non[-\s]?conforming", _OBSERVED),
    Wording("breach", r"breach(?:es|ed|ing)?", "differs from"),
    Wording("violat", r"violat(?:es?|ed|ing)|in\s+violation\s+of", "differs from"),
    Wording("unlawful", r"unlawful(?:ly)?", _OBSERVED),
    Wording(
        "recall", r"recall(?:s|ed|ing|able)?", "of a value: reads back; of a Device: withdrawn"
    ),
    Wording("avoid", r"avoid(?:s|ed|ing|able|ably)?", "does not occur when"),
    Wording("recommend", r"recommend(?:s|ed|ing|able|ation|ations)?", _TRIED),
    Wording("advisable", r"(?:in)?advisable", _TRIED),
    Wording("be bought", _MUST_BE + "bought", _TRIED),
    Wording("be procured", _MUST_BE + "procured", _TRIED),
    Wording("be purchased", _MUST_BE + "purchased", _TRIED),
    Wording("be replaced", _MUST_BE + "replaced", _TRIED),
    Wording("be scrapped", _MUST_BE + "scrapped", _TRIED),
    Wording("be banned", _MUST_BE + "banned", _TRIED),
    Wording("be installed", _MUST_NOT_BE + "installed", _TRIED),
    Wording("be used", _MUST_NOT_BE + "used", _TRIED),
    Wording("not use", _THEY_DO_NOT + r"do\s+not\s+use", _TRIED),
    Wording("don't use", _THEY_DO_NOT + r"don't\s+use", _TRIED),
    Wording("never use", _THEY_DO_NOT + r"never\s+use", _TRIED),
    Wording("stop using", r"stop\s+using", _TRIED),
    Wording("procur", _DO_NOT + r"procur(?:e|ing)", _TRIED),
    Wording("purchas", _DO_NOT + r"purchas(?:e|ing)", _TRIED),
    Wording("buy", r"buy(?:ing)?", _TRIED),
    Wording("boycott", r"boycott(?:s|ed|ing)?", _TRIED),
    Wording("danger", r"danger(?:s|ous|ously)?", _OBSERVED),
    Wording("unsafe", r"unsafe(?:ly)?", _OBSERVED),
    Wording("hazardous", r"hazardous(?:ly)?", _OBSERVED),
)
"""The program's own list. Of two that begin at one place the earlier is told."""

NO_WORDS: Mapping[str, str] = MappingProxyType({})


def find_words(text: str, extra: Mapping[str, str] = NO_WORDS) -> Iterator[Word]:
    """The words of ``text`` that stand in the program's list or in the policy's, in order.

    ``extra`` is the policy's list: a word or phrase as it is, in any case, and what to say instead.
    It comes first, so that a policy can give its own *instead* to a word of the program's list.
    """
    read = plain(text)
    evened = _evened(read)
    wordings, stems = _wordings(tuple(extra.items()))
    if not any(map(evened.__contains__, stems)):
        return
    near = tuple([wording for wording in wordings if wording.stem in evened])
    origins = None
    for found in _pattern(near).finditer(read):
        origins = places(text) if origins is None else origins
        start, end = origins[found.start()], origins[found.end() - 1] + 1
        yield Word(start, end, text[start:end], near[(found.lastindex or 1) - 1].instead)


@lru_cache(maxsize=8)
def _wordings(extra: tuple[tuple[str, str], ...]) -> tuple[tuple[Wording, ...], tuple[str, ...]]:
    """The policy's wordings and then the program's; and the shortest of their stems."""
    phrases = (_phrase(words, instead) for words, instead in extra if plain(words).strip())
    wordings = (*phrases, *WORDINGS)
    stems = dict.fromkeys(wording.stem for wording in wordings)
    return wordings, tuple(stem for stem in stems if sum(other in stem for other in stems) == 1)


def _evened(text: str) -> str:
    """The text in lower case, with one blank for whatever is between two words."""
    return " ".join(text.lower().translate(_BLANKS).split())


@lru_cache(maxsize=256)
def _pattern(wordings: tuple[Wording, ...]) -> re.Pattern[str]:
    """One pattern with a group for each wording: of a text's own stems, which are few."""
    groups = "|".join(f"({wording.forms})" for wording in wordings).replace(r"\s+", _GAP)
    return re.compile(rf"(?<![^\W_])(?:{groups})(?![^\W_])", re.IGNORECASE)


def _phrase(words: str, instead: str) -> Wording:
    parts = plain(words).split()
    return Wording(_evened(parts[0]), r"\s+".join(map(re.escape, parts)), instead)
