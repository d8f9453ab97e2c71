"""Reported texts in the words of public text: what lays blame is put neutrally or left out."""

from __future__ import annotations

from collections.abc import Mapping

from defectreg.register.wording import Word, find_words

LEFT_OUT = "[…]"
"""What stands where no neutral words fit into a sentence."""
_FITTING = frozenset({"affected", "correlated with"})
"""What the program offers instead that fits where the word stood."""


def count_blame(text: str, words: Mapping[str, str]) -> int:
    """How many words of blame, compliance or recommendation a text has; ``words`` are those that
    a policy adds."""
    return sum(1 for _ in find_words(text, words))


def neutral(text: str, words: Mapping[str, str]) -> str:
    """The text in words that a record may have."""
    fitting = _FITTING.union(words.values())
    for each in reversed(list(find_words(text, words))):
        text = _with(text, each, each.instead if each.instead in fitting else LEFT_OUT)
    while found := list(find_words(text, words)):  # what a policy offers may hold such a word
        for each in reversed(found):
            text = _with(text, each, LEFT_OUT)
    return text


def _with(text: str, word: Word, instead: str) -> str:
    return text[: word.start] + instead + text[word.end :]
