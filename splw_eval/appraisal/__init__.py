"""Judges results: here, which small numbers must not be shown."""

from splw_eval.appraisal.alike import hide_alike
from splw_eval.appraisal.disclosure import mask
from splw_eval.appraisal.pooled import hide_pooled

__all__ = ["hide_alike", "hide_pooled", "mask"]
