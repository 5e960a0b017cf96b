"""Registered cases: their numbers, deadlines and reporters."""
