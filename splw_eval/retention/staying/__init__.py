"""How long people stay: curves, causes of leaving, groups compared."""
