"""Rows and columns of a regression by practice, with what cannot be fitted told by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.confounding.basis.dependence import check_varies
from splw_eval.confounding.basis.regressions import too_few_practices
from splw_eval.confounding.basis.roles import check_measured_after
from splw_eval.confounding.checks import TELLER, finding, refuse
from splw_eval.core.findings import Finding
from splw_eval.models.fixed_part import INTERCEPT, term_name
from splw_eval.models.formula import Term, parse_formula
from splw_eval.models.identified import dependent_columns
from splw_eval.models.person_faults import no_frame
from splw_eval.models.person_rows import PersonRows, read_person_rows
from splw_eval.models.variables import Codes, Floats, level_codes, level_label

if TYPE_CHECKING:
    import pandas as pd

_LEAST = 2  # practices


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusteredRows:
    """What a regression by practice is fitted to.

    Attributes
    ----------
    read : PersonRows
    y : ndarray, shape (n,)
    X : ndarray, shape (n, p)
        With its intercept, unless the formula takes it away.
    terms, term_of : tuple of str, length p
        Name of each column, and the term of the formula that it belongs to.
    practice : ndarray of int, shape (n,)
        From 0.
    practices : int
    weights : ndarray, shape (n,), or None
    of_no_weight : int
        Rows that were left out because their weight is 0.
    kept : ndarray of int, shape (n,)
        Positions in the frame, counted from 0.
    """

    read: PersonRows
    y: Floats
    X: Floats
    terms: tuple[str, ...]
    term_of: tuple[str, ...]
    practice: Codes
    practices: int
    weights: Floats | None
    of_no_weight: int
    kept: Codes

    @property
    def n(self) -> int:
        """Rows that count."""
        return len(self.y)

    def notes(self) -> Iterator[str]:
        """Rows that were left out, counted."""
        yield from self.read.notes()
        if self.of_no_weight:
            yield f"{self.of_no_weight} of {self.read.of_rows} rows have weight 0 and do not count."


def check_model(
    frame: Any,
    outcome: Any,
    fixed: Any,
    cluster: Any,
    weights: Any,
    measured_after: Sequence[str] | str,
) -> Iterator[Finding]:
    """What a regression by practice was asked for in a way that cannot be read.

    Parameters
    ----------
    frame, outcome, fixed, cluster, weights : object
    measured_after : sequence of str

    Yields
    ------
    Finding
    """
    if not isinstance(outcome, str) or not outcome:
        yield finding("SF01", "outcome= names no column", 'Write for example outcome="score".')
    if not isinstance(cluster, str) or not cluster:
        remedy = 'Write for example cluster="practice".'
        yield finding("SF01", "cluster= names no column of practices", remedy)
    if weights is not None and not isinstance(weights, str):
        remedy = "Put the weights into a column, and name it."
        yield finding("SF01", "weights= names no column", remedy)
    there = None if any(no_frame(frame, TELLER)) else frame
    yield from check_measured_after(_text(fixed), measured_after, there, weights=_text(weights))
    if not isinstance(fixed, str):
        remedy = 'Write for example fixed="arm + age".'
        yield finding("SF01", "fixed= is no formula", remedy)


def read_clustered(
    frame: pd.DataFrame,
    *,
    outcome: str,
    fixed: str,
    cluster: str,
    weights: str | None,
    options: Sequence[Finding],
) -> ClusteredRows:
    """Read the rows of a regression by practice.

    Parameters
    ----------
    frame : DataFrame
    outcome, fixed, cluster : str
    weights : str or None
    options : sequence of Finding
        Of `check_model` and others, to be told with what is found here.

    Returns
    -------
    ClusteredRows

    Raises
    ------
    ComparisonError
        With everything that was found.
    """
    rows = read_person_rows(
        frame,
        TELLER,
        "SF",
        outcome=_text(outcome),
        covariates=_text(fixed) or "1",
        cluster=_text(cluster),
        weights=_text(weights),
        more=options,
    )
    made = _made(rows)
    found = [*too_few_practices(rows, cluster, _LEAST), *_unfit(made, fixed, cluster, outcome)]
    refuse(found)
    return made


def _text(given: Any) -> str:
    return given if isinstance(given, str) else ""


def _made(rows: PersonRows) -> ClusteredRows:
    assert rows.outcome is not None
    assert rows.cluster is not None
    intercept = rows.whole.shape[1] > rows.X.shape[1]
    first = (INTERCEPT,) if intercept else ()
    counted = rows.weights is None or bool(rows.weights.all())
    kept = slice(None) if counted or rows.weights is None else np.flatnonzero(rows.weights)
    practice = rows.cluster.codes[kept]
    there = np.bincount(practice, minlength=rows.cluster.count) > 0
    return ClusteredRows(
        read=rows,
        y=rows.outcome[kept],
        X=rows.whole[kept],
        terms=(*first, *rows.terms),
        term_of=(*first, *rows.covariate_of),
        practice=practice if there.all() else (np.cumsum(there) - 1)[practice],
        practices=int(there.sum()),
        weights=None if rows.weights is None else rows.weights[kept],
        of_no_weight=rows.n - len(practice),
        kept=rows.rows[kept],
    )


def _unfit(made: ClusteredRows, fixed: str, cluster: str, outcome: str) -> Iterator[Finding]:
    """Too little to fit the model to, and columns that others explain."""
    if made.read.cluster is not None and made.practices < _LEAST <= made.read.cluster.count:
        some = "1 practice" if made.practices == 1 else f"{made.practices} practices"
        problem = f"the rows with a weight above 0 are of {some}; {_LEAST} are needed"
        yield finding("SF08", problem, "Describe them without a test.", column=cluster)
    for name in dict.fromkeys(term for term in made.terms if made.terms.count(term) > 1):
        yield finding("SF01", f'two coefficients are called "{name}"', "Rename a column.")
    for term in parse_formula(fixed or "1").terms:
        if term_name(term) not in made.term_of:
            problem = f'"{term_name(term)}" has one level only, among the rows that can be used'
            yield finding("SF10", problem, "Leave it out of the model.")
    if made.n <= made.X.shape[1]:
        problem = f"so few rows cannot carry {made.X.shape[1]} coefficients"
        yield finding("SF10", problem, "Leave terms out of the model.")
        return
    places = dependent_columns(made.X)
    if places:
        names = ", ".join(f'"{made.terms[place]}"' for place in places)
        follows = "follows" if len(places) == 1 else "follow"
        problem = f"{names} {follows} from the columns before, among the rows that can be used"
        yield finding("SF10", problem, "Leave it out, or join levels.")
    else:
        yield from check_varies(made.y, outcome, "the outcome does not vary")


def lower_terms(fixed: str, term: str) -> tuple[str, ...]:
    """The intercept, a term, and what it is a product or a power of.

    Parameters
    ----------
    fixed : str
    term : str
        As the formula writes it.

    Returns
    -------
    tuple of str
        Those that the formula has.
    """
    terms = parse_formula(fixed).terms
    own = [one for one in terms if term_name(one) == term]
    lower = [term_name(one) for one in terms if own and _within(one, own[0])]
    return (INTERCEPT, *dict.fromkeys([*lower, term]))


def stands_at(rows: ClusteredRows, fixed: str, term: str) -> Iterator[str]:
    """Where the coefficient of a term holds that others are products with.

    Parameters
    ----------
    rows : ClusteredRows
    fixed, term : str

    Yields
    ------
    str
    """
    terms = parse_formula(fixed).terms
    own = {factor.name for one in terms if term_name(one) == term for factor in one}
    named = [[factor.name for factor in one] for one in terms]
    higher = [name for one in named if own and own < set(one) for name in one if name not in own]
    at = [
        f"{name} is of its first level" if _in_levels(rows, name) else f"{name} is 0"
        for name in dict.fromkeys(higher)
    ]
    if at:
        yield (
            f'The model lets the coefficient of "{term}" differ: it is the difference where '
            f"{' and '.join(at)}, and no difference over everybody."
        )


def _within(lower: Term, term: Term) -> bool:
    return all(
        any(own.name == factor.name and own.power >= factor.power for own in term)
        for factor in lower
    )


def _in_levels(rows: ClusteredRows, name: str) -> bool:
    return any(
        part.startswith((f"{name}[", f"C({name})[")) for of in rows.terms for part in of.split(":")
    )


def practices_of(arm: pd.Series | None, practice: NDArray[Any]) -> pd.DataFrame:
    """How many practices and people each level of the arm has.

    Parameters
    ----------
    arm : Series of the rows that count, or None
    practice : ndarray of int, shape (n,)

    Returns
    -------
    DataFrame
        ``arm practices people largest_share``; the share is that of the largest practice among
        the people of that level.
    """
    import pandas as pd

    codes, levels = (np.zeros(len(practice), dtype=np.int64), ("all",))
    if arm is not None:
        codes, levels = level_codes(arm)
    counts = [np.bincount(practice[codes == place]) for place in range(len(levels))]
    return pd.DataFrame(
        {
            "arm": [level_label(level) for level in levels],
            "practices": [int((count > 0).sum()) for count in counts],
            "people": [int(count.sum()) for count in counts],
            "largest_share": [float(count.max() / count.sum()) for count in counts],
        }
    )
