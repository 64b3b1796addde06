"""Prices that the user gives, what was spent, and what was had for it."""
