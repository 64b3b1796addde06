"""Judges results: which small numbers must not be shown, and what reviewers will ask."""

from splw_eval.appraisal.alike import hide_alike
from splw_eval.appraisal.checklists import appraise, profiles
from splw_eval.appraisal.disclose import disclose
from splw_eval.appraisal.disclosure import mask
from splw_eval.appraisal.pooled import hide_pooled

__all__ = ["appraise", "disclose", "hide_alike", "hide_pooled", "mask", "profiles"]
