from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from defectreg.gate.landing import Gathered, gather
from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from defectreg.store.requests import LANDED, Request
from tests.registers import ID, good_record, sha256, sign_off, statement

FOLDER = statements_folder(ID)
DAY = "2026-03-02"
OTHER = "DR-AAAA-BBBB"


def said(kind: str, by: str = "supplier-two", number: int = 1, **keys: Any) -> dict[str, bytes]:
    """A statement's path and bytes."""
    suffix = "" if number == 1 else f"-{number}"
    data = {"of": ID, "date": DAY, **statement(kind, by, **keys)}
    return {f"{FOLDER}/{DAY}-{kind}-{by}{suffix}.yaml": dump(data).encode()}


def accept(data: bytes, name: str, number: int = 1) -> dict[str, bytes]:
    line = f"{sha256(data)}  {name}"
    keys = {key: value for key, value in sign_off("accept", read=[line]).items()
            if key not in ("kind", "by")}  # fmt: skip
    return said("sign-off", "dcc", number, **keys)


def request(
    new: Mapping[str, bytes], branch: str = "a", landed: Mapping[str, bytes] | None = None
) -> Request:
    return Request(ID, f"refs/heads/submit/{branch}", branch * 40, new, landed or {})


def text(**changes: Any) -> dict[str, bytes]:
    return {record_path(ID): dump(good_record(**changes)).encode()}


def gathered(*requests: Request) -> Gathered:
    return gather([ID], requests)


def names(found: Gathered) -> list[str]:
    return sorted(path.rpartition("/")[2] for path in found.files)


def test_one_request_lands_as_it_is() -> None:
    new = {**text(), **said("report")}
    found = gathered(request(new))
    assert (found.files, found.left_out, found.renamed, found.findings) == (new, (), {}, ())


def test_two_requests_land_together_and_the_same_bytes_once() -> None:
    new = {**text(), **said("report")}
    found = gathered(request(new), request({**new, **said("cause", says="It drifts.")}, "b"))
    assert names(found) == [f"{DAY}-cause-supplier-two.yaml", f"{DAY}-report-supplier-two.yaml",
                            f"{ID}.yaml"]  # fmt: skip


def test_the_same_name_with_other_bytes_gets_the_next_number() -> None:
    one, other = said("cause", says="It drifts."), said("cause", says="It overflows.")
    found = gathered(request(one), request(other, "b"))
    assert names(found) == [f"{DAY}-cause-supplier-two-2.yaml", f"{DAY}-cause-supplier-two.yaml"]
    assert found.renamed == {
        f"{FOLDER}/{DAY}-cause-supplier-two-2.yaml": f"{DAY}-cause-supplier-two.yaml"
    }
    assert not found.findings


def test_what_others_name_keeps_its_name() -> None:
    one, other = said("cause", says="It drifts."), said("cause", says="It overflows.")
    about = said("confirmation", "supplier-one", about=f"{DAY}-cause-supplier-two.yaml")
    found = gathered(request(one), request({**other, **about}, "b"))
    assert found.files[f"{FOLDER}/{DAY}-cause-supplier-two.yaml"] == next(iter(other.values()))
    assert not found.findings


def test_a_name_that_is_named_and_taken_is_refused() -> None:
    cause = said("cause", says="It drifts.")
    about = said("confirmation", "supplier-one", about=f"{DAY}-cause-supplier-two.yaml")
    landed = said("cause", says="It overflows.")
    path = f"{FOLDER}/{DAY}-cause-supplier-two-2.yaml"
    coming = Request(
        ID, "refs/heads/submit/a", "a" * 40, {path: next(iter(cause.values())), **about}, landed,
        renamed={path: f"{FOLDER}/{DAY}-cause-supplier-two.yaml"},
    )  # fmt: skip
    (finding,) = gathered(coming).findings
    assert (finding.code, finding.file) == ("G008", path)
    harmless = Request(ID, coming.ref, coming.commit, {path: coming.new[path]}, landed,
                       renamed=coming.renamed)  # fmt: skip
    assert not gathered(harmless).findings


def test_two_texts_of_a_record_are_refused_with_both_requests_named() -> None:
    found = gathered(request(text()), request(text(frequency="daily"), "b"))
    (finding,) = found.findings
    assert "submit/a and submit/b each bring another text" in finding.sentence
    assert not gathered(request(text()), request(text(), "b")).findings


def test_of_two_texts_the_one_that_is_accepted_lands() -> None:
    one, other = text(), text(frequency="daily")
    accepted = accept(one[record_path(ID)], f"{ID}.yaml")
    found = gathered(request({**one, **accepted}), request(other, "b"))
    assert found.files[record_path(ID)] == one[record_path(ID)]
    assert not found.findings
    also = accept(other[record_path(ID)], f"{ID}.yaml", 2)
    both = gathered(request({**one, **accepted}), request({**other, **also}, "b"))
    assert [each.code for each in both.findings] == ["G008"]


def test_what_is_taken_away_or_changed_is_refused() -> None:
    landed = {**text(), **said("report")}
    changed = {path: data + b" " for path, data in said("report").items()}
    assert [each.code for each in gathered(request(changed, landed=landed)).findings] == ["G001"]
    gone = Request(ID, "refs/heads/submit/a", "a" * 40, {}, landed, tuple(said("report")))
    assert [each.code for each in gathered(gone).findings] == ["G001"]


def test_an_accept_of_bytes_that_are_not_there_is_left_out() -> None:
    new = text()
    good = accept(new[record_path(ID)], f"{ID}.yaml")
    stale = accept(b"another text", f"{ID}.yaml", 2)
    found = gathered(request({**new, **good, **stale}))
    assert found.left_out == tuple(stale)
    assert set(found.files) == {*new, *good}


def test_an_accept_of_what_has_landed_is_not_stale() -> None:
    landed = {**text(), **said("cause", says="It drifts.")}
    good = accept(landed[f"{FOLDER}/{DAY}-cause-supplier-two.yaml"], "cause")
    assert gathered(request(good, landed=landed)).files == good


def test_what_has_landed_brings_nothing() -> None:
    found = gather([ID, OTHER], [Request(ID, LANDED, "a" * 40, {}, text())])
    assert (found.files, found.findings) == ({}, ())
