"""Where the rooms meet: a plan and its files in, masked results out."""

from splw_eval.evaluate.evaluation import Evaluation, evaluate_study

__all__ = ["Evaluation", "evaluate_study"]
