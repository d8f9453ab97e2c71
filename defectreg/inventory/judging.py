"""Requests judged one after the other, each of the Device as those before it left it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from defectreg.inventory.request_files import Asked
from defectreg.register.inventory.changes import (
    DETAILS,
    PRENOTIFIED_DETAILS,
    Change,
    Kind,
    given_of,
    kind_of,
    present,
    was_of,
)
from defectreg.register.inventory.device import InventoryDevice
from defectreg.register.inventory.journal_codes import JOURNAL_VERDICTS, REPEATED, TAKEN
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    DeviceDeletion,
    MpxnUpdate,
    Prenotification,
    Request,
    StatusUpdate,
)
from defectreg.register.inventory.rules import RULE_CODES, Verdict, judge, rights_of
from defectreg.store.inventory.devices import find_alike
from defectreg.store.inventory.journal import Draft
from defectreg.store.inventory.snapshot import DEVICES, Snapshot

Row: TypeAlias = tuple[str, str, str, str, str, str, str]
"""A row of the journal: request id, Device ID, kind, code, was, given, reason."""

CODES: Mapping[str, str] = MappingProxyType(
    {**RULE_CODES, **{each.code: each.sentence for each in JOURNAL_VERDICTS}}
)
"""Every code that is said of a request, and its sentence."""
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Judged(NamedTuple):
    """A request, what is said of it, and its row of the journal where it changes something."""

    asked: Asked
    request_id: str
    verdict: Verdict
    row: Row | None


class _Content(NamedTuple):
    """What makes two requests of one id the same one; ``given`` is JSON."""

    device_id: str
    kind: str
    given: str


class _Meaning(NamedTuple):
    """What a request comes to of a Device: of requests and Devices that are alike, the same."""

    verdict: Verdict
    kind: str
    was: str
    given: str


def judge_in_order(
    draft: Draft, snapshot: Snapshot, asked: Sequence[Asked], reason: str
) -> Iterator[Judged]:
    """What is said of each request, in their order. At the first, none of them is in the draft.

    ``reason`` is that of requests that give none.
    """
    device_ids = [each.request.device_id for each in asked]
    request_ids = [str(each.request.header.request_id) for each in asked]
    taken = _taken(draft, request_ids)
    changes = draft.changes(device_ids, draft.first_since(snapshot.as_of))
    twice = _more_than_once(device_ids), _more_than_once(request_ids)
    alike: dict[tuple[object, ...], _Meaning] = {}
    devices = _devices(snapshot, device_ids)
    for each, request_id, device in zip(asked, request_ids, devices, strict=True):
        request = each.request
        since = changes.get(request.device_id)
        if since:
            meaning = _meaning(request, present(device, since))
        else:
            key = _form(request), id(device)
            meaning = alike.get(key) or alike.setdefault(key, _meaning(request, device))
        if request_id in taken:
            is_same = taken[request_id] == _content(request, meaning)
            yield Judged(each, request_id, REPEATED if is_same else TAKEN, None)
        elif meaning.verdict.outcome != "allowed":
            yield Judged(each, request_id, meaning.verdict, None)
        else:
            if request_id in twice[1]:
                taken[request_id] = _content(request, meaning)
            if request.device_id in twice[0]:
                change = Change(request_id, request.device_id, *_change(request))
                changes.setdefault(request.device_id, []).append(change)
            yield Judged(each, request_id, meaning.verdict, _row(request_id, meaning, each, reason))


def _more_than_once(texts: Sequence[str]) -> Collection[str]:
    """The texts that are there more than once."""
    if len(set(texts)) == len(texts):
        return ()
    return {text for text, times in Counter(texts).items() if times > 1}


def _content(request: Request, meaning: _Meaning) -> _Content:
    return _Content(request.device_id, meaning.kind, meaning.given)


def _taken(draft: Draft, request_ids: Sequence[str]) -> dict[str, _Content]:
    """The requests with these ids that the journal holds."""
    return {
        request_id: _Content(kept.device_id, kept.kind, kept.given)
        for request_id, kept in draft.kept(request_ids).items()
    }


def _devices(snapshot: Snapshot, device_ids: Sequence[str]) -> Sequence[InventoryDevice | None]:
    """What the snapshot says of each; nothing where no extract was loaded."""
    if DEVICES not in snapshot.tables:
        return [None] * len(device_ids)
    return find_alike(snapshot.tables[DEVICES], device_ids)


def _form(request: Request) -> object:
    """What of a request its meaning depends on, but for the Device."""
    asked = _FORMS.get(type(request))
    return (type(request), asked(request)) if asked else type(request)


def _meaning(request: Request, device: InventoryDevice | None) -> _Meaning:
    verdict = judge(request, device, rights_of(request, device))
    if isinstance(request, StatusUpdate | MpxnUpdate):
        return _Meaning(verdict, "", "", "")
    kind, given = _change(request)
    return _Meaning(verdict, kind, _ENCODE(was_of(request, device)), _ENCODE(given))


def _change(request: Request) -> tuple[Kind, Mapping[str, str]]:
    if isinstance(request, StatusUpdate | MpxnUpdate):
        raise TypeError("what is passed through changes nothing")
    return kind_of(request), given_of(request)


def _row(request_id: str, meaning: _Meaning, asked: Asked, reason: str) -> Row:
    return (
        request_id,
        asked.request.device_id,
        meaning.kind,
        meaning.verdict.code,
        meaning.was,
        meaning.given,
        asked.reason or reason,
    )


_SENDER = "header.request_id.originator"
_FORMS: Mapping[type, Callable[[Request], object]] = {
    DetailsUpdate: attrgetter(_SENDER, *DETAILS),
    Prenotification: attrgetter(_SENDER, *PRENOTIFIED_DETAILS),
    DeviceDeletion: attrgetter(_SENDER),
}
