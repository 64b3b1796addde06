"""The questions that a model over all waves answers."""

from __future__ import annotations

from splw_eval import describe
from splw_eval.core import model_rows
from splw_eval.evaluate.question import Question

MODELLED: tuple[Question, ...] = (
    Question(
        key="contrasts",
        title="What the model says of the main question",
        row_type=model_rows.ContrastRow,
        answer=describe.describe_contrasts,
    ),
    Question(
        key="model_means",
        title="Mean scores by the model",
        row_type=model_rows.ModelMeanRow,
        answer=describe.describe_model_means,
    ),
    Question(
        key="model_people",
        title="Whom the model has",
        row_type=model_rows.ModelPeopleRow,
        answer=describe.describe_model_people,
    ),
    Question(
        key="methods_compared",
        title="The main question by other methods",
        row_type=model_rows.MethodRow,
        answer=describe.describe_methods,
    ),
    Question(
        key="ratios",
        title="For the next sample size",
        row_type=model_rows.RatioRow,
        answer=describe.describe_ratios,
    ),
    Question(
        key="residuals",
        title="How the scores lie about the model",
        row_type=model_rows.ResidualRow,
        answer=describe.describe_residuals,
    ),
    Question(
        key="influence",
        title="The answer without each practice",
        row_type=model_rows.InfluenceRow,
        answer=describe.describe_influence,
    ),
)
