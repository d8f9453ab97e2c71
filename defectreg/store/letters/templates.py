"""The texts that letters are made of: a register's own go before the program's."""

from __future__ import annotations

from defectreg.register.errors import CannotRun
from defectreg.store.files import packaged
from defectreg.store.sources import CommitSource

FOLDER = "templates/letters/"


def letter_templates(source: CommitSource) -> dict[str, str]:
    """The templates of letters by file name. Raises CannotRun for one that is not UTF-8."""
    return {**program_templates(), **_own(source)}


def program_templates() -> dict[str, str]:
    """Those that came with the program."""
    folder = packaged("templates") / "letters"
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))}


def _own(source: CommitSource) -> dict[str, str]:
    found = {}
    for path, data in source.below(FOLDER[:-1]).items():
        try:
            found[path.removeprefix(FOLDER)] = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CannotRun(f"{path!a} is not UTF-8", "restore it from git") from error
    return found
