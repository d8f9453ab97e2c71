"""A month: reports imported, reviewed, manufacturers notified, answers by key and by letter, a
bulletin signed, shown and sent. It has fewer reports than a real one; the steps are all there."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from defectreg.register.public import DISCLAIMER
from defectreg.register.yamltext import dump
from tests.mail import Mail, mail_server
from tests.registers import Result, TestRegister, key_of, make_register
from tests.stories.test_the_publisher_notifies import with_mailboxes
from tests.stories.together import Person, assert_proven

TODAY = datetime.now(UTC).date()
MONTH = TODAY.isoformat()[:7]
HUB = "Hub CHF:FF02/00020004 loses its clock each night at two and has it back in the morning."
METER = "Meter ESME:FF01/00010100 sends no 8F1E at the end of the billing period since an update."
COLUMNS = """\
columns: {text: Description, reference: Incident, day: Opened, party: Raised by}
source: service-desk
"""


def register_of(folder: Path) -> TestRegister:
    """A register of two manufacturers, of whom one has a key, and all of its incidents."""
    two = {"name": "Maker Two", "category": "device-manufacturer", "manufacturer-ids": ["FF02"]}
    maker = dump({**two, "mailbox": "maker-two@parties.invalid"})
    policy = dump({"name": "for-tests", "service-desk-history": "all"})
    files = {**with_mailboxes(), "policy/parties/maker-two.yaml": maker.encode(),
             "policy/register.yaml": policy.encode()}  # fmt: skip
    return make_register(folder / "register", files=files, day=TODAY - timedelta(days=3))


def incidents(folder: Path) -> tuple[Path, Path]:
    """A week of the service desk as a table, and what its columns mean."""
    table, columns = folder / "week.csv", folder / "columns.yaml"
    day = (TODAY - timedelta(days=1)).isoformat()
    with table.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(["Incident", "Opened", "Raised by", "Description"])
        for number, text in enumerate([HUB, METER] * 4):
            rows.writerow([f"INC{number:06}", day, "Supplier One", text])
    columns.write_text(COLUMNS)
    return table, columns


def sent(made: TestRegister, mail: Mail, *words: str) -> Result:
    result = made.run("notify", *words, "--send", "--smtp", mail.server, "--json",
                      DEFECTREG_KEY=str(key_of("secas")), **mail.variables)  # fmt: skip
    assert result.code == 0, result
    return result


def lands(person: Person, branch: str) -> None:
    assert person.gate(branch).code == 0, person.gate(branch)
    person.gits("merge", "--quiet", "--no-ff", "--message", "Land it", branch)
    person.gits("branch", "--quiet", "-D", branch)


def test_a_month_from_the_service_desk_to_the_bulletin(tmp_path: Path) -> None:
    made = register_of(tmp_path)
    desk, validator = Person(made.folder, "dcc"), Person(made.folder, "dcc-second")
    publisher, maker = Person(made.folder, "secas"), Person(made.folder, "maker-one")
    table, columns = incidents(tmp_path)

    # The DCC imports what was told to it, and its validator accepts it.
    desk.does("import", str(table), "--columns", str(columns), "--write")
    validator.does("review", "--all", "--accept", "--yes")
    validator.does("land", "--all")
    found = json.loads(validator.does("search", "--json"))["results"]
    assert len(found) == 2
    ids = [each["id"] for each in found]

    # What was imported is reported, no more; the validator looks into it and raises it.
    assert made.run("notify", "--json", "--dry-run").code == 0
    assert json.loads(made.run("notify", "--json", "--dry-run").out)["letters"] == []
    for record_id in ids:
        desk.does("edit", record_id, "certainty=suspected", "impact.consumers=medium")
        validator.accepts_and_lands(record_id)

    # Each manufacturer gets a letter, and its clock starts when the notice has landed.
    with mail_server(tmp_path) as mail:
        notices = json.loads(sent(made, mail).out)["notices"]
        assert sorted(mail.addressed) == [
            "dcc@parties.invalid", "maker-one@parties.invalid", "maker-two@parties.invalid",
        ]  # fmt: skip
        lands(publisher, notices["branch"])
        waits = {each["whom"]: each["id"] for each in publisher.waits()
                 if each["waits_for"] == "response"}  # fmt: skip
        assert set(waits) == {"maker-one", "maker-two"}

        # One answers by key, the other by a letter that a validator enters.
        maker.says("response", waits["maker-one"], "We look into it.", "--position",
                   "investigating")  # fmt: skip
        maker.does("land", waits["maker-one"])
        letter = tmp_path / "answer.txt"
        letter.write_text("We could not see this.")
        validator.says("response", waits["maker-two"], "We could not see this.", "--position",
                       "not-reproduced", "--received", "letter", "--from-party", "maker-two",
                       "--letter", str(letter))  # fmt: skip
        validator.does("land", waits["maker-two"])
        assert {publisher.sees_stage(each) for each in ids} == {"published"}

        # They are thanked, and all Parties are told of a possible issue.
        kinds = {(each["kind"], each["to"]) for each in json.loads(sent(made, mail).out)["letters"]}
        assert {("thanks", "maker-one"), ("thanks", "maker-two"), ("parties", "supplier-one"),
                ("publication", "maker-two")} <= kinds  # fmt: skip

        # The month is signed, shown and sent.
        said = publisher.does("bulletin", MONTH, "--sign")
        lands(publisher, next(line for line in said.splitlines()
                              if line.startswith("Signed, on "))[11:-1])  # fmt: skip
        publisher.does("publish", "--month", MONTH)
        page = (made.folder / "public" / "bulletins" / f"{MONTH}.html").read_text()
        assert all(each in page for each in ids)
        mail.taken.clear()
        sent(made, mail, "--bulletin", MONTH)
        assert len(mail.taken) == 4
        for message in mail.messages():
            body = message.get_body(("plain",))
            assert body is not None
            text = " ".join(body.get_content().split())
            assert DISCLAIMER in text
            assert all(each in text for each in ids)
    assert_proven(made.folder)
