"""What a commit is judged by, as it was read before: kept in the clone's own folder.

Under one name the schemas, the policy and the Parties, under another the catalogue, which is read
only when it is asked for; both made of the git trees of FOLDERS. An answer from them equals one
without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from defectreg.register.catalogue import Catalogue
from defectreg.register.grounds import (
    PARTIES_FOLDER,
    POLICY_FILE,
    SCHEMAS,
    Grounds,
    is_ground,
    read_grounds,
)
from defectreg.register.parties import Parties, Party
from defectreg.register.policy import Policy
from defectreg.register.schema import Schema
from defectreg.store.kept_catalogue import catalogue_of_json, catalogue_to_json
from defectreg.store.shelf import WRONG, Shelf
from defectreg.store.sources import CommitSource

FOLDERS = ("catalogue", "policy", "schema")
"""The folders of a register that say by what it is judged, in git's order."""


@dataclass(frozen=True, eq=False)
class Files(Mapping[str, bytes]):
    """The grounds of one folder of a commit, by path, read when one of them is asked for."""

    source: CommitSource
    folder: str

    @cached_property
    def _files(self) -> Mapping[str, bytes]:
        return _grounds_among(self.source.below(self.folder))

    def __getitem__(self, path: str) -> bytes:
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@dataclass(frozen=True)
class KeptGrounds(Grounds):
    """Grounds whose catalogue is taken as it was parsed before."""

    shelf: Shelf = field(kw_only=True)
    """Made of the trees of FOLDERS."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue; an empty one where its files are wrong."""
        with suppress(*WRONG):
            return catalogue_of_json(self.shelf.taken("catalogue"))
        catalogue = super().catalogue
        if catalogue.products:  # else it may be wrong, and not what its files say
            self.shelf.keep("catalogue", catalogue_to_json(catalogue))
        return catalogue


def grounds_at(source: CommitSource, shelf: Shelf) -> Grounds:
    """What a commit is judged by, whose folders are those of the shelf.

    Raises CannotRun where its policy or a schema is missing or not valid.
    """
    with suppress(*WRONG):
        return _of_kept(source, shelf, shelf.taken("grounds"))
    files = _grounds_among(source.below(*FOLDERS))
    read, _ = read_grounds(files)
    shelf.keep("grounds", _to_keep(read, files))
    return KeptGrounds(
        read.schemas,
        read.policy,
        read.parties,
        read.catalogue_files,
        read.schema_files,
        shelf=shelf,
    )


def _grounds_among(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if is_ground(path)}


def _to_keep(grounds: Grounds, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The schemas, and the data of the policy and of the Parties that hold against them."""
    from defectreg.register.yamltext import load

    def data(name: str, path: str) -> Any:
        return grounds.schemas[name].coerced(load(files[path]).data)

    return {
        "schemas": {name: grounds.schemas[name].document for name in SCHEMAS},
        "policy": data("policy", POLICY_FILE),
        "parties": {
            slug: data("party", f"{PARTIES_FOLDER}{slug}.yaml") for slug in grounds.parties.by_slug
        },
    }


def _of_kept(source: CommitSource, shelf: Shelf, kept: Mapping[str, Any]) -> Grounds:
    schemas = {name: Schema(kept["schemas"][name]) for name in SCHEMAS}
    parties = {slug: Party.parse(slug, data) for slug, data in kept["parties"].items()}
    return KeptGrounds(
        schemas,
        Policy.parse(kept["policy"], schemas["policy"]),
        Parties(parties),
        Files(source, "catalogue"),
        Files(source, "schema"),
        shelf=shelf,
    )
