"""What leaves: bands that hide small counts, hidden reporters, tombstones without a claim."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from defectreg.register.catalogue import Catalogue
from defectreg.register.public import PublicRecord
from defectreg.register.release import Release, public_record, shown_band
from defectreg.register.stage import facts_of, stage_of
from defectreg.register.standing import Landed, Standing
from tests.unit.register.cases import FIRST_DAY, decided, parties, policy, record, said, schema

DAY = FIRST_DAY + datetime.timedelta(days=90)


def released(
    *landed: Landed,
    audience: str = "green",
    affected: tuple[str, ...] = ("ESME:FF01/00010100@00010001",),
    **switches: Any,
) -> PublicRecord | None:
    of = record(affected=list(affected))
    everyone = parties()
    rules = policy(**switches)
    standing = Standing(of, landed, everyone)
    release = Release(audience, DAY, rules, everyone, Catalogue({}, {}, {}, {}, ()),
                      schema("record"), schema("statement"))  # fmt: skip
    return public_record(standing, stage_of(facts_of(standing, rules, audience, DAY)), (), release)


def published(
    *more: Landed, affected: tuple[str, ...] = ("ESME:FF01/00010100@00010001",), **switches: Any
) -> PublicRecord:
    told = {"affected": list(affected), "certainty": "suspected", "impact": "medium"}
    notice = said("notice", "secas", 1, to="maker-one", delivered="post", told=told)
    report = said("report", "supplier-one", devices="2-9", told_by="gas-network-operator")
    entry = released(report, decided("accept"), notice, *more, affected=affected, **switches)
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("band", "smallest", "shown"),
    [
        ("1", 1, "1"),
        ("2-9", 1, "2-9"),
        ("1", 2, "1-9"),
        ("2-9", 2, "1-9"),
        ("1", 5, "1-9"),
        ("2-9", 5, "1-9"),
        ("10-99", 5, "10-99"),
        ("10-99", 11, "1-99"),
        ("10000+", 5, "10000+"),
        ("1", 100, "1-99"),
    ],
)
def test_bands_under_the_small_cell_are_one(band: str, smallest: int, shown: str) -> None:
    assert shown_band(band, smallest) == shown


def test_a_report_is_shown_as_bands_and_never_tells_who_told_it() -> None:
    report = next(said for said in published().statements if said.kind == "report")
    assert report.values == {"devices": "1-9"}
    assert (report.whose, report.devices) == ("", ())


def test_the_time_line_has_no_consent_hold_or_own_withdrawal() -> None:
    report = said("report", "dcc", 2)
    extra = [
        report,
        said("consent", "supplier-one", 3, audience="green", read=["0" * 64 + "  f.yaml"]),
        decided("hold", role="security", step=4),
        decided("lift", role="security", step=5),
        decided("withdraw", report, by="dcc", role="party", step=6),
    ]
    entry = published(*extra, reporter_shown="hidden")
    assert [event.what for event in entry.timeline] == ["report", "accept", "notice"]
    assert entry.timeline[0].whose == ""


def test_a_tombstone_names_no_device_beside_the_response() -> None:
    answer = said("response", "maker-one", 2, position="disputed", says="It is otherwise.")
    withdraw = decided("withdraw", step=3, code="reported-in-error")
    assert published(answer).statements[1].devices == ("ESME:FF01/00010100",)
    entry = published(answer, withdraw)
    assert [(said.kind, said.devices) for said in entry.statements] == [("response", ())]
    assert (entry.affected, entry.values, entry.timeline) == ((), {}, ())


def test_the_models_of_a_manufacturer_that_is_no_party_are_named_as_told_to_nobody() -> None:
    affected = ("CHF:FF09/00020001 + ESME:FF01/00010100@00010001",)
    assert published().untold == ()
    assert published(affected=affected).untold == ("CHF:FF09/00020001",)
    assert published(affected=affected, manufacturer_shown="hidden").untold == (
        "CHF:(not shown)/00020001",
    )
