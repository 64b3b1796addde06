"""How alike groups are, and weights that make them more so."""
