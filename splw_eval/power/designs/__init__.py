"""Kinds of design, one in each file."""
