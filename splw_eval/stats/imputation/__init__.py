"""Scores that are missing, drawn from what was seen."""
