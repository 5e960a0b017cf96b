"""The control page: answers to judge, what is late, what was put aside, and live danger."""
