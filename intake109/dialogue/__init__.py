"""What an incoming message is to us, and what we say to citizens."""
