"""What every letter says, and what none says: the check that templates and letters are held to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from defectreg.register.public import DISCLAIMER
from defectreg.register.wording import find_words

NO_ASSERTION = "This letter makes no assertion of responsibility or of non-compliance."
INVITATION = "We invite you to cooperate in its resolution."
INFORM = "Please inform the Parties that you supply."
NO_COMMENT = "This letter makes no comment on responsibility or on non-compliance."
COORDINATE = "We ask the DCC to coordinate its investigation and resolution."
NOTHING_MORE = "Nothing more of it is said here."
ENQUIRE = (
    "Parties are responsible for ascertaining and confirming the suitability of the Devices that "
    "they procure and install. They should therefore enquire of their Device suppliers whether "
    "there are any known or suspected issues relating to use with DCC services."
)
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "manufacturer": (NO_ASSERTION, INVITATION, INFORM),
    "reminder": (NO_ASSERTION, INVITATION),
    "parties": (NO_COMMENT, INVITATION),
    "dcc": (NO_COMMENT, COORDINATE),
    "security": (NOTHING_MORE,),
    "publication": (NO_COMMENT,),
    "correction": (NO_COMMENT,),
    "withdrawal": (NO_COMMENT,),
    "general": (ENQUIRE,),
}
"""Kind of letter → the sentences that it has, beside the disclaimer (Panel paper 3.3, 3.4)."""
_SENTENCES = (DISCLAIMER, *dict.fromkeys(each for kind in REQUIRED.values() for each in kind))
_LONGEST = 80
"""Characters of a sentence that are named where it is missing."""
_NEVER = ("responsib", "your fault", "you must", "you have to", "ranking", "ranked", "worst")
"""What no letter says besides: it asserts nothing, demands nothing, and ranks nobody."""


def missing(kind: str, text: str, named: Iterable[str] = ()) -> Iterator[str]:
    """What a letter of a kind should say and does not; ``named`` are ids, digests and days."""
    from textwrap import shorten

    read = _evened(text)
    for sentence in (DISCLAIMER, *REQUIRED.get(kind, ())):
        if sentence not in read:
            yield f"it does not say: {shorten(sentence, _LONGEST, placeholder=' …')}"
    for each in named:
        if _evened(each) not in read:
            yield "it leaves out the id, the digest or the day of something that it is about"
            return


def unwanted(text: str, words: Mapping[str, str]) -> Iterator[str]:
    """The words of a template that no letter has; ``words`` are those of the policy.

    What is required is left aside. A letter quotes records: of those the gate has asked.
    """
    read = _evened(text)
    for sentence in _SENTENCES:
        read = read.replace(sentence, " ")
    for word in find_words(read, words):
        yield f"it says {word.word!a}; say instead: {word.instead}"
    for part in _NEVER:
        if part in read.lower():
            yield f"it says {part!a}, which no letter does"


def _evened(text: str) -> str:
    return " ".join(text.split())
