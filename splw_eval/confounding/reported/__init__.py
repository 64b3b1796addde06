"""A fair comparison as results for the report."""
