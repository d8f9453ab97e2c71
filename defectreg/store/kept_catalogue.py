"""A catalogue that was checked before, as a value of JSON and back; each product when asked for.

Object of JSON: ``manufacturers``, ``alert_codes`` (as the catalogue has them), ``products`` (by
key: type, manufacturer, model, name, SMETS version, ESME Variants, releases as pairs of version and
day), ``esme_variants`` (fields in their order) and ``service_requests``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from defectreg.register.catalogue import Catalogue, EsmeVariant, Product, Release
from defectreg.register.devices import Device


class Products(Mapping[str, Product]):
    """The products of a catalogue, each made when it is asked for."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self._kept = kept

    def __getitem__(self, key: str) -> Product:
        type_, manufacturer, model, name, smets_version, variants, releases = self._kept[key]
        return Product(
            Device(type_, manufacturer, model),
            name,
            smets_version,
            tuple(variants),
            tuple(Release(version, day) for version, day in releases),
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def catalogue_to_json(catalogue: Catalogue) -> dict[str, Any]:
    """A catalogue as a value of JSON."""
    return {
        "products": {key: _product(product) for key, product in catalogue.products.items()},
        "manufacturers": dict(catalogue.manufacturers),
        "esme_variants": [_variant(variant) for variant in catalogue.esme_variants.values()],
        "alert_codes": dict(catalogue.alert_codes),
        "service_requests": list(catalogue.service_requests),
    }


def catalogue_of_json(kept: Mapping[str, Any]) -> Catalogue:
    """The catalogue that `catalogue_to_json` wrote."""
    return Catalogue(
        Products(kept["products"]),
        kept["manufacturers"],
        {
            code: EsmeVariant(code, element, tuple(functions), unexplained, is_known)
            for code, element, functions, unexplained, is_known in kept["esme_variants"]
        },
        kept["alert_codes"],
        tuple(kept["service_requests"]),
    )


def _product(product: Product) -> list[Any]:
    device = product.device
    return [
        device.type,
        device.manufacturer,
        device.model,
        product.name,
        product.smets_version,
        product.esme_variants,
        [[release.version, release.released] for release in product.releases],
    ]


def _variant(variant: EsmeVariant) -> list[Any]:
    return [
        variant.code,
        variant.element,
        variant.functions,
        variant.unexplained,
        variant.known_to_older_systems,
    ]
