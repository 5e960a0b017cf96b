"""Modelled days on the real queue: people and troubles are made up, everything between them is the product."""
