"""The groups compared, or one group over time, by a model of all waves."""

from splw_eval.describe.comparison.contrasts import describe_contrasts
from splw_eval.describe.comparison.influence import describe_influence
from splw_eval.describe.comparison.means import describe_model_means, describe_model_people
from splw_eval.describe.comparison.methods import describe_methods
from splw_eval.describe.comparison.ratios import describe_ratios
from splw_eval.describe.comparison.residuals import describe_residuals

__all__ = [
    "describe_contrasts",
    "describe_influence",
    "describe_methods",
    "describe_model_means",
    "describe_model_people",
    "describe_ratios",
    "describe_residuals",
]
