"""Content rules: what the schemas cannot say, one function a rule."""

from defectreg.register.rules.registry import RULES, Case, Rule, rule

__all__ = ["RULES", "Case", "Rule", "rule"]
