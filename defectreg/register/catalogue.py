"""The catalogue as a value: products and their firmware, manufacturers, and the field's codes.

Made of parsed YAML in which every scalar is text: file name (``products.yaml``) to data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, TypeVar

from defectreg.register.codes import is_esme_variant, parse_alert_code
from defectreg.register.devices import (
    INVENTORY_DEVICE_TYPES,
    Device,
    FirmwareSet,
    NotationError,
    parse_combination,
)
from defectreg.register.firmware import ExactFirmware, parse_firmware

Data: TypeAlias = object
"""What a YAML file holds: mappings, lists and text."""
Row: TypeAlias = Mapping[str, Data]

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Release:
    """A firmware version and the day of its release (ISO 8601)."""

    version: str
    released: str


@dataclass(frozen=True, slots=True)
class Product:
    """A Device model: its short name, hardware facts and firmware releases, oldest first."""

    device: Device
    name: str
    smets_version: str
    esme_variants: tuple[str, ...]
    releases: tuple[Release, ...]


@dataclass(frozen=True, slots=True)
class EsmeVariant:
    """What an ESME Variant's letters stand for; ``unexplained`` are those without a source."""

    code: str
    element: str
    functions: tuple[str, ...]
    unexplained: str
    known_to_older_systems: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the register knows of products and codes; what is not listed is unknown, not wrong.

    ``products`` by ``TYPE:MANUFACTURER/MODEL``, a Communications Hub under its CHF and its GPF;
    ``alert_codes`` to a few words each, empty where no source gives a meaning.
    """

    products: Mapping[str, Product]
    manufacturers: Mapping[str, str]
    esme_variants: Mapping[str, EsmeVariant]
    alert_codes: Mapping[str, str]
    service_requests: tuple[str, ...]

    def newer_firmware(self, device: Device) -> tuple[str, ...]:
        """Versions released after the newest that the Device's firmware set covers, oldest first.

        Empty where the set is unrestricted, covers no listed version, or the model is not listed.
        """
        product = self.products.get(device.product)
        if product is None or not device.firmware.patterns:
            return ()
        covered = [
            release.released for release in product.releases if release.version in device.firmware
        ]
        newest = max(covered, default="9999-12-31")
        return tuple(release.version for release in product.releases if release.released > newest)

    def completions(self) -> tuple[str, ...]:
        """Each model, and each of its versions, in the notation: for completing what is typed."""
        return tuple(
            sorted(
                text for product in self.products.values() for text in _product_completions(product)
            )
        )


def parse_catalogue(files: Mapping[str, Data]) -> Catalogue:
    """The catalogue of a folder's files; raises ValueError naming file and entry."""
    manufacturers = _manufacturers(files)
    return Catalogue(
        products=_products(files, manufacturers),
        manufacturers=manufacturers,
        esme_variants=_esme_variants(files),
        alert_codes=_alert_codes(files),
        service_requests=_service_requests(files),
    )


def _product_completions(product: Product) -> tuple[str, ...]:
    versions = (
        replace(product.device, firmware=FirmwareSet((ExactFirmware(release.version),)))
        for release in product.releases
    )
    return (str(product.device), *map(str, versions))


def _rows(files: Mapping[str, Data], file: str, key: str) -> tuple[tuple[str, Row], ...]:
    """Each entry of a file's list, with the words that say where it stands."""
    if file not in files:
        raise ValueError(f"catalogue/{file} is missing")
    data = files[file]
    entries = data.get(key) if isinstance(data, Mapping) else None
    if not isinstance(entries, list):
        raise ValueError(f"catalogue/{file}: `{key}` is not a list")
    rows = []
    for number, entry in enumerate(entries, start=1):
        place = f"catalogue/{file}: entry {number} of `{key}`"
        if not isinstance(entry, Mapping):
            raise ValueError(f"{place} is not a mapping")
        rows.append((place, entry))
    return tuple(rows)


def _text(place: str, row: Row, key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if not isinstance(value, str) or (default is None and not value):
        raise ValueError(f"{place}: `{key}` is missing or not text")
    return value


def _texts(place: str, row: Row, key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{place}: `{key}` is not a list of texts")
    return tuple(value)


def _add(known: dict[str, Value], place: str, key: str, value: Value) -> None:
    if key in known:
        raise ValueError(f"{place}: {key} is listed twice")
    known[key] = value


def _manufacturers(files: Mapping[str, Data]) -> dict[str, str]:
    names: dict[str, str] = {}
    for place, row in _rows(files, "manufacturers.yaml", "manufacturers"):
        _add(names, place, _text(place, row, "id"), _text(place, row, "name"))
    return names


def _products(files: Mapping[str, Data], manufacturers: Mapping[str, str]) -> dict[str, Product]:
    products: dict[str, Product] = {}
    for place, row in _rows(files, "products.yaml", "products"):
        product = _product(place, row)
        if product.device.manufacturer not in manufacturers:
            raise ValueError(
                f"{place}: manufacturer {product.device.manufacturer} "
                "is not in catalogue/manufacturers.yaml"
            )
        _add(products, place, product.device.product, product)
        if product.device.type == "CHF":
            other_half = replace(product, device=replace(product.device, type="GPF"))
            _add(products, place, other_half.device.product, other_half)
    return products


def _product(place: str, row: Row) -> Product:
    device = Device(
        _text(place, row, "type"), _text(place, row, "manufacturer"), _text(place, row, "model")
    )
    if device.type == "GPF":
        raise ValueError(f"{place}: list a Communications Hub once, as its CHF")
    if device.type not in INVENTORY_DEVICE_TYPES:
        raise ValueError(f"{place}: {device.type!a} is not a Device Type of the inventory")
    try:
        parse_combination(str(device))
    except NotationError as error:
        raise ValueError(f"{place}: {error.sentence}") from error
    return Product(
        device,
        _text(place, row, "name"),
        _text(place, row, "smets_version", ""),
        _product_variants(place, row, device.type),
        _releases(place, row),
    )


def _product_variants(place: str, row: Row, device_type: str) -> tuple[str, ...]:
    variants = _texts(place, row, "esme_variants")
    if variants and device_type != "ESME":
        raise ValueError(f"{place}: only an ESME has ESME Variants")
    for variant in variants:
        if not is_esme_variant(variant):
            raise ValueError(f"{place}: {variant!a} is not an ESME Variant")
    return variants


def _releases(place: str, row: Row) -> tuple[Release, ...]:
    entries = row.get("firmware", [])
    if not isinstance(entries, list):
        raise ValueError(f"{place}: `firmware` is not a list")
    releases: dict[str, Release] = {}
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise ValueError(f"{place}: a firmware release is a mapping of version and released")
        release = _release(place, entry)
        _add(releases, place, release.version, release)
    return tuple(sorted(releases.values(), key=lambda release: (release.released, release.version)))


def _release(place: str, entry: Row) -> Release:
    version = ExactFirmware(_text(place, entry, "version"))
    released = _text(place, entry, "released")
    try:
        parse_firmware(str(version))
        # The basic form 20260101 would sort among dates with hyphens as something else.
        if date.fromisoformat(released).isoformat() != released:
            raise ValueError("not the extended form")
    except NotationError as error:
        raise ValueError(f"{place}: {error.sentence}") from error
    except ValueError as error:
        raise ValueError(f"{place}: {released!a} is not a date such as 2026-01-31") from error
    return Release(version.version, released)


def _esme_variants(files: Mapping[str, Data]) -> dict[str, EsmeVariant]:
    variants: dict[str, EsmeVariant] = {}
    for place, row in _rows(files, "esme_variants.yaml", "esme_variants"):
        variant = _esme_variant(place, row)
        _add(variants, place, variant.code, variant)
    return variants


def _esme_variant(place: str, row: Row) -> EsmeVariant:
    code = _text(place, row, "code")
    if not is_esme_variant(code):
        raise ValueError(f"{place}: {code!a} is not an ESME Variant")
    older_systems = _text(place, row, "older_systems")
    if older_systems not in ("known", "unknown"):
        raise ValueError(f"{place}: `older_systems` is neither known nor unknown")
    return EsmeVariant(
        code,
        _text(place, row, "element"),
        _texts(place, row, "functions"),
        _text(place, row, "unexplained", ""),
        older_systems == "known",
    )


def _alert_codes(files: Mapping[str, Data]) -> dict[str, str]:
    words: dict[str, str] = {}
    for place, row in _rows(files, "alert_codes.yaml", "alert_codes"):
        code = _text(place, row, "code")
        try:
            canonical = parse_alert_code(code)
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from error
        if canonical != code:
            raise ValueError(f"{place}: write the code as {canonical}")
        _add(words, place, code, _text(place, row, "words", ""))
    return words


def _service_requests(files: Mapping[str, Data]) -> tuple[str, ...]:
    codes: dict[str, None] = {}
    for place, row in _rows(files, "service_requests.yaml", "service_requests"):
        _add(codes, place, _text(place, row, "code"), None)
    return tuple(codes)
