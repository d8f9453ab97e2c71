"""What may be typed to decide is what the schema knows."""

from __future__ import annotations

from defectreg.cli.decide import Code, Role
from defectreg.gate.signoffs import QUESTIONS
from defectreg.register.mandates import ROLES
from defectreg.register.rules.signoffs import ANSWERS
from tests.unit.register.cases import schema

PROPERTIES = schema("statement").properties


def test_the_reasons_are_those_of_the_schema() -> None:
    assert [code.value for code in Code] == PROPERTIES["code"]["enum"]


def test_the_roles_are_those_of_the_schema() -> None:
    assert [role.value for role in Role] == PROPERTIES["role"]["enum"]


def test_every_decision_of_the_schema_has_its_roles() -> None:
    assert set(ROLES) == set(PROPERTIES["decision"]["enum"])
    assert {role for roles in ROLES.values() for role in roles} == set(Role)


def test_what_is_asked_is_what_an_accept_must_answer() -> None:
    assert tuple(QUESTIONS) == ANSWERS
