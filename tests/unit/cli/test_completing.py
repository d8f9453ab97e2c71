from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.cli.completing import completes_assignment
from tests.registers import ROOT


@pytest.mark.parametrize(
    ("schema", "typed", "offered"),
    [
        ("policy", "silen", ["silence="]),
        ("policy", "silence=", ["silence=proceed", "silence=hold"]),
        ("policy", "silence=ho", ["silence=hold"]),
        ("policy", "reply-window=", []),
        ("policy", "no-such-switch=", []),
        ("record", "impact.cons", ["impact.consumers="]),
        ("record", "impact.consumers=h", ["impact.consumers=high"]),
    ],
)
def test_a_key_and_then_its_values_are_offered(
    schema: str, typed: str, offered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert completes_assignment(schema)(typed) == offered


def test_nothing_is_offered_where_there_is_no_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert completes_assignment("policy")("silence=") == []
