"""Letters: what the publisher tells whom, in words that assert nothing."""
