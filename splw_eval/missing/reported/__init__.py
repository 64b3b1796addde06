"""Missing follow-up as results for the report: other assumptions, and who was lost."""

from __future__ import annotations

from splw_eval.missing.reported.practices import describe_loss_by_practice
from splw_eval.missing.reported.predictors import describe_loss_predictors
from splw_eval.missing.reported.sensitivity import describe_sensitivity
from splw_eval.missing.reported.tipping import describe_tipping
from splw_eval.missing.reported.weights import describe_observed_weights

__all__ = [
    "describe_loss_by_practice",
    "describe_loss_predictors",
    "describe_observed_weights",
    "describe_sensitivity",
    "describe_tipping",
]
