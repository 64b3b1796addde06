"""Questionnaires: what each asks, how it is scored, and what its scores mean."""
