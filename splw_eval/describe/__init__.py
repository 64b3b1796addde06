"""Who came, who stayed, what was kept; what the scores were and how they changed."""

from splw_eval.describe.change import describe_change
from splw_eval.describe.flow import describe_flow
from splw_eval.describe.lost import (
    describe_lost_characteristics,
    describe_lost_quantities,
    describe_lost_scores,
)
from splw_eval.describe.patterns import describe_monotone, describe_patterns, describe_reasons
from splw_eval.describe.precision import describe_precision
from splw_eval.describe.records import RECORDS, describe_records
from splw_eval.describe.responders import describe_responders
from splw_eval.describe.scores import describe_scores
from splw_eval.describe.setting import describe_setting
from splw_eval.describe.timing import describe_days
from splw_eval.describe.who_came import (
    describe_baseline,
    describe_characteristics,
    describe_quantities,
)
from splw_eval.describe.workers import describe_workers

__all__ = [
    "RECORDS",
    "describe_baseline",
    "describe_change",
    "describe_characteristics",
    "describe_days",
    "describe_flow",
    "describe_lost_characteristics",
    "describe_lost_quantities",
    "describe_lost_scores",
    "describe_monotone",
    "describe_patterns",
    "describe_precision",
    "describe_quantities",
    "describe_reasons",
    "describe_records",
    "describe_responders",
    "describe_scores",
    "describe_setting",
    "describe_workers",
]
