"""What a reader asks, and what answers."""
