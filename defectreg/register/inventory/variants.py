"""ESME Variants: the base letter of a meter, and the functions that its other letters stand for.

A meter itself reports only the base letter, so nothing read from one confirms a function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

BASES: Mapping[str, str] = MappingProxyType(
    {"A": "single element", "B": "twin element", "C": "polyphase"}
)
"""The base letters and what they say of the meter (DUIS 5.4)."""
FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {"D": "load control", "E": "boost", "F": "auxiliary proportional controller", "G": ""}
)
"""The other letters and their words; of G no source gives the meaning, so it has none here."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the codes taken apart: ``ADE`` is the base A with the functions D and E."""

    code: str
    base: str
    functions: frozenset[str]


_CODES = (
    "A B C AD BD CD ADE BDE CDE ADF BDF CDF ADEF BDEF CDEF ADG ADEG AF BF CF AEF BEF CEF AG AEG"
).split()

VARIANTS: Mapping[str, Variant] = MappingProxyType(
    {code: Variant(code, code[0], frozenset(code[1:])) for code in _CODES}
)
"""The 25 ESME Variants in the order of the enumeration (DUIS 5.4)."""
KNOWN_TO_OLDER = frozenset("A B C AD BD CD ADE BDE CDE".split())
"""The nine that were there before auxiliary proportional controllers; older systems know these."""


def compare(recorded: str, implied: str) -> tuple[frozenset[str], frozenset[str]]:
    """The functions (letters) that the recorded code lacks, and those it has too many.

    The base letters are not compared. Raises KeyError for a code that is not in VARIANTS.
    """
    has, should = VARIANTS[recorded].functions, VARIANTS[implied].functions
    return should - has, has - should


def in_words(functions: Iterable[str]) -> str:
    """Letters as words, ``load control, boost``; G stays a letter."""
    return ", ".join(FUNCTIONS[letter] or letter for letter in sorted(functions))
