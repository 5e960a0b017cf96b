"""What the queue's page shows: the lines, the opened task, the words that help to decide."""
