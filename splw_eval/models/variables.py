"""Columns of a data frame as a model reads them: numbers, or categories in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.floating[Any]]
Codes = NDArray[np.int64]
MISSING = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A column of the fixed part.

    Attributes
    ----------
    name : str
    levels : tuple or None
        Levels in order, the first of them the reference; None for numbers.
    """

    name: str
    levels: tuple[Any, ...] | None

    def read(self, values: pd.Series) -> Floats:
        """Numbers, or places among the levels; NaN where the cell is missing.

        Parameters
        ----------
        values : Series

        Returns
        -------
        ndarray of float, shape (rows,)

        Raises
        ------
        FitError
            A cell holds no number, or a level that the model has not seen.
        """
        if self.levels is None:
            return numbers(values, self.name)
        codes = _places(values, self.levels)
        missing = values.isna().to_numpy()
        unknown = np.flatnonzero((codes == MISSING) & ~missing)
        if len(unknown):
            raise FitError(
                f'Column "{self.name}" holds levels that the model has not seen, in '
                f"{len(unknown)} of {len(codes)} rows (the first is row {unknown[0] + 1}).",
                remedy="Use the levels of the data that the model was fitted to.",
            )
        return np.where(missing, np.nan, codes.astype(float))


def variable_of(values: pd.Series, name: str, *, categorical: bool) -> Variable:
    """Decide whether a column is one of numbers or of categories.

    Parameters
    ----------
    values : Series
        Rows that are used.
    name : str
    categorical : bool
        Whether the formula says C().

    Returns
    -------
    Variable
        Text, yes/no and pandas' categories are categories without C() too.
    """
    if not categorical and is_numeric(values):
        return Variable(name=name, levels=None)
    return Variable(name=name, levels=levels_of(values))


def levels_of(values: pd.Series) -> tuple[Any, ...]:
    """Levels that occur, in order.

    Parameters
    ----------
    values : Series

    Returns
    -------
    tuple
        In the order of pandas' categories, else sorted; numbers before text.
    """
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        seen = set(values.dropna().unique())
        return tuple(level for level in values.cat.categories if level in seen)
    return _in_order([_plain(level) for level in pd.unique(values.dropna())])


def _in_order(levels: list[Any]) -> tuple[Any, ...]:
    try:
        return tuple(sorted(levels))
    except TypeError:
        return tuple(sorted(levels, key=lambda level: (isinstance(level, str), str(level))))


def level_codes(values: pd.Series) -> tuple[Codes, tuple[Any, ...]]:
    """Places of cells among the levels that occur; -1 where missing.

    Parameters
    ----------
    values : Series

    Returns
    -------
    codes : ndarray of int, shape (rows,)
    levels : tuple
    """
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        levels = levels_of(values)
        return _places(values, levels), levels
    codes, found = pd.factorize(values)
    plain = [_plain(level) for level in found]
    place = {level: rank for rank, level in enumerate(_in_order(plain))}
    ranks = np.array([place[level] for level in plain] + [MISSING], dtype=np.int64)
    return ranks[codes], tuple(place)


def numbers(values: pd.Series, name: str) -> Floats:
    """Read a column of numbers.

    Parameters
    ----------
    values : Series
    name : str

    Returns
    -------
    ndarray of float, shape (rows,)
        NaN where the cell is missing.

    Raises
    ------
    FitError
        A cell holds something else.
    """
    import pandas as pd

    if is_numeric(values) or pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype=float, na_value=np.nan)
    read = pd.to_numeric(values.astype("object"), errors="coerce")
    wrong = np.flatnonzero(read.isna().to_numpy() & ~values.isna().to_numpy())
    text = f"{len(wrong)} cells are no numbers" if len(wrong) else "its numbers are kept as text"
    first = f" (the first is in row {wrong[0] + 1})" if len(wrong) else ""
    raise FitError(
        f'Column "{name}" must hold numbers; {text}{first}.',
        remedy="Turn the column into numbers first, with empty cells where there is none.",
    )


def is_numeric(values: pd.Series) -> bool:
    """Whether a column holds real numbers, and not yes and no.

    Parameters
    ----------
    values : Series

    Returns
    -------
    bool
    """
    import pandas as pd

    if values.dtype == object:
        return pd.api.types.infer_dtype(values, skipna=True) in {
            "integer",
            "floating",
            "mixed-integer-float",
            "decimal",
            "empty",
        }
    types, kind = pd.api.types, values.dtype
    real = types.is_numeric_dtype(kind) and not types.is_complex_dtype(kind)
    return bool(real and not types.is_bool_dtype(kind))


def is_time(values: pd.Series) -> bool:
    """Whether a column holds dates, or lengths of time.

    Parameters
    ----------
    values : Series

    Returns
    -------
    bool
    """
    import pandas as pd

    if values.dtype == object:
        return pd.api.types.infer_dtype(values, skipna=True) in _TIMES
    types = (pd.DatetimeTZDtype, pd.PeriodDtype, pd.IntervalDtype)
    return values.dtype.kind in "mM" or isinstance(values.dtype, types)


_TIMES = (
    "datetime64",
    "datetime",
    "date",
    "timedelta64",
    "timedelta",
    "time",
    "period",
    "interval",
)


def _places(values: pd.Series, levels: tuple[Any, ...]) -> Codes:
    import pandas as pd

    index = pd.Index(list(levels))
    return np.asarray(index.get_indexer(pd.Index(values.astype("object"))), dtype=np.int64)


def _plain(level: Any) -> Any:
    return level.item() if isinstance(level, np.generic) else level


def level_label(level: Any) -> str:
    """Text of a level; a whole number without its decimals.

    Parameters
    ----------
    level : object

    Returns
    -------
    str
    """
    whole = isinstance(level, float) and level.is_integer()
    return str(int(level)) if whole else str(level)
