"""First and second derivatives of the criterion, and the matrices of Kenward and Roger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.mixed.criterion import Criterion, transposed
from splw_eval.stats.mixed.moments import Floats, Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivatives:
    """Derivatives with respect to R covariance parameters, of B replicates.

    Attributes
    ----------
    score : ndarray, shape (B, R)
        Of the log likelihood.
    expected, observed : ndarray, shape (B, R, R)
        Expected information, and minus the second derivatives (of a covariance that is linear
        in its parameters; `kr_curvature` adds the rest).
    p : ndarray, shape (B, R, p, p)
        P_r = -X' V^-1 V_r V^-1 X.
    q : ndarray, shape (B, R, R, p, p)
        Q_rs = X' V^-1 V_r V^-1 V_s V^-1 X.
    """

    score: Floats
    expected: Floats
    observed: Floats
    p: Floats
    q: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """Sums over people and clusters that several derivatives share."""

    srrs: Floats  # (B, patterns, T, T, P * P): S r r' S, and behind it what traces need
    g: Floats  # (B, clusters, R1, q, P)
    l: Floats  # noqa: E741 - L_kr of the methods page, (B, clusters, R1, q, q)
    left: Floats  # I - B_k M_k
    t: Floats  # Z' V^-1 W
    z: Floats  # Z' V^-1 Z
    e: Floats  # (B or 1, patterns, R1, T, T)
    f: Floats  # (B or 1, R2, clusters, q, q)


def differentiate(
    moments: Moments, effects: Floats, at: Criterion, e: Floats, f: Floats, *, reml: bool
) -> Derivatives:
    """Differentiate the criterion analytically.

    Parameters
    ----------
    moments : Moments
    effects : ndarray, shape (T, q)
    at : Criterion
        Evaluated with the same moments and effects.
    e : ndarray, shape (B or 1, R1, groups, T, T)
        dSigma / dtheta_r of the parameters of people.
    f : ndarray, shape (B or 1, R2, cluster groups, q, q)
        dG / dtheta_r of the parameters of clusters.
    reml : bool

    Returns
    -------
    Derivatives
        R = R1 + R2, people first.

    Sources
    -------
    `docs/methods/mixed-models.md`, section 3; held against dense matrices in
    tests/unit/stats/mixed/test_derivatives.py.
    """
    pieces = _pieces(moments, effects, at, e, f)
    first, trace = _first(moments, at, pieces)
    second, traces = _second(moments, at, pieces)
    return _derivatives(at, first, trace, second, traces, reml=reml)


def differentiate_once(
    moments: Moments, effects: Floats, at: Criterion, e: Floats, f: Floats, *, reml: bool
) -> tuple[Floats, Floats]:
    """Give the score (B, R) and P (B, R, p, p) alone; arguments as of `differentiate`."""
    first, trace = _first(moments, at, _pieces(moments, effects, at, e, f))
    score, p, _, _ = _of_first(at, first, trace, reml=reml)
    return score, p


def _pieces(moments: Moments, effects: Floats, at: Criterion, e: Floats, f: Floats) -> _Pieces:
    replicates, patterns, q, waves = at.cs.shape
    clusters, width = len(moments.counts), moments.sums.shape[-1]
    e_j = np.swapaxes(e[:, :, moments.group], 1, 2)
    r1 = e_j.shape[2]
    left = np.eye(q) - at.b @ at.m
    j = at.cs[:, :, None] @ e_j
    jsc = (j @ transposed(at.cs)[:, :, None]).reshape(replicates, patterns, r1 * q * q)
    rest = moments.sums - moments.counts[:, :, None, None] * (effects @ at.h)[:, :, None]
    sr = (at.s[:, None] @ rest).reshape(replicates, clusters, patterns * waves, width)
    j = np.transpose(j, (0, 2, 3, 1, 4)).reshape(replicates, 1, r1 * q, patterns * waves)
    return _Pieces(
        srrs=_srrs(moments, effects, at),
        g=(j @ sr).reshape(replicates, clusters, r1, q, width),
        l=(moments.counts @ jsc).reshape(replicates, clusters, r1, q, q),
        left=left,
        t=left @ at.d,
        z=left @ at.b,
        e=e_j,
        f=f[:, :, moments.cluster_group],
    )


def _srrs(moments: Moments, effects: Floats, at: Criterion) -> Floats:
    """Sum over people of S r r' S by pattern, with r = w - C H; shape (B, patterns, T, T, P P)."""
    replicates, patterns, q, waves = at.cs.shape
    clusters, width = len(moments.counts), moments.sums.shape[-1]
    sums = np.moveaxis(moments.sums, 1, -1).reshape(-1, patterns, waves * width, clusters)
    h = at.h.reshape(replicates, 1, clusters, q * width)
    crossed = (sums @ h).reshape(replicates, patterns, waves, width, q, width)
    crossed = np.swapaxes(crossed, 4, 5) @ effects.T  # (..., a, i, j, b)
    crossed = np.transpose(crossed, (0, 1, 2, 5, 3, 4))
    weighted = moments.counts.T[:, None, :] * transposed(h)  # (B, patterns, q P, clusters)
    squared = (weighted @ h).reshape(replicates, patterns, q, width, q, width)
    squared = np.transpose(squared, (0, 1, 2, 4, 3, 5)).reshape(
        replicates, patterns, q * q, width * width
    )
    pairs = np.einsum("aq,br->abqr", effects, effects).reshape(waves * waves, q * q)
    squared = (pairs @ squared).reshape(replicates, patterns, waves, waves, width, width)
    rr = moments.products - crossed - np.transpose(crossed, (0, 1, 3, 2, 5, 4)) + squared
    once = at.s @ rr.reshape(replicates, patterns, waves, -1)
    once = np.swapaxes(once.reshape(replicates, patterns, waves, waves, -1), 2, 3)
    twice = at.s @ once.reshape(replicates, patterns, waves, -1)
    return np.swapaxes(twice.reshape(replicates, patterns, waves, waves, -1), 2, 3)


def _with_trace(srrs: Floats, matrix: Floats) -> Floats:
    """Put a matrix whose product gives a trace beside S r r' S; one product then gives both."""
    replicates, patterns, waves = srrs.shape[:3]
    both = np.concatenate([srrs, matrix[..., None]], axis=-1)
    return both.reshape(replicates, patterns * waves * waves, -1)


def _trace_parts(moments: Moments, at: Criterion) -> tuple[Floats, Floats]:
    """Give n S and S C (sum of n_k M_k) C' S of each pattern."""
    replicates, patterns, q, _ = at.cs.shape
    m = (moments.counts.T @ at.m.reshape(replicates, -1, q * q)).reshape(replicates, patterns, q, q)
    n = moments.counts.sum(axis=0)[:, None, None]
    return n * at.s, transposed(at.cs) @ m @ at.cs


def _first(moments: Moments, at: Criterion, by: _Pieces) -> tuple[Floats, Floats]:
    """W'V^-1V_rV^-1W and tr(V^-1V_r)."""
    replicates, r1 = len(at.s), by.e.shape[2]
    width = by.t.shape[-1]
    ns, scs = _trace_parts(moments, at)
    flat = np.swapaxes(by.e, 1, 2).reshape(len(by.e), r1, by.srrs[0, ..., 0].size)
    people = flat @ _with_trace(by.srrs, ns - scs)
    ft = by.f @ by.t[:, None]
    r2, rows = ft.shape[1], by.t.shape[1] * by.t.shape[2]
    t = by.t.reshape(replicates, 1, rows, width)
    clusters = transposed(t) @ ft.reshape(replicates, r2, rows, width)
    trace = (by.f * transposed(by.z)[:, None]).sum(axis=(2, 3, 4))
    first = np.concatenate(
        [people[..., :-1].reshape(replicates, r1, width, width), clusters], axis=1
    )
    return first, np.concatenate([people[..., -1], trace], axis=1)


def _second(moments: Moments, at: Criterion, by: _Pieces) -> tuple[Floats, Floats]:
    """W'V^-1V_rV^-1V_sV^-1W and tr(V^-1V_rV^-1V_s)."""
    pp, tpp = _people_people(moments, at, by)
    pc, tpc = _people_clusters(by)
    cc, tcc = _clusters_clusters(by)
    turned = np.transpose(pc, (0, 2, 1, 4, 3))
    second = np.concatenate(
        [np.concatenate([pp, pc], axis=2), np.concatenate([turned, cc], axis=2)], axis=1
    )
    traces = np.concatenate(
        [np.concatenate([tpp, tpc], axis=2), np.concatenate([transposed(tpc), tcc], axis=2)], axis=1
    )
    return second, traces


def _people_people(moments: Moments, at: Criterion, by: _Pieces) -> tuple[Floats, Floats]:
    replicates, _, r1, _, width = by.g.shape
    patterns, waves = moments.seen.shape
    es = (by.e @ at.s[:, :, None]).reshape(replicates, patterns, r1 * waves, waves)
    beside = np.swapaxes(by.e, 2, 3).reshape(len(by.e), patterns, waves, r1 * waves)
    ese = (es @ beside).reshape(replicates, patterns, r1, waves, r1, waves)
    ese = np.transpose(ese, (0, 2, 4, 1, 3, 5)).reshape(replicates, r1 * r1, -1)
    ns, scs = _trace_parts(moments, at)
    found = ese @ _with_trace(by.srrs, ns - 2 * scs)
    second = found[..., :-1].reshape(replicates, r1, r1, width, width)
    traces = found[..., -1].reshape(replicates, r1, r1)
    mg = at.m[:, :, None] @ by.g
    second = second - _crossed(by.g, mg)
    ml = np.swapaxes(at.m[:, :, None] @ by.l, 1, 2)
    turned = transposed(ml).reshape(replicates, r1, -1)
    return second, traces + ml.reshape(replicates, r1, -1) @ transposed(turned)


def _people_clusters(by: _Pieces) -> tuple[Floats, Floats]:
    replicates, _, r1 = by.g.shape[:3]
    ft = np.swapaxes(by.f @ by.t[:, None], 1, 2)
    second = _crossed(by.left[:, :, None] @ by.g, ft)
    inside = by.left[:, :, None] @ by.l @ transposed(by.left)[:, :, None]
    size = by.f.shape[2] * by.f.shape[3] * by.f.shape[4]
    inside = np.swapaxes(inside, 1, 2).reshape(replicates, r1, size)
    f = transposed(by.f).reshape(len(by.f), by.f.shape[1], size)
    return second, inside @ transposed(f)


def _clusters_clusters(by: _Pieces) -> tuple[Floats, Floats]:
    ft = by.f @ by.t[:, None]
    second = _crossed(np.swapaxes(ft, 1, 2), np.swapaxes(by.z[:, None] @ ft, 1, 2))
    fz = by.f @ by.z[:, None]
    replicates, r2, clusters, q, _ = fz.shape
    turned = transposed(fz).reshape(replicates, r2, clusters * q * q)
    return second, fz.reshape(replicates, r2, clusters * q * q) @ transposed(turned)


def _crossed(a: Floats, b: Floats) -> Floats:
    """Sum over clusters of a_r' b_s; a and b have shapes (B, clusters, r, q, P)."""
    replicates, clusters, ra, q, width = a.shape
    rb = b.shape[2]
    left = np.transpose(a, (0, 2, 4, 1, 3)).reshape(replicates, ra * width, clusters * q)
    right = np.transpose(b, (0, 1, 3, 2, 4)).reshape(replicates, clusters * q, rb * width)
    found = (left @ right).reshape(replicates, ra, width, rb, width)
    return np.transpose(found, (0, 1, 3, 2, 4))


def _of_first(
    at: Criterion, first: Floats, trace: Floats, *, reml: bool
) -> tuple[Floats, Floats, Floats, Floats]:
    """Score, P, Phi P and W'V^-1 V_r V^-1 (y - X beta)."""
    residual = _residual(at)
    bent = (first @ residual[:, None, :, None])[..., 0]
    squared = (bent * residual[:, None]).sum(axis=-1)
    size = at.phi.shape[-1]
    p = -first[..., :size, :size]
    phi_p = at.phi[:, None] @ p
    score = (squared - trace) / 2
    if reml:
        score = score - np.einsum("brii->br", phi_p) / 2
    return score, p, phi_p, bent


def _residual(at: Criterion) -> Floats:
    """Give what makes y - X beta of w."""
    return np.concatenate([-at.beta, np.ones((len(at.beta), 1))], axis=1)


def _derivatives(
    at: Criterion, first: Floats, trace: Floats, second: Floats, traces: Floats, *, reml: bool
) -> Derivatives:
    replicates, parameters = trace.shape
    score, p, phi_p, bent = _of_first(at, first, trace, reml=reml)
    size = at.phi.shape[-1]
    q, expected = second[..., :size, :size], traces / 2
    if reml:
        flat = phi_p.reshape(replicates, parameters, -1)
        pairs = flat @ transposed(transposed(phi_p).reshape(replicates, parameters, -1))
        of_q = q.reshape(replicates, parameters * parameters, -1) @ at.phi.reshape(
            replicates, -1, 1
        )
        expected = expected - of_q.reshape(expected.shape) + pairs / 2
    expected = (expected + transposed(expected)) / 2
    residual = _residual(at)
    twice = (residual[:, None, None, None] @ second @ residual[:, None, None, :, None])[..., 0, 0]
    fixed = bent[..., :size]
    bends = twice - fixed @ at.phi @ transposed(fixed)
    observed = bends - expected
    return Derivatives(
        score=score, expected=expected, observed=(observed + transposed(observed)) / 2, p=p, q=q
    )
