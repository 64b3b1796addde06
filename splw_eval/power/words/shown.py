"""Numbers as they are shown."""

from __future__ import annotations

from typing import Any

import numpy as np

_WHOLE = 1e-12  # of the number
_SEVERAL = 8  # numbers of a list, more of which are not shown


def number(value: Any, digits: int = 4) -> str:
    """A number without needless decimals; a grid as its ends.

    Parameters
    ----------
    value : float or ndarray
    digits : int
        Significant ones.

    Returns
    -------
    str
    """
    held = np.asarray(value, dtype=np.float64)
    if held.ndim:
        return _several(held, digits)
    one = float(held)
    if not np.isfinite(one):
        return "-" if np.isnan(one) else "infinite"
    whole = abs(one - round(one)) <= _WHOLE * abs(one)
    if whole and abs(one) < 1e12:  # noqa: PLR2004 - not absurd
        return f"{one:,.0f}"
    return f"{one:.{digits}g}" if abs(one) < 10**digits else f"{one:,.1f}"


def decimals(value: Any, places: int = 3) -> str:
    """A power, or another number with a fixed count of decimals; never 1 where it is less.

    Parameters
    ----------
    value : float or ndarray
    places : int

    Returns
    -------
    str
    """
    held = np.asarray(value, dtype=np.float64)
    if held.ndim:
        ends = (np.nanmin(held), np.nanmax(held)) if np.isfinite(held).any() else (np.nan,)
        return " to ".join(decimals(one, places) for one in ends)
    one = float(held)
    if np.isnan(one):
        return "-"
    if one < 1 and round(one, places) >= 1:
        return f"above {1 - 10**-places:.{places}f}"
    return f"{one:.{places}f}"


def value(held: Any) -> str:
    """Anything that an option may hold."""
    if isinstance(held, str):
        return held
    if isinstance(held, bool):
        return "yes" if held else "no"
    array = np.asarray(held, dtype=np.float64)
    if array.ndim > 1:
        return f"{array.shape[0]} rows of {array.shape[1]}"
    return number(array)


def per_cent(share: Any) -> str:
    """A share as a per cent."""
    return f"{number(100 * np.asarray(share, dtype=np.float64), 3)}%"


def _several(held: Any, digits: int) -> str:
    flat = np.ravel(held)
    if len(flat) <= _SEVERAL:
        return ", ".join(number(one, digits) for one in flat)
    return f"{number(np.nanmin(flat), digits)} to {number(np.nanmax(flat), digits)}"
