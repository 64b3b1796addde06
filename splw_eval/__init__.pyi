from splw_eval import synthetic as synthetic
from splw_eval.core.plan import Plan as Plan
from splw_eval.core.plan import read_plan as read_plan
from splw_eval.core.result import Result as Result
from splw_eval.data import Study as Study
from splw_eval.data import load_study as load_study
from splw_eval.evaluate import Evaluation as Evaluation
from splw_eval.evaluate import evaluate_study as evaluate_study
from splw_eval.instruments import instrument as instrument
from splw_eval.instruments import instruments as instruments
from splw_eval.instruments import score as score
from splw_eval.models import FittedGee as FittedGee
from splw_eval.models import FittedMixedModel as FittedMixedModel
from splw_eval.models import fit_gee as fit_gee
from splw_eval.models import fit_mixed_model as fit_mixed_model
from splw_eval.report import write_report as write_report
from splw_eval.retention import CausesOverTime as CausesOverTime
from splw_eval.retention import ContactDose as ContactDose
from splw_eval.retention import EpisodeRules as EpisodeRules
from splw_eval.retention import Episodes as Episodes
from splw_eval.retention import ExtrapolatedRetention as ExtrapolatedRetention
from splw_eval.retention import FittedCox as FittedCox
from splw_eval.retention import IncidenceCurves as IncidenceCurves
from splw_eval.retention import RetentionComparison as RetentionComparison
from splw_eval.retention import RetentionCurves as RetentionCurves
from splw_eval.retention import UptakeFunnel as UptakeFunnel
from splw_eval.retention import build_episodes as build_episodes
from splw_eval.retention import compare_retention as compare_retention
from splw_eval.retention import contact_dose as contact_dose
from splw_eval.retention import cumulative_incidence as cumulative_incidence
from splw_eval.retention import extrapolate_retention as extrapolate_retention
from splw_eval.retention import fit_cox as fit_cox
from splw_eval.retention import retention_curve as retention_curve
from splw_eval.retention import time_varying_causes as time_varying_causes
from splw_eval.retention import uptake_funnel as uptake_funnel

__all__: list[str]
__version__: str
