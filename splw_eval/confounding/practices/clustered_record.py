"""A regression with standard errors by practice: its tables, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.confounding.basis.printed import printed
from splw_eval.confounding.basis.regressions import of_contrast
from splw_eval.confounding.checks import finding, refuse
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.fixed_part import INTERCEPT
from splw_eval.stats.few_clusters.cluster_fit import ClusterFit
from splw_eval.stats.tails import f_p_value

if TYPE_CHECKING:
    import pandas as pd

Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FittedClustered:
    """A (weighted) least-squares regression with standard errors by practice.

    Attributes
    ----------
    coefficients : DataFrame
        ``term estimate std_error df statistic p_value conf_low conf_high n``, in units of the
        outcome for one unit of the term; n is rows that count.
    covariance : DataFrame
        Of the coefficients, terms by terms.
    unadjusted : DataFrame or None
        The same table of the outcome on the arm alone, by the same rows and the same rule; None
        where no arm was named, or where it is not in the model.
    practices : DataFrame
        ``arm practices people largest_share``: one row for each level of the arm, or one for all.
    vcov, df_rule : str
        How standard errors and degrees of freedom come about.
    method : str
    notes : tuple of str
    n, clusters : int
        Rows and practices that count.
    conf_level : float
    fit : ClusterFit
    term_of : tuple of str
        The term of the formula that each coefficient belongs to.
    outcome : str
    """

    coefficients: pd.DataFrame
    covariance: pd.DataFrame
    unadjusted: pd.DataFrame | None
    practices: pd.DataFrame
    vcov: str
    df_rule: str
    method: str
    notes: Terms
    n: int
    clusters: int
    conf_level: float
    fit: ClusterFit
    term_of: Terms
    outcome: str

    def to_frame(self) -> pd.DataFrame:
        """The coefficients, as a copy."""
        return self.coefficients.copy()

    def contrast(self, weights: Mapping[str, float], *, label: str | None = None) -> pd.DataFrame:
        """Add up coefficients with weights.

        Parameters
        ----------
        weights : mapping of str to float
            By term, as `coefficients` names it; 0 for terms that are not given.
        label : str, optional

        Returns
        -------
        DataFrame
            One row in the house's columns.

        Raises
        ------
        ComparisonError
            There is no such term, or a weight is no finite number.
        """
        row = np.zeros(len(self.term_of))
        names = list(self.coefficients["term"])
        refuse([*_absent(weights, names), *_no_numbers(weights)])
        for name, weight in weights.items():
            row[names.index(name)] = weight
        text = label or " + ".join(f"{weight:g} {name}" for name, weight in weights.items())
        try:
            found = of_contrast(self.fit, row, self.conf_level)
        except FitError as error:
            refuse([finding("SF01", error.message.rstrip("."), "Give finite numbers.")])
            raise
        return house_table([text], [found], self.n)

    def wald(self, terms: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Test that all coefficients of a term are 0 (approximate Hotelling T-squared).

        Parameters
        ----------
        terms : str or sequence of str, optional
            As the formula writes them, or single coefficients; several are tested together. By
            default each term but the intercept by itself.

        Returns
        -------
        DataFrame
            ``term statistic df1 df2 p_value n``; the statistic is an F.

        Raises
        ------
        ComparisonError
            There is no such term, or there are too few practices for so many coefficients.

        Sources
        -------
        Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672 (``HTZ`` of R's clubSandwich).
        """
        import pandas as pd

        if terms is None:
            each = [[term] for term in dict.fromkeys(self.term_of) if term != INTERCEPT]
        else:
            if not isinstance(terms, Iterable):
                remedy = 'Write for example terms="arm".'
                refuse([finding("SF01", "terms= names no terms", remedy)])
            each = [[terms] if isinstance(terms, str) else list(terms)]
        return pd.DataFrame(
            [self._tested(some) for some in each],
            columns=["term", "statistic", "df1", "df2", "p_value", "n"],
        )

    def _tested(self, terms: list[str]) -> dict[str, object]:
        names = list(self.coefficients["term"])
        refuse(_absent(terms, [*names, *self.term_of]))
        places = [
            place
            for place, pair in enumerate(zip(names, self.term_of, strict=True))
            if any(term in pair for term in terms)
        ]
        try:
            test = self.fit.wald(np.eye(len(names))[places])
        except FitError as error:
            remedy = "Test fewer of them together."
            refuse([finding("SF10", error.message.rstrip("."), remedy)])
            raise
        p_value = f_p_value(test.statistic, test.df, test.df_denominator)
        return {
            "term": ", ".join(terms),
            "statistic": test.statistic,
            "df1": test.df,
            "df2": test.df_denominator,
            "p_value": p_value,
            "n": self.n,
        }

    def __repr__(self) -> str:
        return f"<FittedClustered: {self.method}; {self.clusters} practices, n {self.n:,}>"

    def __str__(self) -> str:
        title = f'Regression of "{self.outcome}" with standard errors by practice'
        table = self.coefficients
        if self.unadjusted is not None:
            table = _with_unadjusted(table, self.unadjusted)
        return printed(title, table, f"{self.method}; {self.df_rule}", self.notes)


def house_table(
    labels: Sequence[str], rows: Sequence[Mapping[str, object]], n: int
) -> pd.DataFrame:
    """Estimates in the house's columns.

    Parameters
    ----------
    labels : sequence of str
    rows : sequence of mapping
        As `regressions.reckoned` gives them.
    n : int

    Returns
    -------
    DataFrame
    """
    import pandas as pd

    pairs = zip(labels, rows, strict=True)
    return pd.DataFrame([{"term": label, **row, "n": n} for label, row in pairs])


def _with_unadjusted(table: pd.DataFrame, unadjusted: pd.DataFrame) -> pd.DataFrame:
    """Both, the unadjusted differences first."""
    import pandas as pd

    first = unadjusted[unadjusted["term"] != INTERCEPT]
    return pd.concat([first.assign(method="unadjusted"), table.assign(method="in the model")])


def _no_numbers(weights: Any) -> Iterator[Finding]:
    """Weights of a contrast that are none."""
    wrong = [weights]
    if isinstance(weights, Mapping):
        wrong = [one for one in weights.values() if not isinstance(one, int | float | np.number)]
    if wrong:
        remedy = 'Write for example {"arm": 1, "age": -1}.'
        yield finding("SF01", "a contrast is no number for each term that it names", remedy)


def _absent(terms: Any, names: Sequence[str]) -> list[Finding]:
    if not isinstance(terms, Iterable):
        return []
    lacking = [name for name in terms if name not in names]
    known = ", ".join(dict.fromkeys(names))
    remedy = f"There are: {known}."
    if not terms:
        return [finding("SF01", "no term is named", remedy)]
    return [finding("SF01", f'the model has no term "{name}"', remedy) for name in lacking]
