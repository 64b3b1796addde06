"""Tests by resampling whole practices: signs of residuals and allocations to arms."""
