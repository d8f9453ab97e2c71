"""What is well formed, and what the rules of a register say of it."""
