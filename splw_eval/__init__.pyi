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

__all__: list[str]
__version__: str
