"""What estimating equations cannot be fitted to, and what has to be said of those that can."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.models.checks import finding, refuse
from splw_eval.models.design import Design, Labelled
from splw_eval.models.fixed_part import INTERCEPT
from splw_eval.models.gee_families import FAMILIES
from splw_eval.models.identified import check_design
from splw_eval.models.variables import Codes, Floats
from splw_eval.stats.gee_corrections import CORRECTIONS, CorrectedFit
from splw_eval.stats.separation import separated_bands, separated_columns

WORKING = ("exchangeable", "independence")
DF = ("clusters-parameters", "satterthwaite", "z")
FEWEST = 4
FEW = 40  # below this the plain sandwich is known to be too small
_MOST_LEVELS = 10  # a column of more values than this makes no cells
_LOADS = 1e-6  # a contrast this near to a direction does not move along it


def check_options(
    family: str, working: str | None, correction: str, df: str | float, conf_level: float
) -> None:
    """Compare options with what there is.

    Parameters
    ----------
    family : str
    working : str or None
    correction : str
    df : str or float
    conf_level : float

    Raises
    ------
    ModelError
        With every option that cannot be used.
    """
    words = {"family": (family, tuple(FAMILIES)), "correction": (correction, CORRECTIONS)}
    if working is not None:
        words["working"] = (working, WORKING)
    if isinstance(df, str):
        words["df"] = (df, DF)
    found = [
        _wrong(f'{name}="{word}" is not known', f"There are: {', '.join(known)}.")
        for name, (word, known) in words.items()
        if word not in known
    ]
    if not isinstance(df, str) and not df > 0:
        found.append(_wrong(f"df is {df}", "Give a number above 0, or the name of a rule."))
    if not 0 < conf_level < 1:
        found.append(_wrong(f"conf_level is {conf_level}", "Give a number such as 0.95."))
    if family == "ordinal" and working == "exchangeable":
        problem = "bands have no exchangeable working correlation here"
        remedy = 'Use working="independence"; the intervals allow for clusters all the same.'
        found.append(_wrong(problem, remedy))
    refuse(found)


def check_equations(design: Design, unit: Labelled, role: str, family: str) -> None:
    """Look for too few clusters, columns that depend, and outcomes foretold without fail.

    Parameters
    ----------
    design : Design
    unit : Labelled
        Units of allocation.
    role : str
        ``cluster`` or ``person``.
    family : str

    Raises
    ------
    ModelError
        With everything that was found.
    """
    found = list(_few(design, unit, role))
    found += check_design(design, covariance="compound_symmetry")
    if family == "ordinal" and INTERCEPT not in design.names:
        problem = "the fixed part has no intercept, whose place the thresholds take"
        found.append(_wrong(problem, "Leave out the 0 (or - 1) of the fixed part."))
    refuse(found)
    refuse(list(_separated(design, family)))


def check_alone(names: tuple[str, ...], corrected: CorrectedFit, role: str) -> None:
    """Refuse coefficients that one cluster alone fixes.

    Parameters
    ----------
    names : tuple of str
    corrected : CorrectedFit
    role : str
    """
    length = np.sqrt((corrected.alone**2).sum(axis=1, keepdims=True))
    unit = np.abs(corrected.alone) / np.where(length > 0, length, 1.0)
    loads = np.flatnonzero((unit > _LOADS).sum(axis=0))
    hit = [names[place] for place in loads]
    if hit:
        refuse(
            [
                finding(
                    "SM06",
                    f"one {role} alone decides {_quoted(hit)}, so how far its spread goes "
                    "cannot be seen",
                    "Leave that term out, join levels, or give that figure without an interval.",
                )
            ]
        )


def _wrong(problem: str, remedy: str) -> Finding:
    return finding("SM12", problem, remedy)


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _few(design: Design, unit: Labelled, role: str) -> Iterator[Finding]:
    if unit.count < FEWEST:
        one = "practices" if role == "cluster" else "people"
        yield finding(
            "SM06",
            f"only {unit.count} {one} with an outcome; these equations need at least {FEWEST}, "
            "and are trustworthy with many more",
            "Give each one's own figures without an interval, or analyse one mean of each.",
            column=design.roles.named[role],
        )


def _separated(design: Design, family: str) -> Iterator[Finding]:
    if family == "binary":
        moved = separated_columns(design.x, design.y > 0)
        names = list(design.names)
    elif family == "ordinal":
        x, names = without_intercept(design)
        moved = separated_bands(x, np.unique(design.y, return_inverse=True)[1])
    elif family == "count":
        # A rate of zero: only where every count is zero can the likelihood rise without end.
        moved, names = _no_count(design), list(design.names)
    else:
        return
    hit = [name for name, yes in zip(names, moved, strict=True) if yes]
    if hit:
        what = "band" if family == "ordinal" else "outcome"
        where = list(_bare_cells(design)) if family == "binary" else []
        seen = f" ({'; '.join(where)})" if where else ""
        yield finding(
            "SM10",
            f"somewhere along {_quoted(hit)} every {what} is the same, so the "
            f"{FAMILIES[family].ratio} there is zero or without limit{seen}",
            "Join levels or waves, or leave that term out, and give the counts themselves; no "
            "interval of this kind exists.",
            column=design.roles.outcome,
        )


def _no_count(design: Design) -> NDArray[np.bool_]:
    """Columns of numbers 0 and 1 that single out rows without any count."""
    x, y = design.x, design.y
    marks = np.isin(x, (0.0, 1.0)).all(axis=0)
    bare: NDArray[np.bool_] = marks & (((x == 1) & (y[:, None] > 0)).sum(axis=0) == 0)
    return bare


def without_intercept(design: Design) -> tuple[Floats, list[str]]:
    """Columns other than the intercept, and their names.

    Parameters
    ----------
    design : Design

    Returns
    -------
    x : ndarray, shape (rows, p - 1)
    names : list of str
    """
    places = [place for place, name in enumerate(design.names) if name != INTERCEPT]
    return design.x[:, places], [design.names[place] for place in places]


def one_sided_cells(design: Design) -> Iterator[str]:
    """Sentences on cells of two columns where a binary outcome is all 0 or all 1.

    Parameters
    ----------
    design : Design

    Yields
    ------
    str
    """
    for cells in _bare_cells(design):
        yield f"In {cells}: what the model says there is borrowed from other cells."


def _bare_cells(design: Design) -> Iterator[str]:
    columns = {factor.name: values for factor, values in design.columns.items()}
    if design.wave is not None and design.roles.wave is not None:
        columns[design.roles.wave] = design.wave.codes.astype(float)
    coded: dict[str, Codes] = {}
    for name, values in columns.items():
        levels, codes = np.unique(values, return_inverse=True)
        if 1 < len(levels) <= _MOST_LEVELS:
            coded[name] = codes
    for first, second in combinations(coded, 2):
        cell = coded[first] * _MOST_LEVELS + coded[second]
        rows, events = np.bincount(cell), np.bincount(cell, design.y)
        bare = (rows > 0) & ((events == 0) | (events == rows))
        if bare.any():
            yield (
                f"{int(bare.sum())} of {int((rows > 0).sum())} cells of {first} by {second} "
                "nobody has the event, or everybody has"
            )
