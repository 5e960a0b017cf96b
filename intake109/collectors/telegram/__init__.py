"""Telegram: reading by long poll or webhook, understanding updates, answering, fetching files.

The only room that imports `telegram` (python-telegram-bot). `bootstrap` builds its parts.
"""
