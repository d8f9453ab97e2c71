"""The annotated JSON Schemas: what a document may say, and what each leaf of it is."""

from defectreg.register.schema.annotations import Leaf, Schema
from defectreg.register.schema.own_check import check_schema
from defectreg.register.schema.validation import SCHEMA_CODES, Validator

__all__ = ["SCHEMA_CODES", "Leaf", "Schema", "Validator", "check_schema"]
