"""Clients of the platforms: what comes in, what goes out. Network only, no database; built by `bootstrap`."""
