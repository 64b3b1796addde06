"""Who was lost, and what the answer would be if they were not."""

from splw_eval.missing.assumptions.conditional_mean import ConditionalMean, conditional_mean
from splw_eval.missing.assumptions.sensitivity import Sensitivity, sensitivity
from splw_eval.missing.assumptions.tipping_point import TippingPoint, tipping_point
from splw_eval.missing.filling.chained import impute_chained
from splw_eval.missing.filling.chained_record import ChainedImputations
from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.drawn import Draws
from splw_eval.missing.filling.impute import impute
from splw_eval.missing.filling.imputed import Imputations
from splw_eval.missing.loss.observed_weights import WeightedCheck, observed_weights
from splw_eval.missing.loss.patterns import PatternTable, pattern_table
from splw_eval.missing.loss.predictors import LossPredictors, predictors_of_loss
from splw_eval.missing.pooling.analyse import analyse
from splw_eval.missing.pooling.analyses import Analyses
from splw_eval.missing.pooling.pool import pool
from splw_eval.missing.pooling.pooled import PooledEstimates

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
