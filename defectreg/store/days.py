"""On which day a commit landed, and which commit stood on a day."""

from __future__ import annotations

import datetime
from itertools import takewhile

from defectreg.register.errors import UsageProblem
from defectreg.store.git import Repository


def day_of(repository: Repository, commit: str) -> datetime.date:
    """The day in London on which a commit landed: its committer date."""
    parent = repository.resolve(f"{commit}^1")
    return max(step.day for step in repository.steps(commit, parent))


def commit_on(repository: Repository, tip: str, day: datetime.date) -> str | None:
    """The last of the first-parent history up to ``tip`` before anything landed after a day."""
    stood = takewhile(lambda step: step.day <= day, repository.steps(tip))
    return max(enumerate(step.commit for step in stood), default=(0, None))[1]


def check_day(repository: Repository, commit: str, day: datetime.date) -> None:
    """Raises UsageProblem where a commit landed after the day as of which it is asked for.

    Nobody could have read it on that day, whatever the policy says of time.
    """
    landed = day_of(repository, commit)
    if landed <= day:
        return
    found = commit_on(repository, commit, day)
    raise UsageProblem(
        f"commit {commit[:12]} landed on {landed.isoformat()}, after {day.isoformat()}",
        f"--commit {found} is what stood on that day" if found else "nothing stood on that day yet",
    )
