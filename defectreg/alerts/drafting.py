"""What the tracker says of a finding: the fields of a new record, and those of a report.

No text names a product: what may be shown of one is decided where combinations are shown. Figures
are bands, unless the policy wants them exact; what would tell a small cell is left out.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from defectreg.alerts.correlating import Finding, Result
from defectreg.alerts.effects import band
from defectreg.alerts.explaining import RATIO
from defectreg.register.devices import REGIONS
from defectreg.register.statement import Statement

LEVEL_WORDS = {
    "esme": "electricity meter",
    "gsme": "gas meter",
    "hub": "Communications Hub",
    "esme-hub": "electricity meter with a Communications Hub",
    "combination": "combination of Devices",
}
"""Level of a finding → the Device or Devices of which model and firmware are meant."""
RATIO_BANDS = (
    (100, "more than 100 times"),
    (10, "10 to 100 times"),
    (5, "5 to 10 times"),
    (2, "2 to 5 times"),
    (0, "1.5 to 2 times"),
)
"""From which ratio on → its words; a finding's is over 1.5."""
SHARE_BANDS = (
    (0.1, "high", "a tenth or more"),
    (0.01, "medium", "between a hundredth and a tenth"),
    (0, "low", "less than a hundredth"),
)
"""From which share of the region's alerts on → the impact on DCC services, and words for it."""
_WINDOW = re.compile(r"Alerts of ([0-9]{4}-[0-9]{2}-[0-9]{2}) to ([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Window:
    """The loaded days that were looked at, and how it is told of them.

    ``names`` are the words that the catalogue has for alert codes.
    """

    days: tuple[datetime.date, ...]
    is_exact: bool
    names: Mapping[str, str]

    @property
    def first(self) -> datetime.date:
        return self.days[0]

    @property
    def last(self) -> datetime.date:
        return self.days[-1]

    @property
    def words(self) -> str:
        """How each report of the tracker begins; :func:`window_told` reads it again."""
        return f"Alerts of {self.first} to {self.last}"

    def code(self, code: str) -> str:
        """An alert code with its words."""
        name = self.names.get(code, "")
        return f"{code} ({name})" if name else code


def window_told(says: str) -> tuple[datetime.date, datetime.date] | None:
    """The first and last day that a report of the tracker is about; None of any other report."""
    match = _WINDOW.match(says)
    try:
        return match and (
            datetime.date.fromisoformat(match[1]),
            datetime.date.fromisoformat(match[2]),
        )
    except ValueError:
        return None


def regions_told(said: Statement) -> frozenset[str]:
    """The regions a report of the tracker is about: the one that it names, or those in its text."""
    if region := said.text("region"):
        return frozenset({region})
    return frozenset(region for region in REGIONS if f" in {region} " in said.text("says"))


def record_values(finding: Finding, window: Window) -> dict[str, Any]:
    """The fields of a new record for a finding, by dotted key."""
    result = finding.result
    region, level = result.region, LEVEL_WORDS[result.cell[0]]
    cells = [result.cell, *finding.explained.alike]
    values: dict[str, Any] = {
        "title": f"Alert {result.code} correlated with one {level}, by model and firmware, "
        f"in {region}",
        "kind": "superfluous-alerts",
        "affected": [f"{name} in {region}" for _, name in cells],
        "behaviour": f"In {region} the alert {window.code(result.code)} is correlated with "
        f"premises that have this {level}, which sent it at {_ratio_words(finding)} the rate of "
        "the other premises of the region.",
        "circumstances": _circumstances(finding),
        "alerts": [result.code],
        "certainty": "correlated",
        "origin": "alerts-tracker",
    }
    return values | _figures(finding)


def _circumstances(finding: Finding) -> str:
    said = (
        "Found by the alerts tracker. Correlated with is not more than that: such premises may "
        "also have in common what no inventory tells."
    )
    if finding.explained.alike:
        said += (
            " The combinations named here are those of exactly the same premises; the alerts "
            "cannot tell with which of them they are correlated."
        )
    return said


def _figures(finding: Finding) -> dict[str, Any]:
    """What a record says of how many; nothing where that would tell a small cell."""
    if not finding.is_shown:
        return {}
    result = finding.result
    return {
        "since": result.said.first,
        "evidence.devices": band(result.said.premises),
        "impact.dcc-services": _share(result)[0],
    }


def _share(result: Result) -> tuple[str, str]:
    """The impact of a finding by its share of the region's alerts, and the words for that."""
    share = result.said.alerts / result.region_alerts
    return next((impact, words) for least, impact, words in SHARE_BANDS if share >= least)


def report_values(findings: Sequence[Finding], window: Window) -> dict[str, Any]:
    """The fields of a report on a record, for all findings that the record covers."""
    sentences = " ".join(_sentence(finding, window) for finding in findings)
    values: dict[str, Any] = {"says": f"{window.words}: {sentences}", **_month(window)}
    regions = {finding.result.region for finding in findings}
    if len(regions) == 1:
        values["region"] = next(iter(regions))
    if all(finding.is_shown for finding in findings):
        values["devices"] = band(_premises(findings))
        values["since"] = min(finding.result.said.first for finding in findings)
    return values


def _premises(findings: Sequence[Finding]) -> int:
    """How many alerted: cells of one region may have premises in common, regions have none."""
    most: dict[str, int] = {}
    for finding in findings:
        region = finding.result.region
        most[region] = max(most.get(region, 0), finding.result.said.premises)
    return sum(most.values())


def ended_values(
    code: str, region: str, until: datetime.date, window: Window, *, is_gone: bool
) -> dict[str, Any]:
    """The fields of a report that it ended in a region after a day on which it was still seen.

    ``is_gone`` says that no premises of the region has the combination any more.
    """
    why = (
        "no premises of the region has it in these days"
        if is_gone
        else f"the rate of its premises is surely within {RATIO} times that of the others"
    )
    return {
        "says": f"{window.words}: in {region} {code} is no longer correlated with this "
        f"combination; {why}.",
        "region": region,
        "until": until.isoformat(),
        **_month(window),
    }


def _month(window: Window) -> dict[str, str]:
    """The month that a report stands for, where all its days are of one."""
    first, last = window.first.isoformat()[:7], window.last.isoformat()[:7]
    return {"period": first} if first == last else {}


def _sentence(finding: Finding, window: Window) -> str:
    result = finding.result
    said = (
        f"in {result.region} {result.code} is correlated with this combination, at "
        f"{_ratio_words(finding, is_exact=window.is_exact)} the rate of the other premises"
    )
    if finding.is_shown and window.is_exact:
        said += f"; {_exact(finding, window)}"
    elif finding.is_shown:
        said += f" and with {_share(result)[1]} of all alerts of the region"
    return f"{said}."


def _ratio_words(finding: Finding, *, is_exact: bool = False) -> str:
    """How many times the rate, as a band, or with its interval where figures are exact."""
    found = finding.result.comparison
    if is_exact and math.isfinite(found.high):
        return f"{found.ratio:.3g} times (95 % interval {found.low:.3g} to {found.high:.3g})"
    return next(words for least, words in RATIO_BANDS if found.ratio >= least)


def _exact(finding: Finding, window: Window) -> str:
    result = finding.result
    return (
        f"{result.said.premises:,} of {result.exposure.premises:,} premises alerted, "
        f"{result.said.alerts / len(window.days):,.1f} alerts a day, "
        f"{result.said.alerts / result.region_alerts * 100:.1f} % of the region's"
    )
