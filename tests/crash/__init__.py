"""Killing the product with SIGKILL at seeded moments, again and again, and reconciling what is left with the ledger.

`python -m tests.crash --kills 200 --seed 109` does the whole thing; the suite does a dozen.
"""
