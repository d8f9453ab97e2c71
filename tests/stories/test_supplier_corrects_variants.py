"""A Supplier finds ESMEs recorded as A that are AD, corrects them, and sees it when it is done."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet as parquet
import pytest

from defectreg.formats.columns import from_csv
from defectreg.inventory.difference_files import FILE_COLUMNS
from defectreg.register.shown_words import DISCLAIMER
from tests.fleets import entry, listed, load_fleet, shipped
from tests.journals import DCC, OTHER_SUPPLIER, SUPPLIER, device_id, esme, inventory
from tests.registers import Result

CLEAN, FINDINGS, USAGE, CANNOT_RUN = 0, 1, 2, 3
SENDING = ("--write", "--target", DCC, "--counter", "100", "--to")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three ESMEs are AD and recorded as A, one of them another Supplier's; two are right."""
    devices = [
        esme(1),
        esme(2, device_status="InstalledNotCommissioned"),
        esme(3, supplier=OTHER_SUPPLIER),
        esme(4, esme_variant="AD"),
        esme(5, esme_variant="AD", region="South"),
        esme(6, firmware=""),
        esme(7, device_status="Pending"),
    ]
    asn = [shipped(device_id(1), "A"), shipped(device_id(2), "AD")]
    load_fleet(tmp_path / "inventory", devices, [entry()], [listed()], asn)
    return tmp_path / "inventory"


def diff(folder: Path, *options: str) -> dict[str, Any]:
    answer = inventory(folder, "diff", "--json", *options)
    assert answer.err == ""
    return dict(json.loads(answer.out))


def correct(folder: Path, *options: str) -> Result:
    return inventory(folder, "correct", *options)


def test_missing_load_control_is_told_with_its_cause(folder: Path) -> None:
    answer = inventory(folder, "diff")
    assert (answer.code, answer.err) == (FINDINGS, "")
    assert answer.out.startswith(DISCLAIMER)
    assert "The method of that report is not public" in answer.out
    assert "Of 6 ESMEs, 3 differ from what product and firmware imply." in answer.out
    assert "           3  missing: load control (D)\n" in answer.out
    assert "               1  wrong on the ASN\n" in answer.out
    assert "               1  wrong at pre-notification\n" in answer.out
    assert "               1  no firmware version\n" in answer.out
    assert "\nNot asked about: Pending 1.\n" in answer.out
    status, commissioned = (line.split() for line in answer.out.splitlines() if line[:6] in
                            ("Status", "Commis"))  # fmt: skip
    assert status == ["Status", "all", "agree", "differ", "other"]
    assert commissioned == ["Commissioned", "5", "2", "2", "1"]


def test_the_same_as_json(folder: Path) -> None:
    told = diff(folder)
    assert told["meta"]["disclaimer"] == DISCLAIMER
    assert (told["asked"], told["not_asked"]) == (6, {"Pending": 1})
    assert told["outcomes"]["differs"]["devices"] == 3
    assert told["outcomes"]["agrees"]["devices"] == 2
    assert told["functions"]["D"]["missing"] == {"differs": 3}
    assert told["functions"]["G"]["words"] == ""
    assert {each["name"]: each["outcomes"]["differs"]["devices"] for each in told["suppliers"]} == {
        SUPPLIER: 2,
        OTHER_SUPPLIER: 1,
    }
    assert "ESME:FF01/00010100@00010203" in {each["name"] for each in told["products"]}
    assert [each["name"] for each in told["statuses"]] == [
        "Commissioned",
        "InstalledNotCommissioned",
    ]


def test_where_all_agree_the_exit_code_says_so(tmp_path: Path) -> None:
    load_fleet(tmp_path / "inventory", [esme(1, esme_variant="AD")])
    answer = inventory(tmp_path / "inventory", "diff")
    assert (answer.code, answer.err) == (CLEAN, "")
    assert "Of 1 ESME, 0 differ" in answer.out


def test_each_device_goes_into_a_file_and_the_picture_tells_it_in_words(folder: Path) -> None:
    to = folder.parent
    files = {kind: to / f"wrong.{kind}" for kind in ("csv", "parquet", "svg")}
    options = [word for kind, file in files.items()
               for word in (f"--{'chart' if kind == 'svg' else kind}", str(file))]  # fmt: skip
    answer = inventory(folder, "diff", *options)
    assert answer.out.count("\nWritten: ") == 3
    names, *rows = from_csv(files["csv"].read_text("utf-8"))
    assert tuple(names) == FILE_COLUMNS
    found = [dict(zip(names, row, strict=True)) for row in rows]
    assert [row["device_id"] for row in found] == [device_id(n) for n in (1, 3, 6, 2)]
    assert (found[0]["esme_variant"], found[0]["implied"], found[0]["missing"]) == ("A", "AD", "D")
    assert found[0]["firmware"] == "00010203"
    assert found[0]["disclaimer"] == DISCLAIMER
    assert all("No recommendations are made or intended" in row["disclaimer"] for row in found)
    table = parquet.read_table(files["parquet"])
    assert table.to_pylist() == found
    assert table.schema.metadata[b"disclaimer"].decode() == DISCLAIMER
    told = ElementTree.fromstring(files["svg"].read_text("utf-8")).findtext(
        "{http://www.w3.org/2000/svg}desc"
    )
    assert "imply, 3 (Commissioned 2; InstalledNotCommissioned 1)" in (told or "")
    first = {kind: file.read_bytes() for kind, file in files.items()}
    inventory(folder, "diff", *options)
    assert {kind: file.read_bytes() for kind, file in files.items()} == first


def test_without_write_a_correction_is_only_shown(folder: Path) -> None:
    answer = correct(folder)
    assert (answer.code, answer.err) == (CLEAN, "")
    assert f"\n{SUPPLIER}: 2 requests SR8.4\n           2  A to AD\n" in answer.out
    assert f"\n{OTHER_SUPPLIER}: 1 request SR8.4\n           1  A to AD\n" in answer.out
    assert answer.out.endswith("Would be written: 3 requests. --write does.\n")


def test_a_correction_goes_all_the_way(folder: Path) -> None:
    to = folder.parent / "to"
    answer = correct(folder, "--supplier", SUPPLIER, *SENDING, str(to))
    assert (answer.code, answer.err) == (CLEAN, "")
    assert sorted(path.name for path in to.iterdir()) == [f"{SUPPLIER}.csv", f"{SUPPLIER}.xml"]
    applied = inventory(folder, "apply", str(to / f"{SUPPLIER}.csv"), "--write")
    assert "2  allowed           I04" in applied.out
    differs = diff(folder)["outcomes"]["differs"]
    assert (differs["devices"], differs["proposed"]) == (3, 2)
    assert "(of 2 a correction is proposed)" in inventory(folder, "diff").out
    left = json.loads(correct(folder, "--json").out)
    assert [(each["supplier"], each["requests"]) for each in left["batches"]] == [
        (OTHER_SUPPLIER, 1)
    ]
    life = json.loads(inventory(folder, "log", device_id(1), "--json").out)
    assert (life["requests"][0]["reason"], life["now"]["esme_variant"]) == ("asn", "AD")


def test_the_same_choice_is_written_as_the_same_bytes(folder: Path) -> None:
    places = [folder.parent / name for name in ("one", "two")]
    for place in places:
        assert correct(folder, *SENDING, str(place)).code == CLEAN
    one, two = ({file.name: file.read_bytes() for file in place.iterdir()} for place in places)
    assert len(one) == 4
    assert one == two


def test_a_user_on_an_earlier_duis_is_told_which_codes_it_did_not_know(tmp_path: Path) -> None:
    folder, to = tmp_path / "inventory", tmp_path / "to"
    load_fleet(folder, [esme(1), esme(2, firmware="00020304")],
               [entry("AF"), entry("AD", "00020000", "0002FFFF")])  # fmt: skip
    both = ("--schema-version", "4.0")
    assert correct(folder, *both).code == CLEAN
    answer = correct(folder, "--outcome", "old-system", *both, *SENDING, str(to))
    assert answer.code == FINDINGS
    assert f"left out: {device_id(1)}, DUIS 4.0 is not known to have the ESME Variant AF" in (
        answer.out
    )
    assert [path.name for path in to.iterdir()] == [f"{SUPPLIER}.left-out.csv"]
    told = json.loads(correct(folder, "--outcome", "old-system", *both, "--json").out)
    assert told["batches"][0]["left_out"][0]["device_id"] == device_id(1)


def test_write_needs_to_know_where_to_and_from_which_counter(folder: Path) -> None:
    answer = correct(folder, "--write", "--to", str(folder.parent / "to"))
    assert answer.code == USAGE
    assert "--write needs --to, --target and --counter" in answer.err
    assert not (folder.parent / "to").exists()


def test_figures_never_enter_git(folder: Path) -> None:
    clone = folder.parent / "clone"
    subprocess.run(["git", "init", "--quiet", str(clone)], check=True)
    for option in ("--csv", "--parquet", "--chart"):
        answer = inventory(folder, "diff", option, str(clone / "deep" / "file"))
        assert answer.code == CANNOT_RUN
        assert "is in the git repository" in answer.err
        outside = folder.parent / f"file{option}"
        assert inventory(folder, "diff", option, str(outside)).code == FINDINGS
        assert outside.stat().st_mode & 0o077 == 0
    answer = correct(folder, *SENDING, str(clone / "to"))
    assert (answer.code, "is in the git repository" in answer.err) == (CANNOT_RUN, True)
    assert [path.name for path in clone.iterdir()] == [".git"]


def test_an_engine_that_is_not_there_is_a_sentence(folder: Path) -> None:
    answer = inventory(folder, "diff", "--engine", "postgres")
    assert answer.code == USAGE
    assert "'postgres' is no engine" in answer.err
