"""Weights that make groups alike: propensities, overlap, entropy balancing; arrays only."""
