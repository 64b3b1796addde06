"""Staying, leaving and what was delivered, as results for the report."""

from __future__ import annotations

from splw_eval.retention.reported.contrast import describe_stay_contrast
from splw_eval.retention.reported.delivered import (
    describe_components,
    describe_dose,
    describe_levels,
    describe_modes,
)
from splw_eval.retention.reported.held import describe_caseload, describe_continuity
from splw_eval.retention.reported.kinds import episodes_of
from splw_eval.retention.reported.leaving import describe_leaving
from splw_eval.retention.reported.standing import (
    describe_standing,
    describe_stay,
    describe_watched,
)
from splw_eval.retention.reported.staying import describe_staying
from splw_eval.retention.reported.uptake import describe_endings, describe_uptake

__all__ = [
    "describe_caseload",
    "describe_components",
    "describe_continuity",
    "describe_dose",
    "describe_endings",
    "describe_leaving",
    "describe_levels",
    "describe_modes",
    "describe_standing",
    "describe_stay",
    "describe_stay_contrast",
    "describe_staying",
    "describe_uptake",
    "describe_watched",
    "episodes_of",
]
