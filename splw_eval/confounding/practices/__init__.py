"""Comparisons that rest on few practices."""
