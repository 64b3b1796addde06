"""Levels of a characteristic that are large enough to be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.describe.people_frame import GROUP, NOT_KNOWN

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 10  # people of a level in each group
OTHERS = "all others"
_FEW_VALUES = 2  # numbers with so few are levels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """One characteristic as it is looked at.

    Attributes
    ----------
    frame : DataFrame
        People whose level is looked at; the column is of numbers or of pandas' categories.
    column : str
    line : bool
        Whether it is a number, taken as a line.
    joined, left_out : bool
        Whether rare levels were put together; whether people were left out.
    """

    frame: pd.DataFrame
    column: str
    line: bool
    joined: bool = False
    left_out: bool = False

    @property
    def enough(self) -> bool:
        """Whether there is something to tell apart, and people of both groups to do it with."""
        if self.line:
            counts = self.frame[GROUP].value_counts()
            return len(counts) == len((0, 1)) and int(counts.min()) >= FEWEST
        return self.frame[self.column].nunique() > 1


def levels_of(frame: pd.DataFrame, column: str) -> Levels:
    """Put rare levels together, and leave out who cannot be told apart even so.

    Parameters
    ----------
    frame : DataFrame
        People with both scores.
    column : str

    Returns
    -------
    Levels
        Bands in their order; other levels with the largest first, which the others are set
        against.

    Notes
    -----
    Levels are chosen by numbers of people, and never by scores.
    """
    values = frame[column]
    if values.dtype.kind == "f":
        if values.nunique() > _FEW_VALUES:
            known = values.notna()
            left = not known.all()
            return Levels(frame=frame[known], column=column, line=True, left_out=bool(left))
        values = values.map(lambda value: f"{value:g}" if np.isfinite(value) else NOT_KNOWN)
    words = values.astype(str)
    kept = _kept(words, frame)
    others = ~words.isin([*kept, NOT_KNOWN])
    together = bool(others.any()) and _enough(frame[others.to_numpy()])
    words = words.mask(others, OTHERS) if together else words
    names = [*_ordered(values, words, kept), *([OTHERS] if together else [])]
    here = words.isin(names).to_numpy()
    return Levels(
        frame=frame[here].assign(**{column: _categories(words[here], names)}),
        column=column,
        line=False,
        joined=together,
        left_out=not here.all(),
    )


def _kept(words: pd.Series, frame: pd.DataFrame) -> list[str]:
    """Levels with enough people of both groups."""
    return [str(word) for word, held in frame.groupby(words) if _enough(held)]


def _enough(held: pd.DataFrame) -> bool:
    counts = np.bincount(held[GROUP].to_numpy(), minlength=2)
    return bool(counts.min() >= FEWEST)


def _ordered(values: pd.Series, words: pd.Series, kept: list[str]) -> Iterator[str]:
    """Bands as they are ordered; other levels by size. What is not known comes last."""
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        order = [str(level) for level in values.cat.categories]
    else:
        order = [str(level) for level in words.value_counts(sort=True).index]
    yield from (level for level in order if level in kept and level != NOT_KNOWN)
    yield from (level for level in kept if level == NOT_KNOWN)


def _categories(words: pd.Series, names: list[str]) -> Any:
    import pandas as pd

    return pd.Categorical(words, categories=names)
