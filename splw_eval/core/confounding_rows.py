"""Row types of a fair comparison: balance, weights, adjusted differences, contacts, subgroups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, label, mean, share, spread, units

BEFORE, AFTER = "before weighting", "after weighting"
_LEVELS = 0.05  # with two decimals shares of two groups tell how many there are of a level
POINT, LIMIT = "the estimate", "the end of the interval nearer to no difference"


def _p(of: str) -> Column:
    return Column(title="p", role=Role.ESTIMATE, base=of, decimals=4)


def _df(of: str) -> Column:
    return Column(title="df", role=Role.DF, base=of, decimals=1, practices="clusters")


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """How unlike the groups were at the start in one characteristic, before and after weighting.

    The differences of all levels of a characteristic add up, so every level rests on the fewest
    people of any of them in either group, and all are masked together.
    """

    compared: Annotated[str, label("Compared")] = ""
    characteristic: Annotated[str, label("Characteristic")]
    level: Annotated[str, label("Level")]
    n: Annotated[int | None, count("People of whom it is known")]
    n_fewest: Annotated[int | None, count("Fewest people in one group and level")]
    before: Annotated[
        float | None,
        mean("Difference before weighting, in SD", of="n_fewest", decimals=2, coarse=_LEVELS),
    ]
    after: Annotated[
        float | None,
        mean("Difference after weighting, in SD", of="n_fewest", decimals=2, coarse=_LEVELS),
    ]
    chance_limit: Annotated[
        float | None,
        mean("Expected by chance up to, in SD", of="n_fewest", decimals=2, coarse=_LEVELS),
    ]
    ratio_before: Annotated[
        float | None, mean("Ratio of variances before", of="n_fewest", decimals=2)
    ]
    ratio_after: Annotated[
        float | None, mean("Ratio of variances after", of="n_fewest", decimals=2)
    ]
    between_practices: Annotated[
        float | None,
        mean("Difference of practices' means, in their SD", of="n_fewest", decimals=1),
    ]
    clusters: Annotated[int | None, units("Practices", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRow:
    """How many people one group is worth once weighted, and on how few of them it leans.

    The effective size of a group with equal weights is its size, so it is masked as a number of
    people. What a single person weighs is not told.
    """

    compared: Annotated[str, label("Compared")] = ""
    population: Annotated[str, label("Whom the weights stand for")]
    method: Annotated[str, label("Weights")]
    group: Annotated[str, label("Group")]
    n: Annotated[int | None, count("People")]
    effective: Annotated[int | None, count("Worth as many people of equal weight")]
    heaviest: Annotated[int | None, count("People in the tenth with the largest weights")]
    share_heaviest: Annotated[
        float | None, mean("Weight that these carry, per cent", of="heaviest", decimals=0)
    ]
    one_practice: Annotated[
        str | None, label("Does one practice hold over 30 per cent of the weight?", of="n")
    ]
    clusters: Annotated[int | None, units("Practices", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedRow:
    """One difference between two groups, unadjusted or adjusted, by one method."""

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    method: Annotated[str, label("Method")]
    population: Annotated[str, label("Holds for")]
    default: Annotated[str, label("The method of this design")]
    n: Annotated[int | None, count("People")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    estimate: Annotated[float | None, mean("Estimate", of="n_smaller")]
    std_error: Annotated[float | None, spread("Standard error", of="n_smaller")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_smaller")]
    conf_high: Annotated[float | None, mean("to", of="n_smaller")]
    p_value: Annotated[float | None, _p("n_smaller")]
    df: Annotated[float | None, _df("n_smaller")]
    clusters: Annotated[int | None, units("Practices", of="n")]
    interval: Annotated[str | None, label("Interval", of="n_smaller")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeTestRow:
    """A difference judged by what practices alone could have shown: permuted, or with other signs.

    An end of the interval that is missing lies beyond every number that was tried. A test by t has
    degrees of freedom, and no ways to allocate.
    """

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    method: Annotated[str, label("Test")]
    within: Annotated[str, label("Within strata of")]
    allocations: Annotated[
        int | None, Column(title="Ways to allocate, or to sign", role=Role.LABEL)
    ]
    smallest_p: Annotated[
        float | None, Column(title="Smallest p there could be", role=Role.ESTIMATE, decimals=4)
    ]
    n: Annotated[int | None, count("People")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    estimate: Annotated[float | None, mean("Estimate", of="n_smaller")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_smaller")]
    conf_high: Annotated[float | None, mean("to", of="n_smaller")]
    p_value: Annotated[float | None, _p("n_smaller")]
    df: Annotated[float | None, _df("n_smaller")]
    clusters: Annotated[int | None, units("Practices", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """A difference in changes beside a difference at equal baselines, and that at the start.

    The change by regression and the last row part where the groups differed at the start, the
    characteristics alike: how far is told by the second.
    """

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    method: Annotated[str, label("Method")]
    n: Annotated[int | None, count("People with both scores")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    estimate: Annotated[float | None, mean("Estimate", of="n_smaller")]
    std_error: Annotated[float | None, spread("Standard error", of="n_smaller")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_smaller")]
    conf_high: Annotated[float | None, mean("to", of="n_smaller")]
    p_value: Annotated[float | None, _p("n_smaller")]
    df: Annotated[float | None, _df("n_smaller")]
    clusters: Annotated[int | None, units("Practices", of="n")]
    interval: Annotated[str | None, label("Interval", of="n_smaller")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EValueRow:
    """How strong an unmeasured confounder would have to be to explain a difference away."""

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    of: Annotated[str, label("For")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    difference: Annotated[float | None, mean("In SD", of="n_smaller", decimals=2)]
    risk_ratio: Annotated[
        float | None, mean("As a ratio of risks, about", of="n_smaller", decimals=2)
    ]
    e_value: Annotated[float | None, mean("E-value", of="n_smaller", decimals=2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementRow:
    """A difference by who was offered the programme, or by who received it.

    The complier-average effect is the difference by offer divided by the share who received it, so
    both rest on the fewest of those who did, those who did not, and the smaller group.
    """

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    method: Annotated[str, label("Which")]
    n: Annotated[int | None, count("People")]
    offered: Annotated[int | None, count("Offered the programme")]
    received: Annotated[int | None, count("of them received it")]
    not_received: Annotated[int | None, count("of them did not")]
    share_received: Annotated[
        float | None,
        share(
            "Received it, per cent",
            numerator="received",
            of="offered",
            complement="not_received",
            guarded=True,
        ),
    ]
    n_fewest: Annotated[int | None, count("Fewest it rests on")]
    estimate: Annotated[float | None, mean("Estimate", of="n_fewest")]
    std_error: Annotated[float | None, spread("Standard error", of="n_fewest")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_fewest")]
    conf_high: Annotated[float | None, mean("to", of="n_fewest")]
    p_value: Annotated[float | None, _p("n_fewest")]
    df: Annotated[float | None, _df("n_fewest")]
    first_stage_f: Annotated[
        float | None, mean("How far the offer moved receipt (F)", of="n_fewest", decimals=1)
    ]
    clusters: Annotated[int | None, units("Practices", of="n")]
    interval: Annotated[str | None, label("Interval", of="n_fewest")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseResponseRow:
    """Scores of people with so many contacts: exploratory, as contacts were not given by chance."""

    outcome: Annotated[str, label("Outcome")]
    group: Annotated[str, label("Group")]
    when: Annotated[str, label("When")]
    contacts: Annotated[str, label("Contacts attended")]
    n: Annotated[int | None, count("People measured then")]
    n_fewest: Annotated[int | None, count("Fewest of these and of those set against")]
    mean: Annotated[float | None, mean("Mean", of="n")]
    difference: Annotated[float | None, mean("Difference, adjusted", of="n_fewest")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_fewest")]
    conf_high: Annotated[float | None, mean("to", of="n_fewest")]
    df: Annotated[float | None, _df("n_fewest")]
    clusters: Annotated[int | None, units("Practices", of="n_fewest")]
    method: Annotated[str | None, label("Interval", of="n_fewest")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupRow:
    """The difference among people of one level, and how it stands to that of the other levels.

    No level has a p-value: what may be asked is whether the difference is another one there.
    """

    outcome: Annotated[str, label("Outcome")]
    compared: Annotated[str, label("Compared")]
    when: Annotated[str, label("When")]
    by: Annotated[str, label("By")]
    level: Annotated[str, label("Level")]
    against: Annotated[str, label("Set against")]
    n_programme: Annotated[int | None, count("Programme: people")]
    n_comparison: Annotated[int | None, count("Comparison: people")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    n_fewest: Annotated[int | None, count("Fewest of these and of those set against")]
    difference: Annotated[float | None, mean("Difference", of="n_smaller")]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_smaller")]
    conf_high: Annotated[float | None, mean("to", of="n_smaller")]
    interaction: Annotated[float | None, mean("More than elsewhere by", of="n_fewest")]
    interaction_low: Annotated[float | None, mean("95% interval, from", of="n_fewest")]
    interaction_high: Annotated[float | None, mean("to", of="n_fewest")]
    df: Annotated[float | None, _df("n_fewest")]
    clusters: Annotated[int | None, units("Practices", of="n_fewest")]


ConfoundingRow = (
    BalanceRow
    | WeightRow
    | AdjustedRow
    | PracticeTestRow
    | DifferenceRow
    | EValueRow
    | EngagementRow
    | DoseResponseRow
    | SubgroupRow
)
