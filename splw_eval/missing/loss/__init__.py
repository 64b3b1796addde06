"""Who was lost, and what the others stand for."""
