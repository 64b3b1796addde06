"""The ICC and the cluster autocorrelation, as ratios of sums of covariance parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.moments import Floats, Places

EVERY_WAVE = "ICC, mean of the waves"
BETWEEN = "ICC between waves"
NEIGHBOURING = "ICC between neighbouring waves"
AUTOCORRELATION = "cluster autocorrelation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Numerator and denominator of a ratio of variances, as rows over theta.

    Attributes
    ----------
    name : str
    numerator, denominator : ndarray, shape (R,)
        The ratio is numerator' theta / denominator' theta.
    lowest, highest : float
        What the model lets the ratio be.
    place, lag : int
        The numerator is multiplied by parameter `place` to the power `lag`: the correlation of
        cluster effects `lag` waves apart, where it decays. Without, `lag` is 0.
    """

    name: str
    numerator: Floats
    denominator: Floats
    lowest: float = 0.0
    highest: float = 1.0
    place: int = 0
    lag: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """Ratios of E rows, one each; rows lead every axis.

    Attributes
    ----------
    numerator, denominator : ndarray, shape (E, R)
    place, lag : ndarray of int, shape (E,)
    """

    numerator: Floats
    denominator: Floats
    place: Places
    lag: Places

    def rows(self, kept: Places) -> Ratios:
        """Keep some rows."""
        return Ratios(
            numerator=self.numerator[kept],
            denominator=self.denominator[kept],
            place=self.place[kept],
            lag=self.lag[kept],
        )

    def parts(self, theta: Floats) -> tuple[Floats, Floats]:
        """Numerators and denominators at theta (E, R), each of shape (E,)."""
        power = self._base(theta) ** self.lag
        return (self.numerator * theta).sum(axis=1) * power, (self.denominator * theta).sum(axis=1)

    def excess(self, theta: Floats, value: Floats) -> tuple[Floats, Floats]:
        """Numerator less `value` times denominator, (E,), and its slopes in theta, (E, R)."""
        base = self._base(theta)
        whole = (self.numerator * theta).sum(axis=1)
        top = whole * base**self.lag
        h = top - value * (self.denominator * theta).sum(axis=1)
        slopes = self.numerator * (base**self.lag)[:, None] - value[:, None] * self.denominator
        bend = whole * self.lag * base ** np.maximum(self.lag - 1, 0)
        slopes[np.arange(len(theta)), self.place] += bend
        return h, slopes

    def _base(self, theta: Floats) -> Floats:
        return np.where(self.lag > 0, theta[np.arange(len(theta)), self.place], 1.0)


def stacked(ratios: Sequence[Ratio]) -> Ratios:
    """Put ratios into rows.

    Parameters
    ----------
    ratios : sequence of Ratio

    Returns
    -------
    Ratios
    """
    return Ratios(
        numerator=np.array([ratio.numerator for ratio in ratios]),
        denominator=np.array([ratio.denominator for ratio in ratios]),
        place=np.array([ratio.place for ratio in ratios]),
        lag=np.array([ratio.lag for ratio in ratios]),
    )


def ratios_of(
    model: CovarianceModel, waves: Sequence[str], groups: Sequence[str] = ()
) -> tuple[Ratio, ...]:
    """Name the ICC and the cluster autocorrelation of a model.

    Parameters
    ----------
    model : CovarianceModel
    waves : sequence of str
        Labels of the waves.
    groups : sequence of str, optional
        Labels of the groups (arms), where people or clusters have parameters by group.

    Returns
    -------
    tuple of Ratio
        None where no cluster has effects. The ICC at a wave is the clusters' share of that
        wave's variance; the mean of the waves is the ratio of the two means (one row where
        every wave has the same). Between waves it is the mean covariance of two
        outcomes of different people of one cluster at different waves, over the mean variance;
        the cluster autocorrelation is the same covariance over the clusters' mean variance.
        With one effect for all waves the last is 1 by assumption, and not listed.

    Sources
    -------
    Hooper and others 2016, Stat Med 35:4718 (within and between periods); Kasza and others
    2019, Stat Methods Med Res 28:703 (decay).
    """
    count = max(model.groups, len(model.cluster_groups))
    found: list[Ratio] = []
    for group in range(count):
        people = group if model.groups > 1 else 0
        clusters = group if len(model.cluster_groups) > 1 else 0
        if model.cluster_groups[clusters]:
            label = f" ({groups[group]})" if len(groups) > group and count > 1 else ""
            found += _of_group(model, waves, people, clusters, label)
    return tuple(found)


def _of_group(
    model: CovarianceModel, waves: Sequence[str], people: int, clusters: int, label: str
) -> list[Ratio]:
    between, within = _by_waves(model, people, clusters)
    places = np.arange(len(waves))
    own, total = between[places, places], (between + within)[places, places]
    if len(waves) == 1:
        return [Ratio(name=f"ICC{label}", numerator=own[0], denominator=total[0])]
    found = [
        Ratio(name=f"ICC at wave {wave}{label}", numerator=own[t], denominator=total[t])
        for t, wave in enumerate(waves)
    ]
    if (own == own[0]).all() and (total == total[0]).all():
        found = []
    mean = (own.mean(axis=0), total.mean(axis=0))
    found.append(Ratio(name=f"{EVERY_WAVE}{label}", numerator=mean[0], denominator=mean[1]))
    return found + _over_time(model, between, mean, clusters, label)


def _by_waves(model: CovarianceModel, people: int, clusters: int) -> tuple[Floats, Floats]:
    """Slopes (T, T, R) of the covariance between people of a cluster, and of a person's own.

    Variances are linear in the parameters of every structure; covariances are so where the
    ratio takes them from here.
    """
    effects = model.clusters.effects
    theta = model.begin(np.eye(len(effects))[None])
    _, _, e, f = model.with_slopes(theta)
    of_people, size = e.shape[1], theta.shape[1]
    between = np.zeros((len(effects), len(effects), size))
    within = np.zeros_like(between)
    between[..., of_people:] = np.moveaxis(effects @ f[0, :, clusters] @ effects.T, 0, -1)
    within[..., :of_people] = np.moveaxis(e[0, :, people], 0, -1)
    return between, within


def _over_time(
    model: CovarianceModel,
    between: Floats,
    mean: tuple[Floats, Floats],
    clusters: int,
    label: str,
) -> list[Ratio]:
    """What says how far a cluster stays the same from wave to wave."""
    name, waves = model.clusters.name, len(between)
    if name == "intercept":
        return []
    if name == "decay":
        before = sum(model.cluster_groups[:clusters])
        place = model.of_people + before * len(model.clusters.parameters) + 1
        limits = {"lowest": -1.0, "highest": 1.0}
        return [
            _decaying(NEIGHBOURING + label, mean[0], mean[1], place, limits),
            _decaying(AUTOCORRELATION + label, mean[0], mean[0], place, limits),
        ]
    apart = ~np.eye(waves, dtype=bool)
    covariance = between[apart].mean(axis=0)
    lowest = 0.0 if name == "wave" else -1.0 / (waves - 1)
    return [
        Ratio(name=BETWEEN + label, numerator=covariance, denominator=mean[1], lowest=lowest),
        Ratio(
            name=AUTOCORRELATION + label,
            numerator=covariance,
            denominator=mean[0],
            lowest=lowest,
        ),
    ]


def _decaying(
    name: str, numerator: Floats, denominator: Floats, place: int, limits: dict[str, float]
) -> Ratio:
    return Ratio(
        name=name, numerator=numerator, denominator=denominator, place=place, lag=1, **limits
    )
