"""The order of waves, which that of letters does not give."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.missing.checks import finding, refuse
from splw_eval.models.variables import Codes, level_codes

if TYPE_CHECKING:
    import pandas as pd

_NUMBERED = re.compile(r"(\D*)(\d+(?:\.\d+)?)(\D*)")


def waves_in_order(values: pd.Series) -> tuple[Codes, tuple[Any, ...]]:
    """Places of cells among the waves that occur, in their order; -1 where missing.

    Parameters
    ----------
    values : Series
        Numbers and times go by their size; ordered categories, and categories in another order
        than that of letters, as they stand; texts by the number in them, where they differ in
        that alone (``"3"`` before ``"12"``, ``"m3"`` before ``"m12"``).

    Returns
    -------
    codes : ndarray of int, shape (rows,)
    levels : tuple

    Raises
    ------
    MissingError
        Texts do not tell which comes first.
    """
    codes, levels = level_codes(values)
    texts = [isinstance(level, str) for level in levels]
    if len(levels) < 2 or not any(texts) or _placed(values, levels):  # noqa: PLR2004
        return codes, levels
    sizes = _sizes([str(level) for level in levels]) if all(texts) else None
    if sizes is None:
        remedy = (
            "Put them in order with pandas.Categorical(..., categories=[...], ordered=True), or "
            "give the months as numbers."
        )
        problem = "waves are texts, which do not tell which comes first"
        refuse([finding("SN36", problem, remedy, column=str(values.name))])
        return codes, levels
    order = np.argsort(sizes, kind="stable")
    rank = np.append(np.argsort(order), -1)
    return rank[codes].astype(np.int64), tuple(levels[place] for place in order)


def _placed(values: pd.Series, levels: tuple[Any, ...]) -> bool:
    """Whether somebody put the categories in order: not the letters."""
    import pandas as pd

    if not isinstance(values.dtype, pd.CategoricalDtype):
        return False
    by_letter = sorted(levels, key=str)
    return bool(values.dtype.ordered) or list(levels) != by_letter


def _sizes(texts: list[str]) -> list[float] | None:
    """The numbers that texts are, or by which alone they differ; None where they do not."""
    found = [_number(text) for text in texts]
    if any(math.isnan(size) for size in found):
        parts = [_NUMBERED.fullmatch(text.strip()) for text in texts]
        kept = [part for part in parts if part]
        if len(kept) < len(texts) or len({(p[1].casefold(), p[3].casefold()) for p in kept}) > 1:
            return None
        found = [float(part[2]) for part in kept]
    return found if len(set(found)) == len(found) else None


def _number(text: str) -> float:
    try:
        size = float(text)
    except ValueError:
        return math.nan
    return size if math.isfinite(size) else math.nan
