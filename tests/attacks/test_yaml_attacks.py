"""Files made to crash, stall or deceive a reader, each beside one that is only unusual."""

from __future__ import annotations

import tracemalloc

import pytest

from defectreg.register.yamltext import YamlError, canonical, load

FULL = 65_536


def filled(beginning: str, repeated: str, end: str = "\n") -> bytes:
    """As many repetitions as a file of the largest size takes."""
    room = FULL - len((beginning + end).encode())
    return (beginning + repeated * (room // len(repeated.encode())) + end).encode()


BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
ATTACKS = {
    "brackets": (filled("a: ", "["), "Y024", b"a: [[[b]]]\n"),
    "braces": (filled("a: ", "{"), "Y023", b"a: {b: {c: d}}\n"),
    "nested pairs": (filled("a: ", "[a: "), "Y024", b"a: [a: b]\n"),
    "nested values": (filled("a: ", "{a: "), "Y024", b"a: {a: {a: b}}\n"),
    "question marks": (filled("", "? "), "Y023", b"a: ? ? ?\n".replace(b": ?", b": b ?")),
    "dashes": (filled("a:\n  ", "- "), "Y024", b"a:\n  - - - b\n"),
    "dashes at the top": (filled("", "- "), "Y017", b"a: - - -\n".replace(b": -", b": b -")),
    "ever deeper lines": (
        "".join(f"{' ' * n}a:\n" for n in range(300)).encode(),
        "Y024",
        "".join(f"{' ' * n}a:\n" for n in range(16)).encode(),
    ),
    "billion laughs": (BOMB.encode(), "Y018", b"a: [x, x]\nb: [a, a]\n"),
    "a key of 60,000 characters": (filled("", "k", ": v\n"), "Y017", b"k" * 1_000 + b": v\n"),
    "a quoted key of 60,000 characters": (
        filled('a: {"', "k", '": v}\n'),
        "Y014",
        b'a: {"k": v}\n',
    ),
    "a tag that makes an object": (
        b"a: !!python/object/apply:os.system [b]\n",
        "Y020",
        b"a: [b]\n",
    ),
    "a merge of defaults": (b"a: {b: c}\n<<: {d: e}\n", "Y021", b"a: {b: c}\nd: e\n"),
    "a second document": (b"a: b\n--- {a: c}\n", "Y015", b"a: b --- {a c}\n"),
    "a key said twice": (b"by: one\n'by': two\n", "Y022", b"by: one\nto: two\n"),
    "a text that reads backwards": ("a: \u202etsixe\n".encode(), "Y008", b"a: exist\n"),
    "a terminal's escape": (b'a: "\\x1b]0;owned\\x07"\n', "Y007", b"a: \\x1b]0;owned\n"),
    "UTF-16": ("a: b\n".encode("utf-16"), "Y003", b"a: b\n"),
    "overlong UTF-8": (b"a: \xc0\xaf\n", "Y003", b"a: /\n"),
    "a null byte": (b"a: b\n\x00: c\n", "Y007", b"a: b\n0: c\n"),
    "one byte too many": (b"a: " + b"b" * (FULL - 3) + b"\n", "Y002", filled("a: ", "b")),
    "unclosed quotes": (filled('a: "', "b\n"), "Y014", filled('a: "', "b\n", '"\n')),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_by_its_code_in_little_memory(name: str) -> None:
    source, code, _ = ATTACKS[name]
    tracemalloc.start()
    try:
        with pytest.raises(YamlError) as refused:
            load(source)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused.value.code == code
    assert len(refused.value.sentence) < 200
    assert peak < 16 * 1024 * 1024


@pytest.mark.parametrize("name", ATTACKS)
def test_its_harmless_twin_is_read(name: str) -> None:
    assert load(ATTACKS[name][2]).data


SMALL_PARTS = {
    "items": filled("a:\n", "  - b\n", ""),
    "comments": filled("", "# c\n", "a: b\n"),
    "remarks between brackets": filled("a: [", "b, # c\n    ", "]\n"),
    "quotes": filled("a: '", "''", "'\n"),
    "blank lines in a text": filled("a: |\n", "  \n", "  b\n"),
    "lines folded into one": filled("a: ", "b\n  ", "c\n"),
    "keys": "".join(f"k{n}: {n}\n" for n in range(5_500)).encode(),
}


@pytest.mark.parametrize("name", SMALL_PARTS)
def test_the_largest_file_of_small_parts_is_read_and_arranged(name: str) -> None:
    document = load(SMALL_PARTS[name])
    assert load(canonical(document).encode()).data == document.data


def test_a_canonical_text_that_would_be_too_large_is_refused_in_words() -> None:
    document = load(filled("a: [", "{b},", "]\n"))
    with pytest.raises(ValueError, match="more than 65,536"):
        canonical(document)
