"""Alerts, Service Requests, variants and regions are found, and what looks like them is not."""

from __future__ import annotations

import pytest

from tests.unit.intake.readings import values


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("8F1E is raised", ["8F1E"]),
        ("0x8f1e is raised", ["8F1E"]),
        ("alerts 8002, 8F1E and n13", ["8002", "8F1E", "N13"]),
        ("alert code: 81A0/8F0A", ["81A0", "8F0A"]),
        ("N13 and AD1", ["N13", "AD1"]),
        ("alert 1234", ["1234"]),
        ("8002 premises", []),
        ("N32 and N66 are none", []),
        ("n13 is a bus", []),
        ("London N13 5AB", []),
        ("a cafe with 4 faces", []),
        ("00-00-8F-1E-8F1E-8F1E", []),
    ],
)
def test_alerts(text: str, codes: list[str]) -> None:
    assert values(text, "alerts") == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("SR 8.4 and 11.3 fail", ["8.4", "11.3"]),
        ("SR8.4, SRV 6.2.1", ["8.4", "6.2.1"]),
        ("service requests 4.1.1/4.1.2", ["4.1.1", "4.1.2"]),
        ("6.2.1 fails", ["6.2.1"]),
        ("8.4 volts", []),
        ("version 6.2.1 fails", []),
        ("6.2.1.7", []),
        ("SR 8.4.2026", []),
    ],
)
def test_service_requests(text: str, codes: list[str]) -> None:
    assert values(text, "service-requests") == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ESME Variant: AD", ["AD"]),
        ("variants A, BD and ADE", ["A", "BD", "ADE"]),
        ("the BD variant", ["BD"]),
        ("ADEF meters", ["ADEF"]),
        ("A variant of the case", []),
        ("AD and CD", []),
        ("variant AE", []),
    ],
)
def test_variants(text: str, codes: list[str]) -> None:
    assert values(text, "variant") == codes


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("CSP North", ["North"]),
        ("CSP-S", ["South"]),
        ("North and Central regions", ["North", "Central"]),
        ("northern region", ["North"]),
        ("in the south.", ["South"]),
        ("4G South", ["4G South"]),
        ("in South Wales", []),
        ("none in South", []),
        ("everywhere except the North region", []),
        ("in central heating", []),
        ("North of the river", []),
    ],
)
def test_regions(text: str, regions: list[str]) -> None:
    assert values(text, "region") == regions
