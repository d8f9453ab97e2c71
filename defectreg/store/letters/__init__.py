"""Letters where they touch the world: what is due, what was sent, and the notices of it."""
