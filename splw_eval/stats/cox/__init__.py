"""The proportional hazards engine: risk sums, likelihood, Newton's method; arrays only."""
