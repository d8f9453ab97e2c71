"""While a manufacturer's new window runs, the text that was let out before is shown."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from defectreg.register.public import PublicRecord
from defectreg.store.releasing import released
from tests.registers import (
    ID,
    TestRegister,
    good_record,
    make_register,
    sha256,
    sign_off,
    statement,
)

AFFECTED = "ESME:FF01/00010100@00010001"
SOON = datetime.timedelta(days=1)
LATE = datetime.timedelta(days=60)


def told(**changes: Any) -> dict[str, Any]:
    said = {"affected": [AFFECTED], "certainty": "suspected", "impact": "high", **changes}
    return statement("notice", "secas", to="maker-one", delivered="e-mail", told=said)


def answered() -> dict[str, Any]:
    return statement("response", "maker-one", position="acknowledged")


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """A record on a Device of maker-one that was notified, answered, and so is published."""
    made = make_register(tmp_path / "register", signs=False)
    made.add(good_record(affected=[AFFECTED], title="The text before the change"))
    made.later().say(ID, told())
    made.later().say(ID, answered())
    return made.later()


def shown(made: TestRegister, after: datetime.timedelta = SOON) -> PublicRecord | None:
    result = released(made.register().head_source, None, made.today + after)
    return next(iter(result.register.records), None)


def raised(**changes: Any) -> dict[str, Any]:
    return good_record(affected=[AFFECTED], title="The text after the change", **changes)


def test_a_record_that_was_never_published_is_not_shown_while_it_waits(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", signs=False)
    made.add(good_record(affected=[AFFECTED]))
    assert shown(made) is None
    made.later().say(ID, told())
    assert shown(made) is None


def test_raised_certainty_shows_the_earlier_text_until_the_new_window_ends(
    made: TestRegister,
) -> None:
    made.change(ID, raised(certainty="confirmed"))
    entry = shown(made)
    assert entry is not None
    assert (entry.title, entry.values["certainty"]) == ("The text before the change", "suspected")
    made.later().say(ID, told(certainty="confirmed"))
    entry = shown(made)
    assert entry is not None
    assert entry.title == "The text before the change"
    entry = shown(made, LATE)
    assert entry is not None
    assert entry.title == "The text after the change"


def test_a_typo_corrected_opens_no_window(made: TestRegister) -> None:
    made.change(ID, raised())
    entry = shown(made)
    assert entry is not None
    assert entry.title == "The text after the change"


def test_a_new_cause_is_not_shown_before_its_window_ends(made: TestRegister) -> None:
    cause = statement("cause", "supplier-two", cause="suspected", says="A counter overflows.")
    file = made.say(ID, cause, accept=True)[0]
    entry = shown(made)
    assert entry is not None
    assert {said.kind for said in entry.statements} == {"report", "response"}
    made.later().say(ID, told(causes=[file]))
    entry = shown(made, LATE)
    assert entry is not None
    assert {said.kind for said in entry.statements} == {"report", "cause", "response"}


def test_what_was_withdrawn_since_is_not_shown_with_the_earlier_text(made: TestRegister) -> None:
    workaround = statement("workaround", "supplier-two", device="ESME", says="Restart it.")
    path = made.say(ID, workaround, accept=True)[0]
    entry = shown(made)
    assert entry is not None
    assert {said.kind for said in entry.statements} == {"report", "response", "workaround"}
    folder = f"records/{ID[3:5]}/{ID}"
    line = f"{sha256(made.read(f'{folder}/{path}'))}  {path}"
    made.later().say(ID, sign_off("withdraw", by="supplier-two", role="party", read=[line]))
    made.later().change(ID, raised(certainty="confirmed"))
    entry = shown(made)
    assert entry is not None
    assert entry.title == "The text before the change"
    assert {said.kind for said in entry.statements} == {"report", "response"}


def test_a_record_held_since_is_not_shown_at_all(made: TestRegister) -> None:
    made.change(ID, raised(certainty="confirmed"))
    assert shown(made) is not None
    made.later().say(ID, sign_off("hold", by="ssc", role="security"))
    assert shown(made) is None
