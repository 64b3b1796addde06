"""What was received, and what went with it."""
