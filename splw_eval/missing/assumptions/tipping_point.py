"""How much worse people who were lost must have done for the conclusion to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.missing.assumptions.completed_arms import ArmsAsked, read_arms, shifted_arms
from splw_eval.missing.assumptions.house_rows import pooled_columns
from splw_eval.missing.assumptions.tipping_grid import grid_of, range_seen, spread_seen
from splw_eval.missing.assumptions.tipping_words import (
    DIRECTIONS,
    Told,
    left_out,
    notes_of,
    sentence_of,
)
from splw_eval.missing.checks import check_level, check_word, finding
from splw_eval.missing.filling.added_points import check_growing
from splw_eval.missing.filling.drawn import Draws
from splw_eval.missing.filling.impute import impute
from splw_eval.missing.filling.imputed import Imputations
from splw_eval.missing.plain_text import result_text
from splw_eval.stats.imputation.delta import lost_waves
from splw_eval.stats.imputation.tipping import Shifted, Tipping, tip

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TippingPoint:
    """The conclusion as points are added to the scores of people who were lost.

    Attributes
    ----------
    table : DataFrame
        One row for each pair of points of the grid: ``delta delta_reference term estimate
        std_error df statistic p_value conf_low conf_high n includes_zero``; `delta` is added for
        the arm moved, `delta_reference` for the other, both in points of the outcome.
    contour : DataFrame
        One row for each `delta_reference`: the `delta` nearest to 0 at which the interval
        begins to include no difference (or to exclude it), empty where there is none within
        reach; ``delta_reference delta``.
    tipping : float or None
        Points added for people lost from the arm moved alone (below 0: lower scores) at which
        the conclusion changes; None where it changes nowhere within reach.
    sentence : str
    arm, reference : str
    wave : str
    lost : dict of str to int
        People of each arm whose score at the wave is missing after they left.
    method : str
    notes : tuple of str
    n : int
        People compared.
    conf_level : float
    """

    table: pd.DataFrame
    contour: pd.DataFrame
    tipping: float | None
    sentence: str
    arm: str
    reference: str
    wave: str
    lost: dict[str, int]
    method: str
    notes: tuple[str, ...]
    n: int
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The grid, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return f"<TippingPoint: {self.sentence}>"

    def __str__(self) -> str:
        alone = self.table[self.table["delta_reference"] == 0]
        columns = ["delta", "estimate", "std_error", "df", "p_value", "conf_low", "conf_high"]
        title = (
            f"{self.arm} - {self.reference} at wave {self.wave}, as points are added to the "
            f"scores of people lost from {self.arm} (delta); {self.n} people"
        )
        shown = (alone if len(alone) else self.table)[columns]
        return result_text(title, shown, self.method, (self.sentence, *self.notes))


def tipping_point(  # noqa: PLR0913 - each is a choice that a reader of the result must see
    draws: Draws,
    *,
    wave: Any,
    arm: Any = None,
    reference: Any = None,
    cluster: str | None = None,
    fixed: str | None = None,
    deltas: Sequence[float] | Mapping[Any, Sequence[float]] | None = None,
    growing: bool = False,
    ended: str | None = None,
    times: Mapping[Any, float] | None = None,
    direction: str = "higher is better",
    reach: float | None = None,
    vcov: str = "CR2",
    conf_level: float = 0.95,
) -> TippingPoint:
    """Find how far people who were lost must differ from those seen to change the conclusion.

    Parameters
    ----------
    draws : Draws
        By `draw`, with arms.
    wave : object
        Wave of the comparison.
    arm, reference : object, optional
        The arm whose people are moved (the programme), and the one compared with; of two arms
        the first in order is the reference where none is named.
    cluster : str, optional
        The column of practices of the draws; practices are the units with or without it.
    fixed : str, optional
        Formula of the comparison, such as ``"arm + score_0 + age"``, the arm once by itself; by
        default the arm, the score before the programme and the covariates of the draws.
    deltas : sequence of float, or mapping of arm to sequence, optional
        Points of the grid, for both arms or for each; 0 is added where it is not there. By
        default four steps down and four up, to about a standard deviation.
    growing : bool
        Points are added for each wave since the person left, as in `impute`; otherwise once.
    ended, times
        As in `impute`: points are added only where the score is missing after the programme
        ended for the person. By default wherever it is missing after the last score seen.
    direction : str
        ``higher is better`` or ``lower is better``.
    reach : float, optional
        Most points tried; by default the range of the scores seen at the wave.
    vcov : str
        As in `fit_clustered`.
    conf_level : float

    Returns
    -------
    TippingPoint

    Raises
    ------
    MissingError
        Arms, wave or options cannot be used; every reason.

    Notes
    -----
    Least squares is linear in the scores, so each completed data set gives its estimate and its
    error at any number of points exactly, from the scores filled once at random. The point at
    which the interval changes is found to the last digit. Complete-data degrees of freedom are
    Satterthwaite's of the practices; pooling as in `pool`.

    Sources
    -------
    Carpenter & Kenward 2013, Multiple imputation and its application, 10; Cro and others 2020,
    Stat Med 39:2815. docs/methods/missing-scores.md.
    """
    options = [
        *check_level(conf_level),
        *check_word("direction", direction, DIRECTIONS),
        *_check_reach(reach),
        *check_growing(growing),
    ]
    asked = read_arms(
        draws, wave=wave, arm=arm, reference=reference, cluster=cluster, fixed=fixed, more=options
    )
    grid = grid_of(asked, deltas)
    imputations = impute(draws, ended=ended, times=times)
    lost = lost_at(asked, imputations, growing=growing)
    shifted = shifted_arms(asked, imputations, lost, conf_level=conf_level, vcov=vcov)
    most = float(reach) if reach is not None else range_seen(asked)
    found = tip(shifted, reach=most) if lost[0].any() else None
    told = Told(
        asked=asked,
        tipping=found,
        reach=most,
        lost=tuple(int((lost[k] > 0).sum()) for k in (1, 0)),
        spread=spread_seen(asked),
        better=1.0 if direction == DIRECTIONS[0] else -1.0,
        growing=growing,
        ended=ended,
        named=reference is not None or arm is not None,
    )
    return _result(told, shifted, grid, imputations, conf_level, vcov)


def lost_at(asked: ArmsAsked, imputations: Imputations, *, growing: bool) -> Array:
    """How many times points are added to each person: the other arm first, then the reference.

    Parameters
    ----------
    asked : ArmsAsked
    imputations : Imputations
    growing : bool

    Returns
    -------
    ndarray, shape (2, n)
    """
    data = asked.draws.data
    since = lost_waves(~data.observed, imputations.assumed.after)[:, asked.place]
    times = since if growing else (since > 0).astype(np.int64)
    mine = [data.arm == code for code in reversed(asked.codes)]
    return np.where(mine, times, 0).astype(np.float64)


def _check_reach(reach: Any) -> Iterator[Finding]:
    number = isinstance(reach, int | float | np.number) and not isinstance(reach, bool)
    if reach is not None and not (number and 0 < reach < np.inf):
        yield finding("SN01", "reach= is no number above 0", "Give the most points to try.")


def _result(
    told: Told,
    shifted: Shifted,
    grid: tuple[Array, Array],
    imputations: Imputations,
    conf_level: float,
    vcov: str,
) -> TippingPoint:
    import pandas as pd

    asked, (own, other) = told.asked, grid
    pairs = np.array([(mine, theirs) for theirs in other for mine in own])
    n = shifted.n
    pooled = shifted.pooled(pairs)
    table = pd.DataFrame({"delta": pairs[:, 0], "delta_reference": pairs[:, 1]})
    contour = [_contour(shifted, told, theirs) for theirs in other]
    errors = f"practice-robust errors ({vcov})" if asked.clustered else "ordinary errors"
    return TippingPoint(
        table=pd.concat([table, pd.DataFrame(pooled_columns(pooled, asked.term, n))], axis=1),
        contour=pd.DataFrame({"delta_reference": other, "delta": contour}),
        tipping=told.tipping.points if told.tipping else None,
        sentence=sentence_of(told),
        arm=asked.labels[1],
        reference=asked.labels[0],
        wave=asked.wave,
        lost=dict(zip(asked.labels, told.lost, strict=True)),
        method=(
            f"{imputations.draws.method}; arms compared {asked.adjusted()}, {errors}; pooled by "
            "Rubin's rules with Barnard and Rubin's degrees of freedom, "
            f"{shifted.df_complete:.4g} for complete data"
        ),
        notes=(*notes_of(told), *left_out(asked, n), *asked.draws.notes),
        n=n,
        conf_level=conf_level,
    )


def _contour(shifted: Shifted, told: Told, theirs: float) -> float:
    if not told.lost[1]:
        return float("nan")
    found: Tipping = tip(shifted, reach=told.reach, others=[0.0, theirs])
    return float("nan") if found.points is None else found.points
