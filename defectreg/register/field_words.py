"""Words that people in the field use for the same thing, one reporter this and another that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SAME = {
    "hub": "comms hub|communications hub|communication hub|ch|chf|gpf",
    "network": "home area network|han|zigbee",
    "display": "ihd|in home display|screen|ppmid",
    "prepayment": "payg|pay as you go|prepay|pay as go",
    "topup": "top up|top-up|vend|vending|utrn|vend code",
    "token": "code",
    "bill": "billing|invoice|invoicing|invoiced",
    "alert": "alarm|alarms|message",
    "outage": "power cut|interruption|interrupted|power loss|mains off|loss of supply|power cycle",
    "update": "upgrade|upgraded|updated|ota|download|downloads",
    "firmware": "fw|software|image",
    "supplier": "cos|change of supplier",
    "time": "clock|clocks|synchronisation|sync|timestamp",
    "leave": "drop off|drops off|leaves|disconnects|disconnected|goes offline|lost connection",
    "join": "joins|joined|pair|paired|pairing|commission|commissioned",
    "reject": "refuse|refuses|refused|rejected|decline|declines|declined|not accepted",
    "tariff": "rate|rates|price|prices|pricing",
    "balance": "credit",
    "zero": "nil|none",
    "answer": "reply|replies|respond|responds|response|responding|answers|answering",
    "profile": "half hourly|half-hourly|consumption|usage",
    "gap": "missing|hole|holes",
    "export": "generation|solar",
    "install": "installation|installed|fitted|fitting|fit",
    "credential": "credentials|key|keys|certificate|certificates|rotation",
    "switch": "alcs|hcalcs|load control|auxiliary load",
    "session": "tunnel|transfer",
    "twice": "two entries|duplicate|duplicated|listed twice",
    "empty": "blank|no rows|nothing back",
    "repeat": "floods|storm|flooding|repeats|every half hour|each half hour",
    "schedule": "planned job|scheduled|planned",
    "ondemand": "on demand|ad hoc|ad-hoc",
    "range": "no radio contact|out of range",
    "supply": "mains",
    "enabled": "have power|has power|armed",
}
"""A word to others that people use for it, words or several, with ``|`` between them."""


def _forms(word: str) -> Iterator[str]:
    """A word, and what is made of it: more than English has, so that nothing is looked up."""
    stem = word.removesuffix("e")
    yield from (word, f"{word}s", f"{word}es", f"{stem}ed", f"{stem}ing")
    if word.endswith("y"):
        yield from (f"{word[:-1]}ies", f"{word[:-1]}ied")


_FIRST = {
    form: first
    for first, others in SAME.items()
    for word in (*others.split("|"), first)
    if word.isalpha()
    for form in _forms(word)
}


def of_one_meaning(words: Iterable[str]) -> set[str]:
    """Words in lower case, each as the first of those that mean the same; others as they are."""
    return {_FIRST.get(word, word) for word in words}
