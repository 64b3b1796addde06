"""Completed data analysed, and the answers put together."""
