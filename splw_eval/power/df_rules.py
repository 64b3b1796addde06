"""Rules of degrees of freedom as they are typed: any case, other names, numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Values

RULES = (  # of any design
    *("k-2", "satterthwaite", "welch", "between-within", "k-1", "j-1", "k-arms", "n-arms"),
    *("n-j-1", "n-1", "n-2", "n-3", "z"),
)
_ALIKE: Mapping[str, Mapping[str, str]] = MappingProxyType(  # other names, by design
    {
        "partially-nested": {"k-1": "j-1"},
        "multisite": {"k-1": "j-1"},
        "pre-post": {"j-1": "k-1"},
    }
)


def plain_rule(kind: str, df: Any) -> Any:
    """A rule as the design names it; a number as a number.

    Parameters
    ----------
    kind : str
        Name of the design.
    df : object
        As given.

    Returns
    -------
    object
    """
    if not isinstance(df, str):
        return df
    word = df.strip().lower()
    try:
        return float(word)
    except ValueError:
        word = {"normal": "z"}.get(word, word)
        return _ALIKE.get(kind, {}).get(word, word)


def faults_of_df(df: Any) -> Iterator[Finding]:
    """What is no rule of any design, and no number of degrees of freedom.

    Parameters
    ----------
    df : object
        As `plain_rule` gives it.

    Yields
    ------
    Finding
    """
    remedy = f"Give a number above 0, or a rule: {', '.join(RULES)}."
    if isinstance(df, str):
        if df not in RULES:
            yield finding("SZ03", "df", f'"{df}" is no rule of degrees of freedom', remedy)
        return
    try:
        numbers = np.asarray(df, dtype=np.float64)
    except (TypeError, ValueError):
        yield finding("SZ03", "df", "is neither a rule nor a number", remedy)
        return
    if not (numbers > 0).all():
        yield finding("SZ03", "df", "is not above 0", remedy)


def faults_beside_test(v: Values) -> Iterator[Finding]:
    """Degrees of freedom beside the normal, which has none.

    Parameters
    ----------
    v : Values

    Yields
    ------
    Finding
    """
    if v.test != "z" or v.df is None or (isinstance(v.df, str) and v.df == "z"):
        return
    if not isinstance(v.df, str) and np.isinf(np.asarray(v.df)).all():
        return
    remedy = "Leave out --df, or --test z: the normal has no degrees of freedom."
    yield finding("SZ05", "df", "stands beside --test z", remedy)
