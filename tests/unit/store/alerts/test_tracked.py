"""The records of superfluous alerts that there are: landed, withdrawn, and on requests."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.register.yamltext import dump
from defectreg.store.alerts.tracked import Known, alone, known_records
from tests.registers import FIRST_DAY, ID, TestRegister, good_record, make_register, sign_off
from tests.registers import statement as said

OTHER = "DR-2222-2222"
ALERTS = good_record(kind="superfluous-alerts", trigger="none")


def known(made: TestRegister, *codes: str) -> tuple[Known, ...]:
    return known_records(made.register(), codes or ("8F1E",), FIRST_DAY)


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [ALERTS], signs=False)


def test_what_landed_is_known_with_its_reports(made: TestRegister) -> None:
    made.add(good_record(id=OTHER))
    (one,) = known(made)
    assert (one.record.id, one.branch, one.is_withdrawn) == (ID, "", False)
    assert [report.branch for report in one.reports] == [""]
    assert one.alerts == {"8F1E"}


def test_of_other_codes_nothing_is_known(made: TestRegister) -> None:
    assert known(made, "8F35") == ()


def test_what_was_withdrawn_is_known_as_withdrawn(made: TestRegister) -> None:
    made.later().say(ID, sign_off("withdraw", code="not-a-defect"))
    (one,) = known(made)
    assert one.is_withdrawn


def test_what_waits_is_known_with_its_branch(made: TestRegister) -> None:
    branch = f"submit/{OTHER}"
    made.add({**ALERTS, "id": OTHER}, accept=False, ref=f"refs/heads/{branch}")
    made.add(good_record(id="DR-3333-3333"), accept=False, ref="refs/heads/submit/DR-3333-3333")
    first, second = known(made)
    assert (first.record.id, first.branch) == (OTHER, branch)
    assert [report.branch for report in first.reports] == [branch]
    assert second.record.id == ID


def test_a_report_that_waits_on_a_landed_record_is_known_once(made: TestRegister) -> None:
    branch = f"submit/{ID}-supplier-two"
    for ref in (branch, f"{branch}-2"):
        made.say(ID, said("report", "supplier-two", says="We see it."), ref=f"refs/heads/{ref}")
    (one,) = known(made)
    assert sorted(report.branch for report in one.reports) == ["", branch]
    assert one.branch == ""


def test_a_record_that_cannot_be_read_is_left_to_validate(made: TestRegister) -> None:
    broken = dump({**ALERTS, "id": OTHER, "affected": ["nothing"]}).encode()
    made.commit({f"records/22/{OTHER}.yaml": broken}, f"refs/heads/submit/{OTHER}")
    assert [one.record.id for one in known(made)] == [ID]


def as_if_fetched(made: TestRegister, branch: str) -> None:
    """Turn a branch of this clone into one that was fetched."""
    for words in (
        ["update-ref", f"refs/remotes/origin/{branch}", f"refs/heads/{branch}"],
        ["update-ref", "-d", f"refs/heads/{branch}"],
    ):
        subprocess.run(["git", "-C", str(made.folder), *words], check=True)


@pytest.mark.parametrize(("signs", "ids"), [(True, [OTHER, ID]), (False, [ID])])
def test_what_others_sent_is_known_where_its_party_signed_it(
    made: TestRegister, signs: bool, ids: list[str]
) -> None:
    made.signs = signs
    made.add({**ALERTS, "id": OTHER}, accept=False, ref=f"refs/heads/submit/{OTHER}")
    as_if_fetched(made, f"submit/{OTHER}")
    assert [one.record.id for one in known(made)] == ids


def test_a_report_with_the_key_of_another_party_is_nobodys(made: TestRegister) -> None:
    made.signs = True
    forged = said("report", "supplier-two", key="supplier-one", says="We see it.")
    honest = said("report", "supplier-two", says="We see it.")
    for branch, report, by in (
        (f"submit/{ID}-supplier-two", forged, ["supplier-one"]),
        (f"submit/{ID}-supplier-two-2", honest, ["supplier-one", "supplier-two"]),
    ):
        made.say(ID, report, ref=f"refs/heads/{branch}")
        as_if_fetched(made, branch)
        (one,) = known(made)
        assert [report.statement.by for report in one.reports] == by


def test_one_run_at_a_time_proposes(made: TestRegister) -> None:
    first, second = made.register(), made.register()
    with alone(first), pytest.raises(CannotRun, match="another run"), alone(second):
        pass
    with alone(second):
        assert known(made)
