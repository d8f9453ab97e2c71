"""Short names that people type for a record's statements, and the files they mean."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from defectreg.register.errors import UsageProblem
from defectreg.register.record import record_path
from defectreg.register.statement import place_of_statement

ABOUT_WORDS = ("behaviour", "scope")
ABOUT_KINDS = ("cause", "fix", "workaround", "accommodation")
"""Kinds of statement that a confirmation or challenge may be about."""
_READING = re.compile("[0-9a-f]{64}  ")


def statement_names(files: Iterable[str], kinds: Sequence[str], party: str = "") -> list[str]:
    """The names among these paths of the statements of some kinds, of one Party or of all."""
    places = [place for path in files if (place := place_of_statement(path))]
    beginnings = tuple(f"{kind}-{party}" for kind in kinds)
    return sorted(name for _, name in places if name[len("2026-01-01-") :].startswith(beginnings))


def about(typed: str, files: Iterable[str]) -> str:
    """What a confirmation or challenge is about: a word, or the one file that is meant."""
    if typed in ABOUT_WORDS:
        return typed
    return the_one(typed, statement_names(files, ABOUT_KINDS), "cause, fix or other remedy")


def the_one(typed: str, names: Sequence[str], what: str) -> str:
    """The file that is meant by its name, a part of it, or its kind. Raises UsageProblem."""
    wanted = typed.rpartition("/")[2]
    found = [name for name in names if name in (wanted, f"{wanted}.yaml")]
    found = found or [name for name in names if wanted and wanted in name]
    if len(found) == 1:
        return found[0]
    if not names:
        raise UsageProblem(
            f"the record has no {what} here",
            "`defectreg show ID` lists what was said; what stands on another request lands first",
        )
    sentence = f"{typed!a:.80} means {len(found) or 'none'} of its statements"
    raise UsageProblem(sentence, f"one of {', '.join(found or names)}")


def readings(record_id: str, files: Mapping[str, bytes], names: Sequence[str]) -> list[str]:
    """Lines of ``read``: SHA-256, two blanks, the file's name. Without names, of the record.

    A whole line stays. Raises UsageProblem for a name that none of these files has.
    """
    record = record_path(record_id)
    by_name = {path.rpartition("/")[2]: path for path in files}
    lines = []
    for name in names or ("record",):
        if _READING.match(name):
            lines.append(name)
            continue
        if name in ("record", record_id):
            path = record
        else:
            path = by_name[the_one(name, sorted(by_name), "such file")]
        digest = hashlib.sha256(files[path]).hexdigest()
        lines.append(f"{digest}  {path.rpartition('/')[2]}")
    return lines
