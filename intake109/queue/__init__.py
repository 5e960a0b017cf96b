"""The review queue: tasks, their times, claims with a lease, and decisions, each in one transaction of the caller."""
