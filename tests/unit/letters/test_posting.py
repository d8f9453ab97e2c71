"""Letters as messages: headers, Message-ID, bytes that are the same again."""

from __future__ import annotations

import datetime
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from defectreg.letters.composing import Desk, composed
from defectreg.letters.posting import Message, check_addressee, is_mailbox, message_id, message_of
from defectreg.letters.preparing import drafted_by, prepared
from defectreg.letters.samples import samples
from defectreg.store.letters.due import Addressee
from defectreg.store.letters.templates import program_templates
from tests.registers import grounds

DAY = datetime.date(2026, 3, 2)
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
DUE = samples(DAY)["manufacturer"]
DESK = Desk(grounds().policy, DAY, program_templates())
SENDER = Addressee("secas", "SECAS", "secas@parties.invalid")


def message(when: datetime.datetime = NOON) -> Message:
    return message_of(composed(DUE, DESK)[0], SENDER.mailbox, when, DESK.policy)


def read(made: Message) -> EmailMessage:
    found = message_from_bytes(made.data, _class=EmailMessage, policy=SMTP)
    assert isinstance(found, EmailMessage)
    return found


def test_a_message_has_a_text_a_page_and_the_views() -> None:
    found = read(message())
    assert found["From"] == "secas@parties.invalid"
    assert found["To"] == "role@party.invalid"
    text, page = found.get_body(("plain",)), found.get_body(("html",))
    assert text is not None
    assert page is not None
    letter = composed(DUE, DESK)[0]
    assert text.get_content().replace("\r\n", "\n") == letter.text
    assert page.get_content().replace("\r\n", "\n") == letter.html
    (view,) = found.iter_attachments()
    assert view.get_content() == letter.views[0].data


def test_the_same_letter_is_the_same_bytes_and_bears_the_same_id_on_every_day() -> None:
    assert message().data == message().data
    later = message(NOON + datetime.timedelta(days=30))
    assert later.message_id == message().message_id
    assert later.data != message().data


def test_every_line_of_a_message_is_one_that_mail_servers_take() -> None:
    lines = message().data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert message().data.isascii()


def test_the_id_stands_on_one_line() -> None:
    policy = replace(DESK.policy, address=f"https://{'register.' * 12}invalid/")
    made = message_of(composed(DUE, DESK)[0], SENDER.mailbox, NOON, policy)
    assert f"\r\nMessage-ID: {made.message_id}\r\n".encode() in made.data


def test_what_is_told_makes_the_id_and_so_does_to_whom() -> None:
    letter = composed(DUE, DESK)[0]
    (subject,) = DUE.subjects
    others = (
        replace(DUE, subjects=(replace(subject, key="more"),)),
        replace(DUE, subjects=(replace(subject, read="0" * 64),)),
        replace(DUE, to=replace(DUE.to, slug="another")),
        replace(DUE, kind="reminder"),
    )
    known = {message_id(replace(letter, due=due), DESK.policy) for due in (DUE, *others)}
    assert len(known) == 5


def test_the_id_is_of_the_register_or_of_the_place_of_its_publication() -> None:
    letter = composed(DUE, DESK)[0]
    assert message_id(letter, DESK.policy).endswith("@for-tests.defectreg.invalid>")
    policy = replace(DESK.policy, address="https://register.example.invalid/parties/")
    assert message_id(letter, policy).endswith("@register.example.invalid>")


@pytest.mark.parametrize(
    "mailbox",
    ["", "a", "a@b", "a@b.invalid\n", "a@b.invalid\r\nBcc: c@d.invalid", "a b@c.invalid",
     "A <a@b.invalid>", "a@b.invalid,c@d.invalid", "ä@b.invalid"],
)  # fmt: skip
def test_what_is_no_single_mailbox_gets_no_letter(mailbox: str) -> None:
    assert not is_mailbox(mailbox)
    assert list(check_addressee(Addressee("a", "A", mailbox)))
    assert not any(check_addressee(Addressee("a", "A", "role@party.invalid")))


@pytest.mark.parametrize("name", ["A\rBcc: b@c.invalid", "\u202eA", "A\x00", "A\u200bB"])
def test_a_name_that_hides_something_gets_no_letter(name: str) -> None:
    hostile = replace(DUE, to=replace(DUE.to, name=name))
    found = prepared([hostile], DESK, SENDER, NOON)
    assert found.ready == ()
    assert [(each.code, each.file) for each in found.objections] == [
        ("L02", "policy/parties/a-party.yaml")
    ]
    assert "Bcc" not in found.objections[0].sentence


def test_the_mailbox_stands_in_no_objection() -> None:
    found = prepared([replace(DUE, to=replace(DUE.to, mailbox="secret"))], DESK, SENDER, NOON)
    assert [each.code for each in found.objections] == ["L02"]
    assert "secret" not in f"{found.objections}"


def test_without_a_mailbox_of_the_sender_nothing_is_ready() -> None:
    found = prepared([DUE], DESK, replace(SENDER, mailbox=""), NOON)
    assert found.ready == ()
    assert [(each.code, each.file) for each in found.objections] == [
        ("L01", "policy/parties/secas.yaml")
    ]


def test_a_draft_is_known_by_its_id_and_of_other_records_beside_it() -> None:
    (subject,) = DUE.subjects
    grown = replace(DUE, subjects=(subject, replace(subject, record_id="DR-1111-1111")))
    assert drafted_by(message().data, [grown], DESK) == DUE
    changed = replace(DUE, subjects=(replace(subject, read="0" * 64),))
    assert drafted_by(message().data, [changed], DESK) is None
    assert drafted_by(b"no message at all", [DUE], DESK) is None
    assert drafted_by(b"", [DUE], DESK) is None
