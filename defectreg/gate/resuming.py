"""Answers of new records that nobody has signed yet: kept beside the clone, and taken up again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import groupby
from pathlib import Path

from defectreg.gate.new_records import Group, New, proven
from defectreg.gate.reviewing import Review
from defectreg.gate.sitting import Sitting
from defectreg.gate.wishes import Decision, Occasion
from defectreg.store.files import read_bounded, write_atomically

_FORMAT = 1
_LONGEST = 1 << 26
"""Bytes that kept answers may have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered of a new record; ``read`` is a digest of what its request brought."""

    record_id: str
    ref: str
    read: str
    decision: str
    says: str
    other: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the answers of one person lie until they are signed: readable to them alone."""

    file: Path

    @classmethod
    def of(cls, occasion: Occasion) -> Desk:
        """That of the person who decides, in this clone."""
        name = f"review-{occasion.identity.party}-{occasion.signatory.person.pseudonym}.json"
        return cls(occasion.target.register.own_folder / "drafts" / name)

    def keep(self, sitting: Sitting) -> None:
        """Write the answers so far, in place of those before; where there are none, none stay."""
        answers = [asdict(_answer(each)) for each in sitting.decisions]
        if not answers:
            self.clear()
            return
        text = json.dumps({"format": _FORMAT, "answers": answers}, indent=1)
        write_atomically(self.file, text.encode(), 0o600)

    def answers(self) -> list[Answer]:
        """What was answered and is not signed; none where the file is not one of these."""
        if not self.file.is_file():
            return []
        try:
            kept = json.loads(read_bounded(self.file, _LONGEST))
            answers = [Answer(**each) for each in kept["answers"]]
            is_ours = kept["format"] == _FORMAT and all(map(_is_sound, answers))
        except (ValueError, TypeError, KeyError, RecursionError):
            return []
        return answers if is_ours else []

    def clear(self) -> None:
        """Let go of them: they are signed, or not wanted."""
        self.file.unlink(missing_ok=True)


def taken_up(
    answers: Iterable[Answer], groups: Sequence[Group], sitting: Sitting
) -> tuple[list[New], list[Answer]]:
    """Give kept answers anew: the records of which they hold, and the answers that do not.

    They hold where the record still awaits this person and its request brings the same bytes.
    """
    waiting = {_key(one.review): one for group in groups for one in group}
    held: list[New] = []
    lost: list[Answer] = []
    for (decision, says, other), some in groupby(answers, key=_wanted):
        same: list[Answer] = []
        records: list[New] = []
        for each in some:
            one = waiting.get((each.record_id, each.ref))
            if one is not None and _digest(one.review) == each.read:
                same.append(each)
                records.append(one)
            else:
                lost.append(each)
        proved = _proven(records, sitting)
        _GIVEN[decision](sitting, proved, says, other)
        held += [one for one in proved if sitting.is_answered(one)]
        lost += [each for each, one in zip(same, proved, strict=True)
                 if not sitting.is_answered(one)]  # fmt: skip
    return held, lost


def _proven(records: Sequence[New], sitting: Sitting) -> tuple[New, ...]:
    occasion = sitting.occasion
    return tuple(one for group in proven((tuple(records),), occasion.target, occasion.day)
                 for one in group)  # fmt: skip


def _wanted(answer: Answer) -> tuple[str, str, str]:
    return answer.decision, answer.says, answer.other


def _answer(decision: Decision) -> Answer:
    record_id, ref = _key(decision.review)
    wish = decision.wish
    return Answer(record_id, ref, _digest(decision.review), wish.decision, wish.says, wish.other)


def _key(review: Review) -> tuple[str, str]:
    return review.request.record_id, review.request.own_ref


def _digest(review: Review) -> str:
    """SHA-256 of the paths and bytes that a request brings of a record."""
    digest = hashlib.sha256()
    for path, data in sorted(review.request.new.items()):
        digest.update(f"{hashlib.sha256(data).hexdigest()}  {path}\n".encode())
    return digest.hexdigest()


def _is_sound(answer: Answer) -> bool:
    values = astuple(answer)
    return all(isinstance(value, str) for value in values) and answer.decision in _GIVEN


_GIVEN: Mapping[str, Callable[[Sitting, Sequence[New], str, str], object]] = {
    "accept": lambda sitting, records, says, other: sitting.accept(records),
    "return": lambda sitting, records, says, other: sitting.give_back(records, says),
    "withdraw": lambda sitting, records, says, other: sitting.merge(records, other),
}
"""Decision → how it is given again."""
