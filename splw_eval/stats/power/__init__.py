"""Arithmetic of planning: variances of designs, and the chance that a test detects a difference."""
