"""Score and information alone: what the search needs, without P_r and Q_rs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.mixed.criterion import Criterion, transposed
from splw_eval.stats.mixed.moments import Floats, Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """First and second derivatives of the log likelihood, of B replicates.

    Attributes
    ----------
    score : ndarray, shape (B, R)
    expected, observed : ndarray, shape (B, R, R)
        As in `Derivatives`.
    """

    score: Floats
    expected: Floats
    observed: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """Sums in columns (X root, r): X' V^-1 X is the unit matrix there, and r = y - X beta."""

    turn: Floats  # (B, P, P): the change from w
    sums: Floats  # (B, clusters, patterns * T, P)
    h: Floats  # (B, clusters, q, P)
    g: Floats  # (B, clusters, q, R1, P): Z' R^-1 E_r V^-1 W
    l: Floats  # noqa: E741 - (B, clusters, q, R1, q): Z' R^-1 E_r R^-1 Z
    left: Floats  # I - B_k M_k
    t: Floats  # Z' V^-1 W
    z: Floats  # Z' V^-1 Z
    e: Floats  # (B or 1, patterns, R1, T, T)
    es: Floats  # (B, patterns, R1, T, T): E_r S
    f: Floats  # (B or 1, R2, clusters, q, q)


def score_and_information(
    moments: Moments, effects: Floats, at: Criterion, e: Floats, f: Floats, *, reml: bool
) -> Scoring:
    """Differentiate the criterion for one step of the search.

    Parameters
    ----------
    moments : Moments
    effects : ndarray, shape (T, q)
    at : Criterion
        Evaluated with the same moments and effects.
    e, f : ndarray
        As `differentiate` takes them.
    reml : bool

    Returns
    -------
    Scoring
        That of `differentiate`, at a quarter of its cost: of Q_rs only traces are formed.
    """
    by = _pieces(moments, effects, at, e, f)
    first, trace = _first(moments, at, by)
    fixed = first[..., :-1, :-1]
    score = first[..., -1, -1] - trace
    if reml:
        score = score + np.einsum("brii->br", fixed)
    doubled = _traces(moments, at, by)
    if reml:
        flat = fixed.reshape(*score.shape, -1)
        doubled = doubled + flat @ transposed(flat)
        doubled = doubled - 2 * _seconds(moments, effects, at, by, slice(None, -1))
    expected = (doubled + transposed(doubled)) / 4
    bent = first[..., :-1, -1]
    twice = _seconds(moments, effects, at, by, slice(-1, None)) - bent @ transposed(bent)
    observed = (twice + transposed(twice)) / 2 - expected
    return Scoring(score=score / 2, expected=expected, observed=observed)


def _turn(at: Criterion) -> Floats:
    replicates, p = at.beta.shape
    turn = np.zeros((replicates, p + 1, p + 1))
    try:
        turn[:, :p, :p] = np.linalg.cholesky(at.phi)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(at.phi)
        turn[:, :p, :p] = vectors * np.sqrt(np.maximum(values, 0.0))[:, None]
    turn[:, :p, p] = -at.beta
    turn[:, p, p] = 1.0
    return turn


def _pieces(moments: Moments, effects: Floats, at: Criterion, e: Floats, f: Floats) -> _Pieces:
    replicates, patterns, q, waves = at.cs.shape
    clusters, width = len(moments.counts), moments.sums.shape[-1]
    turn = _turn(at)
    e_j = np.swapaxes(e[:, :, moments.group], 1, 2)
    r1 = e_j.shape[2]
    es = e_j @ at.s[:, :, None]
    left = np.eye(q) - at.b @ at.m
    h, d = at.h @ turn[:, None], at.d @ turn[:, None]
    sums = moments.sums.reshape(-1, clusters * patterns * waves, width) @ turn
    sums = sums.reshape(replicates, clusters, patterns, waves, width)
    rest = sums - moments.counts[:, :, None, None] * (effects @ h)[:, :, None]
    jsc = at.cs[:, :, None] @ es  # C' S E_r S
    bent = np.transpose(jsc, (0, 3, 2, 1, 4)).reshape(replicates, 1, q * r1, patterns * waves)
    l_j = np.swapaxes(jsc @ effects, 2, 3).reshape(replicates, patterns, q * r1 * q)
    rest = rest.reshape(replicates, clusters, patterns * waves, width)
    return _Pieces(
        turn=turn,
        sums=sums.reshape(replicates, clusters, patterns * waves, width),
        h=h,
        g=(bent @ rest).reshape(replicates, clusters, q, r1, width),
        l=(moments.counts @ l_j).reshape(replicates, clusters, q, r1, q),
        left=left,
        t=left @ d,
        z=left @ at.b,
        e=e_j,
        es=es,
        f=f[:, :, moments.cluster_group],
    )


def _within(moments: Moments, at: Criterion) -> Floats:
    """S C (sum of n_k M_k) C' S of each pattern."""
    replicates, patterns, q, _ = at.cs.shape
    m = (moments.counts.T @ at.m.reshape(replicates, -1, q * q)).reshape(replicates, patterns, q, q)
    return transposed(at.cs) @ m @ at.cs


def _first(moments: Moments, at: Criterion, by: _Pieces) -> tuple[Floats, Floats]:
    """W'V^-1V_rV^-1W and tr(V^-1V_r)."""
    replicates, clusters, q, r1, width = by.g.shape
    ses = np.swapaxes(at.s[:, :, None] @ by.es, 1, 2).reshape(replicates, r1, -1)
    products = moments.products.reshape(len(moments.products), -1, width * width)
    people = _turned((ses @ products).reshape(replicates, r1, width, width), by.turn)
    halved = by.l.reshape(replicates, clusters, q * r1, q) @ (by.h / 2)
    halved = by.g + halved.reshape(by.g.shape)
    crossed = transposed(by.h.reshape(replicates, -1, width)) @ halved.reshape(
        replicates, clusters * q, r1 * width
    )
    crossed = np.swapaxes(crossed.reshape(replicates, width, r1, width), 1, 2)
    people = people - crossed - transposed(crossed)
    weight = moments.counts.sum(axis=0)[:, None, None] * at.s - _within(moments, at)
    of_people = np.swapaxes(by.e, 1, 2).reshape(len(by.e), r1, -1) @ weight.reshape(
        replicates, -1, 1
    )
    ft = by.f @ by.t[:, None]
    rows = by.t.shape[1] * by.t.shape[2]
    of_clusters = transposed(by.t.reshape(replicates, 1, rows, width)) @ ft.reshape(
        replicates, ft.shape[1], rows, width
    )
    trace = (by.f * transposed(by.z)[:, None]).sum(axis=(2, 3, 4))
    return (
        np.concatenate([people, of_clusters], axis=1),
        np.concatenate([of_people[..., 0], trace], axis=1),
    )


def _turned(symmetric: Floats, turn: Floats) -> Floats:
    """Give turn' A turn of each symmetric A, as two products of all at once."""
    replicates, r, width, _ = symmetric.shape
    half = (symmetric.reshape(replicates, r * width, width) @ turn).reshape(symmetric.shape)
    whole = transposed(half).reshape(replicates, r * width, width) @ turn
    return np.asarray(whole.reshape(symmetric.shape))


def _traces(moments: Moments, at: Criterion, by: _Pieces) -> Floats:
    """tr(V^-1V_rV^-1V_s)."""
    replicates, clusters, q, r1, _ = by.g.shape
    weight = moments.counts.sum(axis=0)[:, None, None] * at.s - 2 * _within(moments, at)
    ml = (at.m @ by.l.reshape(replicates, clusters, q, r1 * q)).reshape(by.l.shape)
    pp = _weighted(by, weight) + _traced(ml, np.swapaxes(ml, 2, 4))
    inside = np.swapaxes(by.left, 2, 3)[:, None] @ by.f @ by.left[:, None]
    pc = _traced(by.l, np.transpose(inside, (0, 2, 4, 1, 3)))
    fz = np.transpose(by.f @ by.z[:, None], (0, 2, 3, 1, 4))
    return _whole(pp, pc, _traced(fz, np.swapaxes(fz, 2, 4)))


def _seconds(
    moments: Moments, effects: Floats, at: Criterion, by: _Pieces, columns: slice
) -> Floats:
    """W'V^-1V_rV^-1V_sV^-1W, its diagonal summed over some columns."""
    replicates, clusters, q = by.g.shape[:3]
    g, t = by.g[..., columns], by.t[..., columns]
    mg = (at.m @ g.reshape(replicates, clusters, q, -1)).reshape(g.shape)
    srrs = at.s @ _residual_products(moments, effects, by, columns) @ at.s
    pp = _weighted(by, srrs) - _traced(g, mg)
    ft = by.f @ t[:, None]
    pc = _traced(g, np.transpose(np.swapaxes(by.left, 2, 3)[:, None] @ ft, (0, 2, 3, 1, 4)))
    zft = np.transpose(by.z[:, None] @ ft, (0, 2, 3, 1, 4))
    return _whole(pp, pc, _traced(np.transpose(ft, (0, 2, 3, 1, 4)), zft))


def _weighted(by: _Pieces, weight: Floats) -> Floats:
    """Sum over patterns of tr(E_r S E_s weight)."""
    replicates, _, r1, _, _ = by.es.shape
    rows = np.swapaxes(by.es, 1, 2).reshape(replicates, r1, -1)
    columns = np.swapaxes(transposed(by.e @ weight[:, :, None]), 1, 2)
    return np.asarray(rows @ transposed(columns.reshape(replicates, r1, -1)))


def _residual_products(moments: Moments, effects: Floats, by: _Pieces, columns: slice) -> Floats:
    """Sum of r_a' r_b over people and some columns, with r = w - C H, by pattern."""
    replicates, clusters, q, width = by.h.shape
    patterns, waves = moments.seen.shape
    turn, h = by.turn[:, :, columns], by.h[..., columns]
    squared = (turn @ transposed(turn)).reshape(replicates, -1, 1)
    products = moments.products.reshape(len(moments.products), -1, width * width)
    own = (products @ squared).reshape(replicates, patterns, waves, waves)
    sums = np.swapaxes(by.sums[..., columns], 1, 2).reshape(replicates, patterns * waves, -1)
    beside = np.swapaxes(h, 1, 2).reshape(replicates, q, -1)
    crossed = (sums @ transposed(beside)).reshape(replicates, patterns, waves, q) @ effects.T
    hh = (moments.counts.T @ (h @ transposed(h)).reshape(replicates, clusters, q * q)).reshape(
        replicates, patterns, q, q
    )
    return np.asarray(own - crossed - transposed(crossed) + effects @ hh @ effects.T)


def _whole(pp: Floats, pc: Floats, cc: Floats) -> Floats:
    """Put what two people's parameters give, one of each, and two clusters', in one matrix."""
    upper = np.concatenate([pp, pc], axis=2)
    return np.concatenate([upper, np.concatenate([transposed(pc), cc], axis=2)], axis=1)


def _traced(a: Floats, b: Floats) -> Floats:
    """Sum over clusters of tr(a_r' b_s); a and b have shapes (B, clusters, q, r, p)."""
    replicates, clusters, q, _, p = a.shape
    left = np.transpose(a, (0, 3, 1, 2, 4)).reshape(replicates, a.shape[3], clusters * q * p)
    right = np.transpose(b, (0, 3, 1, 2, 4)).reshape(replicates, b.shape[3], clusters * q * p)
    return left @ transposed(right)
