"""The board: a wall screen for the hall, without names and without citizens' words."""
