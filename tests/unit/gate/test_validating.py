from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from defectreg.gate import validating
from defectreg.gate.validating import ALL, PROCESSES, SMALL, Asked, Verdict, validate
from defectreg.register.errors import CannotRun
from defectreg.register.record import new_id, record_path, statements_folder
from defectreg.store.git import blob_id
from defectreg.store.sources import WorkTreeSource
from defectreg.store.threads import in_parts
from tests.examples.loading import ACCEPT, FOLDER, ID, RECORD, REPORT, base, example


def write(folder: Path, files: Mapping[str, bytes]) -> WorkTreeSource:
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return WorkTreeSource(folder)


def many(count: int) -> dict[str, bytes]:
    """The base with so many copies of its record; their accepts name other bytes."""
    files = {path: data for path, data in base().items() if not path.startswith("records/")}
    for number in range(count):
        record_id = new_id(number * 7919 << 8)
        for path in (RECORD, REPORT):
            source = base()[path].replace(ID.encode(), record_id.encode())
            place = path.replace(FOLDER, statements_folder(record_id))
            files[record_path(record_id) if path == RECORD else place] = source
    return files


def landed(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: blob_id(data) for path, data in files.items()}


def codes(verdict: Verdict) -> list[tuple[str, str]]:
    return [(finding.file, finding.code) for finding in verdict.findings]


def test_a_good_register_has_no_findings(tmp_path: Path) -> None:
    assert validate(write(tmp_path, base())) == Verdict(1, ())


def test_findings_of_policy_parties_and_catalogue_are_told_too(tmp_path: Path) -> None:
    party, catalogue = "policy/parties/supplier-two.yaml", "catalogue/products.yaml"
    broken = {party: b"name: x\n", catalogue: b"products: 1\n", "policy/notes.txt": b"a\n"}
    verdict = validate(write(tmp_path, {**base(), **broken}))
    assert {finding.file for finding in verdict.findings} == {
        party,
        "catalogue/",
        "policy/notes.txt",
    }


def test_a_changed_signed_statement_is_found(tmp_path: Path) -> None:
    source = write(tmp_path, example("R096", "fail"))
    assert codes(validate(source)) == [(REPORT, "R096")]


def test_what_has_landed_is_believed(tmp_path: Path) -> None:
    files = example("R096", "fail")
    source = write(tmp_path, files)
    assert codes(validate(source, landed=landed(files))) == []


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    count = SMALL + 30
    files = many(count)
    odd = record_path(new_id(7919 << 8))
    files[odd] = files[odd].replace(b"the meter", b"the faulty meter")
    source = write(tmp_path, files)
    done: list[int] = []
    verdict = validate(source, ALL, landed(files), lambda total: done.append)
    assert PROCESSES > 1
    assert sum(done) == verdict.records == count
    records = sorted(path for path in files if path.count("/") == 2 and "records/" in path)
    alone = [
        finding
        for few in (records[:SMALL], records[SMALL:])
        for finding in validate(source, Asked(tuple(few)), landed(files)).findings
    ]
    assert list(verdict.findings) == alone
    assert (odd, "R040") in codes(verdict)


def test_several_threads_read_what_one_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = many(SMALL + 30)
    odd, unreadable = (record_path(new_id(number << 8)) for number in (7919, 7919 * 2))
    files[odd] = files[odd].replace(b"the meter", b"the faulty meter")
    source = write(tmp_path, files)
    (tmp_path / unreadable).unlink()
    (tmp_path / unreadable).symlink_to("elsewhere")
    by_one = validate(source, ALL, landed(files))
    parts: list[object] = []

    def counted(work: Any, paths: Any) -> Any:
        made = in_parts(work, paths)
        parts.extend(made)
        return made

    monkeypatch.setattr(validating, "LARGE", 1)
    monkeypatch.setattr(validating, "PROCESSES", 1)
    monkeypatch.setattr(validating, "in_parts", counted)
    assert validate(source, ALL, landed(files)) == by_one
    assert len(parts) > 4
    assert {(odd, "R040"), (unreadable, "S012")} <= set(codes(by_one))


@pytest.mark.parametrize(
    "place", [RECORD, REPORT, f"{FOLDER}/", "records/7K/", "records/", "", ACCEPT]
)
def test_a_place_asked_about_brings_its_whole_case(tmp_path: Path, place: str) -> None:
    verdict = validate(write(tmp_path, example("R040", "fail")), Asked((place,)))
    assert (RECORD, "R040") in codes(verdict)


def test_a_place_is_a_whole_path_or_a_folder_and_no_beginning_of_a_name() -> None:
    asked = Asked((RECORD, "records/0K/"))
    assert asked.has(RECORD)
    assert asked.has("records/0K/DR-0KAA-0000/a.yaml")
    assert not asked.has("records/0KX/a.yaml")
    assert not asked.has(f"{RECORD}.txt")
    assert not Asked(("records/0K",)).has("records/0K/a.yaml")
    assert Asked(("",)).has(RECORD)


def test_what_was_not_asked_about_is_left_alone(tmp_path: Path) -> None:
    source = write(tmp_path, {**example("R040", "fail"), "records/0K/a.txt": b"a\n"})
    verdict = validate(source, Asked.record("DR-0000-0000"))
    assert verdict == Verdict(0, ())


def test_a_missing_policy_stops_the_run(tmp_path: Path) -> None:
    files = {path: data for path, data in base().items() if path != "policy/register.yaml"}
    with pytest.raises(CannotRun, match=r"policy/register\.yaml is missing"):
        validate(write(tmp_path, files))


def test_findings_are_counted_by_severity(tmp_path: Path) -> None:
    verdict = validate(write(tmp_path, example("R013", "fail")), landed=landed(base()))
    assert [verdict.count(name) for name in ("error", "warning", "awaited")] == [0, 0, 1]


@pytest.mark.parametrize(
    ("places", "is_everything"),
    [
        ((), True),
        (("",), True),
        ((RECORD, "records/"), True),
        (("records/7K/",), False),
        (("policy/",), False),
        ((RECORD,), False),
    ],
)
def test_everything_is_asked_where_every_record_is(
    tmp_path: Path, places: tuple[str, ...], is_everything: bool
) -> None:
    assert Asked(places).is_everything is is_everything
    files = {**example("R040", "fail"), "records/0K/a.txt": b"a\n"}
    source = write(tmp_path, files)
    assert (validate(source, Asked(places)) == validate(source)) is is_everything
