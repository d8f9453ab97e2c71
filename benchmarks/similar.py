"""Near-duplicates of the generated records, and whether the record they repeat is found.

Each is a record that somebody else might write of the same matter. It is made in grades, from
slips of the pen to a note in other words that names one Device of several, and no firmware.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import phrases, registers
from defectreg.register.devices import Combination, Device, FirmwareSet, parse_combination
from defectreg.register.firmware import ExactFirmware, FirmwarePattern, FirmwarePrefix
from defectreg.register.record import Record
from defectreg.register.similarity import Likeness
from defectreg.store.index import Index, open_index
from defectreg.store.places import open_register

_QUESTIONS = 200
"""Near-duplicates of each grade."""
_FIRST = 5
"""Among how many the record is looked for that was repeated."""
_ALL = "all that name a model of it"

OTHER_WHAT = (
    "does not raise its invoicing message",
    "forgets when its clock was last set",
    "gives no rows when the profile data is fetched",
    "goes on charging by the old rates",
    "has zero credit on the screen",
    "says supply armed while customers have power",
    "drops off the HAN",
    "floods us with one alarm every thirty minutes",
    "downloads new software but stays on the old one",
    "refuses a fresh vend code",
    "is missing part of a day in its usage history",
    "ignores commands until somebody power-cycles it",
    "switches a storage heater at the wrong hours",
    "books generation into the import register",
    "appears as two entries on the HAN",
    "drops the session halfway through a download",
)
"""What another reporter says instead of ``phrases.WHAT``, in the same order."""
OTHER_WHEN = (
    "since the comms hub was upgraded",
    "once the customer switched to somebody else",
    "on the night summer time ends or begins",
    "following a power cut longer than 3 minutes",
    "if gas had no radio contact since yesterday",
    "four weeks into pay-as-you-go",
    "if a planned job and an ad-hoc one collide",
    "on the last day of the invoice cycle",
    "following a key rotation",
    "if somebody carries the IHD upstairs",
    "with two IHDs paired",
    "in the hours following the fitting",
)
"""The same for ``phrases.WHEN``."""
OTHER_DETAIL = (
    "Hub traces contain our command but never a reply.",
    "Asking again by hand later the same day works fine.",
    "Power-cycling the IHD does not help.",
    "Earlier software did not have this.",
    "Roughly every second home is hit in seven days.",
    "There is a line in the event log every time.",
    "Next door the same type of meter behaves.",
    "Goes away overnight but returns.",
    "Timestamps are those of transmission.",
    "Signal strength was fine everywhere we checked.",
    "Reproduced in our lab.",
    "It gets rarer in small networks.",
)
"""The same for ``phrases.DETAIL``."""
_SYNONYMS = {
    "meter": "device", "sends": "transmits", "alert": "alarm", "loses": "drops", "time": "moment",
    "answers": "replies", "read": "reading", "empty": "blank", "keeps": "holds", "earlier": "old",
    "shows": "displays", "display": "screen", "balance": "credit", "nil": "zero",
    "leaves": "quits", "repeats": "sends again", "half hour": "thirty minutes",
    "takes": "accepts", "firmware": "software", "image": "file", "rejects": "refuses",
    "gap": "hole", "stops": "ceases", "interrupted": "cut", "interruption": "cut",
    "opens": "switches", "counts": "books", "joins": "enters", "twice": "two times",
    "closes": "ends", "ends": "finishes", "change": "switch", "month": "four weeks",
    "minute": "sixty seconds", "end": "close", "replaced": "renewed", "moved": "carried",
    "second": "further", "night": "evening", "request": "command", "usual": "normal",
    "difference": "change", "seen": "observed", "half": "fifty per cent", "week": "seven days",
    "entry": "line", "occurrence": "case", "site": "address", "day": "twenty-four hours",
    "engineer": "technician", "found": "noticed", "same": "identical", "bench": "lab",
    "interval": "distance", "grows": "increases", "number": "count", "radio": "signal",
    "conditions": "quality", "good": "fine", "premises": "homes", "version": "release",
}  # fmt: skip

Change: TypeAlias = Callable[[random.Random, dict[str, Any]], None]
"""Changes a record in place into one about the same matter."""


@dataclass(frozen=True)
class Grade:
    """A way to write a record again."""

    name: str
    change: Change
    names_its_model: bool = True


@dataclass(frozen=True)
class Recall:
    """How often the true twin was among the first five, and what a question took."""

    grade: str
    asked: int
    found: int
    told: int
    """How often it was, or another record of its title and of a meter in common."""
    milliseconds: float
    """Of the processor, on average."""
    longest: float
    """The milliseconds in which 95 of 100 questions were answered."""

    @property
    def share(self) -> float:
        """Of the questions asked."""
        return self.found / self.asked

    def __str__(self) -> str:
        return (
            f"{self.share:.1%} of {self.asked} in the first five, one that tells the same of "
            f"{self.told / self.asked:.1%}, {self.milliseconds:.0f} ms, 95 of 100 in "
            f"{self.longest:.0f} ms"
        )


@dataclass(frozen=True)
class _Answer:
    is_found: bool
    is_told: bool
    seconds: float


def similar(folder: Path, records: int, questions: int = _QUESTIONS) -> Iterator[Recall]:
    """Each grade's recall, and that of all, in a generated register of so many records."""
    originals = {case.record["id"]: case.record for case in registers.Generator(1).cases(records)}
    answers: list[_Answer] = []
    with open_index(open_register(folder)) as index:
        for grade in GRADES:
            twins = _twins(grade, [*originals.values()], questions)
            these = [_asked(index, originals, *twin) for twin in twins]
            yield _recall(grade.name, these)
            answers += these if grade.names_its_model else []
    yield _recall(_ALL, answers)


def _recall(name: str, answers: Sequence[_Answer]) -> Recall:
    took = sorted(each.seconds * 1e3 for each in answers)
    return Recall(
        name,
        len(answers),
        sum(each.is_found for each in answers),
        sum(each.is_told for each in answers),
        sum(took) / len(took),
        took[len(took) * 95 // 100],
    )


def _twins(
    grade: Grade, originals: list[dict[str, Any]], questions: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The ids of records, and what somebody else writes of the same matter."""
    chosen = random.Random(hashlib.sha256(grade.name.encode()).digest())
    for original in chosen.sample(originals, min(questions, len(originals))):
        twin = dict(original, id="DR-0000-0000")
        grade.change(chosen, twin)
        yield original["id"], twin


def _asked(
    index: Index, originals: Mapping[str, dict[str, Any]], record_id: str, twin: dict[str, Any]
) -> _Answer:
    start = time.process_time()
    found = index.similar_to(Likeness.of_record(Record(twin, "")), _FIRST)
    seconds = time.process_time() - start
    wanted = originals[record_id]
    is_told = any(_tells_the_same(originals[one.id], wanted) for one in found)
    return _Answer(record_id in [one.id for one in found], is_told, seconds)


def _tells_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two records have one title, and a meter in common."""
    return one["title"] == other["title"] and not _meters(one).isdisjoint(_meters(other))


def _meters(record: Mapping[str, Any]) -> set[str]:
    devices = (each for text in record["affected"] for each in parse_combination(text).devices)
    return {device.product for device in devices if device.type == "ESME"}


def _mistyped(chosen: random.Random, twin: dict[str, Any]) -> None:
    """One word of seven mistyped; the firmware of one version further."""
    _write(twin, lambda text: with_slips(chosen, text, 0.15))
    _affect(twin, _one_further)


def _shortened(chosen: random.Random, twin: dict[str, Any]) -> None:
    """Half of the sentences, in another order, nothing of the circumstances; another region."""
    first, *others = twin["behaviour"].strip().split("\n")
    kept = chosen.sample(others, (len(others) + 1) // 2)
    twin["behaviour"] = "\n".join([*kept, first])
    del twin["circumstances"]
    _affect(twin, lambda one: _elsewhere(chosen, one))


def _reworded(chosen: random.Random, twin: dict[str, Any]) -> None:
    """Other words wherever there are some; other firmware, another region, one alert fewer."""
    _write(twin, _with_synonyms)
    twin["alerts"] = twin["alerts"][:1]
    _affect(twin, lambda one: _elsewhere(chosen, _one_further(one)))


def _told_by_another(chosen: random.Random, twin: dict[str, Any]) -> None:
    """Each sentence as another reporter puts it, half of the details, slips; no alert at all."""
    _shortened(chosen, twin)
    _write(twin, lambda text: with_slips(chosen, _retold(text), 0.05))
    twin["alerts"] = []
    _affect(twin, _one_further)


def _noted(chosen: random.Random, twin: dict[str, Any]) -> None:
    """A note: the first sentence as another puts it, and one Device without its firmware."""
    twin["behaviour"] = twin["behaviour"].split("\n")[0]
    del twin["circumstances"]
    _write(twin, _retold)
    _affect(twin, lambda one: _one_device(chosen, one))


def _of_another_model(chosen: random.Random, twin: dict[str, Any]) -> None:
    """The same matter on a Device that the record does not name, with slips."""
    _write(twin, lambda text: with_slips(chosen, text, 0.05))
    twin["affected"] = ["ESME:FF77/00770077"]


GRADES = (
    Grade("mistyped, firmware one further", _mistyped),
    Grade("half of the sentences, another region", _shortened),
    Grade("other words, firmware and region, an alert fewer", _reworded),
    Grade("told anew and shorter, other firmware and region, no alert", _told_by_another),
    Grade("a sentence told anew, one Device without firmware", _noted),
    Grade("of a model that it does not name", _of_another_model, names_its_model=False),
)


def _write(twin: dict[str, Any], change: Callable[[str], str]) -> None:
    for key in ("title", "behaviour", "circumstances"):
        if key in twin:
            twin[key] = change(twin[key])


def with_slips(chosen: random.Random, text: str, share: float) -> str:
    """Letters left out, doubled or in the wrong order, in that share of the longer words."""
    words = text.split(" ")
    return " ".join(
        _slip(chosen, word) if len(word) > 3 and chosen.random() < share else word for word in words
    )


def _slip(chosen: random.Random, word: str) -> str:
    at = chosen.randrange(1, len(word) - 1)
    first, second = word[at], word[at + 1]
    return (
        word[:at] + chosen.choice([first, first + first + second, second + first]) + word[at + 2 :]
    )


def _with_synonyms(text: str) -> str:
    for word, other in _SYNONYMS.items():
        text = text.replace(f" {word} ", f" {other} ")
    return text


def _retold(text: str) -> str:
    for said, other in (
        *zip(phrases.WHAT, OTHER_WHAT, strict=True),
        *zip(phrases.WHEN, OTHER_WHEN, strict=True),
        *zip(phrases.DETAIL, OTHER_DETAIL, strict=True),
    ):
        text = text.replace(said, other)
    return text


def _affect(twin: dict[str, Any], change: Callable[[Combination], Combination]) -> None:
    twin["affected"] = [str(change(parse_combination(text))) for text in twin["affected"]]


def _one_further(combination: Combination) -> Combination:
    """With the version after all that are named, and no other."""
    return Combination(
        tuple(
            Device(one.type, one.manufacturer, one.model, FirmwareSet(_after(one.firmware)))
            for one in combination.devices
        ),
        combination.regions,
    )


def _after(firmware: FirmwareSet) -> tuple[FirmwarePattern, ...]:
    spans = [pattern.span for pattern in firmware.patterns if pattern.span]
    if not spans:
        return ()
    after = f"{max(last for _, last in spans) + 1:08X}"
    is_prefix = isinstance(firmware.patterns[0], FirmwarePrefix)
    return (FirmwarePrefix(after[:4]) if is_prefix else ExactFirmware(after),)


def _elsewhere(chosen: random.Random, combination: Combination) -> Combination:
    others = [region for region in phrases.REGIONS if region not in combination.regions]
    return Combination(combination.devices, (chosen.choice(others),))


def _one_device(chosen: random.Random, combination: Combination) -> Combination:
    return Combination((chosen.choice(combination.without_firmware().devices),))
