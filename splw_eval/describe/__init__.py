"""Who came, who stayed, what was kept; what the scores were and how they changed."""

from splw_eval.describe.agreement import describe_agreement
from splw_eval.describe.change import describe_change
from splw_eval.describe.comparison import (
    describe_contrasts,
    describe_influence,
    describe_methods,
    describe_model_means,
    describe_model_people,
    describe_ratios,
    describe_residuals,
)
from splw_eval.describe.floor import describe_floor
from splw_eval.describe.flow import describe_flow
from splw_eval.describe.identifiability import describe_identifiability
from splw_eval.describe.instrument_card import describe_bands, describe_instruments
from splw_eval.describe.lost import (
    describe_lost_characteristics,
    describe_lost_quantities,
    describe_lost_scores,
)
from splw_eval.describe.patterns import describe_monotone, describe_patterns, describe_reasons
from splw_eval.describe.precision import describe_precision
from splw_eval.describe.records import RECORDS, describe_records
from splw_eval.describe.reliability import describe_reliability
from splw_eval.describe.reliable_change import SuppliedReliability, describe_reliable_change
from splw_eval.describe.responders import describe_responders
from splw_eval.describe.risk import describe_risk, risk_items
from splw_eval.describe.scores import describe_scores
from splw_eval.describe.setting import describe_setting
from splw_eval.describe.timing import describe_days
from splw_eval.describe.who_came import (
    describe_baseline,
    describe_characteristics,
    describe_quantities,
)
from splw_eval.describe.workers import describe_workers
from splw_eval.describe.yardsticks import describe_important_differences, describe_norms

__all__ = [
    "RECORDS",
    "SuppliedReliability",
    "describe_agreement",
    "describe_bands",
    "describe_baseline",
    "describe_change",
    "describe_characteristics",
    "describe_contrasts",
    "describe_days",
    "describe_floor",
    "describe_flow",
    "describe_identifiability",
    "describe_important_differences",
    "describe_influence",
    "describe_instruments",
    "describe_lost_characteristics",
    "describe_lost_quantities",
    "describe_lost_scores",
    "describe_methods",
    "describe_model_means",
    "describe_model_people",
    "describe_monotone",
    "describe_norms",
    "describe_patterns",
    "describe_precision",
    "describe_quantities",
    "describe_ratios",
    "describe_reasons",
    "describe_records",
    "describe_reliability",
    "describe_reliable_change",
    "describe_residuals",
    "describe_responders",
    "describe_risk",
    "describe_scores",
    "describe_setting",
    "describe_workers",
    "risk_items",
]
