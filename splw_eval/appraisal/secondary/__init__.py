"""Secondary suppression: counts hidden so that no total gives a hidden small one back."""

from splw_eval.appraisal.secondary.suppression import LEAST, hide_further

__all__ = ["LEAST", "hide_further"]
