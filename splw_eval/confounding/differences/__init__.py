"""Differences between groups, unadjusted and adjusted."""
