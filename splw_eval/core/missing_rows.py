"""Row types of missing follow-up: who was lost, and the answer under other assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, label, mean, share, spread, units
from splw_eval.core.confounding_rows import ConfoundingRow

_ODDS = 0.05  # with two decimals a ratio of odds and its interval tell its four counts
_PER_CENT = 5.0  # exactly, a share of a small practice is so many of so many
_POINTS = ("delta_programme", "delta_comparison")


def _p(of: str) -> Column:
    return Column(title="p", role=Role.ESTIMATE, base=of, decimals=4)


def _df(of: str) -> Column:
    return Column(title="df", role=Role.DF, base=of, decimals=1, practices="clusters")


def _between(title: str) -> Column:
    return Column(title=title, role=Role.QUANTILE, base="missing", decimals=0, coarse=_PER_CENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossPatternRow:
    """How many of one group are missing at one wave, and how unlike practices are in that."""

    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    expected: Annotated[int | None, count("Expected")]
    measured: Annotated[int | None, count("Measured")]
    missing: Annotated[int | None, count("Missing")]
    share_missing: Annotated[
        float | None,
        share(
            "Missing, per cent",
            numerator="missing",
            of="expected",
            complement="measured",
            guarded=True,
        ),
    ]
    lower: Annotated[float | None, _between("Of practices: lower quarter, per cent")]
    median: Annotated[float | None, _between("median, per cent")]
    upper: Annotated[float | None, _between("upper quarter, per cent")]
    clusters: Annotated[int | None, units("Practices", of="expected")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LossPredictorRow:
    """How much more often people of one kind were lost; an association.

    A level rests on the fewest of those in it, and of all others, who were lost or stayed.
    """

    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    characteristic: Annotated[str, label("Characteristic")]
    level: Annotated[str, label("Level, or step")]
    n: Annotated[int | None, count("People", of="n_fewest")]
    n_fewest: Annotated[int | None, count("Fewest it rests on")]
    odds_ratio: Annotated[float | None, mean("Odds ratio", of="n_fewest", decimals=2, coarse=_ODDS)]
    conf_low: Annotated[
        float | None, mean("95% interval, from", of="n_fewest", decimals=2, outwards=-1)
    ]
    conf_high: Annotated[float | None, mean("to", of="n_fewest", decimals=2, outwards=1)]
    df: Annotated[float | None, _df("n_fewest")]
    clusters: Annotated[int | None, units("Practices", of="n")]
    method: Annotated[str | None, label("Interval", of="n_fewest")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    """The primary difference under one assumption about people who were lost.

    Beside that under another assumption it gives the share that is missing, so it rests on the
    fewest of those whose scores were filled in, and of the smaller group.
    """

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    strategy: Annotated[str, label("Name")]
    assumption: Annotated[str, label("People who were lost")]
    default: Annotated[str, label("The main answer")]
    n: Annotated[int | None, count("People", of="n_fewest")]
    filled_in: Annotated[int | None, count("Whose score was filled in", of="n_fewest")]
    n_fewest: Annotated[int | None, count("Fewest it rests on")]
    estimate: Annotated[float | None, mean("Estimate", of="n_fewest")]
    std_error: Annotated[float | None, spread("Standard error", of="n_fewest")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_fewest")]
    conf_high: Annotated[float | None, mean("to", of="n_fewest")]
    p_value: Annotated[float | None, _p("n_fewest")]
    df: Annotated[float | None, _df("n_fewest")]
    fraction_missing: Annotated[
        float | None,
        mean("Information lost, per cent", of="n_fewest", decimals=0),
    ]
    imputations: Annotated[int | None, Column(title="Times filled in", role=Role.LABEL)]
    clusters: Annotated[int | None, units("Practices", of="n")]
    interval: Annotated[str | None, label("Interval", of="n_fewest")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingRow:
    """The primary difference if people lost did so many points worse than people like them.

    From step to step it moves by the share that is missing, so it rests on the fewest of those
    whose scores were filled in, and of the smaller group.
    """

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    delta_programme: Annotated[
        float, Column(title="Programme: worse by", role=Role.LABEL, decimals=2)
    ]
    delta_comparison: Annotated[
        float, Column(title="Comparison: worse by", role=Role.LABEL, decimals=2)
    ]
    n_fewest: Annotated[int | None, count("Fewest it rests on")]
    estimate: Annotated[float | None, mean("Estimate", of="n_fewest", moved_by=_POINTS)]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_fewest", moved_by=_POINTS)]
    conf_high: Annotated[float | None, mean("to", of="n_fewest", moved_by=_POINTS)]
    conclusion: Annotated[str | None, label("What would be concluded", of="n_fewest")]
    better_until: Annotated[
        float | None,
        mean("Wholly for the programme below (points worse)", of="n_fewest"),
    ] = None
    worse_from: Annotated[
        float | None,
        mean("Wholly against the programme above (points worse)", of="n_fewest"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedWeightRow:
    """The primary difference among those measured, weighted by how likely that was: a check."""

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    method: Annotated[str, label("Weights")]
    n: Annotated[int | None, count("People measured", of="n_fewest")]
    missing: Annotated[int | None, count("People missing", of="n_fewest")]
    n_fewest: Annotated[int | None, count("Fewest it rests on")]
    effective: Annotated[int | None, count("Worth as many people of equal weight", of="n_fewest")]
    estimate: Annotated[float | None, mean("Estimate", of="n_fewest")]
    std_error: Annotated[float | None, spread("Standard error", of="n_fewest")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_fewest")]
    conf_high: Annotated[float | None, mean("to", of="n_fewest")]
    p_value: Annotated[float | None, _p("n_fewest")]
    df: Annotated[float | None, _df("n_fewest")]
    clusters: Annotated[int | None, units("Practices", of="n")]
    interval: Annotated[str | None, label("Interval", of="n_fewest")]


MissingRow = LossPatternRow | LossPredictorRow | SensitivityRow | TippingRow | ObservedWeightRow
FairRow = ConfoundingRow | MissingRow  # both of a fair comparison
