"""Where it is kept: the only code that touches git, files, keys and SQLite."""
