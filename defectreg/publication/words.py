"""Words for what the register writes in codes: as people read it, in British English."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from defectreg.register.public import PublicDevice

AUDIENCES = {"clear": "anyone (Clear)", "green": "the SEC Parties (Green)"}
MARKS = {
    "fixed": ("Fixed", "there is a fix, and another Party confirmed that it works"),
    "fix": ("Fix", "there is a fix; no other Party has confirmed it yet"),
    "workaround": ("Workaround", "there is a way to live without the fix"),
    "cause-identified": ("Cause identified", "what is behind it is known"),
    "cause-suspected": ("Cause suspected", "somebody has said what may be behind it"),
    "cause-unknown": ("Cause unknown", "nobody has said what is behind it"),
    "disputed": ("Disputed", "somebody has challenged it, or a manufacturer sees it otherwise"),
    "duplicate": ("Duplicate", "withdrawn, because another entry says the same"),
    "superseded": ("Superseded", "withdrawn, because another entry took its place"),
    "not-confirmed-with-newer-firmware": (
        "Not confirmed with newer firmware",
        "firmware has been released since, and nobody has said whether it is seen there",
    ),
}
"""Mark → what a page calls it, and what that means."""
DEVICE_TYPES = {
    "ESME": "Electricity meter",
    "GSME": "Gas meter",
    "GPF": "Gas Proxy Function",
    "CHF": "Communications Hub",
    "HCALCS": "HAN Connected Auxiliary Load Control Switch",
    "PPMID": "Prepayment Meter Interface Device",
    "IHD": "In-Home Display",
    "CAD": "Consumer Access Device",
    "SAPC": "Standalone Auxiliary Proportional Controller",
    "ALTHAN": "Alternative HAN Device",
}
STATEMENTS = {
    "report": "Reported",
    "cause": "Cause",
    "fix": "Fix",
    "workaround": "Workaround",
    "accommodation": "Accommodation",
    "confirmation": "Confirmation",
    "challenge": "Challenge",
    "response": "Response",
    "consent": "Consent to show what was given in confidence",
    "notice": "A manufacturer was told",
    "accept": "Accepted",
    "return": "Returned for new text",
    "hold": "Held",
    "lift": "Hold lifted",
    "withdraw": "Something was withdrawn",
}
"""Kind of statement, or decision of a sign-off."""
POSITIONS = {
    "acknowledged": "It acknowledges the entry.",
    "investigating": "It is investigating.",
    "not-affected": "It says that its Devices are not affected.",
    "not-reproduced": "It could not reproduce the behaviour.",
    "supplier-process": "It sees a process of the Supplier behind the behaviour.",
    "disputed": "It disputes the entry.",
    "fix-available": "It says that a fix is available.",
    "waiver": "It waives its reply.",
}
WITHDRAWALS = {
    "duplicate-of": "It says the same as another entry.",
    "not-a-defect": "It was found to be expected behaviour.",
    "supplier-process": "A process of a Supplier was behind it.",
    "reported-in-error": "It was reported in error.",
    "superseded": "Another entry took its place.",
    "cannot-be-substantiated": "It could not be substantiated.",
    "not-told": "The reason is not told to this audience.",
}
CAUSES = {"identified": "Identified", "suspected": "Suspected", "unknown": "Unknown"}
_MONTHS = (
    "January February March April May June July August September October November December"
).split()

_SEEN = {
    "devices": "on {} Devices",
    "region": "in {}",
    "since": "since {}",
    "until": "until {}",
    "period": "in {}",
}
"""What a report says of where and when, in words."""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LISTING = frozenset("-*•0123456789")
"""How a line begins that may list something; so may one that begins with a space."""
_LISTS = re.compile(r"^(?:[-*•] |[0-9]{1,2}[.)] |\s)", re.MULTILINE)


def day_words(day: datetime.date) -> str:
    """A day as British readers write it, whatever the machine's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def dated_words(text: str) -> str:
    """A text; one that is nothing but a day, as people read it."""
    if len(text) != len("2026-01-31") or not _DAY.fullmatch(text):
        return text
    try:
        return day_words(datetime.date.fromisoformat(text))
    except ValueError:
        return text


def coded_words(code: str) -> str:
    """A code as people read it: ``firmware update``, and a band with a dash."""
    return code.replace("-", "\N{EN DASH}" if code[:1].isdigit() else " ")


def device_words(device: PublicDevice) -> str:
    """A Device in words: what it is, of whom, which model and which firmware."""
    said = [DEVICE_TYPES.get(device.type, device.type)]
    if device.manufacturer:
        said.append(f"manufacturer {device.manufacturer}")
    return ", ".join([*said, f"model {device.model}", firmware_words(device.firmware)])


def changed_words(text: str) -> str:
    """What a ``device:`` value names, in words: ``ESME:FF01/00010100`` is an electricity meter."""
    kind = text.partition(":")[0].strip()
    return DEVICE_TYPES.get(kind, kind)


def firmware_words(text: str) -> str:
    """A firmware set in words; of none given, that any is meant."""
    if not text:
        return "any firmware"
    return "firmware " + joined([_pattern_words(pattern) for pattern in text.split(",")], "or")


def joined(items: list[str], last: str) -> str:
    """Items as a list in a sentence: ``a, b or c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def _pattern_words(pattern: str) -> str:
    first, separator, end = pattern.partition("..")
    if separator:
        return f"{first} to {end}"
    return f"beginning {pattern[:-1]}" if pattern.endswith("*") else pattern


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs, each on one line; lines that list something stay lines."""
    parts = (part.strip("\n") for part in text.split("\n\n"))
    return [part if _is_list(part) else part.replace("\n", " ") for part in parts if part]


def _is_list(part: str) -> bool:
    """Whether some line of a paragraph lists something; most are asked by their first character."""
    may_list = any(line[:1] in _LISTING or line[:1].isspace() for line in part.split("\n"))
    return may_list and _LISTS.search(part) is not None


def seen_words(values: Mapping[str, Any]) -> str:
    """Where, on how many Devices and when a report says it was seen; empty where it does not."""
    said = [_SEEN[key].format(_seen(key, values[key])) for key in _SEEN if key in values]
    return f"Seen {', '.join(said)}." if said else ""


def _seen(key: str, value: str) -> str:
    if key in ("since", "until"):
        return day_words(datetime.date.fromisoformat(value))
    return coded_words(value) if key == "devices" else value
