"""The register's strict YAML subset: reading, writing in one form, editing in place.

The one home of PyYAML, which is imported when the first file is read.
"""

from __future__ import annotations

from defectreg.register.yamltext.arranging import canonical
from defectreg.register.yamltext.document import Document, Position, Value
from defectreg.register.yamltext.editing import insert, remove, replace
from defectreg.register.yamltext.loader import load
from defectreg.register.yamltext.refusals import CODES, Code, YamlError
from defectreg.register.yamltext.writer import dump

__all__ = [
    "CODES",
    "Code",
    "Document",
    "Position",
    "Value",
    "YamlError",
    "canonical",
    "dump",
    "insert",
    "load",
    "remove",
    "replace",
]
