"""How others write it: bytes to values and back, pure."""
