"""What somebody may hide in requests, or put in the journal's way; each with a harmless twin."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.journals import correction, device_id, esme, inventory, load, write_requests
from tests.registers import Result

DUIS = REPOSITORY / "tests" / "fixtures" / "duis"
CLEAN, FINDINGS, CANNOT_RUN = 0, 1, 3
DEVICE = "00-DB-12-34-56-78-90-A0"
REQUEST = (DUIS / "8.4_update_all_details_pending.xml").read_text("utf-8")
DECLARED, BODY = REQUEST.split("\n", 1)
ESCAPES = "\x1b]0;owned\x07\x1b[2J\u202e"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An inventory with the Pending ESME of the sample requests, and a commissioned one."""
    pending = {**esme(1), "device_id": DEVICE, "device_status": "Pending"}
    load(tmp_path / "inventory", [pending, esme(2)])
    return tmp_path / "inventory"


def apply(folder: Path, text: str, *options: str) -> Result:
    file = folder.parent / "requests.xml"
    file.write_text(text, "utf-8")
    return inventory(folder, "apply", str(file), "--write", *options)


HOSTILE = {
    "an entity": f'{DECLARED}\n<!DOCTYPE r [<!ENTITY e "AD">]>\n{BODY.replace(">AD<", ">&e;<")}',
    "a file of the machine": f'{DECLARED}\n<!DOCTYPE r SYSTEM "file:///etc/passwd">\n{BODY}',
    "an end that is missing": f"{DECLARED}\n<Batch>{BODY}",
    "something after the end": f"{REQUEST}<more/>",
    "depth": f"{DECLARED}\n{'<Batch>' * 5000}{BODY}{'</Batch>' * 5000}",
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_xml_is_refused_and_nothing_of_it_is_written(folder: Path, attack: str) -> None:
    answer = apply(folder, HOSTILE[attack], "--each")
    assert (answer.code, answer.err) == (FINDINGS, "")
    assert "refused[J03]" in answer.out
    assert "root:" not in answer.out
    assert "Nothing was written" in answer.out
    assert inventory(folder, "log").out == "The journal has no batch.\n"


def test_the_same_request_without_it_is_written(folder: Path) -> None:
    answer = apply(folder, f"{DECLARED}\n<Batch>{BODY}</Batch>", "--each")
    assert (answer.code, "Written: batch 1, 1 request" in answer.out) == (CLEAN, True)


@pytest.mark.parametrize("reason", [ESCAPES, "seen on site"])
def test_a_reason_steers_no_terminal(folder: Path, reason: str) -> None:
    file = write_requests(folder.parent / "r.csv", [correction(1, 2, reason=reason)])
    assert inventory(folder, "apply", str(file), "--write").code == CLEAN
    told = inventory(folder, "log", device_id(2)).out
    assert not set(ESCAPES[:1] + ESCAPES[-1:]) & set(told)
    assert ("why: seen on site" in told) == (reason == "seen on site")


def test_an_mpxn_is_neither_shown_nor_kept(folder: Path) -> None:
    number = "2000012345678"
    asked = BODY[BODY.index("<sr:UpdateDeviceDetails>") : BODY.index("</sr:UpdateInventory>")]
    update = f"<sr:UpdateMPxN><sr:ImportMPxN>{number}</sr:ImportMPxN></sr:UpdateMPxN>"
    answer = apply(folder, REQUEST.replace(asked, update))
    assert (answer.code, "1  passed-through    I07" in answer.out) == (CLEAN, True)
    assert number not in answer.out
    assert_nowhere(folder, number)


def test_columns_that_are_not_ours_are_not_read(folder: Path) -> None:
    number, file = "2000012345678", folder.parent / "requests.csv"
    write_requests(file, [correction(1, 2)])
    lines = file.read_text("utf-8").splitlines()
    file.write_text(f"{lines[0]},MPAN\n{lines[1]},{number}\n", "utf-8")
    assert inventory(folder, "apply", str(file), "--write").code == CLEAN
    assert inventory(folder, "log", device_id(2)).out.count("updated: ESME variant A -> AD") == 1
    assert_nowhere(folder, number)


def assert_nowhere(folder: Path, text: str) -> None:
    for file in folder.rglob("*"):
        assert file.is_dir() or text.encode() not in file.read_bytes(), file


@pytest.mark.parametrize("name", ["journal.sqlite", "journal.lock"])
@pytest.mark.parametrize("is_link", [True, False])
def test_a_link_in_the_place_of_the_journal_is_not_followed(
    folder: Path, name: str, *, is_link: bool
) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.write_bytes(b"")
    if is_link:
        (folder / name).symlink_to(elsewhere)
    else:
        shutil.copy(elsewhere, folder / name)
    file = write_requests(folder.parent / "r.csv", [correction(1, 2)])
    answer = inventory(folder, "apply", str(file), "--write")
    assert answer.code == (CANNOT_RUN if is_link else CLEAN)
    assert elsewhere.read_bytes() == b""


@pytest.mark.parametrize("is_git", [True, False])
def test_nothing_is_written_into_a_git_repository(folder: Path, *, is_git: bool) -> None:
    if is_git:
        (folder.parent / ".git").mkdir()
    file = write_requests(folder.parent / "r.csv", [correction(1, 2)])
    answer = inventory(folder, "apply", str(file), "--write")
    assert answer.code == (CANNOT_RUN if is_git else CLEAN)
    assert (folder / "journal.sqlite").exists() != is_git
