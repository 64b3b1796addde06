"""Clusters measured in several periods: from a design's options to its precision."""
