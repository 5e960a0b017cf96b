"""Announced interruptions (сводка): entered by the duty person, found for those who ask, told of when they end."""
