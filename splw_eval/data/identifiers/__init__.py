"""Identifiers: what may not be in a study's files, found before anything else looks."""
