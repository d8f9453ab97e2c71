"""A Supplier applies corrections: judged by the rule, kept in the journal, followed to the end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from defectreg.store.inventory.journal import Occasion, write_journal
from tests.conftest import REPOSITORY
from tests.journals import (
    OTHER_SUPPLIER,
    SUPPLIER,
    correction,
    device_id,
    esme,
    inventory,
    journal_row,
    load,
    request_id,
    write_requests,
)
from tests.registers import Result

DUIS = REPOSITORY / "tests" / "fixtures" / "duis"
CLEAN, FINDINGS, USAGE, CANNOT_RUN = 0, 1, 2, 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An inventory of ten commissioned ESMEs, recorded as A; number 9 is Pending."""
    devices = [esme(number) for number in range(9)]
    load(tmp_path / "inventory", [*devices, esme(9, device_status="Pending", supplier="")])
    return tmp_path / "inventory"


def apply(folder: Path, *rows: dict[str, str], options: tuple[str, ...] = ()) -> Result:
    file = write_requests(folder.parent / "requests.csv", rows)
    return inventory(folder, "apply", str(file), *options)


def answered(folder: Path, *lines: str) -> Result:
    file = folder.parent / "responses.csv"
    file.write_text("\n".join(("request-id,response-code", *lines, "")), "utf-8")
    return inventory(folder, "apply", "--outcome", str(file), "--write")


def log(folder: Path, number: int) -> dict[str, Any]:
    answer = inventory(folder, "log", device_id(number), "--json")
    assert (answer.code, answer.err) == (CLEAN, "")
    return dict(json.loads(answer.out))


def standings(folder: Path, number: int) -> list[str]:
    return [request["standing"] for request in log(folder, number)["requests"]]


def test_without_write_it_is_only_shown(folder: Path) -> None:
    answer = apply(folder, correction(1, 1))
    assert (answer.code, answer.err) == (CLEAN, "")
    assert "1  allowed           I04  Allowed by the rule" in answer.out
    assert answer.out.endswith("Nothing was written: --write writes 1 request.\n")
    assert not (folder / "journal.sqlite").exists()


def test_what_is_written_says_who_when_what_it_was_what_it_is_and_why(folder: Path) -> None:
    written = apply(folder, correction(1, 1), options=("--write", "--reason", "asn", "--by", "Ops"))
    assert written.code == CLEAN
    assert "Written: batch 1, 1 request, digest " in written.out
    life = log(folder, 1)
    (request,) = life["requests"]
    assert (request["sender"], request["applied_by"]) == (SUPPLIER, "Ops")
    assert (request["was"], request["given"]) == ({"esme_variant": "A"}, {"esme_variant": "AD"})
    assert (request["reason"], request["code"], request["standing"]) == ("asn", "I04", "proposed")
    assert (life["said"]["esme_variant"], life["now"]["esme_variant"]) == ("A", "AD")
    told = inventory(folder, "log", device_id(1)).out
    assert f"{request['at']}  updated: ESME variant A -> AD\n" in told
    assert f"  who: {SUPPLIER}, applied by Ops\n  why: wrong on the ASN\n" in told


def test_a_row_s_own_reason_comes_before_the_option(folder: Path) -> None:
    rows = [correction(1, 1, reason="firmware-upgrade"), correction(2, 2)]
    apply(folder, *rows, options=("--write", "--reason", "seen on site"))
    reasons = [log(folder, number)["requests"][0]["reason"] for number in (1, 2)]
    assert reasons == ["firmware-upgrade", "seen on site"]


def test_of_requests_of_which_one_is_refused_none_is_written(folder: Path) -> None:
    rows = [correction(1, 1), {**correction(2, 2), "request-id": request_id(2, OTHER_SUPPLIER)}]
    answer = apply(folder, *rows, options=("--write",))
    assert answer.code == FINDINGS
    refused = f"requests.csv:3: refused[I14]: {request_id(2, OTHER_SUPPLIER)} of {device_id(2)}: "
    assert refused in answer.out
    assert answer.out.endswith(
        "Nothing was written: refused or not to be judged: 1 request; "
        "--each writes what is allowed.\n"
    )
    assert standings(folder, 1) == []


def test_each_for_itself_writes_what_is_allowed(folder: Path) -> None:
    rows = [correction(1, 1), {**correction(2, 2), "request-id": request_id(2, OTHER_SUPPLIER)}]
    answer = apply(folder, *rows, options=("--write", "--each"))
    assert (answer.code, "batch 1, 1 request," in answer.out) == (FINDINGS, True)
    assert (standings(folder, 1), standings(folder, 2)) == (["proposed"], [])


def test_the_same_again_is_recognised_and_changes_nothing(folder: Path) -> None:
    rows = [correction(1, 1), correction(2, 2)]
    assert apply(folder, *rows, options=("--write",)).code == CLEAN
    before = (folder / "journal.sqlite").read_bytes()
    again = apply(folder, *rows, options=("--write",))
    assert (again.code, "2  allowed           J01" in again.out) == (CLEAN, True)
    assert "Nothing was written: there is nothing new that is allowed." in again.out
    assert (folder / "journal.sqlite").read_bytes() == before


@pytest.mark.parametrize("apart", [False, True])
def test_an_id_with_another_content_is_refused(folder: Path, *, apart: bool) -> None:
    rows = [correction(1, 1), correction(1, 1, "ADE")]
    if apart:
        apply(folder, rows.pop(0), options=("--write",))
    answer = apply(folder, *rows, options=("--write",))
    assert (answer.code, f"refused[J02]: {request_id(1)}" in answer.out) == (FINDINGS, True)
    given = [request["given"] for request in log(folder, 1)["requests"]]
    assert given == ([{"esme_variant": "AD"}] if apart else [])


def test_requests_of_one_batch_see_what_those_before_them_changed(folder: Path) -> None:
    new = correction(1, 99, manufacturer="FF01", model="00010100", device_type="ESME")
    rows = [
        {**new, "action": "prenotify"},
        correction(2, 99, firmware="00010204", variant=""),
        {**correction(3, 99, ""), "action": "delete"},
        correction(4, 99),
    ]
    answer = inventory_json(apply(folder, *rows, options=("--write", "--each", "--json")))
    codes = {each["code"]: each["count"] for each in answer["codes"]}
    assert codes == {"I01": 1, "I02": 1, "I03": 1, "I31": 1}
    kinds = [request["kind"] for request in log(folder, 99)["requests"]]
    assert kinds == ["prenotified", "updated", "deleted"]
    assert log(folder, 99)["now"] is None
    assert log(folder, 99)["requests"][2]["was"]["firmware"] == "00010204"


def test_a_later_batch_sees_what_an_earlier_one_changed(folder: Path) -> None:
    apply(folder, correction(1, 1), options=("--write",))
    answer = inventory_json(apply(folder, correction(2, 1), options=("--json",)))
    assert [each["code"] for each in answer["codes"]] == ["I05"]  # it changes nothing any more


def inventory_json(answer: Result) -> dict[str, Any]:
    return dict(json.loads(answer.out))


def test_a_correction_is_followed_until_an_extract_shows_it(folder: Path) -> None:
    apply(folder, correction(1, 1), options=("--write",))
    assert standings(folder, 1) == ["proposed"]
    assert answered(folder, f"{request_id(1)},").code == CLEAN
    assert standings(folder, 1) == ["sent"]
    assert answered(folder, f"{request_id(1)},I0").code == CLEAN
    assert standings(folder, 1) == ["accepted"]
    load(folder, [esme(1, esme_variant="AD")], "2099-01-01")
    assert standings(folder, 1) == ["seen"]
    load(folder, [esme(1, esme_variant="ADE")], "2099-01-02")
    life = log(folder, 1)
    assert life["requests"][0]["standing"] == "overtaken"
    assert life["now"]["esme_variant"] == "ADE"


def test_what_the_dcc_refused_is_kept_with_its_code_and_changes_nothing(folder: Path) -> None:
    apply(folder, correction(1, 1), options=("--write",))
    assert answered(folder, f"{request_id(1)},E080405").code == CLEAN
    life = log(folder, 1)
    assert life["requests"][0]["standing"] == "refused"
    assert [each["code"] for each in life["requests"][0]["answers"]] == ["E080405"]
    assert life["now"]["esme_variant"] == "A"


def test_the_same_answer_again_changes_nothing(folder: Path) -> None:
    apply(folder, correction(1, 1), options=("--write",))
    answered(folder, f"{request_id(1)},I0")
    again = answered(folder, f"{request_id(1)},I0")
    assert again.code == CLEAN
    assert again.out.endswith("Nothing was written: the journal says so already.\n")


def test_answers_are_written_all_or_none(folder: Path) -> None:
    apply(folder, correction(1, 1), options=("--write",))
    answer = answered(folder, f"{request_id(1)},I0", f"{request_id(2)},I0", f"{request_id(1)},good")
    assert answer.code == FINDINGS
    assert "responses.csv:3: the journal has no request with this id\n" in answer.out
    assert "responses.csv:4: the response code is not" in answer.out
    assert standings(folder, 1) == ["proposed"]


def test_a_response_in_duis_is_an_answer(folder: Path) -> None:
    apply(folder, correction(1000, 1), options=("--write",))
    response = DUIS / "8.2_read_inventory_response_full_sms.xml"
    assert request_id(1000) in response.read_text("utf-8")
    answer = inventory(folder, "apply", "--outcome", str(response), "--write")
    assert (answer.code, "1  accepted\n" in answer.out) == (CLEAN, True)
    assert standings(folder, 1) == ["accepted"]


def test_requests_in_duis_are_judged_like_those_of_a_table(folder: Path) -> None:
    device = "00-DB-12-34-56-78-90-A0"
    load(folder, [{**esme(1), "device_id": device, "device_status": "Pending"}])
    file = DUIS / "8.4_update_all_details_pending.xml"
    answer = inventory(folder, "apply", str(file), "--write", "--reason", "asn")
    assert (answer.code, "1  allowed           I02" in answer.out) == (CLEAN, True)
    life = json.loads(inventory(folder, "log", device, "--json").out)
    assert life["now"]["esme_variant"] == "AD"


def test_a_status_update_is_passed_through_and_not_kept(folder: Path) -> None:
    file = DUIS / "8.4_status_pending_except_ch.xml"
    answer = inventory(folder, "apply", str(file), "--write")
    assert (answer.code, "1  passed-through    I06" in answer.out) == (CLEAN, True)
    assert inventory(folder, "log").out == "The journal has no batch.\n"


def test_the_log_lists_the_batches(folder: Path) -> None:
    apply(folder, correction(1, 1), options=("--write", "--by", "Ops"))
    answered(folder, f"{request_id(1)},I0")
    first, second = inventory(folder, "log").out.splitlines()
    assert "  1 request by Ops, judged on 2026" in first
    assert "  1 answer  " in second


def test_the_check_finds_journal_and_snapshot_in_agreement(folder: Path) -> None:
    apply(folder, correction(1, 1), options=("--write",))
    answer = inventory(folder, "log", "--check")
    assert answer.code == CLEAN
    assert answer.out.endswith("The journal is whole: every row is as it was written.\n")


def test_a_snapshot_that_is_gone_is_said_and_stops_nothing(folder: Path) -> None:
    apply(folder, correction(1, 1), options=("--write",))
    gone = (folder / "current").read_text().strip()
    load(folder, [esme(1)], "2026-01-02")
    shutil.rmtree(folder / "snapshots" / gone)
    answer = inventory(folder, "log", "--check")
    assert answer.code == CLEAN
    assert (
        f"The snapshot {gone}, on which batches were judged, is not there any more." in answer.out
    )
    assert apply(folder, correction(2, 1, "ADE"), options=("--write",)).code == CLEAN


def test_the_check_says_which_devices_the_snapshot_says_otherwise(folder: Path) -> None:
    snapshot = (folder / "current").read_text().strip()
    now = Occasion("requests", "2099-01-01T00:00:00Z")
    with write_journal(folder / "journal.sqlite", now, print) as draft:
        was_b = (*journal_row(2, 2)[:4], '{"esme_variant":"B"}', *journal_row(2, 2)[5:])
        draft.add([journal_row(1, 1), was_b, journal_row(3, 77)])
        draft.keep(snapshot)
    for options in ((), ("--check",)):
        answer = inventory(folder, "log", *options, "--json")
        assert answer.code == FINDINGS
        assert inventory_json(answer)["disagreeing"] == [device_id(2), device_id(77)]
    answers = [inventory(folder, "log", device_id(number), "--json") for number in (1, 2, 77)]
    assert [answer.code for answer in answers] == [CLEAN, FINDINGS, FINDINGS]
    assert [inventory_json(answer)["disagrees"] for answer in answers] == [False, True, True]
    answer = inventory(folder, "log", device_id(2))
    assert "The snapshot says something else of it than when it was first changed." in answer.out


@pytest.mark.parametrize("is_damaged", [True, False])
def test_a_damaged_journal_answers_nothing_and_is_not_written(
    folder: Path, *, is_damaged: bool
) -> None:
    apply(folder, correction(1, 1), options=("--write",))
    journal = folder / "journal.sqlite"
    data = journal.read_bytes()
    if is_damaged:
        journal.write_bytes(data.replace(b'{"esme_variant":"AD"}', b'{"esme_variant":"BD"}'))
    answer = inventory(folder, "log", device_id(1))
    written = apply(folder, correction(2, 2), options=("--write",))
    assert {answer.code, written.code} == {CANNOT_RUN if is_damaged else CLEAN}
    assert (answer.out == "") == is_damaged
    assert ("the journal is damaged: rows of batch 1 are not" in answer.err) == is_damaged


def test_a_device_of_which_nothing_is_known_has_no_life(folder: Path) -> None:
    answer = inventory(folder, "log", device_id(500))
    assert answer.code == CLEAN
    assert "It is not in the snapshot" in answer.out
    assert "The journal has no request about it.\n" in answer.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("apply",),
        ("apply", "a.csv", "--outcome", "b.csv"),
        ("apply", "there-is-no-such-file.csv"),
        ("apply", "a.csv", "--by", "two\nlines"),
        ("log", "no-device"),
        ("log", device_id(1), "--check"),
    ],
)
def test_what_cannot_be_meant_is_refused(folder: Path, arguments: tuple[str, ...]) -> None:
    answer = inventory(folder, *arguments)
    assert (answer.code, answer.out) == (USAGE, "")


def test_where_nothing_was_loaded_nothing_can_be_judged(tmp_path: Path) -> None:
    answer = apply(tmp_path / "inventory", correction(1, 1))
    assert (answer.code, answer.out) == (CANNOT_RUN, "")
    assert "nothing has been loaded into the inventory" in answer.err
