"""A manufacturer answers: with its own key, or by a letter that a validator enters verbatim."""

from __future__ import annotations

from pathlib import Path

from tests.registers import ID, good_record, make_register, sha256
from tests.stories.together import MAKER, Person, assert_proven, names

LOOKING = "We are looking into it."
DISPUTED = "We do not see it with our Devices of this model."


def test_a_response_lands_at_once_by_key_and_by_letter(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record(affected=list(MAKER))])
    maker, validator = Person(made.folder, "maker-one"), Person(made.folder, "dcc")
    signed = names(made)
    maker.says("response", ID, LOOKING, "--position", "investigating")
    assert "Landed on main: 1 record, 1 file." in maker.does("land", ID)
    letter = tmp_path / "letter.txt"
    letter.write_text(DISPUTED)
    words = ("response", ID, DISPUTED, "--position", "disputed", "--received", "letter",
             "--from-party", "maker-one", "--letter", str(letter))  # fmt: skip
    refused = Person(made.folder, "supplier-two").is_refused("add", *words)
    assert "R093" in refused
    validator.says(*words)
    assert "Landed on main: 1 record, 1 file." in validator.does("land", ID)
    assert set(signed) < set(names(made))
    shown = validator.sees()
    answers = [said["data"] for said in shown["statements"]
               if said["data"]["kind"] == "response" and said["state"] == "counts"]  # fmt: skip
    by_key, by_letter = sorted(answers, key=lambda said: "received" in said)
    assert (by_key["by"], by_key["says"], by_key["position"]) == (
        "maker-one", LOOKING, "investigating",
    )  # fmt: skip
    assert (by_letter["by"], by_letter["from"], by_letter["says"]) == (
        "dcc", "maker-one", DISPUTED,
    )  # fmt: skip
    assert (by_letter["received"], by_letter["letter"]) == ("letter", sha256(DISPUTED.encode()))
    assert "disputed" in shown["marks"]
    page = validator.does("show", ID)
    assert LOOKING in page
    assert DISPUTED in page
    assert_proven(made.folder)
