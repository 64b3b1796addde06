"""Rates of leaving and what goes with them, and curves beyond the follow-up."""
