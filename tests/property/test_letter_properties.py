"""Laws of letters: whatever a record says, the message is one message to one addressee."""

from __future__ import annotations

import datetime
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.formats.visible import is_odd
from defectreg.letters.composing import Desk, composed
from defectreg.letters.posting import message_of
from defectreg.letters.samples import samples
from defectreg.register.public import DISCLAIMER
from defectreg.store.letters.templates import program_templates
from tests.registers import grounds

DAY = datetime.date(2026, 3, 2)
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
DESK = Desk(grounds().policy, DAY, program_templates())
ODD = st.sampled_from(["\r\n", "\n", "\r", "\x00", "\u202e", "<b>", "&", "\n.\n", "\n\n", "-----",
                       "\n----", "- ", "    ", "Subject: ", "{{ x }}", "{% if %}"])  # fmt: skip
TEXTS = st.lists(ODD | st.text(max_size=20), max_size=6).map("".join)


@settings(max_examples=60)
@given(TEXTS, TEXTS, TEXTS)
def test_no_text_of_a_record_changes_who_gets_a_letter_or_hides_what_it_has_to_say(
    title: str, behaviour: str, reason: str
) -> None:
    for kind in ("manufacturer", "returned"):
        due = samples(DAY)[kind]
        (subject,) = due.subjects
        assert subject.view is not None
        view = replace(subject.view, values={"title": title, "behaviour": behaviour})
        told = replace(subject, view=view, why=reason)
        letter, problems = composed(replace(due, subjects=(told,)), DESK)
        assert problems == ()
        made = message_of(letter, "secas@parties.invalid", NOON, DESK.policy)
        read = message_from_bytes(made.data, _class=EmailMessage, policy=SMTP)
        assert isinstance(read, EmailMessage)
        assert read.get_all("To") == ["role@party.invalid"]
        assert read.get_all("Subject") == [letter.subject]
        assert {*read.keys()} == {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version",
                                  "Content-Type"}  # fmt: skip
        body = read.get_body(("plain",))
        assert body is not None
        said = body.get_content().replace("\r\n", "\n")
        assert said == letter.text
        assert not any(map(is_odd, said.split("\n")))
        assert DISCLAIMER in " ".join(said.split())
        assert letter.html.count("<h2>Disclaimer</h2>") == 1
        assert "<b>" not in letter.html
