"""Laws of exposure: whatever snapshots say, no day of a premises is told twice."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.loading_alerts import device, exposure, inventory_of, kept, load, log, row, snapshot

START = datetime.date(2026, 1, 10)
NEVER = datetime.date(9999, 12, 31)
SINCE = st.one_of(st.just(""), st.integers(-9, 99).map(
    lambda number: (START + datetime.timedelta(number)).isoformat()))  # fmt: skip
DEVICE = st.tuples(st.sampled_from(("00010001", "00010002", "")), SINCE,
                   st.sampled_from(("Commissioned", "Withdrawn")), st.integers(1, 2))  # fmt: skip
STATE = st.dictionaries(st.sampled_from(((1, "CHF"), (1, "ESME"), (2, "CHF"), (2, "ESME"))), DEVICE,
                        min_size=1)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(states=st.lists(STATE, min_size=1, max_size=4), joins=st.lists(st.booleans(), min_size=4))
def test_stays_of_a_premises_do_not_overlap_and_the_newest_goes_on(
    tmp_path_factory: pytest.TempPathFactory,
    states: list[dict[tuple[int, str], tuple[str, str, str, int]]],
    joins: list[bool],
) -> None:
    folder = tmp_path_factory.mktemp("exposure")
    rows = [
        [
            row(number, kind, firmware=firmware, firmware_since=since, device_status=status,
                premises=premises)
            for (number, kind), (firmware, since, status, premises) in state.items()
        ]
        for state in states
    ]  # fmt: skip
    days = [(START + datetime.timedelta(20 * number)).isoformat() for number in range(4)]
    inventory = inventory_of(folder, *rows[0], as_of=days[0])
    load(inventory, log(folder, f"{device(1)},8F1E,2026-01-02"))
    before = kept(inventory)
    for state, day, is_joined in zip(rows[1:], days[1:], joins, strict=False):
        snapshot(inventory, state, day)
        if is_joined:
            load(inventory)
    load(inventory)
    assert kept(inventory) == before
    stays = sorted((each["premises"], each["first_day"], each["last_day"])
                   for each in exposure(inventory))  # fmt: skip
    for (premises, first, last), (following, begins, _) in pairwise(stays):
        assert premises != following or first <= last < begins
    installed = {each["premises"] for each in rows[-1] if each["device_status"] == "Commissioned"}
    assert sum(last == NEVER for _, _, last in stays) == len(installed)
