"""What people do with the inventory: load, check, compare, correct, and follow what was asked."""
