"""Groups compared where people chose, or were chosen; arrays only."""
