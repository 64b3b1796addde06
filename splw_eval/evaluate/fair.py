"""The questions of a fair comparison: who was alike, and what is left once that is allowed for."""

from __future__ import annotations

from splw_eval.confounding.reported.adjusted import describe_adjusted
from splw_eval.confounding.reported.balanced import describe_balance, describe_weighting
from splw_eval.confounding.reported.changes import describe_changes
from splw_eval.confounding.reported.practices import describe_practice_tests
from splw_eval.confounding.reported.unmeasured import describe_e_values
from splw_eval.core import confounding_rows
from splw_eval.evaluate.question import Question

FAIR: tuple[Question, ...] = (
    Question(
        key="adjusted",
        title="The difference, unadjusted and adjusted",
        row_type=confounding_rows.AdjustedRow,
        answer=describe_adjusted,
    ),
    Question(
        key="balance",
        title="How alike the groups were",
        row_type=confounding_rows.BalanceRow,
        answer=describe_balance,
    ),
    Question(
        key="weighting",
        title="What weighting leaves",
        row_type=confounding_rows.WeightRow,
        answer=describe_weighting,
    ),
    Question(
        key="practice_tests",
        title="The difference judged by practices",
        row_type=confounding_rows.PracticeTestRow,
        answer=describe_practice_tests,
    ),
    Question(
        key="differences",
        title="Changes compared",
        row_type=confounding_rows.DifferenceRow,
        answer=describe_changes,
    ),
    Question(
        key="e_values",
        title="What would explain it away",
        row_type=confounding_rows.EValueRow,
        answer=describe_e_values,
    ),
)
