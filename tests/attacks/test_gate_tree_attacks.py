"""What a tree, its objects or its merge may hide: each is refused, and its twin lands."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

import pytest

from defectreg.gate.judging import judge
from defectreg.gate.requesting import judge_request_head
from defectreg.store.git import Repository, blob_id
from tests.attacks.gates import (
    CAUSE,
    FOLDER,
    FRESH,
    RECORD,
    REPORT,
    TODAY,
    World,
    changed,
    codes,
    decided,
    fresh,
    record,
    replacing,
    report,
    run_git,
    said,
    tries,
    world,
)
from tests.registers import ID, run_in

NEW = "2026-03-10-cause-supplier-two"
MODES = {"a program": "100755", "a symbolic link": "120000"}


def cause() -> dict[str, bytes]:
    return said("cause", "supplier-two", cause="suspected", says="The clock drifts again.")


def staged(at: World, files: dict[str, bytes], mode: str = "100644") -> str:
    return at.staged(*((mode, path, data) for path, data in files.items()))


@pytest.fixture
def clone(tmp_path: Path) -> World:
    """A copy of the register whose objects may be damaged; requests stay loose objects."""
    at = world()
    shutil.copytree(at.made.folder, tmp_path / "register")
    made = type(at.made)(tmp_path / "register", Repository.find(tmp_path / "register"))
    made.today = TODAY
    return World(made, at.tip, at.bench)


@tries("G004")
@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_only_plain_files_are_brought(mode: str) -> None:
    at = world()
    assert codes(at.judged(staged(at, cause(), mode))) == {"G004"}
    assert at.judged(staged(at, cause())).passes


def test_another_repository_is_not_brought() -> None:
    at = world()
    head = at.staged(("160000", f"{FOLDER}/{NEW}.yaml", at.tip))
    assert codes(at.judged(head)) == {"G004"}


def test_a_landed_file_does_not_become_a_program() -> None:
    at = world()
    assert codes(at.judged(at.staged(("100755", RECORD, at.read(RECORD))))) >= {"G004"}
    assert codes(at.judged(at.staged(("100755", CAUSE, at.read(CAUSE))))) == {"G001", "G004"}


ODD_NAMES = (
    f"{NEW}-ü.yaml",
    f"{NEW}\n.yaml",
    f"{NEW}\\2.yaml",
    f"{NEW} .yaml",
    f"{NEW}\x1b[31m.yaml",
    f"{NEW}\u202e.yaml",
    f"{NEW}\udcff.yaml",
    f"{NEW}{'-2' * 150}.yaml",
)


@tries("G005")
@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_odd_names_are_refused(name: str) -> None:
    at = world()
    (data,) = cause().values()
    assert codes(at.judged(at.staged(("100644", f"{FOLDER}/{name}", data)))) == {"G005"}


@pytest.mark.parametrize("name", [f"{NEW}..yaml", f"{NEW}-02.yaml", "CON.yaml"])
def test_names_that_do_not_say_what_the_file_says_are_refused(name: str) -> None:
    at = world()
    (data,) = cause().values()
    assert codes(at.judged(at.staged(("100644", f"{FOLDER}/{name}", data)))) == {"R003"}
    assert at.judge(cause()).passes


STRANGERS = (
    "notes.txt",
    "src/gate.py",
    "records",
    "records/7K",
    f"records/7k/{FRESH}.yaml",
    f"Records/NE/{FRESH}.yaml",
    f"records/NE/{FRESH}.yml",
    f"records/XX/{FRESH}.yaml",
    f"records/NE/{FRESH.lower()}.yaml",
    f"records/NE/{FRESH}/deeper/{NEW}.yaml",
    f"records/NE/{FRESH}/.yaml/x",
    f"{RECORD}/{NEW}.yaml",
    "records/.gitattributes",
    "Schema/statement.schema.json",
    "records/" + "x/" * 300 + "y.yaml",
)


@tries("G003")
@pytest.mark.parametrize("path", STRANGERS, ids=lambda path: path[:40])
def test_what_is_no_part_of_a_register_is_not_brought(path: str) -> None:
    at = world()
    head = at.staged(*(("100644", *file) for file in [*fresh().items(), (path, b"x\n")]))
    assert "G003" in codes(at.judged(head))
    assert codes(at.judged(head)) <= {"G001", "G003"}  # a file in place of a folder removes it


def remarked(remark: bytes) -> dict[str, bytes]:
    """A good request whose record ends with a remark."""
    added = {path: data + remark for path, data in record().items()}
    return {**added, **report(), **decided("accept", added, of=FRESH)}


@tries("G006")
def test_a_file_is_not_larger_than_it_may_be() -> None:
    at = world()
    large, fits = (remarked(b"# We saw it.\n" * times) for times in (6000, 60))
    assert codes(at.judge(large)) == {"G006"}
    assert at.judge(fits).passes


def test_five_thousand_files_that_do_not_belong_are_refused_all_the_same() -> None:
    at = world()
    blob = at.blob(b"x\n")
    head = at.staged(*(("100644", f"records/7K/{number}.yaml", blob) for number in range(5000)))
    assert codes(at.judged(head)) == {"G003"}


def test_an_empty_commit_brings_nothing() -> None:
    at = world()
    assert at.judged(at.commit_tree(f"{at.tip}^{{tree}}", at.tip)).kind == "nothing"
    assert at.judged(at.tip).kind == "nothing"


# What is hidden in merges


def edit() -> dict[str, bytes]:
    return changed(world())


def test_a_change_hidden_in_a_merge_commit_is_judged() -> None:
    at = world()
    good = at.commit(fresh())
    for evil, code in (({RECORD: edit()[RECORD]}, "G011"), ({CAUSE: None}, "G001")):
        dirty = run_git(at.made.folder, "rev-parse", f"{at.commit({**fresh(), **evil})}^{{tree}}")
        merge = at.commit_tree(dirty, good, at.tip)
        assert codes(at.judged(merge)) == {code}
        assert codes(judge(at.repository, at.tip, merge, TODAY)) == {code}
    clean = run_git(at.made.folder, "rev-parse", f"{good}^{{tree}}")
    assert at.judged(at.commit_tree(clean, good, at.tip)).passes


def test_a_merge_that_takes_back_what_landed_meanwhile_is_judged() -> None:
    at = world()
    before = run_git(at.made.folder, "rev-parse", f"{at.tip}^")
    old_tree = run_git(at.made.folder, "rev-parse", f"{before}^{{tree}}")
    ours = at.commit_tree(old_tree, before, at.tip)  # git merge --strategy=ours
    assert codes(at.judged(ours)) == {"G001"}


def test_an_octopus_is_judged_by_what_it_leaves() -> None:
    at = world()
    one, other = at.commit(fresh()), at.commit(cause())
    tree = run_git(at.made.folder, "rev-parse", f"{at.commit({**fresh(), **cause()})}^{{tree}}")
    assert judge(at.repository, at.tip, at.commit_tree(tree, at.tip, one, other), TODAY).passes
    evil = {**fresh(), **cause(), REPORT: b"x\n"}
    tree = run_git(at.made.folder, "rev-parse", f"{at.commit(evil)}^{{tree}}")
    octopus = at.commit_tree(tree, at.tip, one, other)
    assert codes(judge(at.repository, at.tip, octopus, TODAY)) == {"G001"}


@tries("G008")
def test_a_request_of_another_history_is_refused() -> None:
    at = world()
    alone = at.commit_tree(run_git(at.made.folder, "rev-parse", f"{at.commit(fresh())}^{{tree}}"))
    assert codes(at.judged(alone)) == {"G008"}
    assert at.judged(at.commit(fresh())).passes


def test_a_second_request_that_was_fine_is_judged_again_on_the_new_tip() -> None:
    at = world()
    accepted = decided("accept", edit(), **replacing(at))
    first = at.commit({**edit(), **accepted})
    other = changed(at, title="Meter stops sending billing alerts", impact={"consumers": "low"})
    second = at.commit({**other, **decided("accept", other, key="dcc-second", **replacing(at))})
    assert at.judged(first).passes
    assert at.judged(second).passes
    assert codes(judge_request_head(at.repository, second, first, TODAY)) == {"G008"}
    theirs = World(at.made, first, at.bench).commit(
        {**other, **decided("accept", other, key="dcc-second", number=2, **replacing(at))}
    )
    assert codes(judge_request_head(at.repository, theirs, first, TODAY)) == {"G012"}


def test_a_folder_that_names_a_file_twice_changes_nothing_that_landed() -> None:
    at = world()
    new = at.blob(cause()[f"{FOLDER}/{NEW}.yaml"])
    stands = at.repository.listing(at.tip)[CAUSE]
    for blobs in ((stands, new), (new, stands)):
        tree = twice(at, CAUSE, blobs)
        assert "G001" in codes(judge(at.repository, at.tip, tree, TODAY)), blobs


def test_a_folder_that_names_a_record_twice_does_not_make_it_a_new_one() -> None:
    at = world()
    stands, new = at.repository.listing(at.tip)[RECORD], at.blob(changed(at)[RECORD])
    for blobs, code in (((stands, new), "G001"), ((new, stands), "G005")):
        tree = twice(at, RECORD, blobs)
        assert code in codes(judge(at.repository, at.tip, tree, TODAY)), blobs


def twice(at: World, path: str, blobs: tuple[str, str]) -> str:
    """The tree of `main` with a file that its folder names twice, as no git writes it."""
    *folders, name = path.split("/")
    raw = b"".join(b"100644 " + name.encode() + b"\0" + bytes.fromhex(blob) for blob in blobs)
    tree = ""
    for depth in range(len(folders), -1, -1):
        parent = "/".join(folders[:depth])
        entries = run_git(at.made.folder, "ls-tree", f"{at.tip}:{parent}").splitlines()
        made = []
        for line in entries:
            about, _, entry = line.partition("\t")
            mode, _, blob = about.split()
            if entry == (folders[depth] if depth < len(folders) else name):
                made.append(raw if depth == len(folders) else _entry(mode, entry, tree))
            else:
                made.append(_entry(mode, entry, blob))
        words = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
        tree = run_git(at.made.folder, *words, given=b"".join(made))
    return tree


def _entry(mode: str, name: str, blob: str) -> bytes:
    return f"{mode.lstrip('0')} {name}".encode() + b"\0" + bytes.fromhex(blob)


# Objects that are not what they are named


def loose(at: World, blob: str) -> Path:
    return at.repository.git_dir / "objects" / blob[:2] / blob[2:]


def rewrite(at: World, blob: str, data: bytes) -> None:
    """Other content under the old name, in a form that git reads."""
    path = loose(at, blob)
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"blob %d\0" % len(data) + data))


def unpacked(at: World) -> None:
    """All objects as files of their own, in folders of their own."""
    packs = at.repository.git_dir / "objects" / "pack"
    for pack in list(packs.glob("*.pack")):
        data = pack.read_bytes()
        for file in packs.glob(f"{pack.stem}.*"):
            file.unlink()
        run_git(at.made.folder, "unpack-objects", "-q", given=data)


@tries("G007")
def test_an_object_with_other_bytes_than_its_name_says_is_refused(clone: World) -> None:
    head = staged(clone, cause())
    assert clone_judged(clone, head) == set()
    rewrite(clone, blob_id(*cause().values()), b"of: another\n")
    assert clone_judged(clone, head) == {"G007"}


def clone_judged(at: World, head: str) -> set[str]:
    return codes(judge_request_head(at.repository, head, at.tip, TODAY))


@tries("G009")
@pytest.mark.parametrize("path", [RECORD, REPORT, "policy/parties/dcc.yaml"])
def test_a_damaged_object_of_what_stands_is_no_ground_to_judge_by(clone: World, path: str) -> None:
    unpacked(clone)
    head = staged(clone, cause())
    blob = clone.repository.listing(clone.tip)[path]
    data = clone.read(path)
    assert clone_judged(clone, head) == set()
    rewrite(clone, blob, data.replace(b"supplier-one", b"supplier-two"))
    if data != clone.read(path):
        assert clone_judged(clone, head) == {"G009"}
    loose(clone, blob).unlink()
    assert clone_judged(clone, head) == {"G009"}


def test_a_missing_object_of_a_request_is_refused(clone: World) -> None:
    head = staged(clone, cause())
    loose(clone, blob_id(*cause().values())).unlink()
    assert clone_judged(clone, head) == {"G009"}


def test_a_truncated_pack_is_refused(clone: World) -> None:
    head = staged(clone, cause())
    run_git(clone.made.folder, "repack", "-adq", "--keep-unreachable")
    (pack,) = (clone.repository.git_dir / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:400])
    judgement = judge_request_head(clone.repository, head, clone.tip, TODAY)
    assert codes(judgement) <= {"G008", "G009"}
    assert not judgement.passes


def test_a_replaced_object_is_read_as_it_was(clone: World) -> None:
    bad, good = staged(clone, {**report(of=ID), CAUSE: b"x\n"}), staged(clone, cause())
    assert clone_judged(clone, bad) == {"G001"}
    run_git(clone.made.folder, "replace", bad, good)
    assert clone_judged(clone, bad) == {"G001"}
    run_git(clone.made.folder, "replace", "-f", good, bad)
    assert clone_judged(clone, good) == set()


def test_a_shallow_clone_does_not_let_in_what_it_cannot_see(tmp_path: Path) -> None:
    at = world()
    head = at.commit({CAUSE: None})
    url = f"file://{at.made.folder}"
    run_git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", url, "shallow")
    shallow = Repository.find(tmp_path / "shallow")
    assert not judge_request_head(shallow, head, at.tip, TODAY).passes
    result = run_in(tmp_path / "shallow", "verify", at.tip)
    assert (result.code, "unshallow" in result.err) == (3, True), result


# As a person meets it


def test_the_program_tells_of_hostile_names_and_shows_none_of_their_tricks() -> None:
    at = world()
    head = at.staged(*(("100644", f"{FOLDER}/{name}", b"x\n") for name in ODD_NAMES))
    for words in ((), ("--json",)):
        result = run_in(at.made.folder, "gate", head, "--as-of", "2026-03-10", *words)
        assert result.code == 1, result
        assert result.out.count("G005") == len(ODD_NAMES)
        assert not {"\x1b", "\u202e"} & set(result.out)
