"""Row types of results: one shape each, every field with its disclosure role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, label, mean, share, spread, units
from splw_eval.core.delivery_rows import DeliveryRow
from splw_eval.core.filled import IN_WORDS
from splw_eval.core.masking_rows import MaskedRow
from splw_eval.core.missing_rows import FairRow
from splw_eval.core.model_rows import ModelRow
from splw_eval.core.people_rows import (
    BaselineRow,
    CategoryRow,
    LostCategoryRow,
    LostNumberRow,
    LostScoreRow,
    NumberRow,
    quantile,
)
from splw_eval.core.provider_rows import WorkerRow
from splw_eval.core.quality_rows import QualityRow
from splw_eval.core.retention_rows import RetentionRow

FEW_DF = 4.0  # below this Satterthwaite's approximation is known to be poor (Tipton 2015)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """Where a study took place and when: practices, link workers, and the months measured."""

    people: Annotated[int | None, count("People in the study")]
    practices: Annotated[int | None, units("Practices", of="people")]
    link_workers: Annotated[int | None, units("Link workers", of="people")]
    first_month: Annotated[str | None, label("First month measured", of="people")]
    last_month: Annotated[str | None, label("Last month measured", of="people")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelRow:
    """People expected, measured and missing at one wave of one arm."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    enrolled: Annotated[int | None, count("People in the study")]
    not_yet_due: Annotated[int | None, count("Not yet due")]
    expected: Annotated[int | None, count("Expected")]
    measured: Annotated[int | None, count("Measured")]
    missing: Annotated[int | None, count("Missing")]
    share_measured: Annotated[
        float | None,
        share("Measured, per cent", numerator="measured", of="expected", complement="missing"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """Score of one outcome at one wave of one arm, over all who were measured."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    n: Annotated[int | None, count("People measured")]
    mean: Annotated[float | None, mean("Mean", of="n")]
    sd: Annotated[float | None, spread("SD", of="n")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n")]
    conf_high: Annotated[float | None, mean("to", of="n")]
    clusters: Annotated[int | None, units("Clusters", of="n")]
    method: Annotated[str | None, label("Interval", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """Change from baseline of one outcome at one wave of one arm, over those with both."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    n: Annotated[int | None, count("People with both")]
    mean_baseline: Annotated[float | None, mean("Mean at baseline", of="n")]
    sd_baseline: Annotated[float | None, spread("SD at baseline", of="n")]
    mean_wave: Annotated[float | None, mean("Mean at the wave", of="n")]
    sd_wave: Annotated[float | None, spread("SD at the wave", of="n")]
    estimate: Annotated[float | None, mean("Mean change", of="n")]
    sd_change: Annotated[float | None, spread("SD of change", of="n")]
    std_error: Annotated[float | None, spread("Standard error", of="n")]
    df: Annotated[float | None, Column(title="df", role=Role.DF, base="n", decimals=1)]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n")]
    conf_high: Annotated[float | None, mean("to", of="n")]
    includes_no_change: Annotated[str | None, label("Interval includes no change", of="n")]
    interval_and_mid: Annotated[str | None, label("Interval and MID", of="n")]
    effect_size: Annotated[float | None, spread("Change / baseline SD", of="n", decimals=2)]
    clusters: Annotated[int | None, units("Clusters", of="n")]
    grouped_by: Annotated[str | None, label("Clusters are")]
    method: Annotated[str | None, label("Interval", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderRow:
    """People better and worse by at least one listed difference at one wave of one arm."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    mid: Annotated[float, label("MID")]
    unit: Annotated[str, label("Unit of the MID")]
    kind: Annotated[str, label("How it was found")]
    source: Annotated[str, label("Source")]
    n: Annotated[int | None, count("People with both")]
    n_better: Annotated[int | None, count("Better")]
    n_same: Annotated[int | None, count("Within the MID")]
    n_worse: Annotated[int | None, count("Worse")]
    share_better: Annotated[float | None, share("Better, per cent", numerator="n_better", of="n")]
    share_same: Annotated[float | None, share("Within, per cent", numerator="n_same", of="n")]
    share_worse: Annotated[float | None, share("Worse, per cent", numerator="n_worse", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRow:
    """People of one arm with the same run of measured and missing waves."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    pattern: Annotated[str, label("Pattern")]
    measured_at: Annotated[str, label("Measured at")]
    kind: Annotated[str, label("Kind")]
    people: Annotated[int | None, count("People")]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonotoneRow:
    """People of one arm who never came back once they were missing, and those who did."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    people: Annotated[int | None, count("People with a wave due")]
    complete: Annotated[int | None, count("Measured at every wave due")]
    stopped: Annotated[int | None, count("Missing from some wave on")]
    gaps: Annotated[int | None, count("Missing, then measured again")]
    monotone: Annotated[int | None, count("Complete or missing from some wave on")]
    share_monotone: Annotated[
        float | None,
        share("Monotone, per cent", numerator="monotone", of="people", complement="gaps"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """Why scores are missing at one wave of one arm."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    reason: Annotated[str, label("Reason")]
    people: Annotated[int | None, count("People")]
    others: Annotated[int | None, count("Missing for another reason")]
    missing: Annotated[int | None, count("All missing")]
    share: Annotated[
        float | None,
        share(
            "Of all missing, per cent",
            numerator="people",
            of="missing",
            complement="others",
            parts_of=("outcome", "arm", "wave"),
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysRow:
    """Days from time zero to one event, over those of one arm for whom both days are known."""

    event: Annotated[str, label("Until")]
    arm: Annotated[str, label("Group")]
    planned: Annotated[str, label("Planned")]
    known: Annotated[int | None, count("People with both dates")]
    lower: Annotated[float | None, quantile("Lower quartile", 0)]
    median: Annotated[float | None, quantile("Median", 0)]
    upper: Annotated[float | None, quantile("Upper quartile", 0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRow:
    """How far one column of one table is filled."""

    table: Annotated[str, label("Table")]
    column: Annotated[str, label("Column")]
    meaning: Annotated[str, label("What it holds")]
    level: Annotated[str, label("Must or should")]
    records: Annotated[int | None, count("Records")]
    filled: Annotated[int | None, count("Filled")]
    empty: Annotated[int | None, count("Empty")]
    share_filled: Annotated[
        float | None,
        share("Filled, per cent", numerator="filled", of="records", complement="empty"),
    ]
    verdict: Annotated[str | None, IN_WORDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionRow:
    """How exactly a mean change can be told at one wave of one arm."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    n: Annotated[int | None, count("People with both")]
    clusters: Annotated[int | None, units("Clusters", of="n")]
    half_width: Annotated[float | None, mean("Known to within about", of="n")]
    mid: Annotated[float | None, label("MID")]
    enough: Annotated[str | None, label("Enough to see the MID?", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportRow:
    """One question, whether the study can answer it, and what it lacks."""

    question: Annotated[str, label("Question")]
    answer: Annotated[str, label("Can it be answered?")]
    lacking: Annotated[str, label("What is lacking")]
    gap: Annotated[str, label("What that leaves open")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One warning about the plan or the files, without row numbers."""

    code: Annotated[str, label("Code")]
    place: Annotated[str, label("Where")]
    problem: Annotated[str, label("What was found")]
    rows: Annotated[int | None, count("Rows")]
    remedy: Annotated[str, label("What to do")]


Row = (
    SettingRow
    | FunnelRow
    | SummaryRow
    | ChangeRow
    | ResponderRow
    | CategoryRow
    | NumberRow
    | BaselineRow
    | LostCategoryRow
    | LostNumberRow
    | LostScoreRow
    | PatternRow
    | MonotoneRow
    | ReasonRow
    | DaysRow
    | FilledRow
    | WorkerRow
    | PrecisionRow
    | SupportRow
    | FindingRow
    | QualityRow
    | ModelRow
    | RetentionRow
    | DeliveryRow
    | FairRow
    | MaskedRow
)

__all__ = [
    "BaselineRow",
    "CategoryRow",
    "ChangeRow",
    "DaysRow",
    "FilledRow",
    "FindingRow",
    "FunnelRow",
    "LostCategoryRow",
    "LostNumberRow",
    "LostScoreRow",
    "MonotoneRow",
    "NumberRow",
    "PatternRow",
    "PrecisionRow",
    "ReasonRow",
    "ResponderRow",
    "Row",
    "SettingRow",
    "SummaryRow",
    "SupportRow",
    "WorkerRow",
]
