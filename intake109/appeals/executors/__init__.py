"""Who does the work: organisations, what they answer for, private ones, and the way from one to another."""
