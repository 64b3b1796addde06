"""Synthetic programmes, for tests, pages and examples."""
