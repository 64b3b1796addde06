"""Statistical models of measurements in a data frame: formula, design, fit, contrasts."""

from splw_eval.models.fitted import FittedMixedModel
from splw_eval.models.fitted_gee import FittedGee
from splw_eval.models.gee import fit_gee
from splw_eval.models.mixed import fit_mixed_model

__all__ = ["FittedGee", "FittedMixedModel", "fit_gee", "fit_mixed_model"]
