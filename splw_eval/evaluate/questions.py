"""The table of questions: what each needs of a study, and who answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from splw_eval import describe
from splw_eval.core import rows
from splw_eval.core.findings import Severity
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import FindingRow
from splw_eval.data import Study
from splw_eval.evaluate.support import describe_support

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
    answer : callable
        Answers it for a study that meets the need.
    needs : callable
        Gives the reason why a study cannot have it answered, or None.
    """

    key: str
    title: str
    row_type: type
    answer: Callable[[Study], AnyResult]
    needs: Callable[[Study], str | None] = lambda _study: None

    def ask(self, study: Study) -> AnyResult:
        """Return the answer, or a result without rows whose note says why there is none."""
        reason = self.needs(study)
        if reason is None:
            return self.answer(study)
        return Result(
            key=self.key,
            title=self.title,
            unit="",
            row_type=self.row_type,
            notes=(Note(text=reason),),
        )


def _a_mid(study: Study) -> str | None:
    if any(outcome.mid for outcome in study.plan.outcomes):
        return None
    return "No outcome of the plan has a MID, so nobody can be counted as better or worse."


def _people(*columns: str) -> Callable[[Study], str | None]:
    """Need one of some columns of the people table."""

    def needs(study: Study) -> str | None:
        table = study.tables.get("people")
        if table is None:
            return "There is no people file, so nothing is known of people beside their scores."
        if any(column in table.columns for column in columns):
            return None
        return f"The people file holds none of these columns: {', '.join(columns)}."

    return needs


def _records(study: Study) -> str | None:
    if any(name in study.tables for name in describe.RECORDS):
        return None
    return (
        "There is no file of episodes, contacts, support or link workers, so nothing is known of "
        "what was done, by whom, or how completely it was written down."
    )


_CATEGORIES = _people(
    "age_band",
    "sex",
    "ethnicity",
    "imd_decile",
    "carer",
    "employment",
    "living_alone",
    "interpreter",
)
_CONDITIONS = _people("ltc_physical", "ltc_mental")


def describe_findings(study: Study) -> Result[FindingRow]:
    """Warnings about the files, without the rows they stand in."""
    found = tuple(
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
        rows=found,
        notes=() if found else none,
    )


QUESTIONS: tuple[Question, ...] = (
    Question(
        key="setting",
        title="Where and when the study took place",
        row_type=rows.SettingRow,
        answer=describe.describe_setting,
    ),
    Question(
        key="flow",
        title="Who was measured, and who is missing",
        row_type=rows.FunnelRow,
        answer=describe.describe_flow,
    ),
    Question(
        key="characteristics",
        title="Who came",
        row_type=rows.CategoryRow,
        answer=describe.describe_characteristics,
        needs=_CATEGORIES,
    ),
    Question(
        key="quantities",
        title="Long-term conditions of those who came",
        row_type=rows.NumberRow,
        answer=describe.describe_quantities,
        needs=_CONDITIONS,
    ),
    Question(
        key="baseline",
        title="Scores at the start",
        row_type=rows.BaselineRow,
        answer=describe.describe_baseline,
    ),
    Question(
        key="lost_characteristics",
        title="Who was lost, by characteristic",
        row_type=rows.LostCategoryRow,
        answer=describe.describe_lost_characteristics,
        needs=_CATEGORIES,
    ),
    Question(
        key="lost_quantities",
        title="Who was lost, by number of long-term conditions",
        row_type=rows.LostNumberRow,
        answer=describe.describe_lost_quantities,
        needs=_CONDITIONS,
    ),
    Question(
        key="lost_scores",
        title="Who was lost, by score at the start",
        row_type=rows.LostScoreRow,
        answer=describe.describe_lost_scores,
    ),
    Question(
        key="patterns",
        title="Which waves people were measured at",
        row_type=rows.PatternRow,
        answer=describe.describe_patterns,
    ),
    Question(
        key="monotone",
        title="Who stopped, and who came back",
        row_type=rows.MonotoneRow,
        answer=describe.describe_monotone,
    ),
    Question(
        key="reasons",
        title="Why scores are missing",
        row_type=rows.ReasonRow,
        answer=describe.describe_reasons,
    ),
    Question(
        key="days",
        title="When people were met and measured",
        row_type=rows.DaysRow,
        answer=describe.describe_days,
    ),
    Question(
        key="scores",
        title="Scores at each wave",
        row_type=rows.SummaryRow,
        answer=describe.describe_scores,
    ),
    Question(
        key="change",
        title="Change from baseline",
        row_type=rows.ChangeRow,
        answer=describe.describe_change,
    ),
    Question(
        key="responders",
        title="Who got better or worse by an important amount",
        row_type=rows.ResponderRow,
        answer=describe.describe_responders,
        needs=_a_mid,
    ),
    Question(
        key="records",
        title="How completely the records were kept",
        row_type=rows.FilledRow,
        answer=describe.describe_records,
        needs=_records,
    ),
    Question(
        key="workers",
        title="Link workers who serve several practices",
        row_type=rows.WorkerRow,
        answer=describe.describe_workers,
    ),
    Question(
        key="precision",
        title="How exactly a change can be told",
        row_type=rows.PrecisionRow,
        answer=describe.describe_precision,
    ),
    Question(
        key="support",
        title="What your data can and cannot answer",
        row_type=rows.SupportRow,
        answer=describe_support,
    ),
    Question(
        key="findings",
        title="What the checks of the files found",
        row_type=FindingRow,
        answer=describe_findings,
    ),
)
