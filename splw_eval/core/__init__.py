"""Errors, the plan, the result type: what every room may use."""
