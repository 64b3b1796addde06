"""The REML criterion of many trials at covariance parameters, and what derivatives start from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.cell_models.cells import Cells, Floats
from splw_eval.stats.cell_models.small_matrices import inverse, product, root, turned
from splw_eval.stats.mixed.covariance_model import CovarianceModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariances:
    """Covariances and their derivatives; trials last.

    Attributes
    ----------
    sigma : ndarray, shape (groups, T, T, B)
        Of one person's outcomes.
    g : ndarray, shape (T, T, K, B or 1)
        Of what a cluster adds at each visit.
    root : ndarray, shape (T, q, K, B or 1)
        L of G = L L'.
    e : ndarray, shape (R1, groups, T, T, B or 1)
    f : ndarray, shape (R2, T, T, K, B or 1)
    good : ndarray of bool, shape (B,)
    """

    sigma: Floats
    g: Floats
    root: Floats
    e: Floats
    f: Floats
    good: NDArray[np.bool_]


def covariances_at(cells: Cells, model: CovarianceModel, theta: Floats) -> Covariances:
    """Covariances of clusters and people at theta (B, R)."""
    sigma, g, e, f = model.with_slopes(theta)
    effects, k = model.clusters.effects, cells.cluster_group
    g_last = np.ascontiguousarray(np.moveaxis(g, (2, 3, 1, 0), (0, 1, 2, 3)))
    half, good = root(g_last)
    half = np.einsum("tq,qlgb->tlgb", effects, half)
    slopes = np.einsum("tq,brgqs,us->rtugb", effects, f, effects)
    return Covariances(
        sigma=np.ascontiguousarray(np.moveaxis(sigma, 0, -1)),
        g=np.einsum("tlgb,ulgb->tugb", half, half)[:, :, k],
        root=half[:, :, k],
        e=np.ascontiguousarray(np.moveaxis(e, 0, -1)),
        f=slopes[:, :, :, k],
        good=np.asarray(good.all(axis=0)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AtParameters:
    """The criterion, with sums that derivatives share. Letters as on the page of mixed models.

    Attributes
    ----------
    good : ndarray of bool, shape (B,)
        Whether the covariance is positive definite.
    deviance : ndarray, shape (B,)
        -2 restricted log likelihood; infinite where the covariance is not good.
    beta : ndarray, shape (p, B)
    phi : ndarray, shape (p, p, B)
    s : ndarray, shape (groups, J, T, T, B)
        Inverse covariance of each pattern, zero elsewhere.
    m, n, p : ndarray, shape (T, T, K, B)
        M of each cluster; N = I - M D; and P = Z' V^-1 Z.
    tau : ndarray, shape (T, K, B)
        Z' V^-1 (y - X beta).
    fitted : ndarray, shape (T, K, B)
        X beta and the predicted effect of the cluster.
    """

    covariances: Covariances
    good: NDArray[np.bool_]
    deviance: Floats
    beta: Floats
    phi: Floats
    s: Floats
    m: Floats
    n: Floats
    p: Floats
    tau: Floats
    fitted: Floats


def known_covariances(cells: Cells, sigma: Floats, g: Floats) -> Covariances:
    """Covariances that are known: those of people (groups, T, T), of clusters (groups, T, T)."""
    half, good = root(np.moveaxis(g, 0, 2)[..., None])
    half, visits = half[:, :, cells.cluster_group], cells.visits
    return Covariances(
        sigma=np.ascontiguousarray(np.broadcast_to(sigma[..., None], (*sigma.shape, cells.trials))),
        g=np.einsum("tlkb,ulkb->tukb", half, half),
        root=half,
        e=np.zeros((0, len(sigma), visits, visits, 1)),
        f=np.zeros((0, visits, visits, len(cells.group), 1)),
        good=np.broadcast_to(good.all(), (cells.trials,)),
    )


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # of trials that are not good
def at_parameters(cells: Cells, given: Covariances) -> AtParameters:
    """Evaluate the REML criterion of every trial.

    Parameters
    ----------
    cells : Cells
    given : Covariances

    Returns
    -------
    AtParameters

    Notes
    -----
    With D the sum over people of a cluster of their inverse covariances and G = L L',
    M = L (I + L'DL)^-1 L', so that neither D nor G need have an inverse.
    """
    s, log_people, usable = _inverses(cells, given.sigma)
    d = sum_over_patterns("kjb,jtub->tukb", cells, cells.counts, s)
    v = sum_over_patterns("kjub,jtub->tkb", cells, cells.sums, s)
    dl = product(d, given.root)
    inner = product(turned(given.root), dl)
    inner += np.eye(len(inner))[:, :, None, None]
    back, log_clusters, _ = inverse(inner)
    m = product(product(given.root, back), turned(given.root))
    n = np.eye(cells.visits)[:, :, None, None] - product(m, d)
    p = product(d, n)
    t = np.einsum("tukb,tkb->ukb", n, v)
    phi, log_x, full = inverse(cells.in_columns(cells.summed(p)))
    xy = np.einsum("stp,stb->pb", cells.x, cells.summed(t))
    beta = np.einsum("pqb,qb->pb", phi, xy)
    gt = np.einsum("tuk...,uk...->tk...", given.g, t)  # M v
    squares = np.einsum("gjtub,gjtub->b", s, cells.products) - np.einsum("tkb,tkb->b", v, gt)
    deviance = log_people + log_clusters.sum(axis=0) + log_x + squares - (beta * xy).sum(axis=0)
    deviance = deviance + (cells.measurements - len(beta)) * np.log(2 * np.pi)
    mean = np.einsum("stp,pb->tsb", cells.x, beta)[:, cells.sequence]
    tau = t - np.einsum("tukb,ukb->tkb", p, mean)
    good = usable & given.good & full & np.isfinite(deviance)
    return AtParameters(
        covariances=given,
        good=good,
        deviance=np.where(good, deviance, np.inf),
        beta=beta,
        phi=phi,
        s=s,
        m=m,
        n=n,
        p=p,
        tau=tau,
        fitted=mean + np.einsum("tuk...,uk...->tk...", given.g, tau),
    )


def _inverses(cells: Cells, sigma: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """S of each pattern, sum over people of log determinants, and whether all are definite."""
    seen = cells.seen
    both = (seen[:, :, None] & seen[:, None, :])[:, :, :, None]
    scale = np.abs(np.einsum("gttb->b", sigma)) / (len(sigma) * cells.visits)
    scale = np.where(np.isfinite(scale) & (scale > 0), scale, 1.0)
    alone = (np.eye(cells.visits) * ~seen[:, :, None])[:, :, :, None]
    whole = np.where(both, sigma[:, None] / scale, alone)  # (groups, J, T, T, B)
    back, log, good = inverse(np.moveaxis(whole, (2, 3), (0, 1)))
    log = log + seen.sum(axis=1)[:, None] * np.log(scale)
    found = np.where(both, np.moveaxis(back, (0, 1), (2, 3)) / scale, 0.0)
    people = np.stack([cells.counts[k].sum(axis=0) for k in cells.by_group])
    return found, np.einsum("gjb,gjb->b", people, log), np.asarray(good.all(axis=(0, 1)))


def sum_over_patterns(how: str, cells: Cells, of_clusters: Floats, of_groups: Floats) -> Floats:
    """Sum over patterns what clusters have times what their group has."""
    parts = [
        np.einsum(how, of_clusters[k], of_groups[group]) for group, k in enumerate(cells.by_group)
    ]
    return parts[0] if len(parts) == 1 else _joined(parts, cells)


def _joined(parts: list[Floats], cells: Cells) -> Floats:
    whole = np.empty((*parts[0].shape[:-2], len(cells.group), parts[0].shape[-1]))
    for part, k in zip(parts, cells.by_group, strict=True):
        whole[..., k, :] = part
    return whole
