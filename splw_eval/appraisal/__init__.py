"""Judges results: here, which small numbers must not be shown."""

from splw_eval.appraisal.disclosure import mask

__all__ = ["mask"]
