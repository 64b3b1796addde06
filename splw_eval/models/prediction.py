"""Expected outcomes of rows, with intervals; of practices and people that the model knows, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.estimates import errors_and_df, told
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.new_rows import AskedRows, own_rows, read_rows
from splw_eval.models.row_covariances import (
    ClusterPredictions,
    RowCovariances,
    cluster_predictions,
    marginal_residuals,
    row_covariances,
)
from splw_eval.models.variables import Codes, Floats
from splw_eval.stats.mixed.people import people_by_waves
from splw_eval.stats.tails import t_criticals

if TYPE_CHECKING:
    import pandas as pd

INTERVALS = ("confidence", "prediction")
INCLUDE = ("fixed", "clusters", "people")
_BLOCK = 32_768  # rows worked on at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    """Rows of coefficients with what clusters and people add to them.

    `rows` less what the predictions take of the coefficients; `added` to the estimate; `spread`
    of the predictions about the truth; whether the practice or person is `known`.
    """

    rows: Floats
    added: Floats
    spread: Floats
    known: np.ndarray


def predict(
    fitted: FitRecord,
    new: pd.DataFrame | None,
    *,
    interval: str | None,
    include: str,
    conf_level: float | None,
) -> pd.DataFrame:
    """See `FittedMixedModel.predict`."""
    import pandas as pd

    _refuse(interval, include, conf_level)
    parts = row_covariances(fitted)
    asked = (
        own_rows(fitted, parts)
        if new is None
        else read_rows(fitted, new, parts, _roles(fitted, interval, include))
    )
    expected = _expected(fitted, asked, parts, include)
    estimate = np.where(asked.usable, asked.x @ fitted.fit.beta[0] + expected.added, np.nan)
    made = {"estimate": estimate}
    if interval is not None:
        made |= _interval(fitted, asked, parts, expected, estimate, interval, include, conf_level)
    if include != "fixed":
        made["known"] = expected.known
    return pd.DataFrame(made, index=asked.index)


def _refuse(interval: str | None, include: str, conf_level: float | None) -> None:
    for name, word, known in (("interval", interval, INTERVALS), ("include", include, INCLUDE)):
        if word is not None and word not in known:
            raise FitError(f'{name}="{word}" is not known.', remedy=f"One of: {', '.join(known)}.")
    if conf_level is not None and not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}.", remedy="Give a number such as 0.95.")


def _roles(fitted: FitRecord, interval: str | None, include: str) -> set[str]:
    """Columns that are needed beside those of the fixed part."""
    roles: set[str] = set()
    if interval == "prediction" or include != "fixed":
        roles |= {"wave"}
        if fitted.spec.by_arm or fitted.spec.cluster_effect_in is not None:
            roles |= {"arm"}
    if include != "fixed":
        roles |= {"cluster"}
    return roles | ({"person"} if include == "people" else set())


def _expected(
    fitted: FitRecord, asked: AskedRows, parts: RowCovariances, include: str
) -> _Expected:
    n = len(asked.x)
    if include == "fixed":
        known = np.zeros(n, dtype=bool)
        return _Expected(rows=asked.x, added=np.zeros(n), spread=np.zeros(n), known=known)
    clusters = cluster_predictions(fitted)
    people = _People(fitted, parts) if include == "people" else None
    blocks = [
        _of_block(asked, np.arange(start, min(start + _BLOCK, n)), parts, clusters, people)
        for start in range(0, max(n, 1), _BLOCK)
    ]
    rows, added, spread, known = (np.concatenate(some) for some in zip(*blocks, strict=True))
    return _Expected(rows=rows, added=added, spread=spread, known=known)


class _People:
    """What was left over of each person, and how a wave leans on the waves seen."""

    def __init__(self, fitted: FitRecord, parts: RowCovariances) -> None:
        design = fitted.design
        count, waves, p = design.person.count, design.waves, design.x.shape[1]
        self.pattern = np.zeros(count, dtype=np.int64)
        self.cluster = np.zeros(count, dtype=np.int64)
        self.cluster[design.person.codes] = parts.cluster
        self.x = np.zeros((count, waves, p))
        self.residual = np.zeros((count, waves))
        self.x[design.person.codes, design.wave_codes] = design.x
        self.residual[design.person.codes, design.wave_codes] = marginal_residuals(fitted)
        found = people_by_waves(design.person.codes, design.wave_codes, waves, parts.group)
        self.lean = np.zeros((len(found), waves, waves))
        self.left = np.zeros((len(found), waves))
        for place, people in enumerate(found):
            u, at = parts.of_person[people.group], people.waves
            self.pattern[design.person.codes[people.rows[:, 0]]] = place
            inverse = np.linalg.inv(parts.sigma[people.group][np.ix_(at, at)])
            self.lean[place][:, at] = u[:, at] @ inverse
            self.left[place] = np.diag(u - self.lean[place][:, at] @ u[at])

    def lean_of(self, person: Codes, wave: Codes) -> Floats:
        """Weights of the waves seen, shape (rows, T)."""
        found: Floats = self.lean[self.pattern[person], wave]
        return found


def _of_block(
    asked: AskedRows,
    at: Codes,
    parts: RowCovariances,
    clusters: ClusterPredictions,
    people: _People | None,
) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Rows, addition, spread and whether known, of some rows.

    With a' = U_t S, which is zero for people whom the model does not know: the prediction is
    x beta + (C_t - a'C) b_k + a'(y_i - X_i beta), and b_k falls with beta by H_k.
    """
    rows, wave, cluster = asked.x[at].copy(), asked.wave[at], asked.cluster[at]
    takes = parts.effects[wave]
    added, spread = np.zeros(len(at)), np.zeros(len(at))
    known = cluster >= 0
    if people is not None:
        known = asked.person[at] >= 0
        person = asked.person[at][known]
        cluster = cluster.copy()
        cluster[known] = people.cluster[person]
        lean = people.lean_of(person, wave[known])
        takes[known] -= lean @ parts.effects
        rows[known] -= np.einsum("nt,ntp->np", lean, people.x[person])
        added[known] += (lean * people.residual[person]).sum(axis=1)
        spread[known] += people.left[people.pattern[person], wave[known]]
    some = np.flatnonzero(cluster >= 0)
    k, take = cluster[some], takes[some]
    added[some] += (take * clusters.b[k]).sum(axis=1)
    rows[some] -= np.einsum("nq,nqp->np", take, clusters.on_x[k])
    spread[some] += np.einsum("nq,nqr,nr->n", take, clusters.spread[k], take)
    return rows, added, spread, known


def _interval(
    fitted: FitRecord,
    asked: AskedRows,
    parts: RowCovariances,
    expected: _Expected,
    estimate: Floats,
    interval: str,
    include: str,
    conf_level: float | None,
) -> dict[str, Floats]:
    new = interval == "prediction"
    error, freedom = _fixed_errors(fitted, asked, parts, new=new)
    if include != "fixed":
        phi = _covariance(fitted)
        error = np.sqrt(
            np.maximum(((expected.rows @ phi) * expected.rows).sum(axis=1), 0.0)
            + np.maximum(expected.spread, 0.0)
            + (_new_variance(asked, parts, expected.known, include) if new else 0.0)
        )
    error = np.where(asked.usable, error, np.nan)
    freedom = np.where(asked.usable & told(fitted), freedom, np.nan)
    half = t_criticals(freedom, conf_level or fitted.spec.conf_level) * error
    return {
        "std_error": error,
        "df": freedom,
        "conf_low": estimate - half,
        "conf_high": estimate + half,
    }


def _covariance(fitted: FitRecord) -> Floats:
    plain = fitted.spec.df != "kenward-roger" or not told(fitted)
    found: Floats = (
        fitted.fit.phi if plain else fitted.inference(fitted.spec.boundary).adjusted_in_x
    )[0]
    return found


def _new_variance(
    asked: AskedRows, parts: RowCovariances, known: np.ndarray, include: str
) -> Floats:
    """Variance of an outcome about what is expected of its row."""
    wave = asked.wave
    shared: Floats = parts.shared[asked.cluster_group, wave, wave]
    own: Floats = parts.sigma[asked.group, wave, wave]
    if include == "fixed":
        both: Floats = own + shared
        return both
    if include == "people":
        own = np.where(known, parts.error[asked.group], own)
    found: Floats = own + np.where(known | (asked.cluster >= 0), 0.0, shared)
    return found


def _fixed_errors(
    fitted: FitRecord, asked: AskedRows, parts: RowCovariances, *, new: bool
) -> tuple[Floats, Floats]:
    """Standard errors and degrees of freedom of the fixed part, or of a new person's outcome."""
    rows = np.where(asked.usable[:, None], asked.x, 0.0)
    rule = fitted.spec.df if told(fitted) else "z"
    variance: Floats = np.zeros(len(rows))
    if new:
        variance = _new_variance(asked, parts, np.zeros(len(rows), dtype=bool), "fixed")
    if rule in ("z", "between-within"):
        distinct, back = np.unique(rows, axis=0, return_inverse=True)
        error, freedom = errors_and_df(fitted, distinct)
        back = back.ravel()
        return np.sqrt(error[back] ** 2 + variance), freedom[back]
    phi = _covariance(fitted)
    error = np.sqrt(np.maximum(((rows @ phi) * rows).sum(axis=1), 0.0) + variance)
    return error, _moment_df(fitted, rows, variance, _slopes(fitted, asked) if new else None)


def _slopes(fitted: FitRecord, asked: AskedRows) -> Floats:
    """Derivatives of the variance of a new person's outcome, shape (rows, R)."""
    model = fitted.fit.model
    _, _, e, f = model.with_slopes(fitted.fit.fit.theta)
    c = model.clusters.effects
    shared = c @ f[0] @ c.T  # (R2, cluster groups, T, T)
    people = e[0][:, asked.group, asked.wave, asked.wave]
    clusters = shared[:, asked.cluster_group, asked.wave, asked.wave]
    return np.concatenate([people, clusters]).T


def _moment_df(fitted: FitRecord, rows: Floats, variance: Floats, slopes: Floats | None) -> Floats:
    """2 v^2 / (d' W d) of each row; Kenward and Roger's of one row comes down to it."""
    inference = fitted.inference(fitted.spec.boundary)
    at = fitted.fit.fit.at
    found = np.empty(len(rows))
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        bent = rows[part] @ fitted.fit.to_x @ at.phi[0]
        plain = rows[part] @ fitted.fit.to_x
        v = (bent * plain).sum(axis=1) + variance[part]
        d = np.stack([-((bent @ p) * bent).sum(axis=1) for p in fitted.fit.fit.slopes.p[0]], axis=1)
        d = d if slopes is None else d + slopes[part]
        spread = ((d @ inference.w[0]) * d).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[part] = np.where(spread > 0, 2 * v**2 / spread, np.where(v > 0, np.inf, np.nan))
    return found
