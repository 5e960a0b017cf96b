"""Organisations and routes on the screen: read from tables, entered, and what is missing."""
