"""What effect.sql adds up, and what is measured of a fix."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from defectreg.alerts.effects import Asked, Effect, Scope, asked_of, band, measure, proposal
from defectreg.alerts.telling import effect_json, effect_lines
from defectreg.register.devices import parse_combination
from defectreg.register.statement import Statement
from defectreg.store.tables.engine import many
from tests.alerts import GOOD_HUB, Sent, Stay, answer, keep

MODEL = "ESME:FF01/00010100"
OLD, NEW = f"{MODEL}@00010001", f"{MODEL}@00010002"
AFFECTED = (parse_combination(f"{MODEL}@0001*"),)
FIX = Statement(
    "2026-06-01-fix-maker-one.yaml",
    {"of": "DR-7K3Q-X4MB", "kind": "fix", "by": "maker-one", "date": "2026-06-01",
     "device": "ESME", "firmware": "00010002"},
    "0" * 64,
)  # fmt: skip
ASKED = asked_of(FIX, AFFECTED)[0]
SCOPE = Scope(("8F1E",), "2026-06-01", "2026-08-09", smallest=5)


def taking(took: int, like: int) -> Iterator[Stay]:
    """Premises that take the firmware from day 30 on, one after the other, and like ones."""
    for number in range(took):
        change = 30 + number % 10
        yield Stay(number, esme=OLD, last=change - 1)
        yield Stay(number, esme=NEW, first=change, last=69)
    for number in range(took, took + like):
        yield Stay(number, esme=OLD, last=69)


def sending(took: int, like: int, before: int, after: int) -> Iterator[Sent]:
    """Each alerts every third day; those that took it so many times before and after."""
    for number in range(took + like):
        change = 30 + number % 10 if number < took else 70
        for day in range(number % 3, 70, 3):
            if count := before if day < change else after:
                yield Sent(number, count, day)


def measured(folder: Path, stays: Iterator[Stay], sent: Iterator[Sent]) -> Effect:
    keep(folder, stays, sent)
    rows = answer("effect.sql", folder, ASKED.parameters, {"codes": many([["8F1E"]], "code")})
    return measure(ASKED, rows)


def test_a_fix_that_ends_the_alerts_is_proposed_as_confirmed(tmp_path: Path) -> None:
    found = measured(tmp_path / "i", taking(60, 60), sending(60, 60, 4, 0))
    assert found.verdict == "confirmation"
    assert found.ratio is not None
    assert found.ratio.value == 0
    assert found.ratio.high < 1 / 3
    assert found.took.premises == 60
    assert found.took_rates == pytest.approx((4 / 3, 0), rel=0.05)
    assert found.alike_rates == pytest.approx((4 / 3, 4 / 3), rel=0.05)


def test_a_fix_that_leaves_half_is_proposed_as_challenged(tmp_path: Path) -> None:
    found = measured(tmp_path / "i", taking(60, 60), sending(60, 60, 4, 2))
    assert found.verdict == "challenge"
    assert found.ratio is not None
    assert found.ratio.low < 0.5 < found.ratio.high
    assert found.difference is not None
    assert found.difference.value == pytest.approx(-2 / 3, rel=0.1)
    fields = proposal(found, FIX, SCOPE)
    assert fields["kind"] == "challenge"
    assert fields["says"].startswith("Alerts 8F1E of 2026-06-01 to 2026-08-09, measured in the 28 ")
    assert "FF01" not in fields["says"]
    assert fields["about"] == FIX.file
    assert "correlated with" in fields["says"]
    assert "caus" not in fields["says"]


def test_what_falls_everywhere_is_not_the_fix(tmp_path: Path) -> None:
    sent = (Sent(number, 4 if day < 34 else 1, day)
            for number in range(120) for day in range(number % 3, 70, 3))  # fmt: skip
    found = measured(tmp_path / "i", taking(60, 60), sent)
    assert found.took_rates[1] < 0.5 * found.took_rates[0]
    assert found.verdict == "challenge"
    assert found.ratio is not None
    assert found.ratio.value == pytest.approx(1, abs=0.25)


def test_too_few_premises_cannot_be_judged(tmp_path: Path) -> None:
    found = measured(tmp_path / "i", taking(29, 60), sending(29, 60, 4, 0))
    assert found.verdict == ""
    assert "fewer than 30 premises that took it" in found.reason
    assert proposal(found, FIX, SCOPE) == {}


def test_what_is_proposed_is_a_command_that_a_shell_takes(tmp_path: Path) -> None:
    found = measured(tmp_path / "i", taking(60, 60), sending(60, 60, 4, 0))
    fields = proposal(found, FIX, SCOPE)
    *_, command = effect_lines(found, FIX, SCOPE)
    assert shlex.split(command) == [
        "defectreg", "add", "confirmation", FIX.of, "--about", FIX.file, fields["says"],
    ]  # fmt: skip


def test_of_too_few_premises_no_figures_are_shown(tmp_path: Path) -> None:
    found = measured(tmp_path / "i", taking(4, 60), sending(4, 60, 4, 0))
    assert found.took.premises == 4
    lines = "\n".join(effect_lines(found, FIX, SCOPE))
    assert "took it: fewer than 5 premises, no figures are shown" in lines
    assert "premises, alerts a premises-day 1.33 before, 1.33 after" in lines
    took = effect_json(found, FIX, SCOPE)["took"]
    assert took == {"premises": None, "rate_before": None, "rate_after": None}
    shown = effect_json(found, FIX, replace(SCOPE, smallest=4))["took"]
    assert shown["premises"] == 4
    assert shown["rate_before"] == pytest.approx(4 / 3, rel=0.1)


def test_without_like_premises_cannot_be_judged(tmp_path: Path) -> None:
    stays = (Stay(number, GOOD_HUB, OLD if first == 0 else NEW, "", first, last)
             for number in range(60) for first, last in ((0, 29), (30, 69)))  # fmt: skip
    found = measured(tmp_path / "i", stays, sending(60, 0, 4, 0))
    assert found.reason == "no like premises had not yet taken it, so there is no comparison"
    assert found.without_alike == 60


def test_like_premises_have_the_same_combination_otherwise(tmp_path: Path) -> None:
    others = (Stay(stay.premises, "CHF:FF09/00000001@00000001" if stay.premises >= 60 else GOOD_HUB,
                   stay.esme, "", stay.first, stay.last) for stay in taking(60, 60))  # fmt: skip
    found = measured(tmp_path / "i", others, sending(60, 60, 4, 0))
    assert found.verdict == ""
    assert "like them" in found.reason
    assert found.alike.premises < 30  # those that took it later, before they did


def test_premises_whose_other_device_changed_with_it_did_not_take_it_alone(tmp_path: Path) -> None:
    def moved(stay: Stay) -> Stay:
        hub = "CHF:FF02/00020001@00020009" if stay.esme == NEW else GOOD_HUB
        return Stay(stay.premises, hub, stay.esme, "", stay.first, stay.last)

    found = measured(tmp_path / "i", map(moved, taking(60, 60)), sending(60, 60, 4, 0))
    assert found.took.premises == 0
    assert found.verdict == ""


def test_a_fix_is_asked_of_each_model_of_its_device_and_needs_a_firmware() -> None:
    entries = (parse_combination(f"{MODEL} + GPF:FF02/00020001"),)
    fix = Statement(FIX.file, {**FIX.data, "device": "GPF"}, FIX.sha256)
    assert [str(asked.device) for asked in asked_of(fix, entries)] == ["CHF:FF02/00020001"]
    bare = {key: value for key, value in FIX.data.items() if key != "firmware"}
    assert asked_of(Statement(FIX.file, bare, FIX.sha256), entries) == []
    display = Statement(FIX.file, {**FIX.data, "device": "PPMID"}, FIX.sha256)
    assert asked_of(display, (parse_combination("PPMID:FF01/00000001"),)) == []


def test_only_combinations_that_the_record_affects_are_meant() -> None:
    asked = Asked(ASKED.device, "00010002", (parse_combination(f"{MODEL}@0001* in North"),))
    assert asked.is_meant("North", OLD)
    assert not asked.is_meant("South", OLD)
    assert not asked.is_meant("North", f"{MODEL}@00020001")
    assert not asked.is_meant("North", "no combination")


@pytest.mark.parametrize(
    ("number", "name"), [(1, "1"), (9, "2-9"), (10, "10-99"), (99_999, "10000+")]
)
def test_numbers_are_told_as_bands(number: int, name: str) -> None:
    assert band(number) == name
