"""How fast it is, beside other programs on the same files."""
