"""The demo city's last days: lived by modelled people with the product's own code on a moved clock, then left behind.

So that who starts a demo finds a finished yesterday: reports with figures, a board, shelves with something on them.
"""
