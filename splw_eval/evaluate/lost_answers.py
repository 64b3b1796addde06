"""The questions of missing follow-up: who was lost, and the answer under other assumptions."""

from __future__ import annotations

from splw_eval.core import missing_rows
from splw_eval.evaluate.question import Question
from splw_eval.missing import reported

LOST_ANSWERS: tuple[Question, ...] = (
    Question(
        key="sensitivity",
        title="The answer under other assumptions about people who were lost",
        row_type=missing_rows.SensitivityRow,
        answer=reported.describe_sensitivity,
    ),
    Question(
        key="tipping",
        title="If people who were lost did worse than people like them",
        row_type=missing_rows.TippingRow,
        answer=reported.describe_tipping,
    ),
    Question(
        key="observed_weights",
        title="People measured, weighted to stand for those lost",
        row_type=missing_rows.ObservedWeightRow,
        answer=reported.describe_observed_weights,
    ),
    Question(
        key="loss_practices",
        title="How many are missing, and whether practices differ",
        row_type=missing_rows.LossPatternRow,
        answer=reported.describe_loss_by_practice,
    ),
    Question(
        key="loss_predictors",
        title="What went with being lost",
        row_type=missing_rows.LossPredictorRow,
        answer=reported.describe_loss_predictors,
    ),
)
