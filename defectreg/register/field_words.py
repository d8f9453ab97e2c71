"""Words that people of this field use for the same thing, as one reporter and another do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_ALIKE = """\
alert alarm notification
answer reply response respond
balance credit
billing bill invoice
change switch swap
clock time timestamp
consumption usage
customer consumer household
display ihd screen
duplicate double twice
end finish close
firmware software image
gap hole missing
hub comms communications chf
install fit
interruption interrupt outage cut blackout
join pair enter
log history
network han
power mains supply
premises home house property site
prepayment prepay payg
radio signal
reboot restart reset
refuse reject decline
renew replace rotate
request command ask
tariff rate price
token vend utrn topup
"""
"""Each line: what a reader of the records takes for one matter, whichever word is written."""


def _forms(word: str) -> Iterator[str]:
    yield word
    stem = word.removesuffix("e")
    last = "t" if word == "fit" else ""
    yield f"{word}es" if word.endswith(("ch", "s")) else f"{word}s"
    yield f"{stem}{last}ed"
    yield f"{stem}{last}ing"
    if word.endswith("y"):
        yield f"{word[:-1]}ies"
        yield f"{word[:-1]}ied"


_FIRST = {
    form: line.split()[0]
    for line in _ALIKE.splitlines()
    for word in line.split()
    for form in _forms(word)
}


def of_one_meaning(words: Iterable[str]) -> set[str]:
    """Words in lower case, each as the first of those that mean the same; others as they are."""
    return {_FIRST.get(word, word) for word in words}
