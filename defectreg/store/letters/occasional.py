"""Letters of no single record: the yearly reminder, the monthly digest, the month's bulletin."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.grounds import Grounds
from defectreg.register.public import PublicRecord
from defectreg.register.tellings import BODIES
from defectreg.store.bulletins import with_bulletin
from defectreg.store.days import commit_on
from defectreg.store.letters.due import Addressee, Change, Digest, Due
from defectreg.store.letters.gathering import addressee_of
from defectreg.store.months import before, pointer_to, pointers_of, released_month
from defectreg.store.releasing import public_switches, released
from defectreg.store.requests import Target
from defectreg.store.signing_months import check_month
from defectreg.store.sources import CommitSource, grounds_of

_DIGEST_READERS = "sec-panel"
"""Category of those that get the digest: OPSG, TABASC and other groups of the SEC Panel, each with
a file of its own."""
_POLICY = "policy/register.yaml"
_AGES = ((30, "under 30 days"), (90, "30 to 89 days"), (365, "90 days to a year"))
_OLDER = "a year and more"


def reminders_of(target: Target, day: datetime.date) -> list[Due]:
    """The reminder of a year to each Party (Panel paper 3.3 (a))."""
    return [Due("general", to, about=str(day.year)) for to in _all_parties(target.grounds)]


def digests_of(
    target: Target,
    month: str,
    day: datetime.date,
    done: Callable[[int], None] = lambda records: None,
) -> list[Due]:
    """The digest of a month to OPSG and TABASC, as things stood at its end; never by manufacturer.

    Raises UsageProblem for a month that has not begun or that ended before the register began,
    CannotRun where nobody is to get it.
    """
    check_month(month, day)
    readers = [party.slug for party in target.grounds.parties if party.category == _DIGEST_READERS]
    if not readers:
        raise CannotRun(
            f"no Party of this register has the category {_DIGEST_READERS}: nobody gets a digest",
            "an administrator adds OPSG and TABASC, a file each in policy/parties/",
        )
    first = datetime.date.fromisoformat(f"{month}-01")
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    end = min(last, day)
    found = released(_stood_on(target, end), None, end, done)
    shown = [record for record in found.register.records if record.withdrawal is None]
    digest = Digest(
        month=month,
        kinds=tuple(sorted(Counter(record.kind_words for record in shown).items())),
        ages=tuple(_ages(shown, end)),
        stages=tuple((stage, number) for stage, number in found.stages.items() if number),
        changes=tuple(_changes(target, first, end)),
    )
    return [Due("digest", addressee_of(target.grounds, slug), about=month, digest=digest)
            for slug in readers]  # fmt: skip


def _stood_on(target: Target, day: datetime.date) -> CommitSource:
    """What had landed by a day."""
    repository = target.register.repository
    commit = commit_on(repository, target.commit, day)
    if commit is None:
        raise UsageProblem(
            f"nothing stood in this register on {day.isoformat()}", "it began later than that month"
        )
    return CommitSource(repository, commit)


def bulletins_of(
    target: Target, month: str, done: Callable[[int], None] = lambda records: None
) -> list[Due]:
    """The bulletin of a signed month to each Party. Raises UsageProblem for one nobody signed."""
    repository, grounds = target.register.repository, target.grounds
    pointers = pointers_of(target.source, grounds)
    pointer = pointer_to(month, pointers)
    result = released_month(target.source, pointer, done)
    register = with_bulletin(result.register, repository, before(month, pointers), pointer)
    return [
        Due("bulletin", to, about=f"{month} {pointer.commit}", bulletin=register.bulletins[0])
        for to in _all_parties(grounds)
    ]


def _all_parties(grounds: Grounds) -> Iterator[Addressee]:
    for party in grounds.parties:
        if party.category not in BODIES:
            yield addressee_of(grounds, party.slug)


def _ages(shown: Iterable[PublicRecord], day: datetime.date) -> Iterator[tuple[str, int]]:
    """How long entries without a fix have been there, in the order of the bands."""
    ages = [(day - record.first_day).days for record in shown if "fix" not in record.marks]
    bands = [next((words for most, words in _AGES if age < most), _OLDER) for age in ages]
    for words in (*(words for _, words in _AGES), _OLDER):
        if words in bands:
            yield words, bands.count(words)


def _changes(target: Target, first: datetime.date, last: datetime.date) -> Iterator[Change]:
    """The switches that say something else at the end of a month than before it."""
    steps = list(target.register.repository.steps_of(target.commit, _POLICY))
    earlier = [step.commit for _, step in steps if step.day < first]
    later = [step.commit for _, step in steps if step.day <= last]
    if not earlier or earlier[-1] == later[-1]:
        return
    was, now = (_switches(target, commits[-1]) for commits in (earlier, later))
    for key, (title, words, decided) in now.items():
        if key in was and was[key][1] != words:
            yield Change(title, was[key][1], words, decided)


def _switches(target: Target, commit: str) -> dict[str, tuple[str, str, str]]:
    """Key → title, words and who decided, of the policy of a commit."""
    grounds, _ = grounds_of(CommitSource(target.register.repository, commit))
    schema = grounds.schemas["policy"]
    return {
        each.key: (each.title, each.words, each.decided)
        for each in public_switches(grounds.policy, schema)
    }
