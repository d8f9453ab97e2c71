"""The kept alerts beside the inventory: a folder a day, and the exposure of each snapshot."""
