"""Recognising what was said before. Certain repeats join their original, likely ones are only suggested."""
