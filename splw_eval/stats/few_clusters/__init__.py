"""Inference for a few clusters of people, such as practices; arrays only."""
