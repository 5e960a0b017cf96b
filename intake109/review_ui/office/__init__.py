"""What the pages beside the queue show: health, people, shifts, the model, figures."""
