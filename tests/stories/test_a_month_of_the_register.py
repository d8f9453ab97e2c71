"""A month: five thousand reports imported and reviewed, manufacturers notified, their windows, an
answer by key and one by letter, landed, published, and the month's bulletin signed and sent."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import phrases
from benchmarks.intake_reports import THIRD_WHAT
from benchmarks.similar import OTHER_WHAT
from defectreg.register.catalogue import Product
from defectreg.register.public import DISCLAIMER
from defectreg.register.working_days import last_day
from defectreg.register.yamltext import dump
from tests.mail import Mail, mail_server
from tests.registers import Result, TestRegister, key_of, make_register
from tests.stories.test_a_validator_reviews_new_reports import keys
from tests.stories.test_the_publisher_notifies import with_mailboxes
from tests.stories.together import Person, assert_proven

TODAY = datetime.now(UTC).date()
MONTH = TODAY.isoformat()[:7]
REPORTS, MATTERS = 5_000, 40
BATCH = 25
"""Records that a question of `review --new` holds."""
TELLERS = ("Supplier One", "small-supplier")
DAYS = 2
COLUMNS = """\
columns: {text: Description, reference: Incident, day: Opened, party: Raised by}
source: service-desk
"""


def register_of(folder: Path) -> TestRegister:
    """A register of two manufacturers, of whom one has a key, and all of its incidents."""
    two = {"name": "Maker Two", "category": "device-manufacturer", "manufacturer-ids": ["FF02"]}
    maker = dump({**two, "mailbox": "maker-two@parties.invalid"})
    policy = dump({"name": "for-tests", "service-desk-history": "all", "review-batch": BATCH})
    files = {**with_mailboxes(), "policy/parties/maker-two.yaml": maker.encode(),
             "policy/register.yaml": policy.encode()}  # fmt: skip
    return make_register(folder / "register", files=files, day=TODAY - timedelta(days=9))


def told(products: list[Product]) -> Iterator[tuple[str, str, str]]:
    """What incidents of so many matters say, who said it and on which day: seeded."""
    chosen = random.Random(11)
    chosen.shuffle(products)
    matters = [(products[place], place % len(phrases.WHAT), chosen.choice(phrases.WHEN))
               for place in range(MATTERS)]  # fmt: skip
    for _ in range(REPORTS):
        product, what, when = chosen.choice(matters)
        said = chosen.choice((phrases.WHAT, OTHER_WHAT, THIRD_WHAT))[what]
        beside = chosen.choice(("", f" Firmware {product.releases[0].version}.", " Seen in North."))
        day = TODAY - timedelta(days=chosen.randint(1, DAYS))
        yield f"{product.name} {said} {when}.{beside}", chosen.choice(TELLERS), day.isoformat()


def incidents(folder: Path, made: TestRegister) -> tuple[Path, Path]:
    """A week of the service desk as a table, and what its columns mean."""
    table, columns = folder / "week.csv", folder / "columns.yaml"
    products = made.register().grounds.catalogue.products
    devices = [product for name, product in products.items() if not name.startswith("GPF")]
    with table.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(["Incident", "Opened", "Raised by", "Description"])
        for number, (text, teller, day) in enumerate(told(devices)):
            rows.writerow([f"INC{number:06}", day, teller, text])
    columns.write_text(COLUMNS)
    return table, columns


def of_device(person: Person, device: str) -> str:
    """The record of a Device that is found first."""
    found = json.loads(person.does("search", device, "--limit", "1", "--json"))["results"]
    return str(found[0]["id"])


def sent(made: TestRegister, mail: Mail, *words: str) -> Result:
    result = made.run("notify", *words, "--send", "--smtp", mail.server, "--json",
                      DEFECTREG_KEY=str(key_of("secas")), **mail.variables)  # fmt: skip
    assert result.code == 0, result
    return result


def lands(person: Person, branch: str) -> None:
    assert person.gate(branch).code == 0, person.gate(branch)
    person.gits("merge", "--quiet", "--no-ff", "--message", "Land it", branch)
    person.gits("branch", "--quiet", "-D", branch)


def test_a_month_from_five_thousand_incidents_to_the_bulletin(tmp_path: Path) -> None:
    made = register_of(tmp_path)
    desk, validator = Person(made.folder, "dcc"), Person(made.folder, "dcc-second")
    publisher, maker = Person(made.folder, "secas"), Person(made.folder, "maker-one")
    table, columns = incidents(tmp_path, made)

    # The service desk sees what would become of its incidents, decides the rest, and enters it.
    plan = tmp_path / "plan.yaml"
    of_desk = ("import", str(table), "--columns", str(columns))
    assert f"{REPORTS:,} rows of week.csv" in desk.is_refused(*of_desk, "--plan", str(plan))
    proposed = plan.read_text()
    assert proposed.count("outcome: likely-duplicate\n") == 1
    plan.write_text(proposed.replace("outcome: likely-duplicate\n", "outcome: new\n"))
    entered = json.loads(desk.does(*of_desk, "--apply", str(plan), "--json"))["receipt"]
    assert entered["rows"]["new"] == REPORTS
    records = len(entered["records"])
    assert records == MATTERS + 2  # of two, some words were too unlike
    assert all(each["reports"] <= len(TELLERS) * DAYS for each in entered["records"])
    assert "INC0" not in desk.gits("log", "--all", "--patch")

    # A validator reads them in groups, accepts them by key, and lands them.
    with keys(made) as review:
        for first in range(0, records, BATCH):
            review.shows(f"{max(0, records - first - BATCH)} after that")
            review.press("a")
        review.type(f"Sign it: {records} accepted?", "y")
        review.ends()
    assert f"{records} records" in validator.does("land", "--all")

    # What was imported is reported, no more; the validator looks into two and raises them.
    assert json.loads(made.run("notify", "--json", "--dry-run").out)["letters"] == []
    ids = [of_device(validator, each) for each in ("ESME:FF01/00010100", "CHF:FF02/00020004")]
    for record_id in ids:
        desk.does("edit", record_id, "certainty=suspected", "impact.consumers=medium")
        validator.accepts_and_lands(record_id)
        assert publisher.sees_stage(record_id) == "to-notify"

    # Each manufacturer gets a letter, and its window opens when the notice has landed.
    with mail_server(tmp_path) as mail:
        notices = json.loads(sent(made, mail).out)["notices"]
        assert sorted(mail.addressed) == [
            "dcc@parties.invalid", "maker-one@parties.invalid", "maker-two@parties.invalid",
        ]  # fmt: skip
        lands(publisher, notices["branch"])
        waits = {each["whom"]: each for each in publisher.waits()
                 if each["waits_for"] == "response"}  # fmt: skip
        assert {whom: each["id"] for whom, each in waits.items()} == dict(
            zip(("maker-one", "maker-two"), ids, strict=True)
        )
        assert {each["until"] for each in waits.values()} == {last_day(TODAY, 10).isoformat()}
        assert {publisher.sees_stage(each) for each in ids} == {"in-reply"}

        # One answers by key, the other by a letter that a validator enters.
        maker.says("response", ids[0], "We look into it.", "--position", "investigating")
        maker.does("land", ids[0])
        letter = tmp_path / "answer.txt"
        letter.write_text("We could not see this.")
        validator.says("response", ids[1], "We could not see this.", "--position",
                       "not-reproduced", "--received", "letter", "--from-party", "maker-two",
                       "--letter", str(letter))  # fmt: skip
        validator.does("land", ids[1])
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
