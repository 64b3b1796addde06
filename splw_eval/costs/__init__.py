"""Use of services before and after, what a programme costs, and what is had for it."""

from splw_eval.costs.money.acceptable import describe_acceptable
from splw_eval.costs.money.parts import describe_cost_parts
from splw_eval.costs.money.per_qaly import describe_per_qaly
from splw_eval.costs.money.per_result import describe_cost_per
from splw_eval.costs.money.prices import describe_prices
from splw_eval.costs.use.compared import describe_use_contrast
from splw_eval.costs.use.months import describe_use_months
from splw_eval.costs.use.rates import describe_run_in, describe_use

__all__ = [
    "describe_acceptable",
    "describe_cost_parts",
    "describe_cost_per",
    "describe_per_qaly",
    "describe_prices",
    "describe_run_in",
    "describe_use",
    "describe_use_contrast",
    "describe_use_months",
]
