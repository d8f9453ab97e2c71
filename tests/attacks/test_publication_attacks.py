"""What must not leave the register, and text that would do more than be read.

A word of its own stands in every leaf that takes one, of records and statements of all kinds, in
every stage that lets nothing out; each withheld word has a twin that must be there to read.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from defectreg.formats.columns import from_csv
from defectreg.publication.site import files_of
from defectreg.register.classification import may_read
from defectreg.register.schema import Leaf, Schema
from defectreg.register.statement import KINDS
from defectreg.store.publishing import site_templates
from defectreg.store.releasing import released
from tests.registers import FIRST_DAY, TestRegister, make_register, sign_off, statement
from tests.unit.register.cases import schema

RECORD, STATEMENT = schema("record"), schema("statement")
ENVELOPE = frozenset({"of", "kind", "by", "date", "read", "signature", "classification"})
SHOWN_KINDS = ("report", "cause", "fix", "workaround", "accommodation", "confirmation", "challenge",
               "response")  # fmt: skip
"""Kinds whose text is shown; of the others only that they were said, by which category."""
NAMING = frozenset({"about", "supersedes", "from", "to", "letter"})
"""Keys whose values are never shown as such: Parties' slugs, file names, which hold slugs, and the
SHA-256 of a letter."""
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_numbers = count(1)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENCODED = re.compile(r"[A-Za-z0-9_-]{8,}")


@dataclass
class Words:
    """The words planted so far, by whether an audience must or must not find them."""

    shown: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    parties: list[str] = field(default_factory=list)

    def new(self) -> str:
        return f"zq{next(_numbers):05d}z"


def _values(word: str) -> Iterator[str]:
    """A word in the forms that one or another leaf takes."""
    digest = hashlib.sha256(word.encode()).hexdigest()
    yield from (
        f"ESME:FF03/{word}",
        word,
        f"{word} says something that is long enough for any leaf",
        digest,
        f"2026-03-02-cause-{word}.yaml",
        f"{digest}  {word}",
    )


def _fits(leaf: Leaf, value: str) -> bool:
    rules = leaf.schema
    return (
        rules["type"] == "string"
        and "enum" not in rules
        and "format" not in rules
        and rules.get("minLength", 0) <= len(value) <= rules.get("maxLength", 1000)
        and re.search(rules.get("pattern", ""), value) is not None
        and (value.startswith("ESME:") or "x-notation" not in rules)
    )


def _needle(value: str) -> str:
    """What to look for: the word in a value, or its digest."""
    found = re.search(r"zq\d{5}z", value)
    return found[0] if found else value


def planted(
    of: Schema, words: Words, audience: str, *, is_shown: bool, leaves: Mapping[str, Leaf]
) -> dict[str, Any]:
    """Data with a word in each of these leaves; each noted as shown or hidden."""
    data: dict[str, Any] = {}
    for leaf in leaves.values():
        value = next((value for value in _values(words.new()) if _fits(leaf, value)), None)
        if value is None:
            continue
        place = data
        keys = [part for part in leaf.path if part != "*"]
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = [value] if leaf.path[-1] == "*" else value
        may = is_shown and may_read(audience, leaf.classification) and keys[0] not in NAMING
        (words.shown if may else words.hidden).add(_needle(value))
    assert of.leaves
    return data


def record(
    record_id: str, words: Words, audience: str, *, is_shown: bool = False, **changes: Any
) -> dict[str, Any]:
    """A record with a word in every leaf that takes one."""
    leaves = {leaf.key: leaf for leaf in RECORD.leaves if leaf.key not in ("id", "related")}
    data = planted(RECORD, words, audience, is_shown=is_shown, leaves=leaves)
    needed = {"id": record_id, "certainty": "suspected", "classification": audience}
    wanted = {**data, **needed, "impact": {"consumers": "high"}}
    return {**wanted, **{key.replace("_", "-"): value for key, value in changes.items()}}


def saying(
    kind: str, words: Words, audience: str, *, is_shown: bool = False, **changes: Any
) -> dict[str, Any]:
    """A statement of a kind with a word in every leaf of that kind, and in its Party's slug."""
    leaves = {
        leaf.key: leaf
        for leaf in STATEMENT.leaves
        if leaf.path[0] not in ENVELOPE
        and kind in STATEMENT.properties[leaf.path[0]].get("x-kinds", KINDS)
    }
    shown = is_shown and kind in SHOWN_KINDS
    data = planted(STATEMENT, words, audience, is_shown=shown, leaves=leaves)
    slug = words.new()
    words.hidden.add(slug)
    words.parties.append(slug)
    data |= {"kind": kind, "by": slug, "classification": audience}
    data |= {key: value for key, value in _REQUIRED[kind].items() if key not in data}
    if kind == "notice":
        data["told"]["certainty"] = "suspected"
    data.pop("supersedes", None)
    return {**data, **changes}


_REQUIRED: dict[str, dict[str, Any]] = {
    "report": {},
    "cause": {"cause": "suspected"},
    "fix": {},
    "workaround": {},
    "accommodation": {},
    "confirmation": {},
    "challenge": {},
    "response": {"position": "acknowledged"},
    "consent": {"audience": "green"},
    "notice": {"delivered": "post"},
    "sign-off": {"decision": "accept", "role": "party"},
}
DAY = FIRST_DAY.replace(day=10)
"""Within the reply window of a notice of the first day."""
PUBLISHED, WITHDRAWN = "DR-1111-1111", "DR-2222-2222"
WITHHELD = [f"DR-33{symbol}3-3333" for symbol in SYMBOLS[:8]]


@dataclass(frozen=True)
class Output:
    """A publication that was made, and the words that were planted in its register."""

    files: Mapping[str, bytes]
    words: Words
    stages: Mapping[str, int]

    @cached_property
    def everything(self) -> str:
        """All bytes as text, as they are and with every usual escape undone, without case."""
        texts = list(self.files)
        for data in self.files.values():
            texts += decoded(data)
        return "\n".join(texts).casefold()


def decoded(data: bytes) -> Iterator[str]:
    """What bytes say: as they are, and with what usually hides words undone."""
    texts = [data.decode(errors="replace"), data.decode("utf-16-le", errors="replace")]
    if data[:2] == b"\x1f\x8b":
        yield from decoded(gzip.decompress(data))
    plain = texts[0]
    texts += [
        unescape(plain),
        unquote(plain),
        _ESCAPED.sub(lambda one: chr(int(one[1], 16)), plain),
    ]
    for found in _ENCODED.finditer(plain):
        padded = found[0] + "=" * (-len(found[0]) % 4)
        with suppress(ValueError):
            texts.append(base64.b64decode(padded, altchars=b"-_").decode(errors="replace"))
    yield from texts


def _publish(made: TestRegister, audience: str) -> dict[str, bytes]:
    source = made.register().head_source
    result = released(source, audience, DAY)
    assert result.left_out == ()
    return dict(files_of(result.register, site_templates(source)))


def _stages(made: TestRegister, audience: str) -> Mapping[str, int]:
    return released(made.register().head_source, audience, DAY).stages


def _party(word: str) -> bytes:
    return (
        f"name: Party {word}\ncategory: large-supplier\nmailbox: {word}@example.invalid\n".encode()
    )


@pytest.fixture(scope="module", params=["green", "clear"])
def output(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Output:
    """Everything at once: one entry that is shown, and beside it whatever must not be."""
    audience: str = request.param
    words = Words()
    made = make_register(tmp_path_factory.mktemp("leaks") / audience, signs=False)
    made.policy(ceiling="red", search_level="model", show_without_fix_to_world="show")
    _add_published(made, words, audience)
    _add_withdrawn(made, words, audience)
    _add_withheld(made, words, audience)
    for slug in words.parties:
        made.commit({f"policy/parties/{slug}.yaml": _party(slug)})
    return Output(_publish(made, audience), words, _stages(made, audience))


def _add_published(made: TestRegister, words: Words, audience: str) -> None:
    def ours(kind: str, **changes: Any) -> dict[str, Any]:
        return saying(kind, words, audience, **changes)

    made.add(
        record(PUBLISHED, words, audience, is_shown=True),
        *(ours(kind, is_shown=True) for kind in KINDS if kind != "sign-off"),
        ours("fix", classification="amber"),
        ours("cause", classification="red"),
        ours("response", classification="amber"),
        ours("cause", **{"given-in-confidence": True}),
        ours("report", **{"given-in-confidence": True, "stands-for": 7654321}),
    )
    words.hidden.add("7654321")
    made.say(PUBLISHED, ours("fix"), ours("challenge"))  # accepted by nobody


def _add_withdrawn(made: TestRegister, words: Words, audience: str) -> None:
    said = [
        saying(kind, words, audience, is_shown=kind == "response")
        for kind in KINDS
        if kind not in ("sign-off", "notice")
    ]
    made.add(record(WITHDRAWN, words, audience), *said)
    reason = sign_off("withdraw", code="reported-in-error", classification=audience)
    made.say(WITHDRAWN, reason)


def _add_withheld(made: TestRegister, words: Words, audience: str) -> None:
    said = [saying(kind, words, audience) for kind in KINDS if kind not in ("sign-off", "notice")]
    ids = iter(WITHHELD)

    def add(accept: bool = True, **changes: Any) -> str:
        return made.add(record(next(ids), words, audience, **changes), *said, accept=accept)

    made.say(add(), sign_off("hold", by="ssc", role="security"))
    add(security=True)
    made.say(add(accept=False), sign_off("return"))
    add(accept=False)
    add(certainty="reported")
    add(classification="amber")
    affected = ["ESME:FF01/00010100"]
    add(affected=affected)
    told = {"affected": affected, "certainty": "suspected", "impact": "high"}
    told["causes"] = [f"{FIRST_DAY}-cause-{data['by']}.yaml" for data in said]
    asked = add(affected=affected)
    made.say(asked, statement("notice", "secas", to="maker-one", delivered="post", told=told))
    words.hidden.update(WITHHELD)


def test_no_word_that_the_audience_may_not_read_is_in_any_byte(output: Output) -> None:
    everything = output.everything
    assert len(output.words.hidden) > 150
    assert [word for word in sorted(output.words.hidden) if word.casefold() in everything] == []


def test_every_word_that_the_audience_may_read_is_there(output: Output) -> None:
    everything = output.everything
    assert len(output.words.shown) > 20
    assert [word for word in sorted(output.words.shown) if word.casefold() not in everything] == []


@pytest.mark.parametrize(
    "data",
    [
        b"zq00001z",
        b"<p>&#122;q00001z</p>",
        b'"\\u007aq00001z"',
        b"%7Aq00001z",
        base64.b64encode(b"the word zq00001z in it").rstrip(b"="),
        gzip.compress(b"<p>&#122;q00001z</p>"),
        "zq00001z".encode("utf-16-le"),
    ],
    ids=["plain", "entity", "escape", "percent", "base64", "gzip", "utf-16"],
)
def test_a_word_that_is_written_in_another_way_would_be_found(data: bytes) -> None:
    assert any("zq00001z" in text for text in decoded(data))
    assert not any("zq00002z" in text for text in decoded(data))


def test_every_stage_was_there_to_leak(output: Output) -> None:
    assert dict(output.stages) == {
        "withdrawn": 1,
        "held": 2,
        "returned": 1,
        "reported": 1,
        "recorded": 2,
        "to-notify": 1,
        "in-reply": 1,
        "published": 1,
    }


def test_of_what_is_withheld_not_even_a_page_is_there(output: Output) -> None:
    pages = {Path(path).stem for path in output.files if path.startswith("records/")}
    assert pages == {PUBLISHED, WITHDRAWN}


def test_what_stands_on_a_request_only_is_not_published(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", signs=False)
    words = Words()
    asked = record(PUBLISHED, words, "green")
    made.add(asked, ref=f"refs/heads/submit/{PUBLISHED}")
    assert f"records/{PUBLISHED}.html" not in _publish(made, "green")
    made.add(asked)
    assert f"records/{PUBLISHED}.html" in _publish(made, "green")


def test_a_confidence_that_ended_by_consent_is_shown_to_its_audience(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", signs=False)
    made.policy(ceiling="red")
    words = Words()
    told = saying("cause", words, "green", **{"given-in-confidence": True})
    made.add(record(PUBLISHED, words, "green"), told)
    page = f"records/{PUBLISHED}.html"
    assert told["says"] not in _publish(made, "green")[page].decode()
    folder = f"records/11/{PUBLISHED}"
    name = f"{FIRST_DAY}-cause-{told['by']}.yaml"
    digest = hashlib.sha256(made.read(f"{folder}/{name}")).hexdigest()
    made.say(PUBLISHED, statement("consent", told["by"], audience="green",
                                  read=[f"{digest}  {name}"]))  # fmt: skip
    assert told["says"] in _publish(made, "green")[page].decode()


HOSTILE = (
    "=cmd()|' <script>alert(1)</script> {{ 7*7 }} {% raw %} ]]> <!-- --> "
    "\"onload=x' <img src=x onerror=alert(1)> &lt; \u05d0\u05d1 javascript:alert(1)"
)
HARMLESS = "The meter sends no alert at the end of the period."


class Text(HTMLParser):
    """The text of a page, its tags and its attributes' names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module", params=[HOSTILE, HARMLESS], ids=["hostile", "harmless"])
def shown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, str]]:
    """A text in every shown field that takes it, and what is published of it."""
    text: str = request.param
    made = make_register(tmp_path_factory.mktemp("hostile") / "register", signs=False)
    made.policy(search_level="model", title=text[:80])
    odd = {"device": "ESME", "firmware": '"><b>'}
    made.add(
        {
            "id": PUBLISHED,
            "title": text[:110],
            "affected": ["ESME:FF03/00010100"],
            "behaviour": text,
            "circumstances": text,
            "expected": text,
            "certainty": "suspected",
            "impact": {"consumers": "high"},
        },
        statement("fix", "supplier-one", says=text, **odd),
        statement("workaround", "supplier-one", says=text, **odd),
        statement("accommodation", "supplier-one", says=text, lives_with="CHF", **odd),
        statement("cause", "supplier-one", says=text, cause="suspected"),
        statement("challenge", "supplier-two", says=text, about="behaviour"),
        statement("response", "maker-one", says=text, position="disputed"),
    )
    return text, {path: data.decode() for path, data in _publish(made, "green").items()}


def test_hostile_text_is_text_on_every_page(shown: tuple[str, dict[str, str]]) -> None:
    text, files = shown
    page = Text(files[f"records/{PUBLISHED}.html"])
    assert page.text.count(text) >= 9
    assert not {"script", "img", "b", "svg"} & page.tags
    assert not [name for name in page.attributes if name.startswith("on")]
    assert Text(files["index.html"]).text.count(text[:80]) >= 3
    assert "script" not in Text(files["index.html"]).tags


def test_hostile_text_is_the_same_text_in_json(shown: tuple[str, dict[str, str]]) -> None:
    text, files = shown
    document = json.loads(files[f"records/{PUBLISHED}.json"])["record"]
    assert document["says"]["behaviour"] == text
    hostile = [said for said in document["statements"] if said["kind"] != "report"]
    assert {said["says"]["says"] for said in hostile} == {text}
    assert not {"<", ">", "&"} & set(files[f"records/{PUBLISHED}.json"])


def test_hostile_text_is_no_formula_in_a_table(shown: tuple[str, dict[str, str]]) -> None:
    text, files = shown
    names, row = from_csv(files["all/all.csv"])
    assert dict(zip(names, row, strict=True))["behaviour"] == text
    raw = list(csv.reader(io.StringIO(files["all/all.csv"].removeprefix("\ufeff"), newline="")))[1]
    assert not [cell for cell in raw if re.match(r"[\s\"]*[=+\-@]", cell)]
