"""What the index can be asked: a question as a value, already understood."""

from __future__ import annotations

from dataclasses import dataclass

from defectreg.register.devices import Combination


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A facet that has, or with ``is_excluded`` has not, one of these values."""

    facet: str
    values: tuple[str, ...]
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Models:
    """A Device model that is, or is not, among those affected; any manufacturer's where empty."""

    model: str
    manufacturer: str = ""
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What must hold of an entry: all of it. An empty question is answered by every entry."""

    phrases: tuple[tuple[str, ...], ...] = ()
    """Each a row of words, as ``entries.tokens`` cuts them, that stand one after the other."""
    excluded_phrases: tuple[tuple[str, ...], ...] = ()
    facets: tuple[AnyOf, ...] = ()
    models: tuple[Models, ...] = ()
    ids: tuple[str, ...] = ()
    """Beginnings of ids; one of them must fit."""
    excluded_ids: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    """Withdrawn entries answer only where this names their stage."""
    excluded_stages: tuple[str, ...] = ()
    combinations: tuple[Combination, ...] = ()
    """Those to which an entry must apply, or possibly apply."""
