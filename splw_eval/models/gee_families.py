"""Families of outcomes for estimating equations: mean, variance and the words of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from splw_eval.models.variables import Floats

Function = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How the mean of an outcome hangs on the fixed part.

    Attributes
    ----------
    name : str
    model : str
        In words, for the notes.
    quantity : str
        What a standardised mean is called.
    ratio : str
        What the exponential of a coefficient is called; empty where it is nothing.
    scale : str
        Scale on which the interval of a mean is made: ``logit``, ``log`` or ``identity``.
    mean, slope, variance : callable
        Of the linear predictor; of the linear predictor; of the mean.
    """

    name: str
    model: str
    quantity: str
    ratio: str
    scale: str
    mean: Function
    slope: Function
    variance: Function


def _expit(eta: Floats) -> Floats:
    from scipy.special import expit

    chance: Floats = expit(eta)
    return chance


def _expit_slope(eta: Floats) -> Floats:
    return _expit(eta) * _expit(-eta)


def _same(values: Floats) -> Floats:
    return values


FAMILIES = {
    family.name: family
    for family in (
        Family(
            name="binary",
            model="marginal logistic regression (GEE, logit link)",
            quantity="risk",
            ratio="odds ratio",
            scale="logit",
            mean=_expit,
            slope=_expit_slope,
            variance=lambda mean: mean * (1 - mean),
        ),
        Family(
            name="ordinal",
            model="marginal proportional-odds model (GEE, cumulative logit link)",
            quantity="probability",
            ratio="common odds ratio",
            scale="logit",
            mean=_expit,
            slope=_expit_slope,
            variance=lambda mean: mean * (1 - mean),
        ),
        Family(
            name="count",
            model="marginal Poisson regression (GEE, log link)",
            quantity="rate",
            ratio="rate ratio",
            scale="log",
            mean=np.exp,
            slope=np.exp,
            variance=_same,
        ),
        Family(
            name="gaussian",
            model="marginal linear regression (GEE, identity link)",
            quantity="mean",
            ratio="",
            scale="identity",
            mean=_same,
            slope=np.ones_like,
            variance=np.ones_like,
        ),
    )
}
