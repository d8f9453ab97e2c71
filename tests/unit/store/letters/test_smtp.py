"""The mail server as it is typed, and what is said where it cannot be used."""

from __future__ import annotations

import pytest

from defectreg.register.errors import UsageProblem
from defectreg.store.letters.smtp import PASSWORD_VARIABLE, USER_VARIABLE, Server


def test_a_server_is_a_host_and_perhaps_a_port() -> None:
    assert Server.parse("mail.example.invalid", {}).port == 587
    assert Server.parse("127.0.0.1:2525", {}) == Server("127.0.0.1", 2525)


def test_user_and_password_come_from_the_environment_and_are_not_shown() -> None:
    server = Server.parse("localhost", {USER_VARIABLE: "a", PASSWORD_VARIABLE: "secret"})
    assert (server.user, server.password) == ("a", "secret")
    assert "secret" not in f"{server!r}"


@pytest.mark.parametrize(
    "typed", ["", ":25", "a:0", "a:65536", "a:x", "a b", "user:secret@host", "a\nb", "host:25:1"]
)
def test_what_is_no_server_is_refused(typed: str) -> None:
    with pytest.raises(UsageProblem):
        Server.parse(typed, {})
