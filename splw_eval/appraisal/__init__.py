"""Judges results: here, which small numbers must not be shown."""

from splw_eval.appraisal.disclosure import mask
from splw_eval.appraisal.pooled import hide_pooled

__all__ = ["hide_pooled", "mask"]
