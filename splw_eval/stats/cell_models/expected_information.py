"""Expected information, and the matrices of Satterthwaite and of Kenward and Roger."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations_with_replacement

import numpy as np

from splw_eval.stats.cell_models.at_parameters import AtParameters, sum_over_patterns
from splw_eval.stats.cell_models.average_information import inside_out
from splw_eval.stats.cell_models.cells import Cells, Floats
from splw_eval.stats.cell_models.small_matrices import product, turned
from splw_eval.stats.mixed.derivatives import Derivatives


def derivatives_at(cells: Cells, at: AtParameters) -> Derivatives:
    """Derivatives in the form that `splw_eval.stats.mixed` tests with.

    Parameters
    ----------
    cells : Cells
    at : AtParameters

    Returns
    -------
    Derivatives
        Its `observed` is the expected information, and its `score` is left open: no test asks
        for either.

    Notes
    -----
    P_r and Q_rs are X' A X with A of T by T: Z'V^-1V_rV^-1Z and Z'V^-1V_rV^-1V_sV^-1Z, summed
    over the clusters of a sequence.
    """
    ses = inside_out(at)
    inner = _of_people(cells, ses)
    singles = [product(product(turned(at.n), one), at.n) for one in inner]
    pf = [np.einsum("tuk...,uvk...->tvk...", at.p, one) for one in at.covariances.f]
    singles += [product(one, at.p) for one in pf]
    p = np.stack([-cells.in_columns(cells.summed(one)) for one in singles])
    second, traces = _pairs(cells, at, ses, inner, singles, pf)
    parameters = len(p)
    phi_p = np.einsum("pqb,rqsb->rpsb", at.phi, p)
    flat = phi_p.reshape(parameters, -1, cells.trials)
    back = np.swapaxes(phi_p, 1, 2).reshape(flat.shape)
    expected = traces / 2 - np.einsum("rspqb,pqb->rsb", second, at.phi)
    expected = expected + np.einsum("rxb,sxb->rsb", flat, back) / 2
    expected = np.moveaxis((expected + np.swapaxes(expected, 0, 1)) / 2, 2, 0)
    return Derivatives(
        score=np.full((cells.trials, parameters), np.nan),
        expected=expected,
        observed=expected,
        p=np.ascontiguousarray(np.moveaxis(p, 3, 0)),
        q=np.ascontiguousarray(np.moveaxis(second, 4, 0)),
    )


def _of_people(cells: Cells, ses: Floats) -> list[Floats]:
    """Z' R^-1 V_r R^-1 Z of each parameter of people."""
    return [sum_over_patterns("kjb,jtub->tukb", cells, cells.counts, one) for one in ses]


def _pairs(
    cells: Cells,
    at: AtParameters,
    ses: Floats,
    inner: list[Floats],
    singles: list[Floats],
    pf: list[Floats],
) -> tuple[Floats, Floats]:
    """Q_rs, shape (R, R, p, p, B), and tr(V^-1 V_r V^-1 V_s)."""
    people, parameters = len(inner), len(singles)
    width = cells.x.shape[2]
    second = np.empty((parameters, parameters, width, width, cells.trials))
    traces = np.empty((parameters, parameters, cells.trials))
    of_people = _people_pairs(cells, at, ses, inner)
    for r, s in combinations_with_replacement(range(parameters), 2):
        if s < people:
            middle, trace = of_people(r, s)
        else:
            middle = product(singles[r], turned(pf[s - people]))
            trace = np.einsum("tuk...,tuk...->...", singles[r], at.covariances.f[s - people])
        found = cells.in_columns(cells.summed(middle))
        second[r, s], traces[r, s] = found, trace
        second[s, r], traces[s, r] = np.swapaxes(found, 0, 1), trace
    return second, traces


def _people_pairs(
    cells: Cells, at: AtParameters, ses: Floats, inner: list[Floats]
) -> Callable[[int, int], tuple[Floats, Floats]]:
    es = [np.einsum("gtu...,gjuv...->gjtv...", one, at.s) for one in at.covariances.e]
    md = [product(at.m, one) for one in inner]
    counts = np.stack([cells.counts[k].sum(axis=0) for k in cells.by_group])

    def pair(r: int, s: int) -> tuple[Floats, Floats]:
        seses = np.einsum("gjtub,gjuvb->gjtvb", ses[r], es[s])
        both = sum_over_patterns("kjb,jtub->tukb", cells, cells.counts, seses)
        trace = np.einsum("gjtub,gjutb->gjb", es[r], es[s])
        traced = np.einsum("gjb,gjb->b", trace, counts)
        traced = traced - 2 * np.einsum("tukb,tukb->b", at.m, both)
        traced = traced + np.einsum("tukb,utkb->b", md[r], md[s])
        middle = both - product(inner[r], md[s])
        return product(product(turned(at.n), middle), at.n), traced

    return pair
