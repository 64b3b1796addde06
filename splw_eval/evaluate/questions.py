"""The table of questions: what each needs of a study, and who answers it."""

from __future__ import annotations

from splw_eval import describe
from splw_eval.core import card_rows, masking_rows, quality_rows, rows
from splw_eval.evaluate.costed import COSTED
from splw_eval.evaluate.fair import FAIR
from splw_eval.evaluate.findings import describe_findings
from splw_eval.evaluate.lost_answers import LOST_ANSWERS
from splw_eval.evaluate.modelled import MODELLED
from splw_eval.evaluate.needs import (
    CATEGORIES,
    CONDITIONS,
    a_catalogued_instrument,
    a_mid_or_a_catalogued_instrument,
    an_item_about_risk,
    answers_to_items,
    records,
)
from splw_eval.evaluate.question import AnyResult, Question
from splw_eval.evaluate.reached import REACHED
from splw_eval.evaluate.received import RECEIVED
from splw_eval.evaluate.retained import RETAINED
from splw_eval.evaluate.sized import SIZED
from splw_eval.evaluate.support import describe_support

__all__ = ["QUESTIONS", "AnyResult", "Question"]

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
        needs=CATEGORIES,
    ),
    Question(
        key="quantities",
        title="Long-term conditions of those who came",
        row_type=rows.NumberRow,
        answer=describe.describe_quantities,
        needs=CONDITIONS,
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
        needs=CATEGORIES,
    ),
    Question(
        key="lost_quantities",
        title="Who was lost, by number of long-term conditions",
        row_type=rows.LostNumberRow,
        answer=describe.describe_lost_quantities,
        needs=CONDITIONS,
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
    *MODELLED,
    *LOST_ANSWERS,
    *FAIR,
    *RECEIVED,
    *RETAINED,
    *COSTED,
    *REACHED,
    *SIZED,
    Question(
        key="responders",
        title="Who got better or worse by an important amount",
        row_type=rows.ResponderRow,
        answer=describe.describe_responders,
        needs=a_mid_or_a_catalogued_instrument,
    ),
    Question(
        key="reliable_change",
        title="Who changed beyond the error of measurement",
        row_type=quality_rows.ReliableChangeRow,
        answer=describe.describe_reliable_change,
        needs=answers_to_items,
    ),
    Question(
        key="instruments",
        title="How each questionnaire is scored",
        row_type=card_rows.InstrumentRow,
        answer=describe.describe_instruments,
    ),
    Question(
        key="bands",
        title="Bands of the scores",
        row_type=card_rows.BandRow,
        answer=describe.describe_bands,
        needs=a_catalogued_instrument,
    ),
    Question(
        key="important_differences",
        title="Sizes of change that were called important",
        row_type=card_rows.ImportantDifferenceRow,
        answer=describe.describe_important_differences,
        needs=a_mid_or_a_catalogued_instrument,
    ),
    Question(
        key="norms",
        title="Scores of other people",
        row_type=card_rows.NormRow,
        answer=describe.describe_norms,
        needs=a_catalogued_instrument,
    ),
    Question(
        key="reliability",
        title="Whether the items of each questionnaire agree",
        row_type=quality_rows.ReliabilityRow,
        answer=describe.describe_reliability,
        needs=answers_to_items,
    ),
    Question(
        key="floor_ceiling",
        title="How many have the lowest or the highest score",
        row_type=quality_rows.FloorRow,
        answer=describe.describe_floor,
    ),
    Question(
        key="agreement",
        title="Scores from the items beside the totals in the files",
        row_type=quality_rows.AgreementRow,
        answer=describe.describe_agreement,
        needs=answers_to_items,
    ),
    Question(
        key="risk",
        title="Answers about risk",
        row_type=card_rows.RiskRow,
        answer=describe.describe_risk,
        needs=an_item_about_risk,
    ),
    Question(
        key="records",
        title="How completely the records were kept",
        row_type=rows.FilledRow,
        answer=describe.describe_records,
        needs=records,
    ),
    Question(
        key="workers",
        title="Link workers who serve several practices",
        row_type=rows.WorkerRow,
        answer=describe.describe_workers,
    ),
    Question(
        key="identifiability",
        title="How easily people could be told in the files",
        row_type=masking_rows.IdentifiabilityRow,
        answer=describe.describe_identifiability,
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
        row_type=rows.FindingRow,
        answer=describe_findings,
    ),
)
