"""SR8.2 responses as they usually look, read by patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from defectreg.formats.duis.devices import DEVICE, MOST_DEVICES, MOST_LINE, PERSONAL, is_day
from defectreg.formats.duis.patterns import (
    ANYTHING,
    BLANKS,
    PLAIN,
    closed,
    element,
    message,
    one_of,
    opened,
    optional,
    texts,
)
from defectreg.register.devices import REGIONS
from defectreg.register.inventory.identifiers import CPL_STATUSES, DEVICE_STATUSES, Form

Texts: TypeAlias = tuple[str, ...]
_DATE = "([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_UNKEPT = (*PERSONAL, "S1SP", "Connectivity")
_KEPT = tuple(name for name in DEVICE if name not in _UNKEPT)
_DAY = _KEPT.index("DateCommissioned")


class Response(NamedTuple):
    """The texts of each Device of a response, in the order of a row, and the names left out.

    The Device ID is in upper case.
    """

    rows: list[Texts]
    dropped: set[str]


class _Patterns(NamedTuple):
    """What comes before the Devices, one of them, what comes after; and which groups are what."""

    head: re.Pattern[str]
    device: re.Pattern[str]
    tail: re.Pattern[str]
    kept: Callable[[Texts], Texts]
    personal: Callable[[Texts], Texts]


class QuickResponses:
    """Called with a text and a place in it: the response there, and where it ends.

    None where what stands there is not wholly a response of the usual look. ``form`` says how exact
    identifiers are.
    """

    def __init__(self, form: Form) -> None:
        self._patterns = _patterns(form)

    def __call__(self, text: str, start: int) -> tuple[Response, int] | None:
        head, device, tail, kept, personal = self._patterns
        match = head.match(text, start)
        if match is None:
            return None
        rows: list[Texts] = []
        dropped: set[Texts] = set()
        end = match.end()
        while (match := device.match(text, end)) is not None:
            groups = match.groups("")
            row = kept(groups)
            day = row[_DAY]
            if day and not is_day(day):
                return None
            device_id = row[0]
            rows.append(row if device_id.isupper() else (device_id.upper(), *row[1:]))
            dropped.add(personal(groups))
            end = match.end()
        match = tail.match(text, end)
        if match is None or not 1 <= len(rows) <= MOST_DEVICES:
            return None
        return Response(rows, {name for names in dropped for name in names if name}), match.end()


@lru_cache(maxsize=2)
def _patterns(form: Form) -> _Patterns:
    patterns = _texts(form)
    device, groups = "", []
    for name, is_needed in DEVICE.items():
        if name in PERSONAL:
            groups.append(name)
            part = _personal(name)
        else:
            groups += [name] if name in _KEPT else []
            part = element(name, patterns.get(name, ANYTHING))
        device += part if is_needed else optional(part)
    closing = ("DSPInventory", "ResponseMessage", "Body", "Response")
    return _Patterns(
        head=re.compile(_head()),
        device=re.compile(opened("Device") + device + closed("Device")),
        tail=re.compile("".join(map(closed, closing))),
        kept=itemgetter(*(groups.index(name) for name in _KEPT)),
        personal=itemgetter(*(groups.index(name) for name in PERSONAL)),
    )


def _texts(form: Form) -> Mapping[str, str]:
    """The pattern of each text that is kept, with one group around it."""
    identifiers = texts(form)
    line = f"({PLAIN}{{0,{MOST_LINE}}})"
    return {
        **identifiers,
        "DeviceStatus": one_of(DEVICE_STATUSES),
        "DeviceFirmwareVersionStatus": one_of(CPL_STATUSES),
        "CPLStatus": one_of(CPL_STATUSES),
        "DateCommissioned": _DATE,
        "CSPRegion": one_of(REGIONS),
        "DeviceGBCSVersion": line,
        "HANVariant": line,
    }


def _head() -> str:
    header = ("RequestID", "ResponseCode", "ResponseDateTime")
    reference = ("ServiceReference", "ServiceReferenceVariant")
    return "".join(
        (
            message("Response"),
            opened("Header"),
            *(element(name, ANYTHING) for name in header),
            closed("Header"),
            opened("Body"),
            opened("ResponseMessage"),
            *(element(name, ANYTHING) for name in reference),
            opened("DSPInventory"),
        )
    )


def _personal(name: str) -> str:
    """An element with a group around its name, and none around what is in it."""
    inside = ANYTHING
    if name == "PropertyFilter":
        parts = (element(part, ANYTHING) for part in ("PostCode", "AddressIdentifier"))
        inside = BLANKS + "".join(parts)
    return f"<sr:({name})>{inside}</sr:{name}>{BLANKS}"
