"""Row types of results: one shape each, every field with its disclosure role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, label, mean, share, spread, units

FEW_DF = 4.0  # below this Satterthwaite's approximation is known to be poor (Tipton 2015)


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
    method: Annotated[str | None, label("Interval", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderRow:
    """People better and worse by at least the MID at one wave of one arm."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    mid: Annotated[float, label("MID")]
    n: Annotated[int | None, count("People with both")]
    n_better: Annotated[int | None, count("Better")]
    n_same: Annotated[int | None, count("Within the MID")]
    n_worse: Annotated[int | None, count("Worse")]
    share_better: Annotated[float | None, share("Better, per cent", numerator="n_better", of="n")]
    share_same: Annotated[float | None, share("Within, per cent", numerator="n_same", of="n")]
    share_worse: Annotated[float | None, share("Worse, per cent", numerator="n_worse", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One warning about the plan or the files, without row numbers."""

    code: Annotated[str, label("Code")]
    place: Annotated[str, label("Where")]
    problem: Annotated[str, label("What was found")]
    rows: Annotated[int | None, count("Rows")]
    remedy: Annotated[str, label("What to do")]


Row = FunnelRow | SummaryRow | ChangeRow | ResponderRow | FindingRow
