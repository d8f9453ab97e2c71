"""What a shell is offered while a person types: ids, Parties, combinations, values.

Nothing here fails or prints: whoever types in a folder that is no register is offered nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from defectreg.register.errors import CannotRun

_MOST = 200
"""More than a person reads is not offered."""


def complete_id(incomplete: str) -> list[str]:
    """Ids of the records of HEAD and of requests that begin so."""
    return _quietly(lambda: _ids(incomplete))


def complete_party(incomplete: str) -> list[str]:
    """Slugs of the Parties that begin so."""
    return _quietly(lambda: _parties(incomplete))


def complete_month(incomplete: str) -> list[str]:
    """Months whose bulletin has landed."""
    return _quietly(lambda: _months(incomplete))


def complete_combination(incomplete: str) -> list[str]:
    """Models and their firmware from the catalogue, for the Device that is being typed."""
    return _quietly(lambda: _combinations(incomplete))


def completes_field(name: str) -> Callable[[str], list[str]]:
    """A callback that offers the values of a field of the query language."""

    def complete(incomplete: str) -> list[str]:
        return _quietly(lambda: _values(name, incomplete))

    return complete


def completes_assignment(schema: str) -> Callable[[str], list[str]]:
    """A callback that offers the keys of a schema as ``KEY=``, and after that a key's values."""

    def complete(incomplete: str) -> list[str]:
        return _quietly(lambda: _assignments(schema, incomplete))

    return complete


def complete_query(incomplete: str) -> list[str]:
    """Fields, values after a field's colon, and Devices."""
    return _quietly(lambda: _query_words(incomplete))


def _quietly(find: Callable[[], list[str]]) -> list[str]:
    try:
        return find()[:_MOST]
    except (CannotRun, OSError, ValueError, LookupError):
        return []


def _ids(incomplete: str) -> list[str]:
    from defectreg.register.record import id_beginning, id_of_path, is_record_id
    from defectreg.store.places import open_register

    typed = incomplete.upper()
    beginning = typed if "DR-".startswith(typed) else id_beginning(incomplete)
    if beginning is None:
        return []
    register = open_register(Path.cwd())
    folder = f"records/{beginning[3:5]}/" if len(beginning) >= len("DR-XX") else "records"
    in_head = map(id_of_path, register.repository.listing(register.head, folder))
    on_requests = (ref.rpartition("/")[2][: len("DR-XXXX-XXXX")] for ref in register.requests())
    found = {found for found in (*in_head, *on_requests) if found and is_record_id(found)}
    rests = (found_id[len(beginning) :] for found_id in found if found_id.startswith(beginning))
    return sorted(incomplete + rest.removeprefix("-" * incomplete.endswith("-")) for rest in rests)


def _parties(incomplete: str) -> list[str]:
    from defectreg.register.grounds import PARTIES_FOLDER
    from defectreg.store.places import open_register

    register = open_register(Path.cwd())
    paths = register.repository.listing(register.head, PARTIES_FOLDER)
    slugs = (path.removeprefix(PARTIES_FOLDER).removesuffix(".yaml") for path in paths)
    return sorted(slug for slug in slugs if slug.startswith(incomplete))


def _months(incomplete: str) -> list[str]:
    from defectreg.store.places import open_register

    register = open_register(Path.cwd())
    paths = register.repository.listing(register.head, "bulletins")
    months = (path.removeprefix("bulletins/").removesuffix(".yaml") for path in paths)
    return sorted(month for month in months if month.startswith(incomplete))


def _combinations(incomplete: str) -> list[str]:
    from defectreg.store.places import open_register

    before, plus, typed = incomplete.rpartition("+")
    lead = before + plus + typed[: len(typed) - len(typed.lstrip())]
    wanted = typed.strip().upper()
    catalogue = open_register(Path.cwd()).grounds.catalogue
    texts = catalogue.completions()
    return [lead + _continued(typed.strip(), text) for text in texts if text.startswith(wanted)]


def _values(name: str, incomplete: str) -> list[str]:
    from defectreg.search.language import fields_of
    from defectreg.store.places import open_register

    grounds = open_register(Path.cwd()).grounds
    values = list(fields_of(grounds.schemas["record"])[name].values)
    if name == "alert":
        values = list(grounds.catalogue.alert_codes)
    begun = incomplete.lower()
    return [_continued(incomplete, value) for value in values if value.lower().startswith(begun)]


def _assignments(schema: str, incomplete: str) -> list[str]:
    from defectreg.store.places import open_register

    leaves = open_register(Path.cwd()).grounds.schemas[schema].leaves
    key, equals, value = incomplete.partition("=")
    known = {leaf.key: leaf.schema.get("enum", ()) for leaf in leaves}
    if not equals:
        return [f"{name}=" for name in known if name.startswith(key)]
    return [f"{key}={each}" for each in known.get(key, ()) if str(each).startswith(value)]


def _query_words(incomplete: str) -> list[str]:
    from defectreg.search.language import fields_of
    from defectreg.store.places import open_register

    minus = "-" if incomplete.startswith("-") else ""
    name, colon, value = incomplete.removeprefix("-").partition(":")
    if colon:
        if name == "id":
            return [f"{minus}id:{found}" for found in _ids(value)]
        known = fields_of(open_register(Path.cwd()).grounds.schemas["record"])
        if name in known:
            return [f"{minus}{name}:{_quoted(found)}" for found in _values(name, value)]
        return _combinations(incomplete)
    fields = fields_of(open_register(Path.cwd()).grounds.schemas["record"])
    return [f"{minus}{field}:" for field in fields if field.startswith(name)]


def _continued(typed: str, text: str) -> str:
    """A text whose beginning stays as it was typed: shells drop what begins otherwise."""
    return typed + text[len(typed) :]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
