"""What executors do and how it is followed: answers and doubts about them, what was put aside, danger looked at."""
