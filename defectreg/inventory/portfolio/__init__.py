"""A portfolio: what is installed where, and which entries of a register apply to it."""
