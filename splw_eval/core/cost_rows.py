"""Row types of use of services and of costs: rates, prices, cost per result, cost per QALY."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import (
    Column,
    Contributors,
    Role,
    contributors,
    count,
    label,
    mean,
    total,
    units,
)

RATE = "per 100 people a month"
_RATES = 1.0  # below 100 people a rate is told in whole numbers, which leaves their number open


def _rate(title: str) -> Column:
    return mean(title, of="n_fewest", decimals=1, coarse=_RATES)


def _estimate(title: str, *, of: str, decimals: int) -> Column:
    return Column(title=title, role=Role.ESTIMATE, base=of, decimals=decimals)


def _money(title: str, *, of: str = "n", guard: str = "made_of") -> Column:
    return total(title, of=of, dominated_by=guard)


def _df(of: str) -> Column:
    return Column(title="df", role=Role.DF, base=of, decimals=1, practices="clusters")


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRow:
    """Use of one service by one group, before and after time zero.

    All figures are of people known before and after. Where fewer than 10 used the service at all in
    one of the two times, figures rest on those few: a rate of rare events is a number of them.
    """

    group: Annotated[str, label("Group")]
    what: Annotated[str, label("Use")]
    n: Annotated[int | None, count("People known before and after")]
    n_out: Annotated[int | None, count("Left out: not known before, or not after")]
    n_fewest: Annotated[int | None, count("People that it rests on")]
    made_of: Annotated[Contributors | None, contributors("Practices behind the months")] = None
    months_before: Annotated[float | None, total("Person-months", of="n", dominated_by="made_of")]
    before: Annotated[float | None, _rate("Before")]
    before_low: Annotated[float | None, _rate("95% interval, from")]
    before_high: Annotated[float | None, _rate("to")]
    months_after: Annotated[
        float | None, total("Person-months after", of="n", dominated_by="made_of")
    ]
    after: Annotated[float | None, _rate("After")]
    after_low: Annotated[float | None, _rate("95% interval, from")]
    after_high: Annotated[float | None, _rate("to")]
    change: Annotated[float | None, _rate("Change")]
    conf_low: Annotated[float | None, _rate("95% interval, from")]
    conf_high: Annotated[float | None, _rate("to")]
    ratio: Annotated[
        float | None, mean("After as a multiple of before", of="n_fewest", decimals=2, coarse=0.05)
    ]
    ratio_low: Annotated[
        float | None, mean("95% interval, from", of="n_fewest", decimals=2, outwards=-1)
    ]
    ratio_high: Annotated[float | None, mean("to", of="n_fewest", decimals=2, outwards=1)]
    df: Annotated[float | None, _df("n_fewest")]
    clusters: Annotated[int | None, units("Practices", of="n")]
    interval: Annotated[str | None, label("Interval", of="n_fewest")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInRow:
    """Whether use of one service rose before time zero, and what is left against the time before.

    The early months end three months before time zero.
    """

    group: Annotated[str, label("Group")]
    what: Annotated[str, label("Use")]
    n: Annotated[int | None, count("People known in all three times")]
    n_fewest: Annotated[int | None, count("People that it rests on")]
    early: Annotated[float | None, _rate("Until 4 months before")]
    late: Annotated[float | None, _rate("Last 3 months before")]
    rise: Annotated[float | None, _rate("Rise")]
    conf_low: Annotated[float | None, _rate("95% interval, from")]
    conf_high: Annotated[float | None, _rate("to")]
    since: Annotated[float | None, _rate("After, less the early months")]
    since_low: Annotated[float | None, _rate("95% interval, from")]
    since_high: Annotated[float | None, _rate("to")]
    clusters: Annotated[int | None, units("Practices", of="n")]
    interval: Annotated[str | None, label("Interval", of="n_fewest")]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseMonthRow:
    """Use of one service by one group in one month, or in a few months together.

    Months are joined until enough people used the service in each stretch.
    """

    group: Annotated[str, label("Group")]
    what: Annotated[str, label("Use")]
    month: Annotated[float, Column(title="Middle month", role=Role.LABEL, decimals=1)]
    months: Annotated[str, label("Months from time zero")]
    n: Annotated[int | None, count("People known")]
    users: Annotated[int | None, count("of them with any")]
    n_fewest: Annotated[int | None, count("People that it rests on")]
    estimate: Annotated[float | None, _rate("Use")]
    conf_low: Annotated[float | None, _rate("95% interval, from")]
    conf_high: Annotated[float | None, _rate("to")]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseContrastRow:
    """The change of one group less the change of another, in one service, by one method."""

    compared: Annotated[str, label("Compared")]
    what: Annotated[str, label("Use")]
    method: Annotated[str, label("Method")]
    n: Annotated[int | None, count("People")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    n_fewest: Annotated[int | None, count("People that it rests on")]
    estimate: Annotated[float | None, _rate("Difference in changes")]
    conf_low: Annotated[float | None, _rate("95% interval, from")]
    conf_high: Annotated[float | None, _rate("to")]
    p_value: Annotated[float | None, _estimate("p", of="n_fewest", decimals=4)]
    df: Annotated[float | None, _df("n_fewest")]
    clusters: Annotated[int | None, units("Practices", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    """One price that the plan gives."""

    price: Annotated[str, label("Price of")]
    value: Annotated[float, Column(title="Price", role=Role.LABEL, decimals=2)]
    currency: Annotated[str, label("Currency")]
    year: Annotated[int, Column(title="Year", role=Role.LABEL)]
    pays: Annotated[str, label("Who pays")]
    source: Annotated[str, label("Source")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPartRow:
    """One part of what was spent, for each person of a group."""

    group: Annotated[str, label("Group")]
    kind: Annotated[str, label("Of")]
    part: Annotated[str, label("Part")]
    pays: Annotated[str, label("Who pays")]
    n: Annotated[int | None, count("People")]
    made_of: Annotated[Contributors | None, contributors("Practices behind it")] = None
    per_person: Annotated[float | None, _money("For each person")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPerRow:
    """What the programme cost for each person referred, engaged or improved."""

    group: Annotated[str, label("Group")]
    per: Annotated[str, label("For each person")]
    of: Annotated[int | None, count("People whose costs are counted")]
    n: Annotated[int | None, count("of them so")]
    made_of: Annotated[Contributors | None, contributors("Practices behind it")] = None
    cost: Annotated[float | None, _money("Cost")]
    conf_low: Annotated[float | None, _money("95% interval, from")]
    conf_high: Annotated[float | None, _money("to")]
    clusters: Annotated[int | None, units("Practices", of="n")]
    interval: Annotated[str | None, label("Interval", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerQalyRow:
    """Extra cost and extra years in full health (QALYs) of one group against another.

    A cost for each QALY is given only where both, or neither, are above zero; in words otherwise.
    """

    compared: Annotated[str, label("Compared")]
    until: Annotated[str, label("Until")]
    n: Annotated[int | None, count("People")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    n_complete: Annotated[int | None, count("With every score")]
    months_known: Annotated[
        float | None, mean("Months of use known, of 100", of="n_smaller", decimals=0)
    ]
    made_of: Annotated[Contributors | None, contributors("Practices behind it")] = None
    extra_cost: Annotated[float | None, _money("Extra cost", of="n_smaller")]
    cost_low: Annotated[float | None, _money("95% interval, from", of="n_smaller")]
    cost_high: Annotated[float | None, _money("to", of="n_smaller")]
    extra_qaly: Annotated[float | None, mean("Extra QALYs", of="n_smaller", decimals=3)]
    qaly_low: Annotated[float | None, mean("95% interval, from", of="n_smaller", decimals=3)]
    qaly_high: Annotated[float | None, mean("to", of="n_smaller", decimals=3)]
    verdict: Annotated[str | None, label("In words", of="n_smaller")]
    per_qaly: Annotated[float | None, _money("Cost for each QALY", of="n_smaller")]
    sd_cost: Annotated[float | None, _money("Spread of the extra cost", of="n_smaller")]
    sd_qaly: Annotated[
        float | None, _estimate("Spread of the extra QALYs", of="n_smaller", decimals=4)
    ]
    correlation: Annotated[float | None, _estimate("Correlation", of="n_smaller", decimals=2)]
    costs_gains: Annotated[
        float | None, _estimate("Chance: costs more, gains more", of="n_smaller", decimals=2)
    ]
    costs_loses: Annotated[
        float | None, _estimate("Chance: costs more, loses", of="n_smaller", decimals=2)
    ]
    saves_gains: Annotated[
        float | None, _estimate("Chance: costs less, gains", of="n_smaller", decimals=2)
    ]
    saves_loses: Annotated[
        float | None, _estimate("Chance: costs less, loses", of="n_smaller", decimals=2)
    ]
    clusters: Annotated[int | None, units("Practices", of="n")]
    interval: Annotated[str | None, label("Interval", of="n_smaller")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptableRow:
    """The chance that a programme is worth it to somebody who would pay so much for a QALY."""

    compared: Annotated[str, label("Compared")]
    value: Annotated[float, Column(title="Paid for a QALY", role=Role.LABEL, decimals=0)]
    stated: Annotated[str, label("In the plan")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    made_of: Annotated[Contributors | None, contributors("Practices behind it")] = None
    chance: Annotated[float | None, _estimate("Chance", of="n_smaller", decimals=2)]
    net_benefit: Annotated[float | None, _money("Net benefit", of="n_smaller")]
    conf_low: Annotated[float | None, _money("95% interval, from", of="n_smaller")]
    conf_high: Annotated[float | None, _money("to", of="n_smaller")]


CostRow = (
    UseRow
    | RunInRow
    | UseMonthRow
    | UseContrastRow
    | PriceRow
    | CostPartRow
    | CostPerRow
    | PerQalyRow
    | AcceptableRow
)
