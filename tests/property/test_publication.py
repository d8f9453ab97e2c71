"""An incremental build is a fresh build, whatever was said, changed and taken back in between."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defectreg.publication.cards import COLUMNS
from defectreg.publication.site import Site
from defectreg.register.record import record_path
from defectreg.store.building import build
from defectreg.store.cardfile import card_file
from defectreg.store.publishing import site_templates
from defectreg.store.releasing import released
from tests.registers import (
    FIRST_DAY,
    TestRegister,
    good_record,
    make_register,
    sign_off,
    statement,
)

IDS = ("DR-1111-1111", "DR-1122-2222", "DR-3333-3333")
EDITS = ("add", "fix", "respond", "title", "withdraw", "hold", "relate", "rename", "day")
Edit = tuple[str, int, int]


def edits() -> st.SearchStrategy[list[Edit]]:
    which = st.tuples(st.sampled_from(EDITS), st.sampled_from((0, 1, 2)), st.integers(0, 99))
    return st.lists(which, min_size=1, max_size=3)


def apply(made: TestRegister, edit: Edit, known: set[str]) -> None:
    """Do one thing to a register; to a record that is not there yet: add it."""
    what, which, number = edit
    record_id = IDS[which]
    if what == "rename":
        made.policy(search_level="model", title=f"Register {number}")
    elif record_id not in known:
        known.add(record_id)
        made.add({**good_record(), "id": record_id, "title": f"A meter that is odd {number}"})
    elif what in ("title", "relate"):
        path = record_path(record_id)
        text = made.read(path).decode()
        if what == "title":
            text = text.replace("A meter", f"A meter {number}", 1)
        elif "related" not in text:
            text += f"related: [{IDS[which - 1]}]\n"
        made.commit({path: text.encode()})
    else:
        said = {
            "fix": statement("fix", "maker-one", says=f"Update it {number}.", device="ESME",
                             firmware=f"{number:08d}"),
            "withdraw": sign_off("withdraw", code="reported-in-error"),
            "hold": sign_off("hold", by="ssc", role="security"),
        }  # fmt: skip
        reply = statement("response", "maker-one", says=f"Seen {number}.", position="acknowledged")
        made.say(record_id, said.get(what, reply), accept=what == "fix")


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(edits(), min_size=2, max_size=2))
def test_what_an_incremental_build_leaves_is_what_a_fresh_one_makes(runs: list[list[Edit]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_register(folder / "register", signs=False)
        made.policy(search_level="model")
        known: set[str] = set()
        day = FIRST_DAY
        for number, run in enumerate(runs):
            for edit in run:
                apply(made, edit, known)
                day += timedelta(days=edit[0] == "day")
            source = made.register().head_source
            register = released(source, "green", day).register
            with card_file(COLUMNS, "program", folder / "cards.sqlite") as file:
                edition = Site.of(register, site_templates(source), file).edition("program")
                build(folder / "grown", edition, folder / "manifest.sqlite", processes=1)
            fresh = folder / f"fresh-{number}"
            with card_file(COLUMNS, "program", None) as file:
                edition = Site.of(register, site_templates(source), file).edition("program")
                build(fresh, edition, folder / f"{number}.sqlite", processes=2)
            assert held(folder / "grown") == held(fresh)
