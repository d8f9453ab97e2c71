"""This repository's own register: invented records that hold, and that show all there is."""

from __future__ import annotations

import datetime
import shutil
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from defectreg.register.checking import Checked, check_case
from defectreg.register.demonstration import DEMONSTRATION_KEYS
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.parties import CATEGORY_WORDS
from defectreg.register.public import KIND_WORDS
from defectreg.register.record import IMPACT_AXES, Record, id_of_path
from defectreg.register.stage import MARKS, STAGE_NAMES, Stage, facts_of, marks_of, stage_of
from defectreg.register.standing import Landed, Landing, Standing
from defectreg.register.statement import KINDS, Statement, signed_part
from defectreg.register.yamltext import load
from defectreg.register.yamltext.arranging import canonical
from defectreg.store.signatures import check
from tests.sign import Demonstration, key_files, main, problems, sign

LANDED = datetime.date(2026, 11, 21)
"""The day on which the invented files landed, all at once."""
AS_OF = datetime.date(2026, 11, 27)
"""Within the reply windows that began on that day: silent manufacturers are still awaited."""
FEWEST_RECORDS = 60


@dataclass(frozen=True)
class Entry:
    """One invented record with all that is said of it, judged."""

    checked: Checked
    standing: Standing
    stage: Stage
    marks: tuple[str, ...]


@pytest.fixture(scope="module")
def demonstration(repository: Path) -> Demonstration:
    return Demonstration.at(repository)


@pytest.fixture(scope="module")
def entries(demonstration: Demonstration) -> dict[str, Entry]:
    """By the record's id."""
    root = demonstration.root
    files = {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted((root / "records").rglob("*.yaml"))
    }
    judged = {}
    for path in files:
        record_id = id_of_path(path)
        if record_id is not None:
            folder = f"{path.removesuffix('.yaml')}/"
            case = {other: files[other] for other in files if other == path or folder in other}
            judged[record_id] = _entry(
                check_case(path, case, demonstration.grounds, case), demonstration
            )
    return judged


def _entry(checked: Checked, demonstration: Demonstration) -> Entry:
    grounds = demonstration.grounds
    policy = grounds.policy
    landing = Landing(0, LANDED, policy.who_validates, policy.dcc_reports_validated_by)
    assert checked.record is not None, checked.findings
    said = tuple(Landed(statement, landing) for statement in checked.statements)
    standing = Standing(checked.record, said, grounds.parties)
    stage = stage_of(facts_of(standing, policy, policy.audience, AS_OF))
    return Entry(
        checked, standing, stage, marks_of(standing, grounds.catalogue, policy.audience, policy)
    )


def _statements(entries: dict[str, Entry]) -> Iterator[Statement]:
    return (statement for entry in entries.values() for statement in entry.checked.statements)


def _records(entries: dict[str, Entry]) -> list[Record]:
    return [entry.standing.record for entry in entries.values()]


def _devices(entries: dict[str, Entry]) -> Iterator[str]:
    for record in _records(entries):
        for entry in record.affected:
            yield from (device.type for device in entry.devices)


def test_nothing_is_wrong_in_any_record_or_statement(entries: dict[str, Entry]) -> None:
    found = [finding for entry in entries.values() for finding in entry.checked.findings]
    assert [finding for finding in found if not _is_of_distrusted_key(finding)] == []


def _is_of_distrusted_key(finding: Finding) -> bool:
    return (finding.code, finding.severity) == ("R094", "warning")


def test_every_file_under_records_was_judged(
    entries: dict[str, Entry], demonstration: Demonstration
) -> None:
    files = [file for file in (demonstration.root / "records").rglob("*") if file.is_file()]
    assert len(files) == len(entries) + len(list(_statements(entries)))


def test_there_are_enough_records_to_learn_from(entries: dict[str, Entry]) -> None:
    assert len(entries) >= FEWEST_RECORDS


def test_no_two_records_say_the_same(entries: dict[str, Entry]) -> None:
    for key in ("title", "behaviour"):
        texts = Counter(record.data[key] for record in _records(entries))
        assert max(texts.values()) == 1


def test_every_kind_of_record_is_shown(entries: dict[str, Entry]) -> None:
    assert {record.kind for record in _records(entries)} == set(KIND_WORDS)


def test_every_kind_of_statement_is_shown(entries: dict[str, Entry]) -> None:
    assert {statement.kind for statement in _statements(entries)} == set(KINDS)


def test_every_category_of_party_is_shown(demonstration: Demonstration) -> None:
    categories = {party.category for party in demonstration.grounds.parties}
    assert categories == set(CATEGORY_WORDS)


def test_every_stage_is_shown_on_the_day_named(entries: dict[str, Entry]) -> None:
    assert {entry.stage.name for entry in entries.values()} == set(STAGE_NAMES)


def test_most_records_are_published_on_the_day_named(entries: dict[str, Entry]) -> None:
    stages = Counter(entry.stage.name for entry in entries.values())
    assert stages["published"] > len(entries) / 2


def test_every_mark_is_shown(entries: dict[str, Entry]) -> None:
    assert {mark for entry in entries.values() for mark in entry.marks} == set(MARKS)


def test_every_device_type_of_the_inventory_is_affected_somewhere(
    entries: dict[str, Entry],
) -> None:
    inventory = {"ESME", "GSME", "GPF", "CHF", "HCALCS", "PPMID", "IHD", "CAD"}
    assert set(_devices(entries)) == inventory


def test_firmware_is_named_as_version_prefix_and_range(entries: dict[str, Entry]) -> None:
    affected = " ".join(text for record in _records(entries) for text in record.data["affected"])
    assert "*" in affected
    assert ".." in affected
    assert "@00020123" in affected


def test_only_products_of_the_catalogue_are_affected(
    entries: dict[str, Entry], demonstration: Demonstration
) -> None:
    listed = set(demonstration.grounds.catalogue.products)
    affected = {
        device.product
        for record in _records(entries)
        for entry in record.affected
        for device in entry.devices
    }
    assert affected <= listed


def test_a_manufacturer_that_no_party_holds_is_affected(
    entries: dict[str, Entry], demonstration: Demonstration
) -> None:
    parties = demonstration.grounds.parties
    affected = {each for record in _records(entries) for each in record.manufacturer_ids}
    assert any(parties.manufacturer(identifier) is None for identifier in affected)


def test_every_axis_of_impact_is_raised_somewhere(entries: dict[str, Entry]) -> None:
    raised = {
        axis for record in _records(entries) for axis, value in record.data["impact"].items()
        if value in ("medium", "high")
    }  # fmt: skip
    assert raised == set(IMPACT_AXES)


def test_a_cause_was_superseded_and_one_was_challenged(entries: dict[str, Entry]) -> None:
    assert any(_is_of("cause", item) for each in entries.values() for item in _superseded(each))
    assert "cause" in _challenged(entries)


def _superseded(entry: Entry) -> tuple[Landed, ...]:
    return entry.standing.superseded


def _is_of(kind: str, item: Landed) -> bool:
    return item.statement.kind == kind


def _challenged(entries: dict[str, Entry]) -> set[str]:
    """The kinds of the statements that a challenge is about."""
    return {
        statement.kind
        for entry in entries.values()
        for challenge in entry.standing.of_kind("challenge")
        for statement in entry.checked.statements
        if statement.file == challenge.statement.text("about")
    }


def test_a_fix_proved_incomplete_and_was_superseded(entries: dict[str, Entry]) -> None:
    assert any(_is_of("fix", item) for each in entries.values() for item in _superseded(each))
    assert "fix" in _challenged(entries)


def test_an_alert_tracker_record_has_ended_by_its_last_report(entries: dict[str, Entry]) -> None:
    assert any(
        statement.text("until") and statement.text("period")
        for entry in entries.values()
        if entry.standing.record.kind == "superfluous-alerts"
        for statement in entry.checked.statements
    )


def test_a_response_came_by_letter_and_one_was_waived(entries: dict[str, Entry]) -> None:
    responses = [each for each in _statements(entries) if each.kind == "response"]
    assert any(response.text("received") == "letter" for response in responses)
    assert any(response.text("position") == "waiver" for response in responses)


def test_what_was_told_in_confidence_is_shown_with_consent(
    entries: dict[str, Entry], demonstration: Demonstration
) -> None:
    policy = demonstration.grounds.policy
    confided = [
        (entry.standing, item)
        for entry in entries.values()
        for item in _said(entry)
        if item.is_in_confidence
    ]
    assert confided
    assert all(standing.may_show(item, policy.audience, policy) for standing, item in confided)


def _said(entry: Entry) -> tuple[Record | Statement, ...]:
    return entry.standing.record, *entry.checked.statements


def test_a_security_record_stands_only_with_its_lift(entries: dict[str, Entry]) -> None:
    secure = [entry for entry in entries.values() if entry.standing.record.says_security]
    assert secure
    assert {entry.stage.name for entry in secure} == {"published"}


def test_a_record_came_back_after_it_was_withdrawn(entries: dict[str, Entry]) -> None:
    assert any(
        entry.stage.name == "published"
        for entry in entries.values()
        for statement in entry.checked.statements
        if statement.text("code") == "not-a-defect"
    )


def test_what_a_retired_key_signed_stands(
    entries: dict[str, Entry], demonstration: Demonstration
) -> None:
    retired = _keys_in_state("retired", demonstration.grounds)
    counting = [item for entry in entries.values() for item in entry.standing.counting]
    assert retired & {item.statement.signer for item in counting}


def test_what_a_distrusted_key_signed_does_not_count(
    entries: dict[str, Entry], demonstration: Demonstration
) -> None:
    distrusted = _keys_in_state("distrusted", demonstration.grounds)
    assert distrusted & {statement.signer for statement in _statements(entries)}
    counting = [item for entry in entries.values() for item in entry.standing.counting]
    assert not distrusted & {item.statement.signer for item in counting}


def _keys_in_state(state: str, grounds: Grounds) -> set[str | None]:
    people = [person for party in grounds.parties for person in party.people]
    return {
        key.public.fingerprint for person in people for key in person.keys if key.state == state
    }


def test_the_program_knows_exactly_the_keys_that_are_here(demonstration: Demonstration) -> None:
    assert set(demonstration.keys) == DEMONSTRATION_KEYS


def test_exactly_the_keys_that_are_here_are_trusted(demonstration: Demonstration) -> None:
    parties = demonstration.grounds.parties
    people = [person for party in parties for person in party.people]
    trusted = {key.public.fingerprint for person in people for key in person.keys}
    assert trusted == DEMONSTRATION_KEYS


def test_a_key_file_is_named_for_its_party_and_person(demonstration: Demonstration) -> None:
    for fingerprint, file in demonstration.keys.items():
        holder = demonstration.grounds.parties.holder(fingerprint)
        assert holder is not None
        assert file.name.removesuffix("-retired") == f"{holder[0].slug}-{holder[1].pseudonym}"


def test_no_key_file_has_a_comment_or_a_passphrase(repository: Path) -> None:
    unlocked, no_comment, padding = b"openssh-key-v1\0\0\0\0\4none", bytes(4), bytes(range(1, 6))
    for file in key_files(repository):
        key = b64decode("".join(file.read_text("ascii").split("\n")[1:-2]))
        assert key.startswith(unlocked), file
        assert key.endswith(no_comment + padding), file


def test_every_signature_is_what_its_key_signs(demonstration: Demonstration) -> None:
    assert list(problems(demonstration)) == []


def test_ssh_keygen_finds_a_signature_of_each_key_good(
    entries: dict[str, Entry], demonstration: Demonstration
) -> None:
    one_of_each = {statement.signer: path for path, statement in demonstration.statements().items()}
    grounds = demonstration.grounds
    for signer, path in one_of_each.items():
        holder = grounds.parties.holder(signer or "")
        assert holder is not None
        payload = signed_part((demonstration.root / path).read_bytes())
        signature = demonstration.statement(path).text("signature")
        assert check(payload, signature, grounds.policy.namespace, holder[2].public) is None


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Demonstration:
    """Three records of the register, in a folder of their own."""
    for name in ("policy", "schema", "catalogue", "tests/keys"):
        shutil.copytree(repository / name, tmp_path / name)
    for folder in sorted((repository / "records").iterdir())[:3]:
        shutil.copytree(folder, tmp_path / "records" / folder.name)
    return Demonstration.at(tmp_path)


def _bytes_of(demonstration: Demonstration) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in (demonstration.root / "records").rglob("*.yaml")}


def test_signing_what_is_signed_changes_nothing(copy: Demonstration) -> None:
    before = _bytes_of(copy)
    assert sign(copy) == []
    assert _bytes_of(copy) == before


def test_a_changed_record_is_signed_anew_in_what_read_it(copy: Demonstration) -> None:
    record = min((copy.root / "records").glob("*/*.yaml"))
    record.write_bytes(record.read_bytes() + b"# reworded\n")
    assert list(problems(copy)) != []
    changed = sign(copy)
    assert changed != []
    assert all(path.startswith(f"records/{record.parent.name}/{record.stem}/") for path in changed)
    assert list(problems(copy)) == []


def test_checking_says_what_is_off_and_writes_nothing(
    copy: Demonstration, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"], copy.root) == 0
    record = min((copy.root / "records").glob("*/*.yaml"))
    record.write_bytes(record.read_bytes() + b"# reworded\n")
    before = _bytes_of(copy)
    assert main(["--check"], copy.root) == 1
    assert f"{record.stem}/" in capsys.readouterr().out
    assert _bytes_of(copy) == before


def test_a_changed_statement_is_signed_anew_by_whom_it_was(copy: Demonstration) -> None:
    path = min(copy.statements())
    before = copy.statement(path)
    file = copy.root / path
    said = signed_part(file.read_bytes())
    file.write_bytes(file.read_bytes().replace(said, said + b"# reworded\n"))
    assert path in sign(copy)
    assert copy.statement(path).signer == before.signer
    assert list(problems(copy)) == []


def test_a_statement_without_signature_gets_one_of_its_party(copy: Demonstration) -> None:
    path = min(copy.statements())
    file = copy.root / path
    file.write_bytes(signed_part(file.read_bytes()))
    assert path in sign(copy)
    assert list(problems(copy)) == []


def test_every_file_is_in_canonical_form(demonstration: Demonstration) -> None:
    places = {
        "record": "records/*/*.yaml",
        "statement": "records/*/*/*.yaml",
        "policy": "policy/*.yaml",
        "party": "policy/parties/*.yaml",
    }
    for schema, pattern in places.items():
        order = demonstration.grounds.schemas[schema].order
        for file in sorted(demonstration.root.glob(pattern)):
            source = file.read_bytes()
            assert canonical(load(source), order).encode() == source, file


def test_the_policy_says_that_the_register_is_a_demonstration(
    demonstration: Demonstration,
) -> None:
    policy = demonstration.grounds.policy
    assert policy.demonstration
    assert policy.search_level == "model"
    assert policy.decided


def test_what_is_no_part_of_the_register_is_named(demonstration: Demonstration) -> None:
    register = {"records", "policy", "catalogue", "schema", "templates", "bulletins"}
    policy = demonstration.grounds.policy
    for name in policy.not_register:
        assert name.partition("/")[0] not in register
    for path in ("defectreg/cli/app.py", "tests/sign.py", "README.md", "pyproject.toml"):
        assert not policy.is_register_path(path)
    assert policy.is_register_path("records/AB/DR-AB00-0000.yaml")
