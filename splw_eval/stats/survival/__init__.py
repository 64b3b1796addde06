"""Time to leaving, from counts of people by day: no person or practice is known here."""
