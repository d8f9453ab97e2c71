from __future__ import annotations

import hashlib

from defectreg.intake.formatting import Formatted, formatted
from defectreg.register.findings import Finding
from defectreg.register.record import record_path, statements_folder
from defectreg.register.statement import record_of
from defectreg.register.yamltext import dump
from tests.registers import ID, good_record, sign_off
from tests.unit.intake.grounds_for_tests import grounds, schema

PATH = record_path(ID)
FOLDER = statements_folder(ID)
CROOKED = dump(good_record()).replace("trigger:", "# after an update\ntrigger:  ").encode()
SAID = f"{FOLDER}/2026-03-02-report-supplier-one.yaml"


def format_all(files: dict[str, bytes]) -> list[Formatted | Finding]:
    return list(formatted(files, grounds()))


def accept(data: bytes) -> bytes:
    read = [f"{hashlib.sha256(data).hexdigest()}  {ID}.yaml"]
    said = {"of": ID, "date": "2026-03-02", **sign_off("accept", read=read)}
    return dump({key: said[key] for key in schema("statement").order if key in said}).encode()


def test_a_canonical_file_is_not_spoken_of() -> None:
    assert format_all({PATH: dump(good_record()).encode()}) == []


def test_a_record_gets_its_canonical_form_and_keeps_its_comments() -> None:
    (found,) = format_all({PATH: CROOKED})
    assert isinstance(found, Formatted)
    assert found.kept_because == ""
    assert "# after an update\ntrigger: firmware-update\n" in found.after


def test_a_combination_is_written_in_its_one_form() -> None:
    crooked = dump(good_record(affected=["esme:ff03/00010100", "no combination"])).encode()
    (found,) = format_all({PATH: crooked})
    assert isinstance(found, Formatted)
    assert "  - ESME:FF03/00010100\n  - no combination\n" in found.after


def test_an_accepted_record_stays() -> None:
    name = f"{FOLDER}/2026-03-02-sign-off-dcc.yaml"
    (found,) = format_all({PATH: CROOKED, name: accept(CROOKED)})
    assert isinstance(found, Formatted)
    assert found.kept_because == "it is accepted as it is"


def test_an_accept_of_other_bytes_keeps_nothing() -> None:
    name = f"{FOLDER}/2026-03-02-sign-off-dcc.yaml"
    (found,) = format_all({PATH: CROOKED, name: accept(b"other bytes")})
    assert isinstance(found, Formatted)
    assert found.kept_because == ""


def test_a_signed_statement_stays_and_an_unsigned_one_does_not() -> None:
    said = b"of:  DR-7K3Q-X4MB\nkind: report\nby: supplier-one\ndate: 2026-03-02\n"
    (free,) = format_all({SAID: said})
    (kept,) = format_all({SAID: said + b"signature: x\n"})
    assert isinstance(free, Formatted)
    assert isinstance(kept, Formatted)
    assert (free.kept_because, kept.kept_because) == ("", "it is signed")


def test_a_file_that_cannot_be_read_is_a_finding_and_the_next_one_is_done() -> None:
    found = format_all({PATH: CROOKED, SAID: b"of: &a x\n"})
    assert [type(one) for one in found] == [Finding, Formatted]


def test_only_records_and_statements_are_of_a_record() -> None:
    assert record_of(PATH) == record_of(SAID) == ID
    assert record_of("policy/register.yaml") is None
