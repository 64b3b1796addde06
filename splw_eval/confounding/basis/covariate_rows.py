"""Groups and their covariates, read for weighting: what stands after baseline is refused."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.confounding.basis.dependence import check_constant
from splw_eval.confounding.basis.regressions import too_few_practices
from splw_eval.confounding.basis.roles import check_measured_after, named_columns
from splw_eval.confounding.checks import TELLER, finding, refuse
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows, read_person_rows

if TYPE_CHECKING:
    import pandas as pd

Flags = NDArray[np.bool_]
_DEPENDENT = 1e-11  # smallest eigenvalue of the correlations
_FEWEST = 2  # practices of a group, below which its own error cannot be seen


def read_groups(
    frame: pd.DataFrame,
    *,
    group: str,
    covariates: Sequence[str] | str,
    cluster: str | None,
    reference: Any,
    measured_after: Sequence[str],
    outcome: str = "",
    also: Sequence[str] = (),
    more: Iterable[Finding] = (),
) -> PersonRows:
    """Read two groups with their covariates.

    Parameters
    ----------
    frame : DataFrame
    group : str
    covariates : sequence of str, or str
    cluster : str or None
    reference : object
    measured_after : iterable of str
        Columns known to be measured after baseline.
    outcome : str
    also : sequence of str
        Further columns of numbers, for `PersonRows.numbers`.
    more : iterable of Finding
        Of the options.

    Returns
    -------
    PersonRows

    Raises
    ------
    ComparisonError
        With everything found wrong.
    FitError
        The frame is no data frame, or a name is none.
    """
    covariates = _named(frame, covariates, group=group, cluster=cluster or "", outcome=outcome)
    others = {"group": group, "cluster": cluster, "weights": next(iter(also), None)}
    found = [*more, *check_measured_after(covariates, measured_after, frame, **others)]
    rows = read_person_rows(
        frame,
        TELLER,
        "SF",
        outcome=outcome,
        group=group,
        reference=reference,
        covariates=covariates,
        cluster=cluster or "",
        also=also,
        practices_in_one_group=True,
        more=found,
    )
    if not rows.terms:
        remedy = 'Name columns, for example covariates=["age", "sex"].'
        refuse([finding("SF01", "covariates= names no column", remedy)])
    constant = check_constant(frame, rows, covariates)
    refuse([*constant, *too_few_practices(rows, cluster, 0, _FEWEST)])
    return rows


def check_independent(rows: PersonRows) -> Iterator[Finding]:
    """Covariates that make each other up, so that no model has one answer.

    Parameters
    ----------
    rows : PersonRows

    Yields
    ------
    Finding
    """
    centred = rows.X - rows.X.mean(axis=0)
    size = np.sqrt((centred**2).mean(axis=0))
    scaled = centred[:, size > 0] / size[size > 0]
    if scaled.size and np.linalg.eigvalsh(scaled.T @ scaled / rows.n)[0] <= _DEPENDENT:
        problem = "the covariates depend on each other: one of them follows from the rest"
        yield finding("SF24", problem, "Leave one of them out.")


def check_in_both(rows: PersonRows) -> Iterator[Finding]:
    """Covariates by which the groups are told apart: nobody of the one is like the other.

    Parameters
    ----------
    rows : PersonRows

    Yields
    ------
    Finding
    """
    assert rows.group is not None
    treated = rows.group == 1
    remedy = (
        "Join it with another category, leave those people out and say so, or leave the "
        "covariate out."
    )
    for name in dict.fromkeys(rows.covariate_of):
        columns = [rows.X[:, at] for at, of in enumerate(rows.covariate_of) if of == name]
        if any(_one_sided(column, treated) for column in columns):
            problem = "a category is that of one group only, or of everybody in one group"
            yield finding("SF21", problem, remedy, column=name)
        elif any(_apart(column, treated) for column in columns):
            problem = "all its values in one group lie above all those in the other"
            yield finding("SF21", problem, "Leave it out: no weights can mend it.", column=name)


def _one_sided(column: NDArray[np.floating[Any]], treated: Flags) -> bool:
    if not np.isin(column, (0.0, 1.0)).all() or np.ptp(column) == 0:
        return False
    return bool(min(np.ptp(column[treated]), np.ptp(column[~treated])) == 0)


def _apart(column: NDArray[np.floating[Any]], treated: Flags) -> bool:
    first, second = column[treated], column[~treated]
    return bool(first.min() > second.max() or first.max() < second.min())


def _named(frame: Any, covariates: Any, **names: Any) -> Sequence[str] | str:
    """The covariates as names, where the frame is one and each column is named."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise FitError(
            "The first argument must be a pandas DataFrame.",
            remedy="Read a file with pandas.read_csv, or make one with pandas.DataFrame.",
        )
    for role, name in names.items():
        if not isinstance(name, Hashable) or name is None:
            raise FitError(
                f"{role}= must be the name of one column.",
                remedy=f'Write for example {role}="column".',
            )
    return named_columns("covariates", covariates)
