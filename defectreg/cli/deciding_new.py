"""New records decided by key: so many to a question, and all that was answered signed in one act.

Nothing is signed before the end. Who stops half-way has signed nothing, and is offered the answers
again.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import typer

from defectreg.cli.deciding import objection_lines
from defectreg.cli.findings import counted
from defectreg.cli.output import escape, wrapped
from defectreg.cli.reviewing import page_lines
from defectreg.cli.reviewing_new import question_lines
from defectreg.register.errors import UsageProblem
from defectreg.register.groups import ALIKE

if TYPE_CHECKING:
    from defectreg.gate.new_records import New, Question
    from defectreg.gate.showing import Shown
    from defectreg.gate.sitting import Sitting
    from defectreg.gate.wishes import Decision

_KEYS = {
    "a": ("accept", "accept all that is shown: the data are correct, references to fixes were "
          "checked, the presentation is consistent"),
    "m": ("merge", "they tell what another record tells: withdrawn as duplicates of it"),
    "r": ("return", "to who reported it, who writes another text: you say why"),
    "o": ("singly", "one by one: group by group, and of a group record by record"),
    "v": ("view", "one of them whole, with what is like it"),
    "s": ("skip", "leave what is shown for another day"),
    "u": ("undo", "take back the answer before, and be asked again"),
    "q": ("quit", "end, and sign what was answered"),
}  # fmt: skip
_LINE = ", ".join(f"{key} {word}" for key, (word, _) in _KEYS.items())
_DONE = {"accept": "accepted", "return": "returned", "withdraw": "merged"}


@dataclass(slots=True)
class Asking:
    """What is still to be asked, and what was: the newest last."""

    sitting: Sitting
    waiting: deque[Question]
    keep: Callable[[Sitting], None]
    """Called after each answer."""
    asked: list[Question] = field(default_factory=list)
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown: its records in order, numbered from 1, and a page of each."""

    question: Question
    records: tuple[New, ...]
    pages: Sequence[Shown]


_Action: TypeAlias = Callable[[Asked, Asking], bool]
"""What a key does; returns whether the question is done with."""


def answer_by_key(
    sitting: Sitting,
    questions: Sequence[Question],
    keep: Callable[[Sitting], None],
    answered: Sequence[Question] = (),
) -> None:
    """Ask one question after the other until none is left, or the person ends it.

    ``answered`` are questions of an earlier sitting that were taken up again.
    """
    if not questions:
        print("No new record awaits your decision.")
    asking = Asking(sitting, deque(questions), keep, [*answered])
    while asking.waiting and not asking.is_ended:
        question = _left(asking.waiting.popleft(), sitting)
        if question:
            _ask(_shown(question, sitting), asking)


def agree_to_sign(sitting: Sitting) -> bool:
    """Say what would be signed, and ask whether it is to be; of nothing, no."""
    decided = Counter(each.wish.decision for each in sitting.decisions)
    carried = sitting.carried()
    for one in carried:
        print(f"To be told of {one.record_id} too: what was reported of {', '.join(one.merged)}.")
    parts = decided_words(decided)
    parts += [counted(len(carried), "report") + " told anew"] if carried else []
    if not parts:
        print("Nothing was answered, and nothing is signed.")
        return False
    return typer.confirm(f"Sign it: {', '.join(parts)}?", default=True)


def decided_words(decided: Counter[str]) -> list[str]:
    """How many were decided how, as ``3 accepted``."""
    return [f"{number:,} {_DONE[verb]}" for verb, number in decided.items()]


def _left(question: Question, sitting: Sitting) -> Question:
    """What of a question has no answer yet."""
    groups = (tuple(one for one in group if not sitting.is_answered(one)) for group in question)
    return tuple(group for group in groups if group)


def _shown(question: Question, sitting: Sitting) -> Asked:
    from defectreg.gate.new_records import proven
    from defectreg.gate.showing import shown

    occasion = sitting.occasion
    question = proven(question, occasion.target, occasion.day)
    records = tuple(one for group in question for one in group)
    pages = shown([one.review for one in records], occasion.target, occasion.day)
    return Asked(question, records, pages)


def _ask(asked: Asked, asking: Asking) -> None:
    audience = asking.sitting.occasion.target.grounds.policy.audience
    left = sum(len(group) for question in asking.waiting for group in question)
    print()
    for line in question_lines(list(_numbered(asked.question)), asked.pages, audience):
        print(line)
    here = counted(len(asked.records), "new record")
    print(f"{here}, {left:,} after that")
    is_done = False
    while not is_done:
        print(f"{_LINE}, ? help")
        is_done = _pressed(asked, asking)


def _numbered(question: Question) -> Iterator[tuple[int, int, New]]:
    """Each record with its number, and the number of the first of its group."""
    number = 0
    for group in question:
        first = number + 1
        for one in group:
            number += 1
            yield number, first, one


def _pressed(asked: Asked, asking: Asking) -> bool:
    """Waits for a key and does what it means; returns whether the question is done with."""
    try:
        key = typer.getchar()
    except EOFError:
        raise typer.Abort from None
    action = _ACTIONS.get(key.casefold())
    if action is None:
        for each, (word, what) in _KEYS.items():
            print("\n".join(wrapped(f"{each}  {word}: {what}", " " * 5, "  ")))
        return False
    print(f"{key.casefold()}: {_KEYS[key.casefold()][0]}")
    return action(asked, asking)


def _accept(asked: Asked, asking: Asking) -> bool:
    return _taken(asked, asking, asking.sitting.accept(asked.records))


def _merge(asked: Asked, asking: Asking) -> bool:
    chosen = _which("Merge", asked)
    into = _into(asked, chosen, asking) if chosen else ""
    records = [asked.records[number - 1] for number in chosen]
    merged = [one for one in records if one.id != into]
    if not into or not merged:
        return False
    return _taken(asked, asking, asking.sitting.merge(merged, into))


def _return(asked: Asked, asking: Asking) -> bool:
    chosen = _which("Return", asked)
    why = _typed("Why, for who reported it") if chosen else ""
    if not why:
        return False
    records = [asked.records[number - 1] for number in chosen]
    return _taken(asked, asking, asking.sitting.give_back(records, why))


def _taken(asked: Asked, asking: Asking, refused: Sequence[Decision]) -> bool:
    """Say what was not answered and why; what is left of the question is asked again."""
    for each in refused:
        print(f"{each.review.request.record_id}: not {_DONE[each.wish.decision]}.")
        for objection in each.refusals:
            print("\n".join(objection_lines(objection)))
    if any(asking.sitting.is_answered(one) for one in asked.records):
        asking.asked.append(asked.question)
    asking.waiting.appendleft(asked.question)
    asking.keep(asking.sitting)
    return True


def _one_by_one(asked: Asked, asking: Asking) -> bool:
    if len(asked.records) == 1:
        print("It is one record.")
        return False
    first = asked.question[0]
    parts: list[Question] = [(group,) for group in asked.question]
    if len(asked.question) == 1:
        parts = [((one,),) for one in first]
    asking.waiting.extendleft(reversed(parts))
    return True


def _view(asked: Asked, asking: Asking) -> bool:
    number = 1 if len(asked.records) == 1 else _number(_typed("View which number"), asked)
    if number:
        print("\n".join(page_lines(asked.pages[number - 1])))
    return False


def _skip(asked: Asked, asking: Asking) -> bool:
    asking.asked.append(asked.question)
    return True


def _undo(asked: Asked, asking: Asking) -> bool:
    if not asking.asked:
        print("Nothing was answered before this.")
        return False
    before = asking.asked.pop()
    asking.sitting.take_back(one for group in before for one in group)
    again = {one.id for group in before for one in group}
    asking.waiting.extendleft(
        [asked.question] if again.isdisjoint(one.id for one in asked.records) else []
    )
    asking.waiting.appendleft(before)
    asking.keep(asking.sitting)
    return True


def _quit(asked: Asked, asking: Asking) -> bool:
    asking.is_ended = True
    return True


def _which(verb: str, asked: Asked) -> list[int]:
    """The numbers of the records that are meant; of one there is no question, none is none."""
    most = len(asked.records)
    if most == 1:
        return [1]
    is_group = len(asked.question) == 1
    typed = _typed(f"{verb} which numbers, as 1-3,5{'; Enter is all' if is_group else ''}")
    if not typed:
        return list(range(1, most + 1)) if is_group else []
    try:
        return numbers(typed, most)
    except ValueError as error:
        print(f"  {error}")
        return []


def numbers(typed: str, most: int) -> list[int]:
    """The numbers that ``1-3,5`` means, in order and each once. Raises ValueError."""
    found: set[int] = set()
    for part in typed.replace(",", " ").split():
        first, dash, last = part.partition("-")
        ends = [end for end in (first, last if dash else first) if end.isascii() and end.isdigit()]
        if len(ends) < 2 or not 1 <= int(ends[0]) <= int(ends[1]) <= most:
            raise ValueError(f"type numbers from 1 to {most}, as 1-3,5")
        found.update(range(int(ends[0]), int(ends[1]) + 1))
    return sorted(found)


def _number(typed: str, asked: Asked) -> int:
    try:
        return next(iter(numbers(typed, len(asked.records))), 0)
    except ValueError as error:
        print(f"  {error}")
        return 0


def _into(asked: Asked, chosen: Sequence[int], asking: Asking) -> str:
    """The id of the record that stays; empty where the person names none."""
    from defectreg.gate.reviewing import ids_of

    offered = _offered(asked, chosen)
    typed = _typed(f"Into which: a number or an id{f'; Enter is {offered}' if offered else ''}")
    if not typed or (typed.isascii() and typed.isdigit() and len(typed) < 4):
        number = _number(typed, asked) if typed else 0
        return asked.records[number - 1].id if number else offered if not typed else ""
    try:
        return ids_of(asking.sitting.occasion.target, [typed])[0]
    except UsageProblem as problem:
        print(f"  {escape(str(problem))}")
        return ""


def _offered(asked: Asked, chosen: Sequence[int]) -> str:
    """The first of their group, else what has landed and is like the first of them."""
    firsts = {number: first for number, first, _ in _numbered(asked.question)}
    shared = {firsts[number] for number in chosen}
    first = shared.pop()
    if not shared and list(chosen) != [first]:
        return asked.records[first - 1].id
    like = asked.pages[chosen[0] - 1].similar[:1]
    return next((one.id for one in like if one.likeness >= ALIKE and not shared), "")


def _typed(question: str) -> str:
    typed: str = typer.prompt(question, default="", show_default=False)
    return typed.strip()


_ACTIONS: dict[str, _Action] = {
    "a": _accept,
    "m": _merge,
    "r": _return,
    "o": _one_by_one,
    "v": _view,
    "s": _skip,
    "u": _undo,
    "q": _quit,
}
