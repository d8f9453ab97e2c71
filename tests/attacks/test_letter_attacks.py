"""Letters under attack: what must not leave, or not so, each with a harmless twin that does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from defectreg.register.yamltext import dump
from tests.mail import Mail, mail_server
from tests.registers import ROOT, Result, TestRegister, key_of, make_register
from tests.stories.test_the_publisher_notifies import TODAY, record, with_mailboxes

PASSWORD = {"DEFECTREG_SMTP_USER": "publisher", "DEFECTREG_SMTP_PASSWORD": "a secret of the test"}
MANUFACTURER = (ROOT / "templates" / "letters" / "manufacturer.txt").read_text()


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Mail]:
    with mail_server(tmp_path) as server:
        yield server


def register(folder: Path, files: dict[str, bytes] | None = None, **said: Any) -> TestRegister:
    return make_register(
        folder / "register", [record(**said)], files={**with_mailboxes(), **(files or {})},
        day=TODAY, signs=False,
    )  # fmt: skip


def sends(made: TestRegister, mail: Mail, **variables: str) -> Result:
    words = ("notify", "--kind", "manufacturer", "--send", "--smtp", mail.server, "--json")
    return made.run(*words, DEFECTREG_KEY=str(key_of("secas")), **variables)


def codes(result: Result) -> list[str]:
    return [finding["code"] for finding in json.loads(result.out)["findings"]]


def named(name: str) -> dict[str, bytes]:
    """The file of the manufacturer, with another name in it."""
    path = "policy/parties/maker-one.yaml"
    return {path: with_mailboxes()[path].replace(b"Maker One", name.encode())}


def test_a_server_with_an_untrusted_certificate_gets_nothing(tmp_path: Path, mail: Mail) -> None:
    made = register(tmp_path)
    refused = sends(made, mail)
    assert refused.code == 3
    assert "certificate" in refused.err
    assert mail.taken == []
    assert sends(made, mail, **mail.variables).code == 0
    assert len(mail.taken) == 1


def test_no_letter_and_no_password_goes_over_an_open_connection(tmp_path: Path) -> None:
    made = register(tmp_path)
    with mail_server(tmp_path, encrypted=False) as mail:
        refused = sends(made, mail, **mail.variables, **PASSWORD)
        assert refused.code == 3
        assert "STARTTLS" in refused.err
        assert (mail.taken, mail.logins) == ([], [])
    with mail_server(tmp_path, password=PASSWORD["DEFECTREG_SMTP_PASSWORD"]) as mail:
        result = sends(made, mail, **mail.variables, **PASSWORD)
        assert result.code == 0, result
        assert mail.logins == ["publisher"]
        assert len(mail.taken) == 1
        assert "a secret" not in result.out + result.err


def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path) -> None:
    made = register(tmp_path)
    with mail_server(tmp_path, password="another") as mail:
        result = sends(made, mail, **mail.variables, **PASSWORD)
        assert result.code == 3
        assert "refuses the user or the password" in result.err
        assert "a secret" not in result.out + result.err
        assert mail.taken == []


@pytest.mark.parametrize("name", ['"Maker\\u200b One"', '"Maker\\rBcc: a@b.invalid"'])
def test_a_name_that_would_hide_something_stops_the_run(
    tmp_path: Path, mail: Mail, name: str
) -> None:
    result = sends(register(tmp_path, named(name)), mail, **mail.variables)
    assert result.code == 3, result
    assert "policy/parties/maker-one.yaml:1" in result.err
    assert mail.taken == []
    twin = make_register(tmp_path / "twin", [record()], day=TODAY,
                         files={**with_mailboxes(), **named('"Maker: One"')})  # fmt: skip
    assert sends(twin, mail, **mail.variables).code == 0
    assert len(mail.taken) == 1


def test_what_looks_like_commands_of_the_mail_server_arrives_as_text(
    tmp_path: Path, mail: Mail
) -> None:
    said = "It stops.\n.\nMAIL FROM:<a@b.invalid>\nRCPT TO:<c@d.invalid>\nDATA\nSubject: E\n.\nQUIT"
    made = register(tmp_path, behaviour=said)
    assert sends(made, mail, **mail.variables).code == 0
    (letter,) = mail.messages()
    assert mail.addressed == ["maker-one@parties.invalid"]
    assert letter["Subject"] == "An apparent issue that concerns Devices of yours: 1 entry"
    body = letter.get_body(("plain",))
    assert body is not None
    assert "    .\n    MAIL FROM:<a@b.invalid>" in body.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "text",
    [
        MANUFACTURER.replace("{{ no_assertion }}", ""),
        MANUFACTURER.replace("{{ no_assertion }}", "{{ no_assertion }} The Device is faulty."),
        MANUFACTURER.replace("Subject: ", "").replace("{{ no_assertion }}", "{{ ''.__class__ }}"),
        "Subject: A\n\n{{ disclaimer }}",
        "{% for each in range(9) %}",
    ],
)
def test_a_template_that_asserts_reaches_out_or_leaves_out_sends_nothing(
    tmp_path: Path, mail: Mail, text: str
) -> None:
    made = register(tmp_path, {"templates/letters/manufacturer.txt": text.encode()})
    result = sends(made, mail, **mail.variables)
    assert result.code == 1, result
    assert set(codes(result)) == {"L03"}
    assert mail.taken == []


def test_a_template_of_a_registers_own_that_says_what_it_has_to_is_used(
    tmp_path: Path, mail: Mail
) -> None:
    own = MANUFACTURER.replace("To {{ to.name }}", "Dear {{ to.name }}")
    made = register(tmp_path, {"templates/letters/manufacturer.txt": own.encode()})
    assert sends(made, mail, **mail.variables).code == 0
    body = mail.messages()[0].get_body(("plain",))
    assert body is not None
    assert "Dear Maker One" in body.get_content()


def test_a_template_that_is_not_utf_8_stops_the_run(tmp_path: Path, mail: Mail) -> None:
    made = register(tmp_path, {"templates/letters/manufacturer.txt": b"\xff"})
    assert sends(made, mail, **mail.variables).code == 3
    assert mail.taken == []


def test_a_record_whose_hold_cannot_be_read_is_told_to_nobody(tmp_path: Path, mail: Mail) -> None:
    made = register(tmp_path)
    day = TODAY.isoformat()
    made.commit({f"records/7K/DR-7K3Q-X4MB/{day}-sign-off-ssc.yaml": b"decision: hold\nno: such\n"})
    found = json.loads(sends(made, mail, **mail.variables).out)
    assert found["letters"] == []
    assert mail.taken == []


def test_what_is_held_is_told_to_nobody_but_that_it_exists(tmp_path: Path, mail: Mail) -> None:
    policy = dump({"name": "for-tests", "ceiling": "red"}).encode()
    made = register(tmp_path, {"policy/register.yaml": policy}, security=True)
    found = json.loads(sends(made, mail, **mail.variables).out)
    assert found["letters"] == []
    assert mail.taken == []


def test_above_the_audience_no_letter_says_anything(tmp_path: Path, mail: Mail) -> None:
    policy = dump({"name": "for-tests", "ceiling": "amber"}).encode()
    made = register(tmp_path, {"policy/register.yaml": policy}, classification="amber")
    assert json.loads(sends(made, mail, **mail.variables).out)["letters"] == []
    shown = make_register(tmp_path / "twin", [record()], files=with_mailboxes(), day=TODAY)
    assert len(json.loads(sends(shown, mail, **mail.variables).out)["letters"]) == 1
