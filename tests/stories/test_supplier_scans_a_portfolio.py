"""A Supplier has taken over a portfolio and asks which of its Devices are in the register."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from defectreg.formats.columns import BYTE_ORDER_MARK, from_csv
from defectreg.formats.spreadsheets import read_xlsx_rows, write_xlsx
from defectreg.register.record import statements_folder
from defectreg.register.shown_words import DISCLAIMER
from tests.registers import ID, Result, TestRegister, good_record, make_register, statement

CLOCK = "DR-AAAA-0001"
METER = "ESME:FF03/00010100@00010005"
HUB = "CHF:FF02/00020001@00020002"
NOT_EVERY = "Not every issue is reported"
NAMES = "Device Type,Manufacturer,Model,Firmware Version,CSP Region,CHF ID"
BOTH = (
    "CHF,FF02,00020001,00020002,North,one",
    "GPF,FF02,00020001,00020002,North,one",
    "ESME,FF03,00010100,00010005,North,one",
)
"""A premises with a known issue."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    register = make_register(tmp_path_factory.mktemp("scan") / "r", [good_record()], signs=False)
    fix = statement(
        "fix", "supplier-two", says="Take 00030005.", device="ESME", firmware="00030005"
    )
    register.later().say(ID, fix, accept=True)
    clock = good_record(
        id=CLOCK,
        title="Display shows the wrong hour",
        affected=["ESME:FF01/00020120@0001*"],
        classification="amber",
    )
    register.later().add(clock)
    return register


def scanned(made: TestRegister, folder: Path, *lines: str, names: str = NAMES) -> Result:
    """What scan says of a sheet."""
    return made.run("scan", str(sheet(folder, *lines, names=names)))


def sheet(folder: Path, *lines: str, names: str = NAMES, name: str = "portfolio.csv") -> Path:
    file = folder / name
    file.write_text("\n".join([names, *lines]) + "\n", encoding="utf-8")
    return file


def parsed(answer: Result) -> dict[str, Any]:
    data = json.loads(answer.out)
    assert isinstance(data, dict)
    return data


def found(data: dict[str, Any]) -> list[tuple[str, str, str, int, int]]:
    keys = ("id", "combination", "applies", "combinations", "devices")
    return [tuple(row[key] for key in keys) for row in data["known"]]


def counts(answer: Result) -> str:
    """The line with what was counted: the first one below the disclaimer."""
    assert answer.out.startswith(DISCLAIMER + "\n\n")
    return answer.out.splitlines()[2]


def test_a_supplier_reads_which_combinations_are_known_and_the_fix_first(
    made: TestRegister, tmp_path: Path
) -> None:
    other = [line.replace("one", "two") for line in BOTH]
    answer = scanned(made, tmp_path, *BOTH, *other, "ESME,FF09,00010100,00010005,North,three")
    assert answer.code == 1
    assert counts(answer) == (
        "3 installed combinations, 7 Devices: 2 with known issues, 0 could not be judged, "
        "1 with nothing known."
    )
    lines = answer.out.splitlines()
    place = lines.index(f"{HUB} + {METER} in North: 4 Devices in 2 installed combinations")
    assert lines[place + 1].split()[0] == ID
    assert lines[place + 2].strip() == "fix: ESME in firmware 00030005. Take 00030005."
    assert lines[place + 3].strip().startswith("applies · Unusual behaviour, suspected")
    assert NOT_EVERY in answer.out
    assert "a Device in each row, grouped by the column of their premises" in answer.out


def test_nothing_known_ends_well_and_says_what_that_means(
    made: TestRegister, tmp_path: Path
) -> None:
    answer = scanned(made, tmp_path, "ESME,FF09,00010100,00010005,North,one")
    assert answer.code == 0
    assert "1 with nothing known" in counts(answer)
    assert NOT_EVERY in answer.out.splitlines()[3]


@pytest.mark.parametrize(
    "row",
    [
        "ESME,FF09,20120,00010005,North,one",
        "ESME,FF09,00020120,2.00E+05,North,one",
        "ESME,FF09,00020120,,North,one",
        "ESME,FF09,,00010005,North,one",
        "ESME,,00020120,00010005,North,one",
        ",FF09,00020120,00010005,North,one",
        "METER,FF09,00020120,00010005,North,one",
        'ESME,FF09,00020120,00010005,North,one,"displaced"',
    ],
)
def test_what_cannot_be_read_is_never_nothing_known(
    made: TestRegister, tmp_path: Path, row: str
) -> None:
    answer = scanned(made, tmp_path, row)
    assert answer.code == 1
    assert "1 could not be judged, 0 with nothing known" in counts(answer)
    assert "Could not be judged" in answer.out.splitlines()


def test_zeros_are_given_back_where_that_is_certain(made: TestRegister, tmp_path: Path) -> None:
    lines = ("ESME,FF01,20120,00010005,North,one", "ESME,FF01,200000,00010005,North,two")
    file = str(sheet(tmp_path, *lines))
    as_it_is, mended = made.run("scan", file), made.run("scan", file, "--pad-zeros")
    assert "2 could not be judged" in counts(as_it_is)
    assert "0 with known issues" in counts(as_it_is)
    assert "1 with known issues, 1 could not be judged" in counts(mended)
    assert "1 identifier got back the zeros" in mended.out
    assert "ESME:FF01/00020120@00010005: 1 Device" in mended.out
    assert "ESME:FF01/200000@00010005: 1 Device" in mended.out


def test_what_cannot_be_judged_stands_in_one_order_however_it_came(
    made: TestRegister, tmp_path: Path
) -> None:
    lines = [f"ESME,FF0{maker},20120,00010005,North,{maker}" for maker in range(1, 7)]
    orders = (lines, lines[::-1])
    said = [parsed(made.run("scan", str(sheet(tmp_path, *rows)), "--json")) for rows in orders]
    assert said[0]["not_judged"] == said[1]["not_judged"]
    assert len(said[0]["not_judged"]) == 6


def test_a_number_of_a_workbook_that_may_have_been_another_is_not_judged(
    made: TestRegister, tmp_path: Path
) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    file = tmp_path / "portfolio.xlsx"
    with xlsxwriter.Workbook(str(file)) as workbook:
        written = workbook.add_worksheet()
        written.write_row(0, 0, ["ESME manufacturer", "ESME model", "ESME firmware"])
        written.write_row(1, 0, ["FF09", 12345678, "00010005"])
        written.write_row(2, 0, ["FF09", "10000000", "00010005"])
        written.write_row(3, 0, ["FF09", 10000000, "00010005"])
        written.write_row(4, 0, ["FF09", "10000000", "00010005"])
    answer = made.run("scan", str(file))
    assert "1 could not be judged, 3 with nothing known" in counts(answer)
    assert "ESME:FF09/10000000@00010005: 1 Device; the model is kept as a number" in answer.out


def test_a_missing_hub_makes_a_match_partial_and_says_so(
    made: TestRegister, tmp_path: Path
) -> None:
    answer = scanned(made, tmp_path, "ESME,FF03,00010100,00010005,North,one")
    assert answer.code == 1
    assert "partial match: the other Devices of the entry are not given" in answer.out
    assert "no Communications Hub is given" in answer.out
    there = scanned(made, tmp_path, "CHF,FF02,00020009,00020002,North,one",
                    "ESME,FF03,00010100,00010005,North,one")  # fmt: skip
    assert there.code == 0


def test_a_hub_that_cannot_be_read_may_be_any(made: TestRegister, tmp_path: Path) -> None:
    answer = scanned(made, tmp_path, "CHF,FF02,2.00E+05,00020002,North,one",
                     "ESME,FF03,00010100,00010005,North,one")  # fmt: skip
    assert "1 with known issues, 1 could not be judged (of 1 both)" in counts(answer)
    assert "partial match" in answer.out


def test_one_half_of_a_hub_is_enough(made: TestRegister, tmp_path: Path) -> None:
    answer = scanned(made, tmp_path, BOTH[0], "GPF,,,,North,one", BOTH[2])
    assert "1 with known issues, 0 could not be judged" in counts(answer)


def test_a_premises_in_each_row_is_read_by_a_column_map(made: TestRegister, tmp_path: Path) -> None:
    names = "Meter maker,Meter,Meter image,Hub maker,Hub,Hub image,Where,Customer name"
    rows = ("FF03,00010100,00010005,FF02,00020001,00020002,North,A",
            "FF03,00010100,00010005,,,,South,B")  # fmt: skip
    columns = tmp_path / "columns.yaml"
    columns.write_text(
        "columns:\n  esme-manufacturer: Meter maker\n  esme-model: Meter\n"
        "  esme-firmware: Meter image\n  chf-manufacturer: Hub maker\n  chf-model: Hub\n"
        "  chf-firmware: Hub image\n  region: Where\n"
    )
    file = str(sheet(tmp_path, *rows, names=names))
    answer = made.run("scan", file, "--columns", str(columns), "--json")
    data = parsed(answer)
    assert found(data) == [(ID, f"{HUB} + {METER} in North", "yes", 1, 2)]
    assert data["totals"]["without_hub"] == 1
    assert data["sources"][0]["layout"] == "a premises in each row, with columns of ESME, CHF"
    assert data["sources"][0]["personal"] == ["Customer name"]
    without = made.run("scan", file)
    assert (without.code, "--columns FILE says" in without.err) == (3, True)


def test_a_device_alone_is_said_to_be_alone(made: TestRegister, tmp_path: Path) -> None:
    names = "type,manufacturer,model,firmware"
    answer = scanned(made, tmp_path, "ESME,ff03,00010100,00010005", names=names)
    assert "nothing says which are of one premises" in answer.out
    assert "partial match" in answer.out


def test_too_many_devices_of_one_premises_are_taken_alone(
    made: TestRegister, tmp_path: Path
) -> None:
    answer = scanned(made, tmp_path, *[BOTH[0]] * 60, *[BOTH[2]] * 60)
    assert "120 Devices taken alone" in answer.out
    assert "120 with known issues" in counts(answer)


def test_what_is_no_longer_installed_is_left_out(made: TestRegister, tmp_path: Path) -> None:
    names = f"{NAMES},Device Status"
    rows = [f"{line},Commissioned" for line in BOTH[:2]] + [f"{BOTH[2]},Decommissioned"]
    answer = scanned(made, tmp_path, *rows, names=names)
    assert answer.code == 0
    assert "1 Device left out, decommissioned or withdrawn" in answer.out


def test_combinations_are_scanned_as_they_are_typed(made: TestRegister) -> None:
    known = made.run("scan", f"{HUB} + {METER} in North", "ESME:FF09/00010100@00010005")
    assert known.code == 1
    assert counts(known).startswith("2 installed combinations, 3 Devices: 1 with known issues")
    possibly = made.run("scan", f"{HUB} + ESME:FF03/00010100@0001*,00060000 in North")
    assert "possibly applies" in possibly.out
    clean = made.run("scan", "CHF:FF02/00020009@00000001 + ESME:FF09/00010100@00010005")
    assert clean.code == 0
    no_firmware = made.run("scan", "CHF:FF02/00020009@00000001 + ESME:FF09/00010100")
    assert (no_firmware.code, "1 could not be judged" in counts(no_firmware)) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-file.csv"],
        ["ESME:FF09"],
        [METER, "--since", "no-such-commit"],
        [METER, "--since", "HEAD", "--baseline", "x"],
        [METER, "--audience", "everyone"],
        [METER, "--limit", "0"],
    ],
)
def test_what_is_typed_wrongly_is_said(made: TestRegister, arguments: list[str]) -> None:
    answer = made.run("scan", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert "hint: " in answer.err


def test_a_type_2_device_has_identifiers_as_duis_asks(made: TestRegister, tmp_path: Path) -> None:
    answer = scanned(made, tmp_path, BOTH[0], "IHD,Maker of displays,Display 5,,North,one")
    assert (answer.code, "0 could not be judged" in counts(answer)) == (0, True)


def test_a_table_is_written_for_spreadsheets(made: TestRegister, tmp_path: Path) -> None:
    file = sheet(tmp_path, *BOTH, "ESME,FF09,20120,00010005,North,two")
    csv, xlsx = tmp_path / "known.csv", tmp_path / "known.xlsx"
    made.run("scan", str(file), "--csv", str(csv), "--xlsx", str(xlsx))
    names, *rows = from_csv(csv.read_text(encoding="utf-8").removeprefix(BYTE_ORDER_MARK))
    table = [dict(zip(names, row, strict=True)) for row in rows]
    assert [row["outcome"] for row in table] == ["known", "could not be judged", "nothing known"]
    assert {row["disclaimer"] for row in table} == {DISCLAIMER}
    assert table[0]["combination"] == f"{HUB} + {METER} in North"
    assert table[0]["fix"] == "ESME in firmware 00030005: Take 00030005."
    assert "a spreadsheet may have eaten its zeros" in table[1]["why"]
    assert [cells for _, cells in read_xlsx_rows(xlsx.read_bytes())] == [names, *rows]


def test_a_scan_next_week_says_what_is_new_and_what_is_gone(tmp_path: Path) -> None:
    register = make_register(tmp_path / "r", [good_record()], signs=False)
    first = register.repository.head()
    file = str(sheet(tmp_path, *BOTH, "ESME,FF01,00020120,00010005,North,two"))
    baseline = tmp_path / "last-week.json"
    baseline.write_text(register.run("scan", file, "--json").out)
    same = register.run("scan", file, "--baseline", str(baseline))
    assert "Nothing is new, and nothing is gone." in same.out.splitlines()
    told = parsed(register.run("scan", file, "--baseline", str(baseline), "--json"))
    assert told["news"] == {"new": [], "gone": [], "remedies": []}
    fix = statement(
        "fix", "supplier-two", says="Take 00030005.", device="ESME", firmware="00030005"
    )
    register.later().say(ID, fix, accept=True)
    register.later().add(good_record(id=CLOCK, affected=["ESME:FF01/00020120@0001*"]))
    by_baseline = parsed(register.run("scan", file, "--baseline", str(baseline), "--json"))
    by_commit = parsed(register.run("scan", file, "--since", first or "", "--json"))
    assert by_baseline["news"] == by_commit["news"]
    assert by_commit["meta"]["since"] == first
    news = by_commit["news"]
    assert news["new"] == [{"id": CLOCK, "combination": "ESME:FF01/00020120@00010005"}]
    assert [(each["id"], each["kind"]) for each in news["remedies"]] == [(ID, "fix")]
    assert news["gone"] == []
    other = str(sheet(tmp_path, "ESME,FF01,00020120,00010005,North,two", name="other.csv"))
    gone = register.run("scan", other, "--baseline", str(baseline))
    assert f"gone: {ID}  {HUB} + {METER} in North" in gone.out
    said = register.run("scan", file, "--since", first or "")
    assert f"new: {CLOCK}  ESME:FF01/00020120@00010005" in said.out
    assert "new fix" in said.out


def test_since_is_answered_by_the_register_as_it_was(tmp_path: Path) -> None:
    register = make_register(tmp_path / "r", [good_record()], signs=False)
    first = register.repository.head() or ""
    changed = good_record(affected=["CHF:FF02/00020001 + ESME:FF03/00010100@00090000"])
    register.later().change(ID, changed)
    file = str(sheet(tmp_path, *BOTH))
    answer = register.run("scan", file, "--since", first, "--json")
    assert answer.code == 0
    assert parsed(answer)["news"]["gone"] == [
        {"id": ID, "combination": f"{HUB} + {METER} in North"}
    ]
    assert parsed(register.run("search", f"{HUB} + {METER} in North", "--json"))["results"] == []


def test_since_reads_what_was_in_force_then(tmp_path: Path) -> None:
    register = make_register(tmp_path / "r", [good_record(frequency="daily")], signs=False)
    first = register.repository.head() or ""
    path = "schema/record.schema.json"
    narrower = register.read(path).replace(b'"weekly", "daily",', b'"weekly",')
    assert narrower != register.read(path)
    register.commit({path: narrower})
    register.later().change(ID, good_record(frequency="weekly"))
    answer = register.run("scan", str(sheet(tmp_path, *BOTH)), "--since", first, "--json")
    assert (answer.code, found(parsed(answer))[0][0]) == (1, ID)
    assert parsed(answer)["news"] == {"new": [], "remedies": [], "gone": []}


def test_what_a_clone_holds_for_fewer_readers_is_shown_as_search_shows_it(
    made: TestRegister,
) -> None:
    asked = "CHF:FF02/00020009@00000001 + ESME:FF01/00020120@00010005"
    answer, search = made.run("scan", asked), made.run("search", asked)
    assert CLOCK in answer.out
    assert CLOCK in search.out
    assert "recorded" in answer.out


def test_where_a_statement_cannot_be_read_no_fix_is_told(tmp_path: Path) -> None:
    register = make_register(tmp_path / "r", [good_record()], signs=False)
    fix = statement("fix", "supplier-two", says="Take 00030005.", device="ESME")
    register.later().say(ID, fix, accept=True)
    asked = f"{HUB} + {METER} in North"
    assert "fix: ESME" in register.run("scan", asked).out
    hold = f"{statements_folder(ID)}/2026-03-09-sign-off-ssc.yaml"
    register.commit({hold: b"decision: [\n"})
    answer = register.run("scan", asked)
    assert ("not-judged" in answer.out, "fix: ESME" in answer.out) == (True, False)


def test_nothing_is_written_but_what_was_asked_for(made: TestRegister, tmp_path: Path) -> None:
    before = sorted(path for path in made.folder.rglob("*") if ".git" not in path.parts)
    made.run("scan", str(sheet(tmp_path, *BOTH)))
    assert sorted(path for path in made.folder.rglob("*") if ".git" not in path.parts) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["portfolio.csv"]


EXTRACT = "Device ID,Device Type,Manufacturer,Model,Firmware Version,CSP Region,CHF ID"
EUI = "00-DB-12-34-56-78-90-{}"


@pytest.fixture(scope="module")
def inventory(made: TestRegister, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inventory")
    rows = [f"{EUI.format(f'A{number}')},{line}" for number, line in enumerate(BOTH)]
    rows.append(f"{EUI.format('B1')},ESME,FF09,00010100,00010005,South,{EUI.format('B0')}")
    rows.append(f"{EUI.format('C1')},ESME,FF09,00010100,,,{EUI.format('C0')}")
    file = sheet(folder, *rows, names=EXTRACT, name="extract.csv")
    loaded = made.run("inventory", "load", str(file), "--inventory", str(folder / "inventory"))
    assert loaded.code in (0, 1), loaded.err
    return folder / "inventory"


def test_the_inventorys_newest_snapshot_is_scanned(made: TestRegister, inventory: Path) -> None:
    named = made.run("scan", "--json", DEFECTREG_INVENTORY=str(inventory))
    assert named.code == 1
    data = parsed(named)
    assert found(data) == [(ID, f"{HUB} + {METER} in North", "yes", 1, 2)]
    assert (data["totals"]["combinations"], data["totals"]["not_judged"]) == (3, 1)
    snapshot = next((inventory / "snapshots").iterdir())
    for arguments in (["--inventory", str(inventory)], [str(inventory)], [str(snapshot)]):
        assert found(parsed(made.run("scan", *arguments, "--json"))) == found(data)


def test_an_engineer_prints_a_combination_for_add(made: TestRegister, inventory: Path) -> None:
    combination = ("inventory", "combination", "--inventory", str(inventory))
    answer = made.run(*combination, EUI.format("a2"))
    assert (answer.code, answer.out, answer.err) == (0, f"{HUB} + {METER} in North\n", "")
    assert ID in made.run("search", answer.out.strip()).out
    alone = made.run(*combination, EUI.format("C1"))
    assert (alone.code, alone.out) == (0, "ESME:FF09/00010100\n")
    assert "the firmware version is missing" in alone.err
    assert "no Communications Hub is known" in alone.err
    data = parsed(made.run(*combination, EUI.format("C1"), "--json"))
    assert data["combinations"][0]["combination"] == "ESME:FF09/00010100"
    missing = made.run(*combination, EUI.format("FF"))
    assert (missing.code, missing.out) == (1, "")
    wrong = made.run(*combination, "00DB123456789012")
    assert (wrong.code, "00DB" in wrong.err) == (2, False)


def test_a_workbook_says_the_same_as_a_sheet(made: TestRegister, tmp_path: Path) -> None:
    rows = [line.split(",") for line in BOTH]
    file = tmp_path / "portfolio.xlsx"
    file.write_bytes(write_xlsx(NAMES.split(","), rows))
    workbook = parsed(made.run("scan", str(file), "--json"))
    assert found(workbook) == found(parsed(made.run("scan", str(sheet(tmp_path, *BOTH)), "--json")))
