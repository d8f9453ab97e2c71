"""How a record or a statement comes into being: forms, edits, canonical files."""
