"""Every code of the gate has an attack: a code that nothing shows fails here."""

from __future__ import annotations

from defectreg.register.rules.gate_pages import GATE_PAGES
from tests.attacks import (
    test_gate_data_attacks,
    test_gate_history_attacks,
    test_gate_policy_attacks,
    test_gate_signoff_attacks,
    test_gate_tree_attacks,
)
from tests.attacks.gates import TRIED

TABLES = (
    *test_gate_data_attacks.ATTACKS,
    *test_gate_signoff_attacks.ATTACKS,
    *test_gate_policy_attacks.ATTACKS,
)
MARKING = (test_gate_tree_attacks, test_gate_history_attacks)
"""Modules whose tests say by themselves which codes they try."""
OF_A_SERVER = "G050"
"""From here on they are of the branches of a server: test_plain_git_server."""


def test_every_code_of_the_gate_is_shown_by_an_attack() -> None:
    assert all(MARKING)
    shown = TRIED | {attack.code for attack in TABLES}
    assert {page.code for page in GATE_PAGES if page.code < OF_A_SERVER} <= shown


def test_an_attack_is_told_by_its_name() -> None:
    names = [str(attack) for attack in TABLES]
    assert len(set(names)) == len(names)
