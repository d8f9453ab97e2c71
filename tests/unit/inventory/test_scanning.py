"""What can be looked for of what is given, and what an entry then is about."""

from __future__ import annotations

import json

import pytest

from defectreg.formats.columnmap import ColumnMapError
from defectreg.formats.spreadsheets import NumberCell
from defectreg.inventory.portfolio.applying import Applies, best_match
from defectreg.inventory.portfolio.groups import Group, Hub, Kinds, agreed, types_perhaps_there
from defectreg.inventory.portfolio.layout import Columns, layout_of
from defectreg.inventory.portfolio.news import News, NotAScan, State, news_of, state_of_json
from defectreg.inventory.portfolio.reading import given_of, read_device, read_typed
from defectreg.inventory.scanning import Known, rank_of
from defectreg.register.devices import OTHER_HALF, parse_combination

METER = "ESME:FF01/00010100"
HUB_AND_METER = parse_combination(f"CHF:FF02/00020001 + {METER}@0001* in North")
HUBS = frozenset(OTHER_HALF)


@pytest.mark.parametrize(
    ("cells", "looked_for"),
    [
        (("ESME", "ff01", " 00010100 ", "00010005"), f"{METER}@00010005"),
        (("esme", "FF01", "00010100", "00010005"), f"{METER}@00010005"),
        (("IHD", "Maker", "Display 5", ""), "IHD:Maker/Display%205"),
        (("CAD", "Maker", "Display 5", "1.0"), "CAD:Maker/Display%205@1.0"),
    ],
)
def test_what_is_written_rightly_is_looked_for(
    cells: tuple[str, str, str, str], looked_for: str
) -> None:
    reading = read_device(given_of(*cells))
    assert (str(reading.device), reading.problems) == (looked_for, ())


@pytest.mark.parametrize(
    ("cells", "looked_for", "problem"),
    [
        (("ESME", "FF01", "00010100", ""), METER, "the firmware version is missing"),
        (("ESME", "FF01", "00010100", "1.0"), METER, "the firmware version is not 8"),
        (("ESME", "FF01", "20120", "00010005"), "None", "may have eaten its zeros"),
        (("ESME", "FF01", "200000", "00010005"), "None", "how many is not sure"),
        (("ESME", "FF01", "2.00E+05", "00010005"), "None", "how many is not sure"),
        (("ESME", "1", "00010100", "00010005"), "None", "the manufacturer is not 4"),
        (("ESME", "FF01", "", "00010005"), "None", "the model is missing"),
        (("PPMID", "Maker", "Display 5", "1.0"), "None", "the manufacturer is not 4"),
        (("IHD", "", "Display 5", ""), "None", "the manufacturer is missing"),
        (("IHD", "Maker", "x" * 31, ""), "None", "more than the 30 characters"),
        (("", "FF01", "00010100", "00010005"), "None", "its Device Type is missing"),
        (("METER", "FF01", "00010100", "00010005"), "None", "its Device Type is not one"),
        (("ESME", "FF01", NumberCell("10000000"), "00010005"), "None", "kept as a number"),
    ],
)
def test_what_is_written_otherwise_is_said(
    cells: tuple[str, str, str, str], looked_for: str, problem: str
) -> None:
    reading = read_device(given_of(*cells))
    assert str(reading.device) == looked_for
    assert problem in "; ".join(reading.problems)


def test_zeros_are_put_back_only_where_that_is_sure() -> None:
    sure = read_device(given_of("ESME", "FF01", "20120", "10005"), pads=True)
    assert (str(sure.device), sure.mended) == ("ESME:FF01/00020120@00010005", 2)
    for model in ("200000", "2.00E+05", "1A2B", "", "10000000000"):
        unsure = read_device(given_of("ESME", "FF01", model, "00010005"), pads=True)
        assert (unsure.device, unsure.mended) == (None, 0)
    type_2 = read_device(given_of("IHD", "1", "20120", ""), pads=True)
    assert (str(type_2.device), type_2.mended) == ("IHD:1/20120", 0)


@pytest.mark.parametrize(
    ("typed", "looked_for", "is_judged"),
    [
        (f"{METER}@00010005", f"{METER}@00010005", True),
        (f"{METER}@0001*,00030000..00030004", f"{METER}@0001*,00030000..00030004", True),
        (f"{METER}@00010005,0002*", f"{METER}@00010005,0002*", True),
        (f"{METER}@00010005,20", METER, False),
        (METER, METER, False),
        ("ESME:FF01/20120@0001*", "None", False),
    ],
)
def test_firmware_is_typed_as_the_notation_has_it(
    typed: str, looked_for: str, is_judged: bool
) -> None:
    reading = read_typed(parse_combination(typed).devices[0])
    assert (str(reading.device), not reading.problems) == (looked_for, is_judged)


@pytest.mark.parametrize(
    ("installed", "perhaps", "applies", "concerned"),
    [
        (f"CHF:FF02/00020001 + {METER}@00010005 in North", (), "yes", "CHF+ESME"),
        (f"GPF:FF02/00020001 + {METER}@00010005 in North", (), "yes", "ESME+GPF"),
        (f"CHF:FF02/00020001 + GPF:FF02/00020001 + {METER}@00010005 in North", (), "yes",
         "CHF+ESME"),
        (f"CHF:FF02/00020001 + {METER} in North", (), "possibly", "CHF+ESME"),
        (f"CHF:FF02/00020001 + {METER}@00010005", (), "possibly", "CHF+ESME"),
        (f"CHF:FF02/00020001 + {METER}@00010005 in South", (), None, ""),
        (f"{METER}@00010005 in North", (), None, ""),
        (f"{METER}@00010005 in North", HUBS, "partial", "ESME"),
        (f"{METER}@00020005 in North", HUBS, None, ""),
        (f"{METER}@00010005 in South", HUBS, None, ""),
        ("CHF:FF02/00020001 in North", HUBS, None, ""),
        ("CHF:FF02/00020001 in North", ("ESME",), "partial", "CHF"),
        ("CHF:FF02/00020001 in North", ("ESME", "CHF", "GPF"), "partial", "CHF"),
        (f"CHF:FF02/00020009 + {METER}@00010005 in North", ("GSME",), None, ""),
    ],
)  # fmt: skip
def test_an_entry_applies_as_far_as_its_devices_are_known(
    installed: str, perhaps: tuple[str, ...], applies: str | None, concerned: str
) -> None:
    match = best_match([HUB_AND_METER], parse_combination(installed), frozenset(perhaps))
    if match is None:
        assert applies is None
        return
    types = "+".join(device.type for device in match.combination.devices)
    assert (match.applies, types) == (applies, concerned)
    assert match.combination.regions == parse_combination(installed).regions


def test_of_several_entries_the_surest_counts() -> None:
    affected = [HUB_AND_METER, parse_combination(METER)]
    match = best_match(affected, parse_combination(f"{METER}@00010005"), HUBS)
    assert match is not None
    assert (match.applies, str(match.combination)) == (Applies.YES, f"{METER}@00010005")


def test_what_cannot_be_read_may_be_there() -> None:
    kinds = Kinds()
    meter = kinds.place(given_of("ESME", "FF01", "00010100", "00010005"))
    torn_hub = kinds.place(given_of("GPF", "FF02", "1", "00010005"))
    torn_row = kinds.place(given_of("", "", "", ""))
    whole = Group((meter,), (), Hub.READ, True)
    assert types_perhaps_there(whole, [], kinds) == frozenset()
    assert types_perhaps_there(Group((meter,), (), Hub.MISSING, True), [], kinds) == HUBS
    assert types_perhaps_there(whole, [torn_hub], kinds) == HUBS
    assert "GSME" in types_perhaps_there(whole, [torn_row], kinds)
    assert "GSME" in types_perhaps_there(Group((meter,), (), Hub.READ, False), [], kinds)


def test_devices_that_disagree_name_no_region() -> None:
    assert agreed(["north", "North ", ""]) == ("North",)
    assert agreed(["North", "South"]) == agreed(["Nowhere"]) == agreed([]) == ()


def test_a_sheet_is_read_by_the_names_of_its_columns() -> None:
    by_row = layout_of(["Device Type", "Device Model", "MPAN", "CHF ID"], Columns({}))
    assert not by_row.is_premises_a_row
    assert by_row.personal == ("MPAN",)
    assert by_row.text("premises", ["ESME", "1", "2", " x "]) == "x"
    by_premises = layout_of(["Comms Hub Model", "esme_model", "ESME firmware"], Columns({}))
    assert by_premises.is_premises_a_row
    given = [slot.read(slot.cells(["", "1", "2"])) for slot in by_premises.slots]
    assert [str(each) for each in given] == ["ESME:-/1@2", "None"]
    assert by_premises.is_too_long(["", "", "", "x"])
    assert not by_premises.is_too_long(["", "", "", " "])


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (["a", "b"], {}),
        (["model", "firmware"], {}),
        (["type", "device type", "model"], {}),
        (["a", "b"], {"esme-model": "c"}),
        (["a", "a"], {"esme-model": "a"}),
    ],
)
def test_a_sheet_of_which_the_columns_are_not_sure_is_refused(
    header: list[str], columns: dict[str, str]
) -> None:
    with pytest.raises(ColumnMapError):
        layout_of(header, Columns.of({"columns": columns}))


@pytest.mark.parametrize(
    "document",
    [
        {"columns": {"meter-model": "a"}},
        {"columns": {"esme-model": "Customer name"}},
        {"columns": {"esme-model": ""}},
        {"columns": []},
        {"sheet": []},
        {"other": {}},
    ],
)
def test_a_map_that_says_something_else_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ColumnMapError):
        Columns.of(document)
    assert Columns.of({"columns": {"esme-model": "a", "premises": "MPAN"}}).names


def test_a_remedy_is_news_only_of_what_was_known() -> None:
    before = State(frozenset({("A", METER), ("B", METER)}), frozenset())
    remedies = frozenset({("A", "fix", "ESME", "1"), ("C", "fix", "ESME", "1")})
    now = State(frozenset({("A", METER), ("C", METER)}), remedies)
    news = news_of(before, now)
    assert news.new == {("C", METER)}
    assert news.gone == {("B", METER)}
    assert news.remedies == {("A", "fix", "ESME", "1")}
    assert news_of(now, now) == News(frozenset(), frozenset(), frozenset())


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"schema_version": 1}',
        b'{"schema_version": 2, "known": [], "issues": [], "not_judged": []}',
        b'{"schema_version": 1, "known": [{"id": 1}], "issues": [], "not_judged": []}',
        b'{"schema_version": 1, "known": [], "issues": [{"id": "A"}], "not_judged": []}',
        b"\xff",
    ],
)
def test_only_a_scan_is_a_baseline(source: bytes) -> None:
    with pytest.raises(NotAScan):
        state_of_json(source)
    empty = {"schema_version": 1, "known": [], "issues": [], "not_judged": []}
    assert state_of_json(json.dumps(empty).encode()) == State(frozenset(), frozenset())


def test_of_as_many_devices_the_order_is_not_that_of_manufacturers() -> None:
    makers = [f"FF{number:02}" for number in range(1, 9)]
    known = [
        Known("DR-7K3Q-X4MB", parse_combination(f"ESME:{maker}/00010100"), Applies.YES, 1, 1)
        for maker in makers
    ]
    ranked = [each.combination.devices[0].manufacturer for each in sorted(known, key=rank_of)]
    assert sorted(ranked) == makers
    assert ranked not in (makers, makers[::-1])
