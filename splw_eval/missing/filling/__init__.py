"""Missing scores filled in."""
