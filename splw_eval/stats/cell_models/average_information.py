"""Score and average information: what one step of the search needs."""

from __future__ import annotations

import numpy as np

from splw_eval.stats.cell_models.at_parameters import AtParameters, sum_over_patterns
from splw_eval.stats.cell_models.cells import Cells, Floats
from splw_eval.stats.cell_models.small_matrices import product, turned


def score_and_average(cells: Cells, at: AtParameters) -> tuple[Floats, Floats]:
    """Differentiate the restricted log likelihood.

    Parameters
    ----------
    cells : Cells
    at : AtParameters

    Returns
    -------
    tuple of ndarray, shapes (B, R) and (B, R, R)
        Score, and the mean of observed and expected information where the covariance is linear
        in its parameters: it needs vectors alone. Gilmour, Thompson & Cullis 1995, Biometrics
        51:1440.
    """
    ses = inside_out(at)
    u = _spread_of_fit(cells, at)
    residual = residual_products(cells, at)
    score = np.concatenate([_of_people(cells, at, ses, residual, u), _of_clusters(at, u)])
    return score.T, _average(cells, at, ses, residual)


def inside_out(at: AtParameters) -> Floats:
    """S E_r S of each parameter of people, shape (R1, groups, J, T, T, B)."""
    e = at.covariances.e
    es = np.einsum("rgtu...,gjuv...->rgjtv...", e, at.s)
    found: Floats = np.einsum("gjtu...,rgjuv...->rgjtv...", at.s, es)
    return found


_TWICE = ["einsum_path", (0, 1), (0, 1)]


def residual_products(cells: Cells, at: AtParameters) -> Floats:
    """Sums over people of r r', with r the outcome less what is fitted, (groups, J, T, T, B)."""
    found = []
    for group, k in enumerate(cells.by_group):
        fitted = np.moveaxis(at.fitted[:, k], 1, 0)  # (clusters, T, B)
        seen = cells.seen[None, :, :, None] * fitted[:, None]
        crossed = np.einsum("kjtb,kjub->jtub", cells.sums[k], seen)
        own = np.einsum("kjtb,kjub->jtub", cells.counts[k][:, :, None] * seen, seen)
        found.append(cells.products[group] - crossed - np.swapaxes(crossed, 1, 2) + own)
    return np.stack(found)


def _spread_of_fit(cells: Cells, at: AtParameters) -> Floats:
    """X Phi X' of each cluster, shape (T, T, K, B)."""
    half = np.einsum("stp,pqb->stqb", cells.x, at.phi)
    whole = np.einsum("stqb,suq->tusb", half, cells.x)
    return np.asarray(whole[:, :, cells.sequence])


def _of_people(cells: Cells, at: AtParameters, ses: Floats, residual: Floats, u: Floats) -> Floats:
    inner = at.m + product(product(at.n, u), turned(at.n))
    beside = np.stack(
        [np.einsum("kjb,tukb->jtub", cells.counts[k], inner[:, :, k]) for k in cells.by_group]
    )
    people = np.stack([cells.counts[k].sum(axis=0) for k in cells.by_group])
    traces = np.einsum("gjtu...,rgut...->rgj...", at.s, at.covariances.e)
    found = np.einsum("rgjtub,gjtub->rb", ses, residual + beside)
    return np.asarray(found - np.einsum("rgjb,gjb->rb", traces, people)) / 2


def _of_clusters(at: AtParameters, u: Floats) -> Floats:
    squares = at.tau[:, None] * at.tau[None] + product(product(at.p, u), at.p) - at.p
    f = at.covariances.f
    return np.asarray(np.einsum("rtuk...,tuk...->r...", f, squares)) / 2


def _average(cells: Cells, at: AtParameters, ses: Floats, residual: Floats) -> Floats:
    g, gn = _of_people_vectors(cells, at, ses)
    ftau = np.einsum("rtuk...,uk...->rtk...", at.covariances.f, at.tau)
    pf = np.einsum("tukb,rukb->rtkb", at.p, ftau)
    bent = np.einsum("stp,srtb->rpb", cells.x, cells.summed(np.concatenate([gn, pf])))
    sr = np.einsum("gjtub,gjuvb->gjtvb", at.s, residual)
    esr = np.einsum("rgtu...,gjuv...->rgjtv...", at.covariances.e, sr)
    mg = np.einsum("tukb,rukb->rtkb", at.m, g)
    pp = np.einsum("rgjtub,qgjutb->rqb", ses, esr) - np.einsum("rtkb,qtkb->rqb", g, mg)
    pc = np.einsum("rtkb,qtkb->rqb", gn, ftau)
    cc = np.einsum("rtkb,qtkb->rqb", ftau, pf)
    twice = whole(pp, pc, cc) - np.einsum("rpb,pqb,sqb->rsb", bent, at.phi, bent, optimize=_TWICE)
    return np.asarray(np.moveaxis(twice, 2, 0) / 2)


def whole(pp: Floats, pc: Floats, cc: Floats) -> Floats:
    """One matrix of what two parameters of people give, one of each, and two of clusters."""
    lower = np.concatenate([np.swapaxes(pc, 0, 1), cc], axis=1)
    return np.concatenate([np.concatenate([pp, pc], axis=1), lower])


def _of_people_vectors(cells: Cells, at: AtParameters, ses: Floats) -> tuple[Floats, Floats]:
    """Z' R^-1 V_r V^-1 (y - X beta) and Z' V^-1 V_r V^-1 (y - X beta), shape (R1, T, K, B)."""
    fitted = np.moveaxis(at.fitted, 1, 0)[:, None]
    left = cells.sums - cells.counts[:, :, None] * (cells.seen[None, :, :, None] * fitted)
    g = np.stack([sum_over_patterns("kjub,jtub->tkb", cells, left, one) for one in ses])
    return g, np.einsum("tukb,rtkb->rukb", at.n, g)
