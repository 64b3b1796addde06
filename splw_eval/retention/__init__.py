"""Who stays with the service, who leaves, and why."""

from splw_eval.core.plan import EpisodeRules
from splw_eval.retention.delivery.dose import ContactDose, contact_dose
from splw_eval.retention.delivery.funnel import UptakeFunnel, uptake_funnel
from splw_eval.retention.hazards.cox import fit_cox
from splw_eval.retention.hazards.extrapolate import ExtrapolatedRetention, extrapolate_retention
from splw_eval.retention.hazards.fitted_cox import FittedCox
from splw_eval.retention.service.causes import CausesOverTime, time_varying_causes
from splw_eval.retention.service.episodes import Episodes, build_episodes
from splw_eval.retention.service.measurement import MeasurementRetention, measurement_retention
from splw_eval.retention.service.periods import PeriodRows, person_period_rows
from splw_eval.retention.service.row_checks import check_rows
from splw_eval.retention.staying.compare import RetentionComparison, compare_retention
from splw_eval.retention.staying.curves import RetentionCurves, retention_curve
from splw_eval.retention.staying.incidence import IncidenceCurves, cumulative_incidence

__all__ = [
    "CausesOverTime",
    "ContactDose",
    "EpisodeRules",
    "Episodes",
    "ExtrapolatedRetention",
    "FittedCox",
    "IncidenceCurves",
    "MeasurementRetention",
    "PeriodRows",
    "RetentionComparison",
    "RetentionCurves",
    "UptakeFunnel",
    "build_episodes",
    "check_rows",
    "compare_retention",
    "contact_dose",
    "cumulative_incidence",
    "extrapolate_retention",
    "fit_cox",
    "measurement_retention",
    "person_period_rows",
    "retention_curve",
    "time_varying_causes",
    "uptake_funnel",
]
