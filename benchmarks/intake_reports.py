"""A labelled, invented week of the service desk: reports as free text, and what each tells of.

Matters are planted: some stand in a generated register, some are new. Each is told by one or many
reports, in the styles of several desks, with facts left out, other words and slips of the pen.
Several matters are of one model, and the same behaviour is told of several. Same seed, same week.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import phrases, registers
from benchmarks.similar import OTHER_DETAIL, OTHER_WHAT, OTHER_WHEN, with_slips
from defectreg.register.catalogue import Catalogue, Product, Release
from defectreg.register.devices import Combination, Device, parse_combination

WEEK = datetime.date(2026, 11, 16)
_MODELS = 90
"""Meter models of which reports come: the more matters share one, the harder they are told apart.
"""
_MATTERS_OF_A_MODEL = 5
_NO_DEVICE, _LITTLE = 0.02, 0.02
"""Shares of the reports that name no Device, and that say hardly more than that it does not work.
"""
_MAKERS = ("Alderbrook", "Beckfoot", "Corvane", "Dunmere", "Elverdale", "Farrowmoor", "Garthwick",
           "Hollinsea")  # fmt: skip
_SERIES = ("Minor", "Solo", "Duo", "Quill", "Tarn", "Ember", "Sable", "Vesper", "Linden", "Rowan")
THIRD_WHAT = (
    "bill-ready alert never arrives",
    "time sync date wiped",
    "profile log comes back blank",
    "new prices not applied, still on previous tariff",
    "IHD shows 0.00 though customer topped up",
    "supply state armed not enabled",
    "not on HAN any more",
    "alert storm, same code every 30 mins",
    "OTA image received but activation does nothing",
    "UTRN rejected, token unused",
    "hours missing from half hourly consumption",
    "no response to any SR until mains off and on",
    "ALCS closing outside calendar",
    "export figures showing up under import",
    "device listed twice in the HAN device log",
    "tunnel closed before data transfer complete",
)
"""What a third reporter writes for ``phrases.WHAT``, in the same order."""
_THIRD_WHEN = (
    "after CH firmware upgrade",
    "post change of supplier",
    "at clock change",
    "after outage over 3 min",
    "when gas meter out of range 24h",
    "after first month PAYG",
    "when schedule clashes with on demand read",
    "at end of billing period",
    "after credentials replaced",
    "when IHD moved to other room",
    "after 2nd IHD joined",
    "first night after install",
)
_WHATS = (phrases.WHAT, OTHER_WHAT, THIRD_WHAT)
_WHENS = (phrases.WHEN, OTHER_WHEN, _THIRD_WHEN)
_DETAILS = (phrases.DETAIL, OTHER_DETAIL)
_LITTLE_SAID = ("faulty, please investigate", "not working", "customer unhappy with it, pls advise")
_NO_DEVICE_SAID = (
    "Customer rang about their smart meter, please call back.",
    "Duplicate of earlier ticket, see notes.",
    "Query on tariff, passed to billing team.",
)


@dataclass(frozen=True)
class Matter:
    """One thing that is wrong: what is told of it, and the record of it, where one stands."""

    record_id: str
    affected: Combination
    said: tuple[int, int]
    """What the meter does, and when: places in ``phrases.WHAT`` and ``phrases.WHEN``."""
    alerts: tuple[str, ...]
    requests: tuple[str, ...]
    details: tuple[int, ...]
    """What else is seen with it: places in ``phrases.DETAIL``."""

    @property
    def model(self) -> str:
        """The product of its meter."""
        return next(one.product for one in self.affected.devices if one.type == "ESME")


@dataclass(frozen=True)
class Told:
    """A report of a week: its text, its day, and its label. Without a matter nobody could tell."""

    text: str
    day: datetime.date
    matter: Matter | None
    alerts: tuple[str, ...] = ()
    """The codes that it names."""


@dataclass(frozen=True)
class Week:
    """Reports, and the catalogue against which they are read."""

    told: tuple[Told, ...]
    catalogue: Catalogue


def week(seed: int, reports: int, records: int) -> Week:
    """A week of so many reports about a generated register of so many records."""
    chosen = random.Random(seed)
    standing = [case.record for case in registers.Generator(1).cases(records)]
    catalogue = _catalogue(standing)
    matters = _matters(chosen, standing)
    # Few matters bring many reports, many bring one: by rank, as incidents come.
    weights = [1 / (rank + 3) for rank in range(len(matters))]
    chosen.shuffle(weights)
    told = [_told(chosen, catalogue, one)
            for one in chosen.choices(matters, weights, k=reports)]  # fmt: skip
    return Week(tuple(told), catalogue)


def _catalogue(standing: Sequence[Mapping[str, Any]]) -> Catalogue:
    """Products of every model that a generated register names, with invented names."""
    products: dict[str, Product] = {}
    texts = (text for record in standing for text in record["affected"])
    devices = {
        device.product: device for text in texts for device in parse_combination(text).devices
    }
    for number, (product, device) in enumerate(sorted(devices.items())):
        bare = Device(device.type, device.manufacturer, device.model)
        maker = _MAKERS[int(device.manufacturer, 16) - 0xFF01]
        kind = "Hub " if device.type == "CHF" else ""
        name = f"{maker} {kind}{_SERIES[number % len(_SERIES)]} {number}"
        releases = tuple(
            Release(f"{base:08X}", "2026-01-01") for base in (0x30004, 0x30005, 0x30006)
        )
        products[product] = Product(bare, name, "", (), releases)
    makers = {f"FF{number:02X}": f"{name} Devices" for number, name in enumerate(_MAKERS, 1)}
    codes = dict.fromkeys(phrases.ALERTS, "")
    return Catalogue(products, makers, {}, codes, phrases.REQUESTS)


def _matters(chosen: random.Random, standing: Sequence[Mapping[str, Any]]) -> list[Matter]:
    """Those that records tell of some models, and new ones on these models beside them."""
    by_model: dict[str, list[Matter]] = {}
    for record in standing:
        matter = _known(record)
        by_model.setdefault(matter.model, []).append(matter)
    matters: list[Matter] = []
    for model in chosen.sample(sorted(by_model), min(_MODELS, len(by_model))):
        here = by_model[model][:_MATTERS_OF_A_MODEL]
        while len(here) < _MATTERS_OF_A_MODEL:
            fresh = _new(chosen, here[0])
            if fresh.said not in {one.said for one in here}:
                here.append(fresh)
        matters += here
    return matters


def _known(record: Mapping[str, Any]) -> Matter:
    first: str = record["behaviour"].split("\n")[0]
    said = next(
        (what, when)
        for what, does in enumerate(phrases.WHAT)
        for when, then in enumerate(phrases.WHEN)
        if first == f"The meter {does} {then}."
    )
    affected = parse_combination(record["affected"][0])
    told = record["behaviour"] + record["circumstances"]
    details = tuple(place for place, said in enumerate(phrases.DETAIL) if said in told)
    alerts, requests = tuple(record["alerts"]), tuple(record["service-requests"])
    return Matter(record["id"], affected, said, alerts, requests, details)


def _new(chosen: random.Random, beside: Matter) -> Matter:
    said = chosen.randrange(len(phrases.WHAT)), chosen.randrange(len(phrases.WHEN))
    alerts = tuple(sorted(set(chosen.choices(phrases.ALERTS, k=2))))
    requests = tuple(sorted(set(chosen.choices(phrases.REQUESTS, k=2))))
    details = tuple(chosen.sample(range(len(phrases.DETAIL)), 5))
    return Matter("", beside.affected.without_firmware(), said, alerts, requests, details)


def _told(chosen: random.Random, catalogue: Catalogue, matter: Matter) -> Told:
    day = WEEK + datetime.timedelta(days=chosen.randrange(7))
    fate = chosen.random()
    if fate < _NO_DEVICE:
        return Told(chosen.choice(_NO_DEVICE_SAID), day, None)
    if fate < _NO_DEVICE + _LITTLE:
        name = catalogue.products[matter.model].name
        return Told(f"{name} {chosen.choice(_LITTLE_SAID)}", day, None)
    style = chosen.choices(_STYLES, _SHARES)[0]
    facts = _facts(chosen, catalogue, matter)
    return Told(style(chosen, facts), day, matter, facts.alerts)


@dataclass(frozen=True)
class _Facts:
    """What one reporter says of a matter; empty what was left out."""

    meter: Product
    hub: Product | None
    firmware: str
    region: str
    what: str
    when: str
    details: tuple[str, ...]
    alerts: tuple[str, ...]
    request: str

    @property
    def codes(self) -> str:
        """The alert codes as they are listed."""
        return ", ".join(self.alerts)


def _facts(chosen: random.Random, catalogue: Catalogue, matter: Matter) -> _Facts:
    what, when = matter.said
    telling = chosen.randrange(len(_WHATS))
    hubs = [one.product for one in matter.affected.devices if one.type == "CHF"]
    if not hubs:
        hubs = chosen.sample([one for one in catalogue.products if one.startswith("CHF")], 1)
    meter = catalogue.products[matter.model]
    seen = chosen.sample(matter.details, min(chosen.randrange(3), len(matter.details)))
    details = tuple(chosen.choice(_DETAILS)[place] for place in seen)
    return _Facts(
        meter,
        catalogue.products[hubs[0]] if chosen.random() < 0.4 else None,
        chosen.choice(meter.releases).version if chosen.random() < 0.5 else "",
        chosen.choice(["North", "Central", "South"]) if chosen.random() < 0.4 else "",
        _WHATS[telling][what],
        _WHENS[chosen.randrange(len(_WHENS))][when] if chosen.random() < 0.75 else "",
        details,
        tuple(code for code in matter.alerts if chosen.random() < 0.6),
        chosen.choice(matter.requests) if chosen.random() < 0.3 else "",
    )


def _with_slips(chosen: random.Random, text: str, share: float) -> str:
    """Slips of the pen in words, not in numbers: another number would be another model."""
    return " ".join(
        word if any(map(str.isdecimal, word)) else with_slips(chosen, word, share)
        for word in text.split(" ")
    )


def _formal(chosen: random.Random, facts: _Facts) -> str:
    hub = f" with the Communications Hub {facts.hub.name}" if facts.hub else ""
    firmware = f", firmware version {facts.firmware}," if facts.firmware else ""
    lines = [f"The electricity meter {facts.meter.name}{firmware}{hub} {facts.what} {facts.when}."]
    lines += facts.details
    lines += [f"Alert codes {facts.codes} were received."] if facts.alerts else []
    lines += [f"Service Request {facts.request} was sent before."] if facts.request else []
    lines += [f"Seen in the {facts.region} region."] if facts.region else []
    return _with_slips(chosen, "\n".join(lines), 0.02)


def _note(chosen: random.Random, facts: _Facts) -> str:
    parts = [facts.meter.name, facts.firmware and f"fw {facts.firmware}",
             facts.hub and f"w/ {facts.hub.name}", facts.what, facts.when,
             facts.alerts and f"alerts {facts.codes}", facts.request and f"SR{facts.request}",
             facts.region and f"CSP {facts.region}"]  # fmt: skip
    return _with_slips(chosen, " - ".join(part for part in parts if part), 0.08).lower()


def _call(chosen: random.Random, facts: _Facts) -> str:
    opening = chosen.choice(["Customer called in.", "Call from consumer:", "Cust says"])
    told = f"{opening} Meter {facts.what} {facts.when}. {' '.join(facts.details)}"
    told += f" Make {facts.meter.name}."
    if facts.hub:
        told += f" Comms hub is {facts.hub.name}."
    if facts.alerts:
        codes = (f"0x{code}" if code.startswith("8") else code for code in facts.alerts)
        told += f" We see {' and '.join(codes)}."
    if facts.region:
        told += f" {facts.region}ern region." if facts.region != "Central" else " CSP Central."
    return _with_slips(chosen, told, 0.06)


def _e_mail(chosen: random.Random, facts: _Facts) -> str:
    device = facts.meter.device
    number = f"{device.manufacturer}/{device.model}"
    firmware = f" @ {facts.firmware}" if facts.firmware else ""
    lines = ["Hi team,", f"we have another one where it {facts.what} {facts.when}."]
    lines += [*facts.details, f"Meter {number}{firmware}"]
    if facts.hub:
        lines.append(f"CHF {facts.hub.device.manufacturer}/{facts.hub.device.model}")
    if facts.alerts:
        lines.append(f"Alerts: {facts.codes}")
    lines += ["Please advise.", "Thanks, the operations desk"]
    return _with_slips(chosen, "\n".join(lines), 0.04)


def _log(chosen: random.Random, facts: _Facts) -> str:
    device = str(facts.meter.device) + (f"@{facts.firmware}" if facts.firmware else "")
    hub = f" + {facts.hub.device}" if facts.hub else ""
    parts = [f"devices={device}{hub}", f"desc={facts.what} {facts.when}".strip(),
             facts.alerts and f"alert={'/'.join(facts.alerts)}",
             facts.request and f"SRV={facts.request}",
             facts.region and f"region={facts.region}"]  # fmt: skip
    return "; ".join(part for part in parts if part)


_STYLES: tuple[Callable[[random.Random, _Facts], str], ...] = (_formal, _note, _call, _e_mail, _log)
_SHARES = (25, 30, 25, 12, 8)
