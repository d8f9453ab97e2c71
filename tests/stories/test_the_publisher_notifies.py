"""The publisher notifies: drafts first, then letters through a mail server, then signed notices."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from defectreg.register.public import DISCLAIMER
from defectreg.register.record import record_path
from defectreg.register.yamltext import dump, load
from tests.mail import Mail, mail_server
from tests.registers import (
    ID,
    NAME,
    ROOT,
    Result,
    TestRegister,
    good_record,
    ground_files,
    key_of,
    make_register,
    run_in,
    sha256,
    sign_off,
    statement,
)
from tests.stories.together import MAKER, Person, assert_proven, names

SECOND = "DR-2222-2222"
TODAY = datetime.now(UTC).date()


def with_mailboxes(*without: str) -> dict[str, bytes]:
    """The files of the Parties, each with a role mailbox."""
    files = {}
    for path, data in ground_files().items():
        slug = path.removeprefix("policy/parties/").removesuffix(".yaml")
        if path.startswith("policy/parties/") and slug not in without:
            party = {**load(data).data, "mailbox": f"{slug}@parties.invalid"}
            files[path] = dump(_in_order(party)).encode()
    return files


def _in_order(party: dict[str, Any]) -> dict[str, Any]:
    keys = ("name", "category", "manufacturer-ids", "mailbox", "people")
    return {key: party[key] for key in keys if key in party}


def record(record_id: str = ID, **changes: Any) -> dict[str, Any]:
    return good_record(id=record_id, affected=list(MAKER), **changes)


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """A register of today with one record that has reached the thresholds."""
    return make_register(tmp_path / "register", [record()], files=with_mailboxes(), day=TODAY)


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Mail]:
    with mail_server(tmp_path) as server:
        yield server


def publisher(made: TestRegister) -> Person:
    return Person(made.folder, "secas")


def notify(made: TestRegister, *words: str, person: str = "secas", **variables: str) -> Result:
    return made.run("notify", *words, DEFECTREG_KEY=str(key_of(person)), **variables)


def told(made: TestRegister, *words: str, code: int = 0) -> dict[str, Any]:
    """What `notify --json` has."""
    result = notify(made, *words, "--json")
    assert result.code == code, result
    found: dict[str, Any] = json.loads(result.out)
    return found


def due(made: TestRegister, *words: str) -> set[tuple[str, str]]:
    """Kind and Party of the letters that are due."""
    return {(each["kind"], each["to"]) for each in told(made, "--dry-run", *words)["letters"]}


def sends(made: TestRegister, mail: Mail, *words: str, code: int = 0) -> dict[str, Any]:
    result = notify(made, *words, "--send", "--smtp", mail.server, "--json", **mail.variables)
    assert result.code == code, result
    found: dict[str, Any] = json.loads(result.out)
    return found


def lands(made: TestRegister, branch: str) -> None:
    publisher(made).gits("merge", "--quiet", "--no-ff", "--message", "Notices", branch)
    publisher(made).gits("branch", "--quiet", "-D", branch)


def test_a_run_writes_drafts_and_sends_nothing(made: TestRegister, mail: Mail) -> None:
    found = told(made)
    assert {(each["kind"], each["to"], each["state"]) for each in found["letters"]} == {
        ("manufacturer", "maker-one", "drafted"),
        ("dcc", "dcc", "drafted"),
        ("landed", "supplier-one", "drafted"),
    }
    (draft,) = (each["draft"] for each in found["letters"] if each["kind"] == "manufacturer")
    text = Path(draft).read_text()
    assert "To: maker-one@parties.invalid" in text
    assert "From: secas@parties.invalid" in text
    before = Path(draft).read_bytes()
    assert told(made)["letters"] == found["letters"]
    assert Path(draft).read_bytes() == before
    assert mail.taken == []
    assert publisher(made).gits("branch", "--list", "submit/*") == ""


def test_letters_are_sent_once_and_become_a_signed_notice_that_lands(
    made: TestRegister, mail: Mail
) -> None:
    made.add(record(SECOND, title="Meter sends alerts twice"))
    found = sends(made, mail)
    assert {each["state"] for each in found["letters"]} == {"accepted"}
    (letter,) = [each for each in mail.messages() if each["To"] == "maker-one@parties.invalid"]
    text = letter.get_body(("plain",))
    page = letter.get_body(("html",))
    assert text is not None
    assert page is not None
    for part in (text, page):
        said = " ".join(part.get_content().split())
        assert DISCLAIMER in said
        assert ID in said
        assert SECOND in said
        assert "makes no assertion of responsibility or of non-compliance" in said
    views = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert set(views) == {f"{ID}.json", f"{SECOND}.json"}
    for view in views.values():
        assert hashlib.sha256(view).hexdigest() in text.get_content()
        assert json.loads(view)["disclaimer"] == DISCLAIMER
    branch = found["notices"]["branch"]
    assert len(found["notices"]["files"]) == 2
    assert publisher(made).gate(branch).code == 0, publisher(made).gate(branch)
    assert sends(made, mail)["letters"] == []
    assert len(mail.taken) == 3
    lands(made, branch)
    assert publisher(made).sees_stage() == "in-reply"
    (data,) = [each for each in mail.taken if b"To: maker-one@parties.invalid" in each]
    (name,) = [each for each in names(made) if "-notice-" in each]
    notice = made.read(f"{record_path(ID).removesuffix('.yaml')}/{name}").decode()
    assert f"letter: {sha256(data)}" in notice
    assert "delivered: e-mail" in notice
    assert_proven(made.folder)


def test_after_the_manufacturer_the_parties_are_told_of_a_possible_issue(
    made: TestRegister, mail: Mail
) -> None:
    lands(made, sends(made, mail)["notices"]["branch"])
    assert due(made) == {("parties", "supplier-one"), ("parties", "supplier-two")}
    sends(made, mail)
    (letter,) = [each for each in mail.messages() if each["To"] == "supplier-two@parties.invalid"]
    body = letter.get_body(("plain",))
    assert body is not None
    said = " ".join(body.get_content().split())
    assert MAKER[0] in said
    assert "no comment on responsibility" in said
    assert good_record()["title"] not in said
    assert list(letter.iter_attachments()) == []


def test_the_policy_may_leave_out_the_letter_to_parties(made: TestRegister, mail: Mail) -> None:
    made.policy(letter_to_parties="omit")
    lands(made, sends(made, mail)["notices"]["branch"])
    assert due(made) == set()


def test_a_silent_manufacturer_is_reminded_and_a_response_is_thanked_for(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [record()], files=with_mailboxes())
    notice = statement("notice", "secas", to="maker-one", delivered="e-mail",
                       told={"affected": list(MAKER), "certainty": "suspected",
                             "impact": "high"})  # fmt: skip
    made.later().say(ID, notice)
    reminder = ("reminder", "maker-one")
    assert reminder not in due(made, "--as-of", "2026-03-11")
    assert reminder in due(made, "--as-of", "2026-03-13")
    made.later(10).say(ID, statement("response", "maker-one", position="investigating"))
    now = due(made, "--as-of", "2026-03-14")
    assert reminder not in now
    assert {("thanks", "maker-one"), ("publication", "maker-one"),
            ("publication", "supplier-one")} <= now  # fmt: skip
    assert ("thanks", "maker-one") not in due(made, "--as-of", "2026-05-14")


def test_who_was_told_is_told_of_a_correction_and_of_the_withdrawal(
    made: TestRegister, mail: Mail
) -> None:
    lands(made, sends(made, mail)["notices"]["branch"])
    sends(made, mail)
    made.say(ID, statement("response", "maker-one", position="waiver"))
    made.change(ID, record(title="Meter stops sending some alerts after a Hub update"))
    found = due(made, "--kind", "correction")
    assert found == {
        ("correction", slug) for slug in ("dcc", "maker-one", "supplier-one", "supplier-two")
    }
    branch = sends(made, mail, "--kind", "correction")["notices"]["branch"]
    assert publisher(made).gate(branch).code == 0
    lands(made, branch)
    assert due(made, "--kind", "correction") == set()
    assert publisher(made).sees_stage() == "published"
    made.say(ID, sign_off("withdraw", code="reported-in-error"))
    assert {kind for kind, _ in due(made)} == {"withdrawal"}
    mail.taken.clear()
    sends(made, mail)
    body = mail.messages()[0].get_body(("plain",))
    assert body is not None
    assert "it was reported in error" in body.get_content()
    assert due(made) == set()


def test_who_reported_is_told_of_receipt_of_the_return_and_of_a_fix(made: TestRegister) -> None:
    engineer = Person(made.folder, "supplier-two")
    engineer.says("--title", "Gas meter display goes blank", "--affected",
                  "GSME:FF03/00010100 in South", "--behaviour", "The display goes blank.",
                  "--certainty", "suspected", "--impact-consumers", "medium")  # fmt: skip
    assert ("received", "supplier-two") in due(made)
    (wait,) = [each for each in Person(made.folder, "dcc").waits() if each["waits_for"] == "accept"]
    Person(made.folder, "dcc").does(
        "review", wait["id"], "--return", "Which firmware was it?", "--yes"
    )
    found = due(made)
    assert ("returned", "supplier-two") in found
    assert ("received", "supplier-two") not in found
    (draft,) = (each["draft"] for each in told(made)["letters"] if each["kind"] == "returned")
    assert "Which firmware was it?" in Path(draft).read_text()
    made.say(ID, statement("response", "maker-one", position="waiver"),
             statement("notice", "secas", to="maker-one", delivered="post",
                       told={"affected": list(MAKER), "certainty": "suspected",
                             "impact": "high"}))  # fmt: skip
    made.say(ID, statement("fix", "maker-one", device="ESME", firmware="00030005", says="Update."),
             accept=True)  # fmt: skip
    assert ("fix", "supplier-one") in due(made)


def test_of_what_touches_security_only_the_id_leaves_and_only_to_the_security_body(
    tmp_path: Path,
) -> None:
    policy = dump({"name": NAME, "ceiling": "red"}).encode()
    files = {**with_mailboxes(), "policy/register.yaml": policy}
    made = make_register(tmp_path / "register", [record(security=True)], files=files, day=TODAY)
    found = told(made)
    assert [(each["kind"], each["to"]) for each in found["letters"]] == [("security", "ssc")]
    text = Path(found["letters"][0]["draft"]).read_text()
    assert ID in text
    assert "FF01" not in text
    assert good_record()["title"] not in text


def test_of_a_security_item_on_a_request_the_security_body_is_told_before_it_can_land(
    tmp_path: Path,
) -> None:
    policy = dump({"name": NAME, "ceiling": "red"}).encode()
    made = make_register(tmp_path / "register", files={**with_mailboxes(),
                         "policy/register.yaml": policy}, day=TODAY)  # fmt: skip
    request = f"refs/heads/submit/{ID}"
    made.add(record(security=True), accept=False, ref=request)
    assert due(made) == {("security", "ssc"), ("received", "supplier-one")}
    for letter in told(made)["letters"]:
        text = Path(letter["draft"]).read_text()
        assert ID in text
        assert "FF01" not in text
    made.say(ID, sign_off("lift", by="ssc", role="security"), ref=request)
    assert due(made) == {("received", "supplier-one")}


def test_a_manufacturer_without_a_mailbox_is_a_finding_and_nothing_is_sent(
    tmp_path: Path, mail: Mail
) -> None:
    made = make_register(tmp_path / "register", [record()], files=with_mailboxes("maker-one"),
                         day=TODAY)  # fmt: skip
    found = sends(made, mail, code=1)
    assert [each["code"] for each in found["findings"]] == ["L01"]
    assert found["findings"][0]["file"] == "policy/parties/maker-one.yaml"
    assert {each["state"] for each in found["letters"]} == {"kept-back"}
    assert mail.taken == []
    found = sends(made, mail, "--others", code=1)
    assert sorted(mail.addressed) == ["dcc@parties.invalid", "supplier-one@parties.invalid"]
    assert found["notices"] is None


def test_a_mailbox_that_the_server_refuses_is_told_and_starts_no_clock(
    made: TestRegister, mail: Mail
) -> None:
    mail.refused.add("maker-one@parties.invalid")
    found = sends(made, mail, code=1)
    assert [(each["code"], each["file"]) for each in found["findings"]] == [
        ("L06", "policy/parties/maker-one.yaml")
    ]
    assert "550" in found["findings"][0]["sentence"]
    assert "maker-one@" not in json.dumps(found)
    assert found["notices"] is None
    assert publisher(made).sees_stage() == "to-notify"
    assert len(mail.taken) == 2
    mail.refused.clear()
    again = sends(made, mail)
    assert [each["state"] for each in again["letters"]] == ["accepted"]
    assert again["notices"] is not None
    assert len(mail.taken) == 3


def test_a_letter_that_the_server_does_not_take_is_sent_again(
    made: TestRegister, mail: Mail
) -> None:
    mail.reply = "452 too much at once"
    found = sends(made, mail, code=1)
    assert {each["state"] for each in found["letters"]} == {"refused"}
    mail.reply = "250 OK"
    assert {each["state"] for each in sends(made, mail)["letters"]} == {"accepted"}


def test_what_was_being_sent_when_the_run_was_killed_is_in_doubt_and_not_sent_twice(
    made: TestRegister, mail: Mail
) -> None:
    runs: list[subprocess.Popen[str]] = []
    mail.before_answer = lambda: runs[0].send_signal(signal.SIGKILL)
    words = ("notify", "--kind", "manufacturer", "--send", "--smtp", mail.server)
    runs.append(
        subprocess.Popen(
            [sys.executable, "-m", "defectreg", "-C", str(made.folder), *words], cwd=ROOT,
            env={**os.environ, "DEFECTREG_KEY": str(key_of("secas")), **mail.variables},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
    )  # fmt: skip
    runs[0].communicate(timeout=60)
    assert runs[0].returncode == -signal.SIGKILL
    mail.before_answer = lambda: None
    assert len(mail.taken) == 1
    found = sends(made, mail, "--kind", "manufacturer", code=1)
    assert found["letters"] == []
    assert [each["code"] for each in found["findings"]] == ["L05"]
    assert found["notices"] is None
    assert len(mail.taken) == 1
    identity = str(mail.messages()[0]["Message-ID"])
    settled = told(made, "--settle", f"{identity}=accepted")
    assert publisher(made).gate(settled["notices"]["branch"]).code == 0
    assert told(made, "--kind", "manufacturer")["findings"] == []
    assert len(mail.taken) == 1


def test_a_server_that_hangs_up_leaves_one_letter_in_doubt_and_the_rest_for_later(
    made: TestRegister, mail: Mail
) -> None:
    mail.hangs_up_after = 1
    found = sends(made, mail, code=3)
    states = [each["state"] for each in found["letters"]]
    assert states == ["accepted", "in-doubt", "not-sent"]
    assert [each["code"] for each in found["findings"]] == ["L05"]
    assert publisher(made).gate(found["notices"]["branch"]).code == 0
    mail.hangs_up_after = -1
    again = sends(made, mail, code=1)
    assert [each["state"] for each in again["letters"]] == ["accepted"]
    assert [each["code"] for each in again["findings"]] == ["L05"]
    assert again["notices"] is None
    doubtful = next(each["message_id"] for each in found["letters"] if each["state"] == "in-doubt")
    assert notify(made, "--settle", f"{doubtful}=refused").code == 0
    mail.taken.clear()
    assert [each["state"] for each in sends(made, mail)["letters"]] == ["accepted"]
    assert [str(each["Message-ID"]) for each in mail.messages()] == [doubtful]


def test_a_draft_that_a_validator_sent_by_post_becomes_a_notice(made: TestRegister) -> None:
    (draft,) = (each["draft"] for each in told(made)["letters"] if each["kind"] == "manufacturer")
    result = notify(made, "--sent-by-hand", draft, "--delivered", "post", "--json", person="dcc")
    assert result.code == 0, result
    branch = json.loads(result.out)["notices"]["branch"]
    assert Person(made.folder, "dcc").gate(branch).code == 0
    lands(made, branch)
    (name,) = [each for each in names(made) if "-notice-" in each]
    notice = made.read(f"{record_path(ID).removesuffix('.yaml')}/{name}").decode()
    assert f"letter: {sha256(Path(draft).read_bytes())}" in notice
    assert "delivered: post" in notice
    assert publisher(made).sees_stage() == "in-reply"


def test_a_letter_of_no_record_that_was_sent_by_hand_is_not_due_again(made: TestRegister) -> None:
    draft = told(made, "--general", "--to", "maker-one")["letters"][0]["draft"]
    assert notify(made, "--general", "--sent-by-hand", draft).code == 0
    assert due(made, "--general") == {("general", "supplier-one"), ("general", "supplier-two")}


def test_a_draft_of_what_no_longer_stands_becomes_no_notice(made: TestRegister) -> None:
    (draft,) = (each["draft"] for each in told(made)["letters"] if each["kind"] == "manufacturer")
    kept = made.folder.parent / "kept.eml"
    kept.write_bytes(Path(draft).read_bytes())
    made.change(ID, record(title="Meter stops sending some alerts after a Hub update"))
    result = notify(made, "--sent-by-hand", str(kept))
    assert result.code == 2
    assert "no draft of a letter that is due now" in result.err
    result = notify(made, ID, "--sent-by-hand", str(kept), "--to", "maker-one",
                    "--kind", "manufacturer", "--json")  # fmt: skip
    assert result.code == 0, result


def test_only_a_publisher_or_a_validator_sends(made: TestRegister, mail: Mail) -> None:
    result = notify(made, "--send", "--smtp", mail.server, person="supplier-one", **mail.variables)
    assert result.code == 2
    assert "neither publisher nor validator" in result.err
    result = made.run("notify", "--send", "--party", "secas", "--smtp", mail.server)
    assert result.code == 2
    assert mail.taken == []


def test_the_yearly_reminder_goes_once_to_each_party(made: TestRegister, mail: Mail) -> None:
    found = sends(made, mail, "--general")
    slugs = ["maker-one", "supplier-one", "supplier-two"]
    assert [each["to"] for each in found["letters"]] == slugs
    assert found["notices"] is None
    body = mail.messages()[0].get_body(("plain",))
    assert body is not None
    said = " ".join(body.get_content().split())
    assert "enquire of their Device suppliers" in said
    assert DISCLAIMER in said
    assert sends(made, mail, "--general")["letters"] == []


def test_who_gets_a_digest_are_the_groups_of_the_panel_whatever_their_files_are_named(
    made: TestRegister,
) -> None:
    month = TODAY.isoformat()[:7]
    result = notify(made, "--digest", month)
    assert result.code == 3
    assert "category sec-panel" in result.err
    group = {"name": "Operations Group", "category": "sec-panel", "mailbox": "group@panel.invalid"}
    made.commit({"policy/parties/operations.yaml": dump(group).encode()})
    assert due(made, "--digest", month) == {("digest", "operations")}


def test_the_digest_tells_kinds_ages_and_changes_of_the_policy_and_no_manufacturer(
    tmp_path: Path,
) -> None:
    opsg = dump({"name": "OPSG", "category": "sec-panel", "mailbox": "opsg@panel.invalid"})
    tabasc = dump({"name": "TABASC", "category": "sec-panel", "mailbox": "tabasc@panel.invalid"})
    files = {**with_mailboxes(), "policy/parties/opsg.yaml": opsg.encode(),
             "policy/parties/tabasc.yaml": tabasc.encode()}  # fmt: skip
    free = ["ESME:FF09/00010100"]
    made = make_register(tmp_path / "register", [good_record(affected=free)], files=files)
    made.today = date(2026, 4, 7)
    made.policy(reply_window=15)
    found = told(made, "--digest", "2026-04", "--as-of", "2026-04-30")
    assert [each["to"] for each in found["letters"]] == ["opsg", "tabasc"]
    text = Path(found["letters"][0]["draft"]).read_text()
    assert "Unusual behaviour: 1" in text
    assert "30 to 89 days: 1" in text
    assert "Reply window: 10; now 15" in text
    assert "FF09" not in text

    made.today = date(2026, 5, 6)
    made.say(ID, sign_off("withdraw", code="reported-in-error"))
    found = told(made, "--digest", "2026-04", "--as-of", "2026-05-31")
    text = Path(found["letters"][0]["draft"]).read_text()
    assert "Unusual behaviour: 1" in text
    assert "30 to 89 days: 1" in text
    assert "withdrawn" not in text


def test_a_signed_month_goes_to_all_parties_and_a_draft_does_not(tmp_path: Path) -> None:
    free = ["ESME:FF09/00010100"]
    made = make_register(tmp_path / "register", [good_record(affected=free)],
                         files=with_mailboxes())  # fmt: skip
    assert notify(made, "--bulletin", "2026-03").code == 2
    person = publisher(made)
    said = person.does("bulletin", "2026-03", "--as-of", "2026-03-31", "--sign")
    branch = next(line for line in said.splitlines() if line.startswith("Signed, on "))[11:-1]
    lands(made, branch)
    found = told(made, "--bulletin", "2026-03")
    assert len(found["letters"]) == 3
    text = Path(found["letters"][0]["draft"]).read_text()
    assert "Bulletin of March 2026" in text
    assert good_record()["title"] in text


def test_a_letter_that_comes_back_is_due_again_and_its_notice_starts_no_clock(
    made: TestRegister, mail: Mail
) -> None:
    branch = sends(made, mail)["notices"]["branch"]
    (letter,) = [each for each in mail.messages() if each["To"] == "maker-one@parties.invalid"]
    identity = str(letter["Message-ID"])
    assert due(made) == set()
    noted = told(made, "--settle", f"{identity}=refused")
    (notice,) = noted["to_withdraw"]
    assert notice["id"] == ID
    assert noted["next"] == [
        f"defectreg review {ID} --withdraw reported-in-error --of {notice['file']}"
    ]
    lands(made, branch)
    assert publisher(made).sees_stage() == "in-reply"
    publisher(made).does(*noted["next"][0].split()[1:])
    publisher(made).does("land", ID)
    assert publisher(made).sees_stage() == "to-notify"
    assert [each["state"] for each in sends(made, mail)["letters"]] == ["accepted"]
    assert notify(made, "--settle", "<nothing@for-tests.invalid>=refused").code == 2
    assert_proven(made.folder)


def test_notices_that_landed_before_they_were_noted_are_not_made_again(
    made: TestRegister, mail: Mail
) -> None:
    lands(made, sends(made, mail)["notices"]["branch"])
    journal = made.repository.git_dir / "defectreg" / "letters" / "sent.sqlite"
    with closing(sqlite3.connect(journal)) as rows, rows:
        rows.execute("UPDATE subject SET branch = ''")  # as a run leaves it that is killed there
    assert sends(made, mail, "--kind", "manufacturer")["notices"] is None
    assert publisher(made).gits("branch", "--list", "submit/*") == ""


def test_a_server_that_takes_nothing_from_the_sender_stops_the_run(
    made: TestRegister, mail: Mail
) -> None:
    mail.takes_from_sender = False
    result = notify(made, "--send", "--smtp", mail.server, **mail.variables)
    assert result.code == 3
    assert "takes nothing from this sender: it answered 553" in result.err
    assert "secas@" not in result.err
    assert "Nothing was sent." in result.out
    mail.takes_from_sender = True
    assert {each["state"] for each in sends(made, mail)["letters"]} == {"accepted"}


def test_another_clone_does_not_send_what_the_first_has_sent(
    made: TestRegister, mail: Mail, tmp_path: Path
) -> None:
    words = ("notify", "--send", "--smtp", mail.server)
    variables = {"DEFECTREG_KEY": str(key_of("secas")), **mail.variables}
    lands(made, sends(made, mail)["notices"]["branch"])
    publisher(made).gits("clone", "--quiet", ".", str(tmp_path / "other"))
    refused = run_in(tmp_path / "other", *words, **variables)
    assert refused.code == 2
    assert "none was sent from this clone" in refused.err
    assert len(mail.taken) == 3
    later = ("--from-here", "--kind", "parties")
    assert run_in(tmp_path / "other", *words, *later, **variables).code == 0
    assert len(mail.taken) == 5
    assert run_in(tmp_path / "other", *words, "--kind", "parties", **variables).code == 0
    assert len(mail.taken) == 5


def test_who_reported_what_was_merged_before_it_landed_is_told_where_it_goes_on(
    made: TestRegister,
) -> None:
    request = f"refs/heads/submit/{SECOND}"
    made.add(record(SECOND), accept=False, ref=request)
    assert ("received", "supplier-one") in due(made)
    made.say(SECOND, sign_off("withdraw", code="duplicate-of", other=ID), ref=request)
    found = told(made, "--to", "supplier-one")["letters"]
    assert {(each["kind"], *each["ids"]) for each in found} == {
        ("landed", ID), ("withdrawal", SECOND)
    }  # fmt: skip
    (draft,) = (each["draft"] for each in found if each["kind"] == "withdrawal")
    text = Path(draft).read_text()
    assert f"{SECOND}: it says the same as another entry ({ID})" in text
    assert "defectreg add report ID" in text


def test_who_reported_a_record_is_told_that_it_was_withdrawn(made: TestRegister) -> None:
    made.later().say(ID, sign_off("withdraw", code="not-a-defect"))
    assert due(made, "--as-of", made.today.isoformat()) == {("withdrawal", "supplier-one")}
    later = (made.today + timedelta(days=60)).isoformat()
    assert due(made, "--as-of", later) == set()


def test_a_manufacturer_is_told_that_more_has_come_to_what_it_knows(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [record()], files=with_mailboxes(), day=TODAY)
    less = {"affected": list(MAKER), "certainty": "suspected", "impact": "medium"}
    made.say(ID, statement("notice", "secas", to="maker-one", delivered="e-mail", told=less))
    (letter,) = (each for each in told(made)["letters"] if each["kind"] == "manufacturer")
    assert "We wrote to you of this entry before." in Path(letter["draft"]).read_text()


def test_a_correction_that_was_not_told_is_due_however_long_ago_it_landed(
    made: TestRegister, mail: Mail
) -> None:
    lands(made, sends(made, mail)["notices"]["branch"])
    made.say(ID, statement("response", "maker-one", position="waiver"))
    made.change(ID, record(title="Meter stops sending some alerts after a Hub update"))
    found = due(made, "--as-of", (TODAY + timedelta(days=300)).isoformat())
    assert found == {("correction", "dcc"), ("correction", "maker-one")}
