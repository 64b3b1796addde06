"""The same comparison under several assumptions about scores that are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.assumptions.completed_arms import ArmsAsked, read_arms, shifted_arms
from splw_eval.missing.assumptions.conditional_mean import read_strategies
from splw_eval.missing.assumptions.house_rows import pooled_columns
from splw_eval.missing.assumptions.tipping_words import left_out
from splw_eval.missing.checks import check_level, finding
from splw_eval.missing.filling.drawn import Draws
from splw_eval.missing.filling.impute import impute
from splw_eval.missing.filling.imputed import Imputations
from splw_eval.missing.plain_text import result_text
from splw_eval.stats.imputation.strategies import STRATEGIES, Strategy
from splw_eval.stats.pooling import Pooled

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Sensitivity:
    """One comparison under several strategies.

    Attributes
    ----------
    table : DataFrame
        One row for each strategy: ``strategy term estimate std_error df statistic p_value
        conf_low conf_high n includes_zero fraction_missing``, in points of the outcome; missing
        at random first.
    wave : str
    method : str
    notes : tuple of str
    n : int
        People compared.
    conf_level : float
    """

    table: pd.DataFrame
    wave: str
    method: str
    notes: tuple[str, ...]
    n: int
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return f"<Sensitivity: {len(self.table)} strategies, {self.n} people>"

    def __str__(self) -> str:
        term = self.table["term"].iloc[0]
        title = f"{term} at wave {self.wave} by what is assumed of the lost; {self.n} people"
        columns = ["strategy", "estimate", "std_error", "df", "p_value", "conf_low", "conf_high"]
        return result_text(title, self.table[columns], self.method, self.notes)


def sensitivity(  # noqa: PLR0913 - each is a choice that a reader of the result must see
    draws: Draws,
    *,
    wave: Any,
    reference: Any,
    arm: Any = None,
    cluster: str | None = None,
    fixed: str | None = None,
    strategies: Sequence[str | Strategy | Callable[..., Array]] = tuple(STRATEGIES),
    ended: str | None = None,
    times: Mapping[Any, float] | None = None,
    vcov: str = "CR2",
    conf_level: float = 0.95,
) -> Sensitivity:
    """Compare two arms under each strategy for scores that are missing after people left.

    Parameters
    ----------
    draws : Draws
        By `draw`, with arms.
    wave : object
        Wave of the comparison.
    reference : object
        The arm compared with, whose scores are missing at random under every strategy.
    arm : object, optional
        The other arm, where there are more than two.
    cluster, fixed, ended, times, vcov
        As in `tipping_point`.
    strategies : sequence
        Names, or functions as in `impute`; missing at random is there in any case.
    conf_level : float

    Returns
    -------
    Sensitivity

    Raises
    ------
    MissingError
        Arms, wave or options cannot be used; every reason.

    Sources
    -------
    Carpenter, Roger & Kenward 2013, J Biopharm Stat 23:1352; Barnard & Rubin 1999, Biometrika
    86:948; Cro, Carpenter & Kenward 2019, J R Stat Soc A 182:623.
    """
    kept, faults = read_strategies(strategies)
    if reference is None:
        remedy = "Name the arm that others are to resemble."
        faults.append(finding("SN14", "the strategies need a reference arm", remedy))
    asked = read_arms(
        draws,
        wave=wave,
        arm=arm,
        reference=reference,
        cluster=cluster,
        fixed=fixed,
        more=[*check_level(conf_level), *faults],
    )
    none = np.zeros((1, draws.data.people))
    made = []
    for strategy in kept:
        filled = impute(draws, strategy=strategy, reference=reference, ended=ended, times=times)
        shifted = shifted_arms(asked, filled, none, conf_level=conf_level, vcov=vcov)
        made.append((strategy, shifted.pooled([[0.0]]), shifted.df_complete))
    return _result(asked, made, filled, shifted.n, conf_level, vcov)


def _result(
    asked: ArmsAsked,
    made: list[tuple[Strategy, Pooled, float]],
    filled: Imputations,
    n: int,
    conf_level: float,
    vcov: str,
) -> Sensitivity:
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                "strategy": [strategy.name],
                **pooled_columns(pooled, asked.term, n),
                "fraction_missing": pooled.missing_information,
            }
        )
        for strategy, pooled, _ in made
    ]
    errors = f"practice-robust errors ({vcov})" if asked.clustered else "ordinary errors"
    low, high = min(one[2] for one in made), max(one[2] for one in made)
    df = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
    return Sensitivity(
        table=pd.concat(parts, ignore_index=True),
        wave=asked.wave,
        method=(
            f"{asked.draws.method}; arms compared {asked.adjusted()}, {errors}; pooled by Rubin's "
            f"rules with Barnard and Rubin's degrees of freedom, {df} for complete data"
        ),
        notes=(
            *_notes(asked, [one[0] for one in made], filled),
            *left_out(asked, n),
            *asked.draws.notes,
        ),
        n=n,
        conf_level=conf_level,
    )


def _notes(asked: ArmsAsked, strategies: Sequence[Strategy], filled: Imputations) -> Iterator[str]:
    listed = ", ".join(f"{s.name} ({s.long_name})" for s in strategies)
    ended = filled.assumed.ended
    left = "their last score" if ended is None else f'the end in the column "{ended}"'
    yield (
        f"{listed}: for people of {asked.labels[1]} after {left}; scores of {asked.labels[0]} are "
        "missing at random throughout."
    )
    yield (
        "Each is an assumption, not a finding: the data cannot choose. Look how far the estimate "
        "moves, not which interval includes no difference."
    )
    yield (
        "Rubin's rules keep the share of information that is lost; under strategies that refer to "
        "another arm their errors are above those of repeated sampling (conditional_mean gives "
        "these)."
    )
    if not asked.draws.inputs.before and not asked.fixed:
        yield (
            "The first wave is not said to be before the programme, so arms are not adjusted for "
            "it; if it was, name it in draw(): baseline=."
        )
    if not asked.clustered:
        yield "People count as independent of each other: no practices were named in draw()."
