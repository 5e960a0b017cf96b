"""The citizens' side, to be looked at and played with: each citizen's phone, per channel."""
