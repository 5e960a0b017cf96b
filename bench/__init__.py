"""Measurements: speed, memory, quality. Each module is one command that prints a table and writes JSON to bench/out."""
