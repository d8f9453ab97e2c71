"""The publisher builds the site again: what changed, what leaves, what a preview shows."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.registers import ID, TestRegister, good_record, make_register, run_in, sign_off

OTHERS = [f"DR-0000-000{number}" for number in range(9)]


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    made = make_register(tmp_path / "register", signs=False)
    made.add(good_record())
    return made


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def published(made: TestRegister, folder: Path, *words: str) -> dict[str, bytes]:
    result = run_in(
        made.folder, "publish", "--output", str(folder), "--as-of", "2026-03-20", *words
    )
    assert result.code == 0, result.err
    return held(folder)


def test_the_second_publication_is_what_a_first_one_would_be(
    made: TestRegister, tmp_path: Path
) -> None:
    published(made, tmp_path / "site")
    for record_id in OTHERS[:2]:
        made.add({**good_record(), "id": record_id})
    again = published(made, tmp_path / "site")
    assert again == published(made, tmp_path / "fresh")
    assert {f"records/{record_id}.html" for record_id in (ID, *OTHERS[:2])} <= again.keys()


def test_zone_language_hash_seed_and_folder_change_no_byte(
    made: TestRegister, tmp_path: Path
) -> None:
    made.policy(search_level="model")
    settings = [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "POSIX"},
    ]
    sites = []
    for number, variables in enumerate(settings):
        clone = tmp_path / f"clone-{number}"
        subprocess.run(["git", "clone", "--quiet", str(made.folder), str(clone)], check=True)
        output = tmp_path / f"a-{number}" / "b" / "site"
        words = [sys.executable, "-m", "defectreg", "publish", "--output", str(output),
                 "--as-of", "2026-03-20"]  # fmt: skip
        subprocess.run(words, cwd=clone, env={**os.environ, **variables}, check=True,
                       capture_output=True)  # fmt: skip
        sites.append(held(output))
    assert sites[0] == sites[1] != {}


def test_an_entry_that_leaves_for_a_reason_is_listed_and_one_without_stops_the_build(
    made: TestRegister, tmp_path: Path
) -> None:
    for record_id in OTHERS:
        made.add({**good_record(), "id": record_id})
    before = published(made, tmp_path / "last")
    made.say(ID, sign_off("hold", by="ssc", role="security"))
    site = str(tmp_path / "site")
    words = ("publish", "--output", site, "--as-of", "2026-03-20", "--previous",
             str(tmp_path / "last"))  # fmt: skip
    result = run_in(made.folder, *words)
    assert result.code == 0
    assert f"leaves  {ID} (held)" in result.out
    made.say(OTHERS[0], sign_off("hold", by="ssc", role="security"))
    many = run_in(made.folder, *words)
    assert many.code == 3
    assert "2 of 10 entries" in many.err
    assert run_in(made.folder, *words, "--confirm").code == 0
    made.commit({f"records/00/{OTHERS[1]}.yaml": None})
    missing = run_in(made.folder, *words, "--confirm")
    assert missing.code == 3
    assert f"missing for no reason: {OTHERS[1]}" in missing.err
    assert held(tmp_path / "last") == before


def test_a_preview_shows_head_and_the_next_commit_until_ctrl_c(
    made: TestRegister, tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "defectreg", "serve", "--as-of", "2026-03-20"]
    with subprocess.Popen(
        words, cwd=made.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.match(r"(http://127\.0\.0\.1:\d+/) shows commit", said)
        assert found, said
        with urllib.request.urlopen(f"{found[1]}records/{ID}.html", timeout=10) as answer:
            assert ID in answer.read().decode()
        made.add({**good_record(), "id": OTHERS[0]})
        subprocess.run(["git", "reset", "--quiet", "--hard", "main"], cwd=made.folder, check=True)
        assert process.stdout.readline().startswith("now shows commit")
        with urllib.request.urlopen(f"{found[1]}records/{OTHERS[0]}.html", timeout=10) as answer:
            assert OTHERS[0] in answer.read().decode()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
