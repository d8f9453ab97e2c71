"""The language of questions: words, phrases, fields, what is excluded, and combinations.

| typed | asks for |
|---|---|
| ``billing alerts`` | entries with all these words |
| ``"no billing alert"`` | the words one after the other |
| ``kind:defect`` | a field's value; the same field twice: either value |
| ``-update``, ``-kind:defect`` | entries without it |
| ``model:00010100 manufacturer:FF01`` | a Device model; a manufacturer only beside its model |
| ``CHF:FF02/00020001 + ESME:FF01/00010100 in North`` | entries that apply to that combination |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from defectreg.register.codes import parse_alert_code
from defectreg.register.devices import (
    DEVICE_TYPES,
    REGIONS,
    Combination,
    NotationError,
    parse_combination,
)
from defectreg.register.errors import UsageProblem
from defectreg.register.record import id_beginning
from defectreg.register.schema import Schema
from defectreg.register.stage import STAGE_NAMES
from defectreg.store.index import NOT_JUDGED, AnyOf, Models, Query
from defectreg.store.index.entries import ANYWHERE, HAS_FIX, REGION, tokens

LONGEST = 4000
"""Characters that a question may have."""
_MOST_WORDS = 400
_KEY = re.compile(r"[A-Za-z][A-Za-z-]*(?=:)")
_WORD = re.compile(r'"|\S+')
_DEVICE = re.compile(rf"(?i:{'|'.join(DEVICE_TYPES)}):")
_PRODUCT = re.compile(r"([0-9A-Fa-f]{4})/([0-9A-Fa-f]{8})")
_NEAR = 0.7
"""From this likeness on, a word is offered in place of one that is not known."""
_QUOTE_IT = 'text with a colon is found in quotation marks: "like: this"'


@dataclass(frozen=True, slots=True)
class Field:
    """A field that can be asked for. ``values`` are all it may have; empty: it has no list."""

    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a question: a word or phrase (``field`` is empty), or a field's value."""

    field: str
    text: str
    is_excluded: bool = False


def fields_of(schema: Schema) -> Mapping[str, Field]:
    """The fields that can be asked for, by name: those of the record's schema and our own."""
    facets = {
        leaf.property_schema["x-facet"]: tuple(map(str, leaf.schema.get("enum", ())))
        for leaf in schema.leaves
        if "x-facet" in leaf.property_schema
    }
    own = {
        REGION: REGIONS,
        HAS_FIX: ("true", "false"),
        "stage": (*STAGE_NAMES, NOT_JUDGED.name),
        "model": (),
        "manufacturer": (),
        "id": (),
    }
    return {name: Field(name, values) for name, values in {**facets, **own}.items()}


def parse_query(text: str, schema: Schema, beside: Sequence[tuple[str, str]] = ()) -> Query:
    """The question that a person typed; ``beside`` are fields and values given in other ways.

    Raises UsageProblem with what is not understood.
    """
    if len(text) > LONGEST:
        raise UsageProblem(f"the question is longer than {LONGEST} characters", "ask for less")
    asked = _Asked(fields_of(schema))
    for part in _parts(text):
        asked.take(part)
    for name, value in beside:
        asked.take(Term(name, value))
    return asked.query()


def _parts(text: str) -> Iterator[Term | Combination]:
    """The parts of a question, in the order typed."""
    place = 0
    for _ in range(_MOST_WORDS):
        while place < len(text) and text[place].isspace():
            place += 1
        if place == len(text):
            return
        place, part = _part(text, place)
        yield part
    raise UsageProblem(f"the question has more than {_MOST_WORDS} words", "ask for less")


def _part(text: str, place: int) -> tuple[int, Term | Combination]:
    """Where the part that begins at a place ends, and the part."""
    is_excluded = text[place] == "-" and not text[place + 1 : place + 2].isspace()
    start = place + is_excluded
    if _DEVICE.match(text, start):
        if is_excluded:
            raise UsageProblem("a combination cannot be excluded", "take the - in front of it away")
        return _combination(text, start)
    key = _KEY.match(text, start)
    if key:
        end, value, _ = _value(text, key.end() + 1)
        return end, Term(key[0].lower(), value, is_excluded)
    end, value, is_quoted = _value(text, start)
    if is_quoted and not is_excluded and _DEVICE.match(value):
        return end, _parsed(value)
    if value.endswith("*") and not is_quoted:
        raise UsageProblem(
            "words are searched whole: a * does not stand for their end",
            "type the whole word; several are looked for together",
        )
    return end, Term("", value, is_excluded)


def _value(text: str, place: int) -> tuple[int, str, bool]:
    """Where a word or a phrase in quotation marks ends, its text, and whether it was in them."""
    found = _WORD.match(text, place)
    if found is None:
        return place, "", False
    if found[0][0] != '"':
        return found.end(), found[0], False
    end = text.find('"', place + 1)
    if end < 0:
        raise UsageProblem("a quotation mark is not closed", 'a phrase is typed "like this"')
    return end + 1, text[place + 1 : end], True


def _combination(text: str, start: int) -> tuple[int, Combination]:
    """The longest combination that begins at a place."""
    ends = [match.end() for match in re.finditer(r"\S+", text[start:])][:_MOST_WORDS]
    for end in reversed(ends):
        try:
            found = parse_combination(text[start : start + end])
        except NotationError:
            continue
        after = text[start + end :].split(None, 1)[:1]
        if after and (after[0].lower() == "in" or after[0][0] in "+,"):
            break
        return start + end, found
    return len(text), _parsed(text[start:])


def _parsed(text: str) -> Combination:
    try:
        return parse_combination(text)
    except NotationError as error:
        raise UsageProblem(f"in the combination: {error.sentence}", error.hint) from error


@dataclass
class _Asked:
    """What was understood so far."""

    fields: Mapping[str, Field]
    phrases: dict[bool, list[tuple[str, ...]]] = field(
        default_factory=lambda: {False: [], True: []}
    )
    values: dict[tuple[str, bool], list[str]] = field(default_factory=dict)
    models: list[Models] = field(default_factory=list)
    combinations: list[Combination] = field(default_factory=list)

    def take(self, part: Term | Combination) -> None:
        """Understand one more part."""
        if isinstance(part, Combination):
            self.combinations.append(part)
        elif not part.field:
            self._take_words(part)
        else:
            name = self._known(part.field).name
            value = _VALUES.get(name, self._listed)(name, part.text)
            self.values.setdefault((name, part.is_excluded), []).append(value)

    def query(self) -> Query:
        """The question, once all is taken."""
        self._take_models()
        stages = self.values
        return Query(
            phrases=tuple(self.phrases[False]),
            excluded_phrases=tuple(self.phrases[True]),
            facets=tuple(self._facets()),
            models=tuple(self.models),
            ids=tuple(self.values.get(("id", False), ())),
            excluded_ids=tuple(self.values.get(("id", True), ())),
            stages=tuple(stages.get(("stage", False), ())),
            excluded_stages=tuple(stages.get(("stage", True), ())),
            combinations=tuple(self.combinations),
        )

    def _take_words(self, part: Term) -> None:
        product = _PRODUCT.fullmatch(part.text)
        if product:
            self.models.append(Models(product[2], product[1], part.is_excluded))
            return
        words = tokens(part.text)
        if not words:
            raise UsageProblem(
                f"{part.text!a} has no letter or digit to look for", "leave it out, or type a word"
            )
        self.phrases[part.is_excluded].append(words)

    def _take_models(self) -> None:
        made_by = self.values.get(("manufacturer", False), [])
        models = [
            (model, excluded)
            for (name, excluded), values in self.values.items()
            if name == "model"
            for model in values
        ]
        if ("manufacturer", True) in self.values or len(made_by) > 1:
            raise UsageProblem(
                "manufacturer: takes one manufacturer, and none can be excluded", _TOGETHER
            )
        if made_by and not models:
            raise UsageProblem("manufacturer: works only together with model:", _TOGETHER)
        for model, is_excluded in models:
            self.models.append(Models(model, made_by[0] if made_by else "", is_excluded))

    def _facets(self) -> Iterator[AnyOf]:
        for (name, is_excluded), values in self.values.items():
            if name in ("id", "stage", "model", "manufacturer"):
                continue
            # An entry that names no region holds in each.
            either = [*values, ANYWHERE] if name == REGION else values
            yield AnyOf(name, tuple(dict.fromkeys(either)), is_excluded)

    def _known(self, name: str) -> Field:
        if name in self.fields:
            return self.fields[name]
        near = _near(name, self.fields)
        hint = f"did you mean {near}" if near else f"fields are {', '.join(sorted(self.fields))}"
        raise UsageProblem(f"there is no field {name!a:.60}", f"{hint}; {_QUOTE_IT}")

    def _listed(self, name: str, text: str) -> str:
        known = self.fields[name].values
        if not text:
            raise UsageProblem(f"{name}: has no value", f"type {name}:value without a blank")
        if not known:
            return text
        for value in known:
            if value.lower() == text.lower():
                return value
        near = _near(text, known)
        hint = f"did you mean {near}?" if near else f"one of {', '.join(known)}"
        raise UsageProblem(f"{text!a:.60} is no value of {name}", hint)


_TOGETHER = "type model:00010100 manufacturer:FF01; nothing is listed by manufacturer alone"


def _alert(_: str, text: str) -> str:
    try:
        return parse_alert_code(text)
    except ValueError as error:
        raise UsageProblem(str(error)) from error


def _record_id(_: str, text: str) -> str:
    beginning = id_beginning(text)
    if beginning is None:
        raise UsageProblem(f"{text!a:.40} is no id of a record", "an id looks like DR-7K3Q-X4MB")
    return beginning


_VALUES: Mapping[str, Callable[[str, str], str]] = {"alert": _alert, "id": _record_id}


def _near(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    return " or ".join(get_close_matches(word.lower()[:60], known, n=2, cutoff=_NEAR))
