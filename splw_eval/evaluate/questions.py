"""The table of questions: what each needs of a study, and who answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import ChangeRow, FindingRow, FunnelRow, ResponderRow, SummaryRow
from splw_eval.data import Study
from splw_eval.describe import (
    describe_change,
    describe_flow,
    describe_responders,
    describe_scores,
)

AnyResult = Result[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question that the report answers.

    Attributes
    ----------
    key, title : str
        Those of the result, also where it cannot be had.
    row_type : type
        Its rows.
    needs : callable
        Gives the reason why a plan cannot have it answered, or None.
    answer : callable
        Answers it for a study that meets the need.
    """

    key: str
    title: str
    row_type: type
    needs: Callable[[Plan], str | None]
    answer: Callable[[Study], AnyResult]

    def ask(self, study: Study) -> AnyResult:
        """Return the answer, or a result without rows whose note says why there is none."""
        reason = self.needs(study.plan)
        if reason is None:
            return self.answer(study)
        return Result(
            key=self.key,
            title=self.title,
            unit="",
            row_type=self.row_type,
            notes=(Note(text=reason),),
        )


def _nothing(_plan: Plan) -> str | None:
    return None


def _a_mid(plan: Plan) -> str | None:
    if any(outcome.mid for outcome in plan.outcomes):
        return None
    return "No outcome of the plan has a MID, so nobody can be counted as better or worse."


def describe_findings(study: Study) -> Result[FindingRow]:
    """Warnings about the files, without the rows they stand in."""
    rows = tuple(
        FindingRow(
            code=finding.code,
            place=finding.place() or "The study",
            problem=finding.problem,
            rows=len(finding.rows) or None,
            remedy=finding.remedy,
        )
        for finding in study.findings
        if finding.severity is Severity.WARNING
    )
    none = (Note(text="The checks of the files found nothing to warn of."),)
    return Result(
        key="findings",
        title="What the checks of the files found",
        unit="rows",
        row_type=FindingRow,
        rows=rows,
        notes=() if rows else none,
    )


QUESTIONS: tuple[Question, ...] = (
    Question(
        key="flow",
        title="Who was measured, and who is missing",
        row_type=FunnelRow,
        needs=_nothing,
        answer=describe_flow,
    ),
    Question(
        key="scores",
        title="Scores at each wave",
        row_type=SummaryRow,
        needs=_nothing,
        answer=describe_scores,
    ),
    Question(
        key="change",
        title="Change from baseline",
        row_type=ChangeRow,
        needs=_nothing,
        answer=describe_change,
    ),
    Question(
        key="responders",
        title="Who got better or worse by an important amount",
        row_type=ResponderRow,
        needs=_a_mid,
        answer=describe_responders,
    ),
    Question(
        key="findings",
        title="What the checks of the files found",
        row_type=FindingRow,
        needs=_nothing,
        answer=describe_findings,
    ),
)
