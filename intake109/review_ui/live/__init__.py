"""Open screens hear what changed."""
