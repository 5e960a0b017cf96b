"""Who of the staff is told what, until somebody acknowledges it. `queue` raises, `jobs` announces, `outbox` carries."""
