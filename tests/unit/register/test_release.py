"""What leaves: bands that hide small counts, hidden reporters, tombstones without a claim."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from defectreg.register.catalogue import Catalogue
from defectreg.register.public import NOT_TOLD, PublicRecord
from defectreg.register.readable import shown_band
from defectreg.register.release import Release, public_record
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


NOTIFIED = (
    said("notice", "secas", 1, to="maker-one", delivered="post",
         told={"affected": ["ESME:FF01/00010100@00010001"], "certainty": "suspected",
               "impact": "medium"}),
)  # fmt: skip


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


def test_a_tombstone_has_no_response_to_a_claim_that_was_never_shown() -> None:
    report = said("report", "supplier-one")
    answer = said("response", "maker-one", 1, position="disputed", says="It is otherwise.")
    withdraw = decided("withdraw", step=3, code="reported-in-error")
    entry = released(report, decided("accept"), answer, withdraw)
    assert entry is not None
    assert (entry.statements, entry.withdrawal is not None) == ((), True)


def test_a_withdrawal_that_the_audience_may_not_read_tells_no_reason() -> None:
    withdraw = decided("withdraw", step=3, code="supplier-process", classification="red")
    ended = published(withdraw).withdrawal
    assert ended is not None
    assert (ended.code, ended.other) == (NOT_TOLD, "")


def test_what_is_held_and_was_never_shown_leaves_no_tombstone() -> None:
    report, withdraw = said("report", "supplier-one"), decided("withdraw", step=3, code="duplicate")
    hold = decided("hold", by="ssc", role="security", step=1)
    assert released(report, decided("accept"), hold, withdraw) is None
    assert released(report, decided("accept"), withdraw) is not None


def test_an_accept_of_what_is_not_shown_is_no_event() -> None:
    hidden = said("workaround", "supplier-one", 2, classification="amber", says="Restart it.")
    open_ = said("workaround", "supplier-one", 2, says="Restart it.")
    events = [len(published(one, decided("accept", one, step=4)).timeline)
              for one in (hidden, open_)]  # fmt: skip
    assert events[1] - events[0] == 2


def test_what_its_party_says_anew_for_fewer_readers_is_shown_no_longer() -> None:
    first = said("workaround", "supplier-one", 2, says="Restart it.")
    accepted = decided("accept", first, step=2)
    assert [each.kind for each in published(first, accepted).statements] == ["report", "workaround"]
    for reader, kinds in (("amber", ["report"]), ("green", ["report", "workaround", "workaround"])):
        anew = said("workaround", "supplier-one", 3, supersedes=first.statement.file,
                    classification=reader, says="Leave it off.")  # fmt: skip
        entry = published(first, accepted, anew, decided("accept", anew, step=3))
        assert [each.kind for each in entry.statements] == kinds


def test_who_entered_what_another_told_did_not_report_it() -> None:
    told = said("report", "dcc", received="letter", told_by="large-supplier")
    own = said("report", "dcc")
    flags = [entry.is_validated_by_its_reporter
             for report in (told, own)
             if (entry := released(report, decided("accept"), *NOTIFIED,
                                   dcc_reports_validated_by="self")) is not None]  # fmt: skip
    assert flags == [False, True]


def test_the_sha256_of_a_letter_is_not_let_out() -> None:
    said_by_letter = said(
        "response", "dcc", 2, position="disputed", received="letter", letter="a" * 64,
        from_="maker-one",
    )  # fmt: skip
    entry = published(said_by_letter)
    [response] = [each for each in entry.statements if each.kind == "response"]
    assert response.values["received"] == "letter"
    assert "a" * 64 not in str(entry)


def test_the_models_of_a_manufacturer_that_is_no_party_are_named_as_told_to_nobody() -> None:
    affected = ("CHF:FF09/00020001 + ESME:FF01/00010100@00010001",)
    assert published().untold == ()
    assert published(affected=affected).untold == ("CHF:FF09/00020001",)
    assert published(affected=affected, manufacturer_shown="hidden").untold == (
        "CHF:(not shown)/00020001",
    )


def test_what_a_schema_does_not_know_is_not_let_out() -> None:
    release = Release("green", DAY, policy(), parties(), Catalogue({}, {}, {}, {}, ()),
                      schema("record"), schema("statement"))  # fmt: skip
    data = {"title": "A title", "earlier": "x", "deeper": {"key": ["x"]}, "impact": {"pets": "x"}}
    assert release.leaves(data, release.record_schema) == {"title": "A title"}
    assert release.leaves({"title": ["x"], "alerts": "x"}, release.record_schema) == {}
