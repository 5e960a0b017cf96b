"""The demo: a stand-in of the three platforms, a city that lives on it, and the player of its day."""
