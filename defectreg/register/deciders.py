"""Who decided a switch of the policy: a body, by its words, and never a person."""

from __future__ import annotations

import re

from defectreg.register.given_names import NOT_IN_A_NAME, OF_AN_ORGANISATION
from defectreg.register.rules.case import sightings

_BODIES = OF_AN_ORGANISATION | frozenset(
    """
    administrators agency alliance assembly authority board body bodies chamber code commission
    committee conference consultation court dcc department desnz directorate elexon forum
    government group meeting ministry ofgem office organisation panel parliament parties party
    programme secas secretariat ssc sub-committee subcommittee team tribunal union workgroup
    """.split()
)
"""Words that only a body has in its name, in lower case."""
_BESIDE_THEM = frozenset(
    """
    a advisory alt and annual architecture at business by change demonstration device devices for
    from han in industry internal invented its joint management manufacturers members minor new of
    on our register resolution retail sec secretary set state steering the their this to with
    working
    """.split()
)
"""Words that stand in such a name besides those that are no part of a person's."""
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_LONGEST_INITIALS = 5


def is_body(text: str) -> bool:
    """Whether a text names a body, and no word of it can be the name of a person.

    What is not known for a word is one that may be: of a body with a name of its own, such as a
    firm, nothing is said.
    """
    words = _WORD.findall(text)
    return _has_body(words) and not sightings(text) and all(map(_is_no_name, words))


def may_be_person(text: str) -> bool:
    """Whether a text reads as a person's name where somebody is expected, and as no body's."""
    return not _has_body(_WORD.findall(text)) and "person-name" in sightings(f"told by {text}")


def _has_body(words: list[str]) -> bool:
    return any(word.lower() in _BODIES for word in words)


def _is_no_name(word: str) -> bool:
    lowered = word.lower()
    is_initials = word.isupper() and len(word) <= _LONGEST_INITIALS
    return is_initials or any(lowered in words for words in (_BODIES, _BESIDE_THEM, NOT_IN_A_NAME))
