"""The pages of announced outages: the list, one of them, the form, and what was read from a text or a table."""
