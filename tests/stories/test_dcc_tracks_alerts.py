"""The DCC's alerts tracker adds a month's report to a record of superfluous alerts."""

from __future__ import annotations

from pathlib import Path

from defectreg.register.yamltext import dump
from tests.registers import ID, NAME, good_record, make_register, statement
from tests.stories.together import Person, assert_proven, names

POLICY = dump({"name": NAME, "superfluous-alerts": ["8F1E"]}).encode()
RECORD = good_record(
    kind="superfluous-alerts", origin="alerts-tracker", trigger="none",
    title="Meter sends the same alert each night",
    behaviour="The meter sends 8F1E each night, also where nothing has ended.",
)  # fmt: skip


def test_each_months_report_lands_and_leaves_the_sign_off_standing(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", files={"policy/register.yaml": POLICY})
    first = statement("report", "dcc", received="incident", devices="100-999", period="2026-02",
                      told_by="dcc", says="Tracker, February.", stands_for=212)  # fmt: skip
    made.add(RECORD, first, accept=False, ref=f"refs/heads/submit/{ID}")
    validator, tracker = Person(made.folder, "dcc-second"), Person(made.folder, "dcc")
    validator.accepts_and_lands()
    before = names(made)
    tracker.says(
        "report", ID, "Tracker, March.", "--received", "incident", "--told-by", "dcc",
        "--devices", "1000-9999", "--period", "2026-03", "--stands-for", "1804",
        "--until", "2026-03-31",
    )  # fmt: skip
    assert "Landed on main: 1 record, 1 file." in tracker.does("land", ID)
    assert len(names(made)) == len(before) + 1
    shown = tracker.sees()
    assert shown["stage"]["name"] == "published"
    assert {said["state"] for said in shown["statements"]} == {"counts"}
    bands = [said["data"]["devices"] for said in shown["statements"]
             if said["data"]["kind"] == "report"]  # fmt: skip
    assert sorted(bands) == ["100-999", "1000-9999"]
    assert_proven(made.folder)
