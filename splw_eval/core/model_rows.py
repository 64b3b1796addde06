"""Row types of models over all waves: contrasts, means, variances, and how far to trust them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, label, mean, share, spread, units

PRIMARY, EACH_WAVE, ANCOVA = "primary contrast", "at each wave", "ANCOVA"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastRow:
    """One difference between two groups, or one change of one group, from a model.

    The mean of one group and a difference give the mean of the other, so a contrast rests on the
    smaller group and is masked with it. So are degrees of freedom; those that come near to that
    group's people count people, and are masked too.
    """

    outcome: Annotated[str, label("Outcome")]
    part: Annotated[str, label("Which")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    n: Annotated[int | None, count("People measured then")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    estimate: Annotated[float | None, mean("Estimate", of="n_smaller")]
    std_error: Annotated[float | None, spread("Standard error", of="n_smaller")]
    df: Annotated[float | None, Column(title="df", role=Role.DF, base="n_smaller", decimals=1)]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_smaller")]
    conf_high: Annotated[float | None, mean("to", of="n_smaller")]
    includes_none: Annotated[str | None, label("Interval includes none", of="n_smaller")]
    interval_and_mid: Annotated[str | None, label("Interval and MID", of="n_smaller")]
    clusters: Annotated[int | None, units("Clusters", of="n")]
    grouped_by: Annotated[str | None, label("Clusters are")]
    method: Annotated[str | None, label("Interval", of="n_smaller")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMeanRow:
    """Mean score that a model expects at one wave of one arm, had nobody been lost."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    n: Annotated[int | None, count("People measured")]
    mean: Annotated[float | None, mean("Mean, by the model", of="n")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n")]
    conf_high: Annotated[float | None, mean("to", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPeopleRow:
    """People of one arm by what a model has of them."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    people: Annotated[int | None, count("People in the study")]
    n_both: Annotated[int | None, count("Start and later")]
    n_start: Annotated[int | None, count("Start only")]
    n_later: Annotated[int | None, count("Later only")]
    n_none: Annotated[int | None, count("No score used")]
    share_both: Annotated[
        float | None, share("Start and later, per cent", numerator="n_both", of="people")
    ]
    share_start: Annotated[
        float | None, share("Start only, per cent", numerator="n_start", of="people")
    ]
    share_later: Annotated[
        float | None, share("Later only, per cent", numerator="n_later", of="people")
    ]
    share_none: Annotated[
        float | None, share("No score used, per cent", numerator="n_none", of="people")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRow:
    """The primary contrast by another method, or another rule for its degrees of freedom."""

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    method: Annotated[str, label("Method")]
    n: Annotated[int | None, count("People measured then")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    estimate: Annotated[float | None, mean("Estimate", of="n_smaller")]
    std_error: Annotated[float | None, spread("Standard error", of="n_smaller")]
    df: Annotated[float | None, Column(title="df", role=Role.DF, base="n_smaller", decimals=1)]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_smaller")]
    conf_high: Annotated[float | None, mean("to", of="n_smaller")]


def _ratio(title: str) -> Column:
    return Column(title=title, role=Role.ESTIMATE, base="n", decimals=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioRow:
    """One ratio of variances, or another figure without a unit, that a sample size needs."""

    outcome: Annotated[str, label("Outcome")]
    measure: Annotated[str, label("Figure")]
    estimate: Annotated[float | None, _ratio("Estimate")]
    conf_low: Annotated[float | None, _ratio("95% interval, from")]
    conf_high: Annotated[float | None, _ratio("to")]
    n: Annotated[int | None, count("People in the model")]
    clusters: Annotated[int | None, units("Clusters", of="n")]
    method: Annotated[str, label("How it was found")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualRow:
    """One quantile of the scaled residuals of a model at one wave, over all arms."""

    outcome: Annotated[str, label("Outcome")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    below: Annotated[str, label("Share of people below")]
    expected: Annotated[float, label("Expected, in SD")]
    n: Annotated[int | None, count("People measured")]
    n_beyond: Annotated[int | None, count("People beyond it")]
    observed: Annotated[
        float | None,
        Column(title="Found, in SD", role=Role.QUANTILE, base="n_beyond", decimals=1),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluenceRow:
    """The primary contrast with one practice or link worker left out; none is named.

    With the estimate of all people an estimate without some of them tells of those left out, and
    of the groups that are left, so it is masked with the fewest of them.
    """

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    place: Annotated[int, label("In order of the estimate")]
    n: Annotated[int | None, count("People left out")]
    n_fewest: Annotated[int | None, count("Fewest of those out and of a group left")]
    estimate: Annotated[float | None, mean("Estimate without them", of="n_fewest")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_fewest")]
    conf_high: Annotated[float | None, mean("to", of="n_fewest")]


ModelRow = (
    ContrastRow | ModelMeanRow | ModelPeopleRow | MethodRow | RatioRow | ResidualRow | InfluenceRow
)
