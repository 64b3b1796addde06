"""Who was lost, and what the answer would be if they were not."""
