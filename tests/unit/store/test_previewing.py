"""The preview: on this machine, by its own name, with the headers of a careful host."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.previewing import previewed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site" / "records").mkdir(parents=True)
    (tmp_path / "site" / "index.html").write_text("front")
    (tmp_path / "site" / "records" / "a.json").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "site"


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with previewed(folder, 0) as address:
        yield address


def ask(
    address: str, path: str, host: str | None = None, method: str = "GET"
) -> tuple[int, str, http.client.HTTPMessage]:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=10)
    connection.request(method, path, headers={} if host is None else {"Host": host})
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.headers


def test_pages_are_shown_with_the_headers_of_a_careful_host(address: str) -> None:
    status, text, headers = ask(address, "/")
    assert (status, text) == (200, "front")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_it_is_bound_to_this_machine_alone(address: str) -> None:
    assert urlsplit(address).hostname == "127.0.0.1"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", ""])
def test_who_asks_by_another_name_is_answered_nothing(address: str, host: str) -> None:
    port = urlsplit(address).port
    status, text, _ = ask(address, "/", host.format(port=port))
    assert status == 421
    assert "front" not in text


def test_this_machines_own_names_are_answered(address: str) -> None:
    port = urlsplit(address).port
    for name in ("127.0.0.1", "localhost"):
        assert ask(address, "/records/a.json", f"{name}:{port}")[0] == 200


@pytest.mark.parametrize("path", ["/records/", "/../secret.txt", "/%2e%2e/secret.txt", "/none"])
def test_no_folder_is_listed_and_nothing_beside_it_is_shown(address: str, path: str) -> None:
    status, text, _ = ask(address, path)
    assert status == 404
    assert "secret" not in text
    assert "a.json" not in text


def test_a_name_that_no_file_can_have_is_not_found(
    address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    for path in ("/a%00b", "/a%00b/", "/%ff%00"):
        assert ask(address, path)[0] == 404
    assert capfd.readouterr().err == ""


def test_nothing_but_reading_is_allowed(address: str) -> None:
    assert ask(address, "/index.html", method="HEAD")[:2] == (200, "")
    for method in ("POST", "PUT", "DELETE"):
        assert ask(address, "/index.html", method=method)[0] == 501


def test_a_port_that_is_taken_is_said(address: str, folder: Path) -> None:
    port = urlsplit(address).port or 0
    with pytest.raises(CannotRun, match=f"port {port} cannot be used"), previewed(folder, port):
        pass
