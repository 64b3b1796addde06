"""The plan of a study (study.toml): its shape, its reading, what it allows to be said."""

from splw_eval.core.plan.adjustment import Adjustment, Confounder, Engagement, Subgroup
from splw_eval.core.plan.agreement import bare_name, dated_faults, planned_day, window
from splw_eval.core.plan.costing import horizon_of
from splw_eval.core.plan.costs import Costs, Priced, ServiceUseRules
from splw_eval.core.plan.design import CLUSTER_TRIALS
from splw_eval.core.plan.language import Language, language_of
from splw_eval.core.plan.measurement import File, Wave
from splw_eval.core.plan.missing_data import MissingData
from splw_eval.core.plan.outcome import FromColumn, Outcome
from splw_eval.core.plan.placeholders import untouched
from splw_eval.core.plan.plan import Plan
from splw_eval.core.plan.read import PlanFile, read_plan
from splw_eval.core.plan.retention import EpisodeRules
from splw_eval.core.plan.shape import EVERYONE
from splw_eval.core.plan.suggestion import suggestion

__all__ = [
    "CLUSTER_TRIALS",
    "EVERYONE",
    "Adjustment",
    "Confounder",
    "Costs",
    "Engagement",
    "EpisodeRules",
    "File",
    "FromColumn",
    "Language",
    "MissingData",
    "Outcome",
    "Plan",
    "PlanFile",
    "Priced",
    "ServiceUseRules",
    "Subgroup",
    "Wave",
    "bare_name",
    "dated_faults",
    "horizon_of",
    "language_of",
    "planned_day",
    "read_plan",
    "suggestion",
    "untouched",
    "window",
]
