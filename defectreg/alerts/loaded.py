"""What a load of alerts did, as values of JSON and as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class FileLoaded:
    """What became of a log: alerts that were counted for a premises, those that have none, rows
    that were not counted. ``is_known``: it was loaded before, and nothing was done.
    """

    name: str
    is_known: bool = False
    alerts: int = 0
    unplaced: int = 0
    rejected: int = 0
    personal: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    ``days`` (ISO 8601) are those of which what is kept changed. ``is_joined``: alerts were joined
    with a snapshot for the first time. ``unknown_codes`` are those that the catalogue does not
    have, to how many alerts. ``unplaced`` is why, to how many Devices and alerts. ``added_to``: the
    names of logs of which other contents were loaded before, to the days of both.
    """

    snapshot: str
    is_joined: bool
    files: Sequence[FileLoaded]
    days: Sequence[str]
    unknown_codes: Mapping[str, int]
    unplaced: Mapping[str, tuple[int, int]]
    elsewhere: int
    uncovered: int
    reasons: Mapping[str, int]
    rejects: Path | None
    added_to: Mapping[str, Sequence[str]]

    @property
    def is_clean(self) -> bool:
        """Whether all that was read came in."""
        return not self.reasons and not self.unplaced


def loaded_json(loaded: Loaded) -> dict[str, Any]:
    """What a load did, as one object of JSON.

    ``schema_version``; ``snapshot``, and whether it was ``joined`` now; ``files``, each with
    ``file``, ``known`` (loaded before), ``alerts``, ``unplaced`` (alerts), ``rejected`` (rows) and
    the names of columns left outside, ``personal`` and ``unknown``; ``days`` that changed;
    ``unknown_codes`` to alerts; ``unplaced``: each reason to ``devices`` and ``alerts``;
    ``other_region`` and ``not_covered``, alerts; ``added_to``: names of logs of which other
    contents were loaded before, to the days of both; ``rejected``: ``count``, ``reasons``, and the
    ``file`` (null without any) that names rows and Devices.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "snapshot": loaded.snapshot,
        "joined": loaded.is_joined,
        "files": [_file_json(file) for file in loaded.files],
        "days": list(loaded.days),
        "unknown_codes": dict(loaded.unknown_codes),
        "unplaced": {
            why: {"devices": devices, "alerts": alerts}
            for why, (devices, alerts) in loaded.unplaced.items()
        },
        "other_region": loaded.elsewhere,
        "not_covered": loaded.uncovered,
        "added_to": {name: list(days) for name, days in loaded.added_to.items()},
        "rejected": {
            "count": sum(loaded.reasons.values()),
            "reasons": dict(loaded.reasons),
            "file": loaded.rejects and str(loaded.rejects),
        },
    }


def _file_json(file: FileLoaded) -> dict[str, Any]:
    return {
        "file": file.name,
        "known": file.is_known,
        "alerts": file.alerts,
        "unplaced": file.unplaced,
        "rejected": file.rejected,
        "personal": list(file.personal),
        "unknown": list(file.unknown),
    }


def loaded_lines(loaded: Loaded) -> Iterator[str]:
    """What a load did, and below it what did not come in."""
    new = [file for file in loaded.files if not file.is_known]
    known = len(loaded.files) - len(new)
    if loaded.is_joined:
        yield f"Joined with snapshot {loaded.snapshot}."
    if new:
        alerts = sum(file.alerts for file in new)
        days = f"{loaded.days[0]} to {loaded.days[-1]}" if loaded.days else "no day"
        yield f"Loaded {alerts:,} alerts of {_counted(len(new), 'file')}: {days}."
    if known:
        yield f"Loaded before, and left as it is: {_counted(known, 'file')}."
    for file in new:
        if file.personal:
            yield f"Left outside as personal: {', '.join(file.personal)} ({file.name})"
        if file.unknown:
            yield f"Left outside as unknown: {', '.join(file.unknown)} ({file.name})"
    yield from _doubts(loaded)
    yield from _left_out(loaded)


def _doubts(loaded: Loaded) -> Iterator[str]:
    for name, days in loaded.added_to.items():
        yield (
            f"{name} was loaded before with other contents of {_counted(len(days), 'day')} too "
            f"({days[0]} to {days[-1]}): it was added. With --replace it takes their place."
        )
    if loaded.unknown_codes:
        yield "Loaded, but the catalogue does not have the codes:"
        for code, alerts in sorted(loaded.unknown_codes.items()):
            yield f"  {alerts:>13,}  {code}"
    if loaded.elsewhere:
        yield (
            "The log has another region than the inventory for "
            f"{_counted(loaded.elsewhere, 'alert')}; "
            "the inventory's is taken."
        )
    if loaded.uncovered:
        yield (
            f"Of {loaded.uncovered:,} alerts the inventory does not say what the premises had on "
            "that day; they are kept and compared with nothing."
        )


def _left_out(loaded: Loaded) -> Iterator[str]:
    for why, (devices, alerts) in loaded.unplaced.items():
        yield f"Not counted, {_counted(alerts, 'alert')} of {_counted(devices, 'Device')}: {why}"
    for why, rows in sorted(loaded.reasons.items(), key=lambda item: (-item[1], item[0])):
        yield f"Not counted, {_counted(rows, 'row')}: {why}"
    if loaded.rejects:
        yield f"Named in {loaded.rejects}"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
