"""Results made of masked ones, once all of those are there: they can tell no more than these do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from splw_eval.appraisal.checklists import appraise
from splw_eval.core.check_rows import CheckRow
from splw_eval.core.masking_rows import MaskingRow
from splw_eval.core.power_rows import SizingRow
from splw_eval.data import Study
from splw_eval.evaluate import sized
from splw_eval.evaluate.question import AnyResult
from splw_eval.evaluate.questions import QUESTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """One result made of masked ones.

    Attributes
    ----------
    key, title : str
    row_type : type
        Its rows.
    answer : callable
        Makes it of a study's plan and findings and of its masked results.
    """

    key: str
    title: str
    row_type: type
    answer: Callable[[Study, Mapping[str, AnyResult]], AnyResult]


def _audit(study: Study, results: Mapping[str, AnyResult]) -> AnyResult:
    return appraise(study.plan, results, findings=study.findings)


def _sizing(study: Study, results: Mapping[str, AnyResult]) -> AnyResult:
    return sized.describe_sizing(study.plan, results)


LAST: tuple[Last, ...] = (
    Last(key=sized.SIZING, title=sized.TITLE, row_type=SizingRow, answer=_sizing),
    Last(key="audit", title="What reviewers will ask", row_type=CheckRow, answer=_audit),
)

# Key, title and rows of every result of an evaluation, in their order.
TABLES: tuple[tuple[str, str, type], ...] = (
    *((asked.key, asked.title, asked.row_type) for asked in QUESTIONS),
    ("masking", "What is not shown, and why", MaskingRow),  # made by `disclose`
    *((last.key, last.title, last.row_type) for last in LAST),
)
