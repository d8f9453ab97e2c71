"""The journal of letters: what is told once, what is in doubt, and what has no notice yet."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.letters.due import Subject
from defectreg.store.letters.journal import Begun, Journal, opened

TOLD = {"affected": ["ESME:FF01/00010100"], "certainty": "suspected"}
SUBJECT = Subject("DR-7K3Q-X4MB", "key", "ab" * 32, TOLD)
LETTER = Begun("<a@b.invalid>", "manufacturer", "maker-one", "e-mail", "cd" * 32, "2026-03-02",
               (SUBJECT,))  # fmt: skip
KEY = ("manufacturer", "maker-one", "DR-7K3Q-X4MB", "key")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened(tmp_path / "letters") as found:
        yield found


def test_a_letter_is_begun_by_one_run_only(journal: Journal) -> None:
    assert journal.claim(LETTER)
    assert not journal.claim(LETTER)
    assert journal.known() == {KEY}


def test_a_letter_without_an_end_is_in_doubt_and_has_no_notice(journal: Journal) -> None:
    journal.claim(LETTER)
    assert journal.in_doubt() == [("<a@b.invalid>", "manufacturer", "maker-one")]
    assert list(journal.unnoticed()) == []
    assert journal.told() == {}


def test_a_refused_letter_is_begun_again(journal: Journal) -> None:
    journal.claim(LETTER)
    assert journal.settle(LETTER.message_id, "refused")
    assert journal.known() == frozenset()
    assert journal.claim(replace(LETTER, sha256="ef" * 32))
    journal.settle(LETTER.message_id, "accepted")
    (told,) = journal.unnoticed()
    assert (told.sha256, told.record_id, told.told) == ("ef" * 32, "DR-7K3Q-X4MB", TOLD)


def test_an_accepted_letter_is_told_and_needs_its_notice_once(journal: Journal) -> None:
    journal.claim(LETTER)
    journal.settle(LETTER.message_id, "accepted")
    assert journal.told() == {"DR-7K3Q-X4MB": {"maker-one": frozenset({"ab" * 32})}}
    journal.noticed(list(journal.unnoticed()), "submit/notices")
    assert list(journal.unnoticed()) == []
    assert journal.in_doubt() == []


def test_what_has_an_end_is_not_settled_otherwise(journal: Journal) -> None:
    assert not journal.settle(LETTER.message_id, "accepted")
    journal.claim(LETTER)
    assert journal.settle(LETTER.message_id, "accepted")
    assert not journal.settle(LETTER.message_id, "refused")
    assert journal.known() == {KEY}


def test_a_letter_that_comes_back_is_due_again(journal: Journal) -> None:
    assert journal.is_new()
    journal.claim(LETTER)
    assert journal.come_back(LETTER.message_id) == []
    journal.settle(LETTER.message_id, "accepted")
    assert journal.come_back(LETTER.message_id) == [("DR-7K3Q-X4MB", "cd" * 32)]
    assert journal.known() == frozenset()
    assert list(journal.unnoticed()) == []
    assert journal.come_back(LETTER.message_id) == []
    assert not journal.is_new()


def test_a_letter_of_no_record_is_known_by_what_it_is_about(journal: Journal) -> None:
    journal.claim(replace(LETTER, kind="general", subjects=(), about="2026"))
    assert journal.known() == {("general", "maker-one", "", "2026")}


def test_the_journal_is_there_again_and_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    with opened(folder) as journal:
        journal.claim(LETTER)
    with opened(folder) as journal:
        assert journal.known() == {KEY}
    assert stat.S_IMODE((folder / "sent.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_journal_that_cannot_be_read_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "sent.sqlite").write_bytes(b"no journal" * 100)
    with pytest.raises(CannotRun, match="cannot be used"), opened(tmp_path):
        pass


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "sent.sqlite").symlink_to(other)
    with pytest.raises(CannotRun, match="cannot be used"), opened(tmp_path / "letters"):
        pass
    assert not other.exists()
