"""Where an import keeps what never enters git: beside the column map, readable to its owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store.files import FileProblem
from defectreg.store.inventory.places import repository_around
from defectreg.store.locking import alone_in

PRIVATE = 0o600
_WITHOUT_A_MAP = "reports"


@dataclass(frozen=True, slots=True)
class Outside:
    """The files of one source of reports, week after week: ``name`` is that of its column map."""

    folder: Path
    name: str

    @property
    def incidents(self) -> Path:
        """Which incidents were filed, and as what."""
        return self.folder / f"{self.name}.incidents.csv"

    @property
    def under_way(self) -> Path:
        """What a run was about to do; there only until it is done."""
        return self.folder / f".{self.name}.importing.json"

    def receipt(self, day: str, commit: str) -> Path:
        """Where the receipt of an import lies, by its day and its first commit."""
        return self.folder / f"{self.name}.receipts" / f"{day}-{commit[:12]}.json"


def open_outside(columns: Path | None, file: Path) -> Outside:
    """The files beside a column map; without one, beside the file that is imported.

    Raises UsageProblem where that is in a git repository: references of incidents stay outside.
    """
    beside = columns if columns is not None else file
    name = columns.stem if columns is not None else _WITHOUT_A_MAP
    try:
        folder = beside.expanduser().resolve().parent
    except (OSError, RuntimeError, ValueError) as error:
        raise CannotRun(f"{beside} cannot be found: {error}") from error
    repository = repository_around(folder)
    if repository is not None:
        raise UsageProblem(
            f"the references of incidents would lie in the git repository {repository}",
            "keep the column map in a folder of no repository, and name it with --columns",
        )
    return Outside(folder, name)


@contextmanager
def alone_at(outside: Outside) -> Iterator[None]:
    """Keep other runs from importing here; raises FileProblem where one does."""
    folder = outside.folder
    with ExitStack() as held:
        try:
            held.enter_context(alone_in(folder, f"another run is importing beside {folder}"))
        except OSError as error:
            raise FileProblem(f"{folder} cannot be read: {error.strerror}") from error
        yield
