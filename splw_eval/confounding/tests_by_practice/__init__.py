"""Tests that take practices, not people, as what varies by chance."""
