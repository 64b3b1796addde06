"""Missing scores filled from draws of the parameters, under an assumption that is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.checks import finding, refuse
from splw_eval.missing.filling.assumed import Assumed, read_assumed
from splw_eval.missing.filling.drawn import Draws
from splw_eval.missing.filling.imputed import Imputations
from splw_eval.stats.imputation.conditional import arm_mean, complete
from splw_eval.stats.imputation.delta import add_points
from splw_eval.stats.imputation.layout import Parameters, WaveData
from splw_eval.stats.imputation.strategies import means_under
from splw_eval.stats.imputation.strategy_covariances import covariance_under

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def impute(
    draws: Draws,
    *,
    strategy: Any = "MAR",
    reference: Any = None,
    arms: Sequence[Any] | None = None,
    ended: str | None = None,
    times: Mapping[Any, float] | None = None,
    delta: Any = None,
    growing: bool = False,
    limits: tuple[float, float] | None = None,
) -> Imputations:
    """Fill the missing scores.

    Parameters
    ----------
    draws : Draws
        By `draw`.
    strategy : str, callable, or mapping of arm to either
        Of scores that are missing after a person left. ``MAR``: missing at random. ``J2R``: as
        the reference arm from then on. ``CIR``: changes as in the reference arm. ``CR``: as
        though always of the reference arm. ``LMCF``: the last mean is held. Or a function
        ``(own, reference, after) -> means``, see `splw_eval.stats.imputation.strategies`. One
        strategy is for every arm but the reference; arms that a mapping leaves out are MAR.
    reference : object, optional
        The arm that scores of the others are to resemble.
    arms : sequence, optional
        Arms that follow the strategy.
    ended : str, optional
        Column of the frame with the last wave before the person left (or the month, or the day
        with `times`), empty where nobody left: only scores missing after it follow the strategy,
        all others are missing at random. Without it a person left after the last score seen.
    times : mapping of wave to number, optional
        When each wave was, on the scale of `ended`.
    delta : float, mapping of arm to float, or callable, optional
        Points added to each score that is missing after the person left, once at each such
        wave; 0 changes no bit. A function is given the waves since then (n, J), 0 where nothing
        may be added, and the codes of the arms (n,), and gives the points (n, J).
    growing : bool
        The points of `delta` are added for each wave since the person left: once at the first,
        twice at the second, and so on, as in `tipping_point`. A function says so itself.
    limits : pair of float, optional
        Lowest and highest score of the instrument: how many filled scores lie outside is told.
        None is moved to the limit, which would draw means together and shrink their variance;
        a score from a normal model is a means to an average, not the answer of a person.

    Returns
    -------
    Imputations

    Raises
    ------
    MissingError
        The arms, the strategy, the ends or the points cannot be used; every reason.

    Notes
    -----
    Practices keep their effects under every strategy. A score that is missing before the person
    left is missing at random under every strategy, and is filled first. A score that was seen
    after the person left stays as it is, and missing ones are drawn given it.

    Sources
    -------
    Carpenter, Roger & Kenward 2013, J Biopharm Stat 23:1352. von Hippel 2013, Sociol Methods
    Res 42:105 (limits).
    """
    if not isinstance(draws, Draws):
        remedy = "Make it with draw(frame, outcome=, person=, wave=)."
        refuse([finding("SN01", "the first argument is no result of draw()", remedy)])
    _check_limits(limits)
    assumed = read_assumed(
        draws.inputs,
        strategy=strategy,
        reference=reference,
        arms=arms,
        ended=ended,
        times=times,
        delta=delta,
        growing=growing,
    )
    scores = filled_scores(draws, assumed)
    return Imputations(
        draws=draws,
        scores=scores,
        assumed=assumed,
        notes=(*draws.notes, *_notes(draws, assumed), *_outside(draws, scores, limits)),
    )


def filled_scores(draws: Draws, assumed: Assumed) -> Floats:
    """Completed scores of every imputation.

    Parameters
    ----------
    draws : Draws
    assumed : Assumed

    Returns
    -------
    ndarray, shape (M, n, J)
    """
    group, cells = _groups(draws.data, assumed)
    scores = np.empty((draws.imputations, draws.data.people, draws.data.waves))
    for place, drawn in enumerate(draws.parameters):
        z, mean = draws.residuals(place), _means(draws.data, drawn, assumed)
        filled = complete(
            _gaps_filled(draws.data, drawn, mean, assumed, z),
            drawn,
            mean=mean,
            covariance=_covariances(drawn, assumed, cells),
            group=group,
            z=z,
        )
        scores[place] = add_points(filled, assumed.points)
    return scores


def _gaps_filled(
    data: WaveData, drawn: Parameters, mean: Floats, assumed: Assumed, z: Floats
) -> WaveData:
    """Fill gaps before the deviation at random where a strategy would change them.

    It does where it has other means there too, and through scores seen after the deviation.
    """
    before = np.arange(data.waves) < assumed.after[:, None]
    gaps = ~data.observed & before
    if gaps.any():
        moved = mean != arm_mean(data, drawn)
        regressed = np.array([one.covariance != "own" for one in assumed.strategies])[data.arm]
        later = (data.observed & ~before).any(axis=1) & (moved.any(axis=1) | regressed)
        gaps &= ((moved & before).any(axis=1) | later)[:, None]
    if not gaps.any():
        return data
    return replace(data, y=np.where(gaps, complete(data, drawn, z=z), data.y))


def _groups(data: WaveData, assumed: Assumed) -> tuple[Whole, list[tuple[int, int]]]:
    """People whose covariance is the same: those of an arm, and then those who left alike."""
    group = np.array(data.arm)
    cells: list[tuple[int, int]] = []
    for arm, strategy in enumerate(assumed.strategies):
        if strategy.covariance == "own":
            continue
        for after in range(data.waves):
            rows = (data.arm == arm) & (assumed.after == after)
            if rows.any():
                group[rows] = data.arms + len(cells)
                cells.append((arm, after))
    return group, cells


def _covariances(drawn: Parameters, assumed: Assumed, cells: list[tuple[int, int]]) -> Floats:
    if not cells:
        return drawn.covariance
    to = assumed.reference or 0
    made = [
        covariance_under(assumed.strategies[arm], drawn.covariance[arm], drawn.covariance[to], at)
        for arm, at in cells
    ]
    return np.concatenate([drawn.covariance, np.stack(made)])


def _means(data: WaveData, drawn: Parameters, assumed: Assumed) -> Floats:
    own = arm_mean(data, drawn)
    if all(strategy.at_random for strategy in assumed.strategies):
        return own
    other = own if assumed.reference is None else arm_mean(data, drawn, assumed.reference)
    mean = own.copy()
    for arm, strategy in enumerate(assumed.strategies):
        rows = (data.arm == arm) & (assumed.after < data.waves)
        if not strategy.at_random and rows.any():
            mean[rows] = means_under(strategy, own[rows], other[rows], assumed.after[rows])
    return mean


def _notes(draws: Draws, assumed: Assumed) -> Iterator[str]:
    data = draws.data
    lost = ~data.observed
    later = np.arange(data.waves) >= assumed.after[:, None]
    words = "left before it" if assumed.ended else "have no later score"
    yield (
        f"{int((lost & later).sum())} missing scores are of people who {words}, and "
        f"{int((lost & ~later).sum())} are other gaps, which are missing at random under every "
        "strategy."
    )
    kept = int((data.observed & later).sum())
    if kept:
        yield (
            f"{kept} scores were seen after the person left: they stay as they are, and the model "
            "counts them with those of the person's own arm."
        )
    if assumed.points.any():
        yield (
            f"Points were added to {int((assumed.points != 0).sum())} scores that are missing "
            f"after the person left, {assumed.how_added}."
        )
    named = {strategy.name for strategy in assumed.strategies} - {"MAR"}
    if named:
        yield (
            "A strategy is an assumption, not a finding. Rubin's rules then give standard errors "
            "that reflect how much is missing and are above those of repeated sampling; the "
            "conditional-mean estimate with its jackknife is the other choice."
        )


def _check_limits(limits: Any) -> None:
    if limits is None:
        return
    try:
        low, high = (float(value) for value in limits)
        usable = low < high
    except (TypeError, ValueError):
        usable = False
    if not usable:
        remedy = "Give the lowest and the highest score: limits=(0, 63)."
        refuse([finding("SN01", "limits= is no pair of numbers in order", remedy)])


def _outside(draws: Draws, scores: Floats, limits: tuple[float, float] | None) -> Iterator[str]:
    lost = ~draws.data.observed
    if limits is None or not lost.any():
        return
    filled = scores[:, lost]
    share = float(((filled < limits[0]) | (filled > limits[1])).mean())
    yield (
        f"{share:.1%} of the filled scores lie outside {limits[0]:g} to {limits[1]:g}. They are "
        "left there: moving them to the limits would bias means and variances. Do not classify "
        "people by filled scores."
    )
