"""Words beside scores: bands, categories and how each score is known, a byte for each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.instruments.blocks import ROWS
from splw_eval.instruments.meanings import Bands

if TYPE_CHECKING:
    import pandas as pd

# A mean of thirds may lie a rounding error beside the limit that it equals.
LIMIT_TOLERANCE = 1e-9
_Start = tuple[float, bool]  # a limit, and whether the band starts above it


def band_places(values: NDArray[np.float64], bands: Bands) -> NDArray[np.signedinteger[Any]]:
    """Band of each score, compared unrounded with the limits.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
    bands : Bands

    Returns
    -------
    ndarray of int, shape (n,)
        Counted from 0, upwards; -1 where there is no score, or it lies below every band.
    """
    small = np.min_scalar_type(-len(bands.limits) - 1)
    places = np.full(len(values), -1, dtype=small)
    over = np.empty(ROWS, dtype=np.bool_)
    for start in range(0, len(values), ROWS):
        part, here = values[start : start + ROWS], places[start : start + ROWS]
        held = over[: len(part)]
        for (limit, _), is_above in zip(bands.limits, bands.starts_above(), strict=True):
            if is_above:
                np.greater(part, limit + LIMIT_TOLERANCE, out=held)
            else:
                np.greater_equal(part, limit - LIMIT_TOLERANCE, out=held)
            np.add(here, held.view(np.int8), out=here)
    return places


def band_column(
    values: NDArray[np.float64], bands: Bands, without: NDArray[np.bool_] | None = None
) -> pd.Categorical:
    """Return the band of each score by name, missing also in the rows `without`."""
    labels = [label for _, label in bands.limits]
    names = list(dict.fromkeys(labels))
    places = band_places(values, bands)
    if len(names) < len(labels):  # the place -1 is looked up at the end
        places = np.array([*map(names.index, labels), -1], dtype=places.dtype)[places]
    if without is not None:
        places[without] = -1
    return _categorical(places, names, ordered=len(names) == len(labels))


def category_column(values: NDArray[np.float64], names: Mapping[str, str]) -> pd.Categorical:
    """Return the name of each score that is only a number for it."""
    places = np.full(len(values), -1, dtype=np.min_scalar_type(-len(names) - 1))
    different = list(dict.fromkeys(names.values()))
    for code, name in names.items():
        places[values == float(code)] = different.index(name)
    return _categorical(places, different)


def status_column(recalled: NDArray[np.bool_]) -> pd.Categorical:
    """Say of each row whether its scoring is checked or recalled."""
    return _categorical(recalled.view(np.int8), ["checked", "recalled"])


def _categorical(places: Any, names: Sequence[str], *, ordered: bool = False) -> pd.Categorical:
    import pandas as pd

    return pd.Categorical.from_codes(places, categories=pd.Index(names), ordered=ordered)


def band_words(bands: Bands, span: tuple[float, float]) -> list[tuple[str, str]]:
    """Scores of each band as its source has them.

    Parameters
    ----------
    bands : Bands
    span : (float, float)
        Lowest and highest possible score.

    Returns
    -------
    list of (str, str)
        Name of the band, and words such as ``8 to below 11``, ``16 to 21``, ``18 or less`` or
        ``above 18 to 20``.
    """
    starts = [*zip((low for low, _ in bands.limits), bands.starts_above(), strict=True), None]
    return [
        (label, _words(start, end, span))
        for (start, end), (_, label) in zip(pairwise(starts), bands.limits, strict=True)
        if start is not None
    ]


def _words(start: _Start, end: _Start | None, span: tuple[float, float]) -> str:
    low, is_above = start
    first = f"above {low:g}" if is_above else f"{low:g}"
    if end is None:
        return first if is_above or low >= span[1] else f"{first} to {span[1]:g}"
    high, next_is_above = end
    if not next_is_above:
        return f"{first} to below {high:g}"
    if high == low:
        return first
    return f"{high:g} or less" if low <= span[0] and not is_above else f"{first} to {high:g}"
