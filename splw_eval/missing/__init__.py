"""Who was lost, and what the answer would be if they were not."""

from splw_eval.missing.analyse import analyse
from splw_eval.missing.analyses import Analyses
from splw_eval.missing.chained import impute_chained
from splw_eval.missing.chained_record import ChainedImputations
from splw_eval.missing.conditional_mean import ConditionalMean, conditional_mean
from splw_eval.missing.draw import draw
from splw_eval.missing.drawn import Draws
from splw_eval.missing.impute import impute
from splw_eval.missing.imputed import Imputations
from splw_eval.missing.observed_weights import WeightedCheck, observed_weights
from splw_eval.missing.patterns import PatternTable, pattern_table
from splw_eval.missing.pool import pool
from splw_eval.missing.pooled import PooledEstimates
from splw_eval.missing.predictors import LossPredictors, predictors_of_loss
from splw_eval.missing.sensitivity import Sensitivity, sensitivity
from splw_eval.missing.tipping_point import TippingPoint, tipping_point

__all__ = [
    "Analyses",
    "ChainedImputations",
    "ConditionalMean",
    "Draws",
    "Imputations",
    "LossPredictors",
    "PatternTable",
    "PooledEstimates",
    "Sensitivity",
    "TippingPoint",
    "WeightedCheck",
    "analyse",
    "conditional_mean",
    "draw",
    "impute",
    "impute_chained",
    "observed_weights",
    "pattern_table",
    "pool",
    "predictors_of_loss",
    "sensitivity",
    "tipping_point",
]
