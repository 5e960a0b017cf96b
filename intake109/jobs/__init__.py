"""What runs by itself: polling, carrying, fetching, delivering, housekeeping. Async outside, sync inside."""
