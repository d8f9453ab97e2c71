"""What a validator answers of new records, one after the other, before any of it is signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from defectreg.gate.deciding import at_odds, decide
from defectreg.gate.merging import (
    Carried,
    by_what_stays,
    carried,
    merge,
    merged_before,
    merges_of,
    objection_to_stay,
)
from defectreg.gate.new_records import New
from defectreg.gate.reviewing import Review, reviews_of_each
from defectreg.gate.wishes import Decision, Occasion, Wish
from defectreg.register.mandates import Objection
from defectreg.store.requests import request_tips


@dataclass(slots=True)
class Sitting:
    """The answers so far. Nothing is written until they are signed, all in one act.

    ``role`` is the one in which to accept and return, empty for the one that fits. ``taken_back``
    are records merged earlier, of which reports may still have to be told of the one that stays.
    """

    occasion: Occasion
    role: str = ""
    taken_back: Sequence[Review] = ()
    _answers: dict[tuple[str, str], Decision] = field(default_factory=dict)
    """By the record's id and the branch: one record may be on several requests."""
    _stays: dict[str, Objection | None] = field(default_factory=dict)

    @property
    def decisions(self) -> list[Decision]:
        """What was answered, in the order of the answers."""
        return list(self._answers.values())

    def accept(self, records: Sequence[New]) -> list[Decision]:
        """Accept these; returns what cannot be, with why: of that nothing is answered."""
        wish = Wish("accept", self.role)
        wanted = [decide(one.review, wish, self.occasion) for one in records]
        ids = {one.id for one in records}
        before = [each for each in self.decisions if each.review.request.record_id in ids]
        return self._taken(at_odds([*before, *wanted])[len(before) :])

    def give_back(self, records: Sequence[New], why: str) -> list[Decision]:
        """Return these to who reported them; returns what cannot be, with why."""
        wish = Wish("return", self.role, why)
        return self._taken(decide(one.review, wish, self.occasion) for one in records)

    def merge(self, records: Sequence[New], into: str) -> list[Decision]:
        """Withdraw these as duplicates of another record, by its whole id; as :meth:`accept`."""
        objection = self._objection_to(into)
        wanted = [merge(one.review, into, self.occasion) for one in records]
        if objection is not None:
            wanted = [replace(each, refusals=(objection, *each.refusals)) for each in wanted]
        return self._taken(wanted)

    def take_back(self, records: Iterable[New]) -> None:
        """Forget what was answered of these."""
        for one in records:
            self._answers.pop(_key(one.review), None)

    def is_answered(self, one: New) -> bool:
        """Whether it is decided."""
        return _key(one.review) in self._answers

    def renewed(self) -> list[Decision]:
        """Where requests have moved on since they were read: the same answers of what they are now.

        Answers of a text that is another now, or that cannot be given any more, are forgotten;
        returns them with why.
        """
        stand = dict(request_tips(self.occasion.target.register))
        moved = [
            each
            for each in self._answers.values()
            if stand.get(each.review.request.ref) != each.review.request.commit
        ]
        ids = list(dict.fromkeys(each.review.request.record_id for each in moved))
        found = reviews_of_each(self.occasion.target, ids, self.occasion.day) if ids else []
        now = {_key(each): each for each in found}
        lost = []
        for each in moved:
            again = _again(each, now.get(_key(each.review)), self.occasion)
            if again.refusals:
                del self._answers[_key(each.review)]
                lost.append(again)
            else:
                self._answers[_key(each.review)] = again
        return lost

    def carried(self) -> list[Carried]:
        """Reports on what was merged, now or earlier, to be told of records that have landed."""
        merged = [*merged_before(self.taken_back), *merges_of(self._answers.values())]
        return carried(by_what_stays(merged), self.occasion)

    def _objection_to(self, into: str) -> Objection | None:
        """Why nothing can be merged into a record."""
        for each in self._answers.values():
            if each.review.request.record_id == into and each.wish.decision != "accept":
                hint = "name the record that stays, or take that answer back first"
                return Objection(f"{into} is not to stay, as you answered", hint)
        if into not in self._stays:
            self._stays[into] = objection_to_stay(into, self.taken_back, self.occasion)
        return self._stays[into]

    def _taken(self, wanted: Iterable[Decision]) -> list[Decision]:
        refused = []
        for each in wanted:
            if each.refusals:
                refused.append(each)
            else:
                self._answers[_key(each.review)] = each
        return refused


def _key(review: Review) -> tuple[str, str]:
    return review.request.record_id, review.request.own_ref


def _again(decision: Decision, review: Review | None, occasion: Occasion) -> Decision:
    """The same decision of a request as it is now; refused where it says anything else of it."""
    if review is None or dict(review.request.new) != dict(decision.review.request.new):
        hint = "`defectreg review --new` asks anew"
        changed = Objection("what its request brings was changed meanwhile", hint)
        return replace(decision, refusals=(changed,))
    return decide(review, decision.wish, occasion)
