"""Covariates of a hazard model: a list of columns or a formula, as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.models.design import read_columns
from splw_eval.models.fixed_part import INTERCEPT, FixedPart, fixed_part_of
from splw_eval.models.formula import Factor, Formula, Term
from splw_eval.models.identified import dependent_columns
from splw_eval.models.variables import is_numeric, is_time, numbers
from splw_eval.retention.checks import finding, where
from splw_eval.retention.hazards.formula_words import read_formula
from splw_eval.retention.plain_text import quoted

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_TOGETHER = 1 << 13  # rows whose columns stay in the processor's cache
_MANY_LEVELS, _SOME_LEVELS, _PART = 20, 10, 0.1  # of text: more are no category
_SURE = 1e-9  # smallest eigenvalue of the correlations above which no column follows from others


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covariates:
    """Columns of a hazard model.

    Attributes
    ----------
    part : FixedPart
        How they are made, an intercept among them that the model leaves out.
    x : ndarray, shape (rows used, p)
    names : tuple of str, length p
    terms : mapping of str to tuple of int
        Columns of each term.
    used : ndarray of bool, shape (rows of the frame,)
        Rows without a gap in a covariate.
    """

    part: FixedPart
    x: Floats
    names: tuple[str, ...]
    terms: dict[str, tuple[int, ...]]
    used: NDArray[np.bool_]

    @property
    def of_one_level(self) -> list[str]:
        """Categories with one level among the rows used, which have no ratio."""
        known = self.part.variables.items()
        return [f.name for f, one in known if one.levels is not None and len(one.levels) == 1]

    def without_ratio(self) -> Iterator[str]:
        """That such a category has no ratio, one sentence for each."""
        for name in self.of_one_level:
            yield f'"{name}" has one level among the rows used, so it has no ratio.'

    def of_rows(self, frame: pd.DataFrame) -> Floats:
        """The same columns of other rows.

        Parameters
        ----------
        frame : DataFrame

        Returns
        -------
        ndarray, shape (rows, p)
            NaN where a cell is empty.

        Raises
        ------
        FitError
            A cell holds no number, or a level that the model has not seen.
        """
        columns = {
            factor: variable.read(frame[factor.name])
            for factor, variable in self.part.variables.items()
        }
        gaps = np.zeros(len(frame), dtype=bool)
        for values in columns.values():
            gaps |= np.isnan(values)
        found = np.array(_without_intercept(self.part, columns, len(frame)), dtype=float)
        found[gaps] = np.nan
        return found


def formula_of(covariates: Any, columns: Sequence[Any]) -> Formula:
    """Read what was asked for.

    Parameters
    ----------
    covariates : str, or sequence of str
        A formula as in `fit_mixed_model`; or names of columns, each of which may also be a
        piece of such a formula.
    columns : sequence
        Names of the frame's columns: such a name is never read as a formula.

    Returns
    -------
    Formula
        With an intercept, for the coding of categories.

    Raises
    ------
    FitError
        The text cannot be read.
    """
    terms: list[Term] = []
    if isinstance(covariates, str):
        named = covariates in columns
        terms = [(Factor(covariates),)] if named else list(read_formula(covariates).terms)
        text = covariates
    else:
        text = " + ".join(str(name) for name in covariates)
        for name in covariates:
            known = name in columns or not isinstance(name, str)
            terms += [(Factor(name),)] if known else list(read_formula(name).terms)
    kept: dict[frozenset[Factor], Term] = {}
    for term in sorted(terms, key=len):
        kept.setdefault(frozenset(term), term)
    return Formula(text=text, intercept=True, terms=tuple(kept.values()))


def check_covariates(
    frame: pd.DataFrame, formula: Formula, taken: Sequence[str]
) -> Iterator[Finding]:
    """Everything wrong with the columns of the formula.

    Parameters
    ----------
    frame : DataFrame
    formula : Formula
    taken : sequence of str
        Columns of times and endings, which are no covariates.

    Yields
    ------
    Finding
    """
    if not formula.terms:
        yield finding("SR12", "no covariate is given", 'Write for example covariates=["arm"].')
    for name in formula.columns:
        if (frame.columns == name).sum() != 1:
            continue
        values = frame[name]
        if name in taken:
            remedy = "Leave it out: it holds what the model is to explain."
            yield finding("SR12", "times or endings among the covariates", remedy, column=name)
        elif is_time(values):
            remedy = "Turn them into numbers, such as days since time zero."
            yield finding("SR02", "dates, or lengths of time", remedy, column=name)
        elif values.isna().all():
            yield finding(
                "SR04", "the covariate is missing in all rows", "Leave it out.", column=name
            )
        elif is_numeric(values):
            wild = np.isinf(numbers(values, name))
            remedy = "Leave such cells empty, or correct them."
            yield from where("SR02", wild, "infinite numbers", remedy, column=name)
        else:
            meant = any(f.categorical for term in formula.terms for f in term if f.name == name)
            yield from _too_many_levels(values, name, meant=meant)


def _too_many_levels(values: pd.Series, name: str, *, meant: bool) -> Iterator[Finding]:
    """Text that is no category: numbers with a word among them, or names of people."""
    import pandas as pd

    levels, rows = int(values.nunique()), int(values.notna().sum())
    meant = meant or isinstance(values.dtype, pd.CategoricalDtype)
    many = levels > _MANY_LEVELS
    often = levels >= _SOME_LEVELS and levels >= _PART * rows
    if not ((many and often) if meant else (many or often)):
        return
    read = pd.to_numeric(values.astype("object"), errors="coerce")
    words = (read.isna() & values.notna()).to_numpy()
    if 2 * words.sum() <= rows:
        problem = f"{int(words.sum())} cells that are no numbers" if words.any() else "numbers kept"
        problem += " in a column of numbers" if words.any() else " as text"
        remedy = "Correct those cells, or leave them empty."
        yield finding(
            "SR02", problem, remedy, column=name, rows=np.flatnonzero(words), of_rows=len(values)
        )
        return
    problem = f"text with {levels} different values in {rows} rows, too many for a category"
    remedy = "Join them to a few levels, or leave the column out."
    if not meant and not often:
        remedy += f" If each is to count, write C({name})."
    yield finding("SR02", problem, remedy, column=name)


def read_covariates(frame: pd.DataFrame, formula: Formula) -> Covariates:
    """Make the columns of a formula whose columns were checked.

    Parameters
    ----------
    frame : DataFrame
    formula : Formula

    Returns
    -------
    Covariates
        Of the rows without a gap.

    Raises
    ------
    FitError
        A column holds what it may not.
    """
    read = read_columns(frame, formula)
    used = np.ones(len(frame), dtype=bool)
    for _, values in read.values():
        used &= ~np.isnan(values)
    if not used.all():
        # A level that only rows left out hold is no level of the model.
        read = read_columns(frame.loc[used], formula)
    columns = {factor: values for factor, (_, values) in read.items()}
    part = fixed_part_of(formula, {factor: variable for factor, (variable, _) in read.items()})
    kept = [place for place, name in enumerate(part.names) if name != INTERCEPT]
    terms: dict[str, tuple[int, ...]] = {}
    for at, place in enumerate(kept):
        name = part.terms[place]
        terms[name] = (*terms.get(name, ()), at)
    return Covariates(
        part=part,
        x=_without_intercept(part, columns, int(used.sum())),
        names=tuple(part.names[place] for place in kept),
        terms=terms,
        used=used,
    )


def check_identified(covariates: Covariates) -> Iterator[Finding]:
    """Columns that are constant, or that follow from those before them.

    Parameters
    ----------
    covariates : Covariates

    Yields
    ------
    Finding
    """
    x = covariates.x
    if not len(x):
        yield finding("SR06", "no row has all covariates", "Look at what is missing, and why.")
        return
    if not x.shape[1]:
        alone = covariates.of_one_level
        names = quoted(alone, range(len(alone)))
        problem = f"{names} has one level among the rows used, so there is no ratio"
        yield finding("SR13", problem, "Name a covariate that differs between rows.")
        return
    constant = [place for place, column in enumerate(x.T) if column.max() == column.min()]
    if constant:
        names = quoted(covariates.names, constant)
        yield finding("SR13", f"{names} is the same in all rows", "Leave it out.")
        return
    if _far_apart(x):
        return
    places = dependent_columns(np.column_stack([np.ones(len(x)), x]))
    if places:
        names = quoted(covariates.names, [place - 1 for place in places])
        remedy = "Leave it out: the data cannot tell them apart."
        yield finding("SR13", f"{names} follows from the columns before it", remedy)


def _far_apart(x: Floats) -> bool:
    """Whether columns, none constant, are surely no sums of each other; without a copy of all."""
    mean = np.array([column.mean() for column in x.T])
    products = np.zeros((x.shape[1], x.shape[1]))
    for low in range(0, len(x), _TOGETHER):
        about = x[low : low + _TOGETHER].T - mean[:, None]
        products += about @ about.T
    size = np.sqrt(np.diag(products))
    if not (size > 0).all():
        return False
    return bool(np.linalg.eigvalsh(products / np.outer(size, size))[0] > _SURE)


def _without_intercept(part: FixedPart, columns: Any, rows: int) -> Floats:
    """Columns of the rows, each contiguous, made some rows at a time."""
    kept = [place for place, name in enumerate(part.names) if name != INTERCEPT]
    found = np.empty((len(kept), rows))
    for low in range(0, rows, _TOGETHER):
        some = {factor: values[low : low + _TOGETHER] for factor, values in columns.items()}
        count = min(_TOGETHER, rows - low)
        found[:, low : low + count] = part.matrix(some, count).T[kept]
    return found.T
