"""One coefficient of a regression tested by the wild bootstrap of practices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.confounding.basis.regressions import of_contrast, unit
from splw_eval.confounding.checks import check_level, check_whole, finding, refuse
from splw_eval.confounding.practices.clustered_rows import (
    ClusteredRows,
    check_model,
    lower_terms,
    read_clustered,
    stands_at,
)
from splw_eval.confounding.practices.wild_record import WildBootstrapTest
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.first_levels import first_level_notes
from splw_eval.models.variables import Floats
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.resampling.wild import DRAWS, WildBootstrap, wild_cluster_bootstrap

if TYPE_CHECKING:
    import pandas as pd

WILD, BY_T = "wild bootstrap of practices", "CR2 by practice, Satterthwaite df"
_FEW, _LARGE_SHARE, _FEW_DF = 8, 0.3, 4


def wild_bootstrap(  # noqa: PLR0913 - each is a choice that a reader must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    fixed: str,
    cluster: str,
    term: str,
    weights: str | None = None,
    null: float = 0.0,
    draws: int = DRAWS,
    seed: int = 1,
    measured_after: Sequence[str] = (),
    conf_level: float = 0.95,
) -> WildBootstrapTest:
    """Test one coefficient of a regression by the wild bootstrap of practices.

    Parameters
    ----------
    frame : DataFrame
        One row for each person. Rows without an outcome or a covariate are left out and counted.
    outcome, cluster : str
        Columns of numbers, and of practices.
    fixed : str
        Formula as in `fit_clustered`.
    term : str
        The coefficient, as `fit_clustered` names it; or the term of the formula, where it has
        one coefficient only. The unadjusted rows keep what it is a product or a power of.
    weights : str, optional
        Column of weights, 0 or above, taken as known.
    null : float
        The coefficient that is tested.
    draws, seed : int
        Of sign vectors above 16 practices; up to 16 all are gone through, and nothing is drawn.
    measured_after : sequence of str
        Columns known to have been measured after the start; one in the model is refused.
    conf_level : float

    Returns
    -------
    WildBootstrapTest

    Raises
    ------
    ComparisonError
        The data or the options cannot be used; every reason, with its rows and its remedy.

    Sources
    -------
    Cameron, Gelbach & Miller 2008, Rev Econ Stat 90:414; Roodman and others 2019, Stata J 19:4.
    """
    options = [
        *check_level(conf_level),
        *check_whole("seed", seed, least=0, for_example=1),
        *check_whole("draws", draws, least=1, for_example=DRAWS),
        *check_model(frame, outcome, fixed, cluster, weights, measured_after),
        *_no_null(null),
    ]
    rows = read_clustered(
        frame, outcome=outcome, fixed=fixed, cluster=cluster, weights=weights, options=options
    )
    place = _place(rows, term)
    how = {"null": null, "draws": draws, "seed": seed, "conf_level": conf_level}
    main = _tested(rows, rows.X, place, how)
    lower = lower_terms(fixed, rows.term_of[place])
    own = [at for at, of in enumerate(rows.term_of) if of in lower]
    both = [("in the model: ", main, rows.X, place)]
    if len(own) < len(rows.terms):
        columns, at = rows.X[:, own], own.index(place)
        both.append(("unadjusted: ", _tested(rows, columns, at, how), columns, at))
    table: list[dict[str, Any]] = []
    alone: list[bool] = []
    for before, found, columns, at in both:
        y = rows.y - null * columns[:, at]
        fit = fit_clusters(y, columns, rows.practice, weights=rows.weights)
        alone.append(bool(fit.alone[at]))
        table.append(_row(rows, place, f"{before}{WILD}", found, found is main))
        row = of_contrast(fit, unit(at, columns.shape[1]), conf_level)
        table.append(_by_t(rows.terms[place], f"{before}{BY_T}", row, null, fit.n))
    notes = [*_notes(rows, main, float(table[1]["df"]), alone[0])]
    notes += stands_at(rows, fixed, rows.term_of[place])
    notes += first_level_notes(frame.iloc[rows.kept], fixed, [rows.terms[place]])
    return _record((rows.terms[place], outcome), main, table, notes)


def _no_null(null: Any) -> Iterator[Finding]:
    number = isinstance(null, int | float | np.number) and not isinstance(null, bool)
    if not number or not np.isfinite(null):
        yield finding("SF01", "null= is no finite number", "Give for example null=0.")


def _place(rows: ClusteredRows, term: str) -> int:
    """Column of the coefficient."""
    if term in rows.terms:
        return rows.terms.index(term)
    of_term = [place for place, name in enumerate(rows.term_of) if name == term]
    if len(of_term) == 1:
        return of_term[0]
    problem = f'term="{term}" is no coefficient of the model'
    if of_term:
        problem = f'the term "{term}" has {len(of_term)} coefficients, and one is tested at a time'
    shown = [rows.terms[place] for place in of_term] or list(rows.terms)
    refuse([finding("SF01", problem, f"There are: {', '.join(shown)}.")])
    raise AssertionError


def _tested(rows: ClusteredRows, x: Floats, place: int, how: dict[str, Any]) -> WildBootstrap:
    try:
        return wild_cluster_bootstrap(rows.y, x, rows.practice, place, weights=rows.weights, **how)
    except FitError as error:
        remedy = error.remedy or "Look at the columns of the model."
        refuse([finding("SF10", error.message.rstrip("."), remedy)])
        raise


def _row(
    rows: ClusteredRows, place: int, method: str, found: WildBootstrap, default: bool
) -> dict[str, Any]:
    return {
        "term": rows.terms[place],
        "method": method,
        "default": default,
        "estimate": found.estimate,
        "std_error": found.std_error,
        "df": np.nan,
        "statistic": found.statistic,
        "p_value": found.p_value,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
        "n": found.n,
    }


def _by_t(term: str, method: str, row: dict[str, Any], null: float, n: int) -> dict[str, Any]:
    """The same coefficient with CR2 and t, fitted with the null taken out of the outcome."""
    moved = {name: row[name] + null for name in ("estimate", "conf_low", "conf_high")}
    return {"term": term, "method": method, "default": False, **row, **moved, "n": n}


def _notes(rows: ClusteredRows, found: WildBootstrap, df: float, alone: bool) -> Iterator[str]:
    yield (
        "A coefficient is a difference with the other terms alike; whether it is an effect hangs "
        "on how people came to what it stands for."
    )
    if found.smallest_p_value > 1 - found.conf_level:
        yield (
            f"The smallest p-value that {found.signs} sign vectors can give is "
            f"{found.smallest_p_value:.3g}: at {100 * found.conf_level:.6g}% no difference, "
            "however large, could be told, and the interval has no limits."
        )
    elif not np.isfinite([found.conf_low, found.conf_high]).all():
        yield "No null on one side is far enough to be told: there the interval has no limit."
    if found.gaps:
        yield "Some nulls between the limits are not kept: the test is uneven with few practices."
    yield from rows.notes()
    if rows.practices < _FEW:
        yield f"There are only {rows.practices} practices: the bootstrap says little of so few."
    largest = np.bincount(rows.practice).max() / rows.n
    if largest > _LARGE_SHARE:
        yield (
            f"One practice holds {100 * largest:.0f}% of the people: much hangs on it, and "
            "p-values are then too small and limits too narrow."
        )
    if alone:
        yield (
            "One practice alone tells the coefficient; how far that practice differs from others "
            "by chance is in no test of it."
        )
    elif df < _FEW_DF:
        yield (
            f"CR2 gives the coefficient {df:.1f} degrees of freedom, fewer than {_FEW_DF}: it "
            "rests on very few practices, where the bootstrap too is unreliable."
        )
    if rows.weights is not None:
        yield "Weights are taken as known; that they were estimated is not in the test."


def _record(
    named: tuple[str, str],
    found: WildBootstrap,
    table: list[dict[str, Any]],
    notes: list[str],
) -> WildBootstrapTest:
    import pandas as pd

    term, outcome = named
    return WildBootstrapTest(
        table=pd.DataFrame(table),
        estimate=found.estimate,
        p_value=found.p_value,
        conf_low=found.conf_low,
        conf_high=found.conf_high,
        smallest_p_value=found.smallest_p_value,
        signs=found.signs,
        exact=found.exact,
        seed=found.seed,
        null=found.null,
        term=term,
        outcome=outcome,
        method=found.method,
        n=found.n,
        clusters=found.clusters,
        notes=tuple(notes),
        conf_level=found.conf_level,
    )
