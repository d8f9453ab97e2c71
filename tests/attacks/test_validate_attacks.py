"""Hostile files in a register: each is answered with findings, and the next file is judged."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.examples.loading import FOLDER, ID, RECORD, REPORT, ROOT, base

GOOD = base()[RECORD]
SAID = base()[REPORT]
OTHER = "records/0K/DR-0K00-0000.yaml"
"""A record with a finding of its own beside the hostile file: it must be judged all the same."""
MEMORY = 300 * 1024 * 1024
SECONDS = 10
"""For a machine that does other things too; a healthy run takes a fraction of one."""

# What is hostile in bytes, its harmless twin, and the code that answers it.
ADDED: dict[str, tuple[bytes, bytes, str]] = {
    "an anchor": (b"circumstances: &a abc\n", b'circumstances: "&a abc"\n', "Y018"),
    "an alias": (b"circumstances: *a\n", b'circumstances: "*abc"\n', "Y019"),
    "a tag": (b"circumstances: !!python/name:os.system abc\n", b'circumstances: "!!py"\n', "Y020"),
    "a merge key": (b"<<: {title: abc}\n", b'circumstances: "<<: abc"\n', "Y021"),
    "a duplicate key": (b"kind: report\n", b"circumstances: kind\n", "Y022"),
    "deep lists": (b"circumstances: " + b"[" * 20000 + b"\n", b'circumstances: "[[["\n', "Y024"),
    "deep maps": (b"circumstances: " + b"{a: " * 9000 + b"\n", b'circumstances: "{a: "\n', "Y024"),
    "a NUL": (b"circumstances: ab\0c\n", b"circumstances: ab0c\n", "Y007"),
    "an escape sequence": (b"circumstances: \x1b[2Jabc\n", b"circumstances: ESC 2J\n", "Y007"),
    "a written escape": (b'circumstances: "\\e[2Jabc"\n', b'circumstances: "e 2Jabc"\n', "Y007"),
    "invalid UTF-8": (
        b"circumstances: \xff\xfeabc\n",
        "circumstances: \u00ff\u00fe\u00fd\n".encode(),
        "Y003",
    ),
    "a surrogate": (b"circumstances: \xed\xa0\x80abc\n", b"circumstances: abc\n", "Y003"),
    "overlong UTF-8": (b"circumstances: \xc0\xafabc\n", b"circumstances: /abc\n", "Y003"),
    "a bidi control": ("circumstances: a\u202ebc\n".encode(), b"circumstances: abc\n", "Y008"),
    "two documents": (b"---\ntitle: abc\n", b"circumstances: a --- b\n", "Y015"),
    "a billion laughs": (
        b"related: &a [x, x]\nvariants: [*a, *a, *a, *a]\n",
        b"related: [DR-0000-0001]\n",
        "Y018",
    ),
    "a key of 60,000 letters": (b"k" * 60000 + b": abc\n", b"circumstances: abc\n", "Y014"),
    "an unknown key with an escape": (b'"a\\u202eb": abc\n', b"circumstances: abc\n", "Y008"),
}
WHOLE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "Y001"),
    "random bytes": (bytes(range(256)) * 40, "Y003"),
    "an ELF file": (b"\x7fELF\x02\x01\x01" + b"\0" * 60, "Y007"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "Y003"),
    "UTF-16 without a mark": (GOOD.decode().encode("utf-16-le"), "Y007"),
    "UTF-32": (GOOD.decode().encode("utf-32"), "Y003"),
    "ten megabytes": (GOOD + b"#" * 10_000_000 + b"\n", "Y002"),
    "ten megabytes of brackets": (b"[" * 10_000_000, "Y002"),
    "one byte more than a file may have": (
        GOOD + b"#" * (64 * 1024 - len(GOOD)) + b"\n",
        "Y002",
    ),
    "a list": (b"- a\n", "Y017"),
    "a text": (b"abc\n", "Y017"),
    "JSON": (b"{}\n", "S002"),
    "carriage returns": (GOOD.replace(b"\n", b"\r\n"), "Y005"),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD, "Y004"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A committed register with a good record, and a bad one beside it."""
    for path, data in base().items():
        put(tmp_path, path, data)
    put(tmp_path, OTHER, GOOD.replace(ID.encode(), b"DR-0K00-0000"))
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "Start")):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def put(folder: Path, path: str, data: bytes) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY, 4 * MEMORY))


def validated(folder: Path, *arguments: str) -> dict[str, set[str]]:
    """The codes found in each file; the run must end well, in bounded memory and time."""
    answer = subprocess.run(
        [sys.executable, "-m", "defectreg", "-C", str(folder), "validate", "--json", *arguments],
        cwd=ROOT,
        env={**os.environ, "DEFECTREG_DEBUG": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
        preexec_fn=_limited,
    )
    assert answer.stderr == b""
    assert answer.returncode in (0, 1)
    told = json.loads(answer.stdout)
    found: dict[str, set[str]] = {}
    for finding in told["findings"]:
        assert finding["line"] >= 1
        assert finding["column"] >= 1
        assert finding["sentence"]
        found.setdefault(finding["file"], set()).add(finding["code"])
    assert found.pop(OTHER) == {"R030", "R013"}, "the file beside it was not judged"
    return found


ATTACKS = [*ADDED, *WHOLE]


def place_of(attack: str, sort: str) -> str:
    """Where a record of an attack stands; ``sort`` tells hostile ones from their twins."""
    return f"records/0{sort}/DR-0{sort}{ATTACKS.index(attack):02}-0000.yaml"


def said_at(attack: str) -> str:
    return f"{FOLDER}/2026-03-09-report-supplier-two-{ATTACKS.index(attack) + 2}.yaml"


def with_id(path: str, source: bytes) -> bytes:
    return source.replace(ID.encode(), path[-17:-5].encode())


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What one run finds in a register that holds every attack, as record and as statement, and
    every harmless twin."""
    folder = tmp_path_factory.mktemp("attacked")
    said = SAID.partition(b"says:")[0].replace(b"2026-03-02", b"2026-03-09")
    said = said.replace(b"supplier-one", b"supplier-two")
    for path, data in {**base(), OTHER: with_id(OTHER, GOOD)}.items():
        put(folder, path, data)
    for attack in ATTACKS:
        hostile, twin = place_of(attack, "H"), place_of(attack, "T")
        added = ADDED.get(attack, (b"", b"", ""))
        whole, _ = WHOLE.get(attack, (with_id(hostile, GOOD) + added[0], ""))
        put(folder, hostile, whole)
        put(folder, twin, with_id(twin, GOOD) + added[1])
        put(folder, f"{twin[:-5]}/{REPORT.rpartition('/')[2]}", with_id(twin, SAID))
        put(folder, said_at(attack), said + added[0] if attack in ADDED else whole)
    put(folder, f"{FOLDER}/2026-03-09-report-supplier-two.yaml", said)
    commit(folder)
    return validated(folder)


def code_of(attack: str) -> set[str]:
    return {ADDED[attack][2] if attack in ADDED else WHOLE[attack][1]}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_record_is_answered_with_its_code(
    found: dict[str, set[str]], attack: str
) -> None:
    assert found[place_of(attack, "H")] == code_of(attack)


@pytest.mark.parametrize("attack", ATTACKS)
def test_its_harmless_twin_passes(found: dict[str, set[str]], attack: str) -> None:
    twin = place_of(attack, "T")
    awaited = {"R013"}  # no accept names the bytes of a twin
    assert found[twin] == awaited
    assert f"{twin[:-5]}/{REPORT.rpartition('/')[2]}" not in found


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_statement_is_answered_with_its_code(
    found: dict[str, set[str]], attack: str
) -> None:
    assert found[said_at(attack)] == code_of(attack)


def test_a_harmless_statement_among_hostile_ones_is_judged(found: dict[str, set[str]]) -> None:
    assert found[f"{FOLDER}/2026-03-09-report-supplier-two.yaml"] == {"R090"}
    assert RECORD not in found
    assert REPORT not in found


NEW = f"{FOLDER}/2026-03-09-report-supplier-two.yaml"
UNSIGNED = SAID.partition(b"signature:")[0].replace(b"2026-03-02", b"2026-03-09")
SMUGGLED: dict[str, tuple[str, bytes, bytes, str]] = {
    "a text below the signature": (
        REPORT,
        SAID.replace(b"says: Seen since the update in February.\n", b"")
        + b"says: Seen on a thousand Devices.\n",
        SAID,
        "R005",
    ),
    "a comment below the signature": (REPORT, SAID + b"# a thousand Devices\n", SAID, "R005"),
    "a phone number in a comment": (
        RECORD,
        GOOD + b"# ring 07700 900123\n",
        GOOD + b"# seen with 00020120\n",
        "R109",
    ),
    "a name in a comment after a value": (
        RECORD,
        GOOD.replace(b"kind:", b"kind: unusual-behaviour  # by Mr John Example\n#", 1),
        GOOD.replace(b"kind:", b"kind: unusual-behaviour  # by letter\n#", 1),
        "R111",
    ),
    "a Device ID split over two comments": (
        NEW,
        UNSIGNED.replace(b"supplier-one", b"supplier-two") + b"# 00-DB-12-34-\n# 56-78-90-A3\n",
        UNSIGNED.replace(b"supplier-one", b"supplier-two") + b"# 00-DB-12-34-\n# and so on\n",
        "R101",
    ),
    "a percent-encoded address": (
        RECORD,
        GOOD.replace(b"CHF:FF02/00020001", b"CHF:FF02/j.smith%40example.com"),
        GOOD.replace(b"CHF:FF02/00020001", b"CHF:FF02/hub%20one"),
        "R110",
    ),
    "a percent-encoded phone number": (
        RECORD,
        GOOD.replace(b"CHF:FF02/00020001", b"CHF:FF02/07700%20900123"),
        GOOD.replace(b"CHF:FF02/00020001", b"CHF:FF02/07700%20001"),
        "R109",
    ),
}
"""File, what is hostile in it, its harmless twin, and the code that answers it."""


@pytest.mark.parametrize("attack", SMUGGLED)
def test_what_is_smuggled_past_a_reader_is_seen_and_its_twin_passes(
    folder: Path, attack: str
) -> None:
    path, hostile, twin, code = SMUGGLED[attack]
    assert hostile != twin
    put(folder, path, hostile)
    assert code in validated(folder)[path]
    put(folder, path, twin)
    assert code not in validated(folder).get(path, set())


def as_link(place: Path) -> None:
    place.symlink_to("/etc/passwd")


def as_pipe(place: Path) -> None:
    os.mkfifo(place)


def as_loop(place: Path) -> None:
    place.symlink_to(place.name)


def as_device(place: Path) -> None:
    place.symlink_to("/dev/zero")


@pytest.mark.parametrize("path", [RECORD, REPORT])
@pytest.mark.parametrize("make", [as_link, as_pipe, as_loop, as_device])
def test_what_is_no_regular_file_is_neither_followed_nor_waited_for(
    folder: Path, path: str, make: Callable[[Path], None]
) -> None:
    (folder / path).unlink()
    make(folder / path)
    found = validated(folder)
    assert found[path] == {"S012"}
    assert "R004" not in set().union(*found.values())
    (folder / path).unlink()
    put(folder, path, base()[path])
    assert path not in validated(folder)


def test_a_linked_folder_is_not_followed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    put(outside, "DR-0K00-0001.yaml", b"secret: abc\n")
    (folder / "records" / "0L").symlink_to(outside)
    assert validated(folder) == {"records/0L": {"S011"}}


@pytest.mark.parametrize("path", [RECORD, REPORT])
def test_a_folder_where_a_file_should_be_is_answered(folder: Path, path: str) -> None:
    (folder / path).unlink()
    put(folder, f"{path}/inside.txt", b"a\n")
    assert validated(folder)[f"{path}/inside.txt"] == {"S011"}
    (folder / path / "inside.txt").unlink()
    (folder / path).rmdir()
    put(folder, path, base()[path])
    assert path not in validated(folder)


@pytest.mark.parametrize(
    "name", ["a\nb.yaml", "\x1b[2J.yaml", "\u202eab.yaml", "..yaml", "-rf", "a b", "\u00e4.yaml"]
)
def test_an_odd_name_is_answered_and_shown_escaped(folder: Path, name: str) -> None:
    put(folder, f"{FOLDER}/{name}", SAID)
    assert validated(folder).keys() == {f"{FOLDER}/{name}"}
    answer = subprocess.run(
        [sys.executable, "-m", "defectreg", "-C", str(folder), "validate"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stderr == ""
    assert not set(answer.stdout) & set("\x1b\u202e")
    line = next(line for line in answer.stdout.splitlines() if FOLDER in line)
    assert "error[" in line


def test_a_name_that_is_no_unicode_is_answered(folder: Path) -> None:
    place = os.fsencode(folder / FOLDER) + b"/\xff\xfe.yaml"
    with open(place, "wb") as file:  # noqa: PTH123 - pathlib takes no bytes
        file.write(SAID)
    (name,) = validated(folder)
    assert name.startswith(f"{FOLDER}/")
    os.unlink(place)  # noqa: PTH108 - pathlib takes no bytes
    assert validated(folder) == {}


@pytest.mark.parametrize("path", ["policy/parties/supplier-one.yaml", "catalogue/products.yaml"])
def test_a_hostile_ground_is_answered(folder: Path, path: str) -> None:
    put(folder, path, b"\xff\xfe\0")
    assert "Y003" in validated(folder)[path]
    (folder / path).unlink()
    as_pipe(folder / path)
    assert "S012" in validated(folder)[path]


def test_a_link_as_party_is_not_followed(folder: Path) -> None:
    place = folder / "policy/parties/zz.yaml"
    place.symlink_to("/etc/passwd")
    assert validated(folder) == {"policy/parties/zz.yaml": {"S012"}}


def test_what_was_asked_for_by_name_is_not_followed_either(folder: Path) -> None:
    (folder / RECORD).unlink()
    as_link(folder / RECORD)
    answer = subprocess.run(
        [sys.executable, "-m", "defectreg", "-C", str(folder), "validate", RECORD],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert f"{RECORD}:1:1: error[S012]" in answer.stdout


def listed(entries: list[str], behaviour: str) -> bytes:
    """A valid record of many combinations."""
    lines = [f"id: {ID}", "title: A record that names a great many", "affected:"]
    lines += [f"  - {entry}" for entry in entries]
    return "\n".join([*lines, f"behaviour: {behaviour}"]).encode() + b"\n"


@pytest.mark.parametrize(
    "source",
    [
        listed(
            [
                " + ".join(
                    f"ESME:FF01/00010100@{place * 97 + row:04X}*,{row:08X}..{row + 4000:08X}"
                    for row in range(16)
                )
                for place in range(60)
            ],
            "1 " * 3900,
        ),
        listed(
            [
                " + ".join(f"ESME:FF01/00010100@{place:02X}{row:02X}*" for row in range(10))
                for place in range(15)
            ],
            "A-9 " * 1900,
        ),
        listed(
            [
                f"ESME:FF01/00010100@{','.join(f'{place:04X}{row:04X}' for row in range(60))}"
                for place in range(64)
            ],
            "0" * 7900,
        ),
    ],
    ids=["many Devices alike", "many prefixes", "many versions"],
)
def test_a_valid_record_that_asks_for_much_comparing_is_answered(
    folder: Path, source: bytes
) -> None:
    put(folder, RECORD, source)
    assert "R015" in validated(folder)[RECORD], "content rules were not asked"
