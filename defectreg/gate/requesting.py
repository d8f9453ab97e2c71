"""A request judged as it would land: merged into its target, by the rules of its target."""

from __future__ import annotations

import datetime

from defectreg.gate.judging import NOTHING, REFUSED, Judgement, judge
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from defectreg.store.git import Repository


def judge_request_head(
    repository: Repository, head: str, target: str, day: datetime.date
) -> Judgement:
    """What a merge of the commit ``head`` would bring to the commit ``target`` on this day."""
    try:
        if repository.is_ancestor(head, target):
            return Judgement(NOTHING)
        if repository.merge_base(head, target) is None:
            return _refused("it has no history in common with its target", "start it from there")
        tree = repository.merged_tree(target, head)
    except CannotRun as error:
        return _refused(error.sentence, error.hint)
    if tree is None:
        return _refused(
            "it and its target changed the same lines, and a person has to bring them together",
            "git merge the target into the request, and have what changed accepted anew",
        )
    return judge(repository, target, tree, day)


def _refused(sentence: str, hint: str) -> Judgement:
    return Judgement(REFUSED, (), (Finding("", 1, 1, "G008", "error", sentence, hint),))
