"""Strategies: the means and covariance of people's scores after they left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Means = Callable[[Array, Array, Whole], Array]

COVARIANCES = ("own", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One assumption about scores that are missing after a deviation.

    Attributes
    ----------
    name, long_name : str
        Such as ``J2R`` and ``jump to reference``.
    means : callable
        ``(own, reference, after) -> means``: the means of each person in his own group and had
        he been in the reference group, both (n, J), and how many waves (n,) come before the
        deviation, baseline counted, J where there is none; gives (n, J).
    covariance : str
        ``own``: all of the covariance is that of the person's group. ``reference``: given the
        waves before the deviation, the later ones vary as in the reference group.
    """

    name: str
    long_name: str
    means: Means
    covariance: str

    @property
    def at_random(self) -> bool:
        """Whether scores are missing at random under it."""
        return self.means is missing_at_random and self.covariance == "own"

    def __call__(self, own: Array, reference: Array, after: Whole) -> Array:
        """Means under the strategy, shape (n, J); see `means_under`."""
        return self.means(own, reference, after)


def missing_at_random(own: Array, reference: Array, after: Whole) -> Array:  # noqa: ARG001
    """Means as in the person's own group throughout."""
    return own


def jump_to_reference(own: Array, reference: Array, after: Whole) -> Array:
    """Means of the own group before the deviation, of the reference group after it."""
    return np.where(_later(own, after), reference, own)


def copy_increments(own: Array, reference: Array, after: Whole) -> Array:
    """Mean of the own group at the last wave before, then the reference group's changes.

    The reference group's means where no wave comes before.
    """
    begun = (after > 0)[:, None]
    moved = np.where(begun, _last(own, after) + (reference - _last(reference, after)), reference)
    return np.where(_later(own, after), moved, own)


def copy_reference(own: Array, reference: Array, after: Whole) -> Array:
    """Means of the reference group at all waves, for people who deviated."""
    return np.where((after < own.shape[1])[:, None], reference, own)


def last_mean_carried(own: Array, reference: Array, after: Whole) -> Array:  # noqa: ARG001
    """Mean of the own group at the last wave before the deviation, held from then on."""
    return np.where(_later(own, after), _last(own, after), own)


def _later(own: Array, after: Whole) -> NDArray[np.bool_]:
    return np.arange(own.shape[1]) >= after[:, None]


def _last(means: Array, after: Whole) -> Array:
    """Mean at the last wave before the deviation, shape (n, 1)."""
    at = np.clip(after - 1, 0, means.shape[1] - 1)
    return np.take_along_axis(means, at[:, None], axis=1)


def _made(name: str, long_name: str, means: Means, covariance: str) -> Strategy:
    return Strategy(name=name, long_name=long_name, means=means, covariance=covariance)


STRATEGIES: Mapping[str, Strategy] = MappingProxyType(
    {
        "MAR": _made("MAR", "missing at random", missing_at_random, "own"),
        "J2R": _made("J2R", "jump to reference", jump_to_reference, "reference"),
        "CIR": _made("CIR", "copy increments in reference", copy_increments, "reference"),
        "CR": _made("CR", "copy reference", copy_reference, "reference"),
        "LMCF": _made("LMCF", "last mean carried forward", last_mean_carried, "own"),
    }
)


def strategy_of(asked: str | Strategy | Means) -> Strategy:
    """Look a strategy up, or take the user's own.

    Parameters
    ----------
    asked : str, Strategy or callable
        ``MAR``, ``J2R``, ``CIR``, ``CR`` or ``LMCF``, or a long name such as ``jump to
        reference`` (any case); or a function as in `Strategy.means`. It may have an attribute
        ``covariance``, ``own`` (taken where there is none) or ``reference``.

    Returns
    -------
    Strategy

    Raises
    ------
    FitError
        There is no such strategy, or its covariance is neither.

    Sources
    -------
    Carpenter, Roger & Kenward 2013, J Biopharm Stat 23:1352.
    """
    if isinstance(asked, Strategy):
        return _with_covariance(asked)
    if isinstance(asked, str):
        wanted = " ".join(asked.lower().split())
        for known in STRATEGIES.values():
            if wanted in (known.name.lower(), known.long_name):
                return known
    elif callable(asked):
        named = str(getattr(asked, "__name__", "own function"))
        kept = str(getattr(asked, "covariance", "own"))
        return _with_covariance(_made(named, named.replace("_", " "), asked, kept))
    known_names = ", ".join(f"{s.name} ({s.long_name})" for s in STRATEGIES.values())
    raise FitError(
        "There is no such strategy for missing scores.",
        remedy=f"There are: {known_names}; or give a function of (own, reference, after).",
    )


def _with_covariance(strategy: Strategy) -> Strategy:
    if strategy.covariance not in COVARIANCES:
        raise FitError(
            f'The strategy "{strategy.name}" has a covariance that is neither of the two.',
            remedy='Set its attribute covariance to "own" or "reference".',
        )
    return strategy


def waves_before(y: ArrayLike, *, ended: ArrayLike | None = None, baseline: bool = True) -> Whole:
    """Waves before each person's deviation: until the last score seen, where not said.

    Parameters
    ----------
    y : array_like, shape (n, J)
        Scores, NaN where missing.
    ended : array_like of int, shape (n,), optional
        Waves before the programme ended for the person, J where it did not.
    baseline : bool
        The first wave is before the programme, so it comes before every deviation.

    Returns
    -------
    ndarray of int, shape (n,)
        From 0 (1 with a baseline) to J, where there is none.
    """
    seen = np.isfinite(np.asarray(y, dtype=np.float64))
    waves = seen.shape[1]
    if ended is None:
        found = np.where(seen.any(axis=1), waves - seen[:, ::-1].argmax(axis=1), 0)
    else:
        found = np.asarray(ended)
    return np.clip(found, int(baseline), waves).astype(np.int64)


def means_under(
    strategy: Strategy, own: ArrayLike, reference: ArrayLike, after: ArrayLike
) -> Array:
    """Means of people's scores under a strategy, checked.

    Parameters
    ----------
    strategy : Strategy
    own, reference : array_like, shape (n, J)
        Means in the person's own group, and had he been in the reference group; the effect of
        his own practice is in both.
    after : array_like of int, shape (n,)
        Waves before the deviation, baseline counted; J where there was none.

    Returns
    -------
    ndarray, shape (n, J)

    Raises
    ------
    FitError
        Shapes differ, or a user's own function stops, or gives another shape or a value that
        is not finite.
    """
    mine, other = np.asarray(own, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    waves = np.asarray(after, dtype=np.int64)
    if mine.ndim != 2 or mine.shape != other.shape or waves.shape != mine.shape[:1]:
        raise FitError("own and reference must be (n, J), and after (n,).")
    given = _given(strategy, mine, other, waves)
    if given.shape != mine.shape or given.dtype.kind not in "fiu":
        raise FitError(
            f'The strategy "{strategy.name}" does not give numbers in the shape of own.',
            remedy="It must give one mean for each person and wave, (n, J).",
        )
    found = given.astype(np.float64)
    if not np.isfinite(found).all():
        raise FitError(f'The strategy "{strategy.name}" gives means that are not finite.')
    return found


def _given(strategy: Strategy, own: Array, reference: Array, after: Whole) -> NDArray[Any]:
    """What the strategy gives; a function of the user's own may stop with anything."""
    try:
        return np.asarray(strategy(own.copy(), reference.copy(), after.copy()))
    except Exception as error:
        raise FitError(
            f'The strategy "{strategy.name}" stopped with {type(error).__name__}.',
            remedy="It is given own and reference (n, J) and after (n,), and gives means (n, J).",
        ) from error
