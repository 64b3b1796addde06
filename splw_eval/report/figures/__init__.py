"""Drawings from given numbers; nothing is estimated here."""
