"""What every comparison of two groups reads and says alike."""
