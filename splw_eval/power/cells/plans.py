"""Visits that are analysed, of two arms."""

from __future__ import annotations

from dataclasses import dataclass

from splw_eval.power.precision import Array

ARMS = ("programme", "comparison")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Followed:
    """Visits that are analysed.

    Attributes
    ----------
    times : ndarray, shape (visits,)
    dropout : tuple of ndarray, shape (visits,)
        Share lost by each visit, of the programme's arm and of the comparison.
    treatment : ndarray, shape (2, visits)
        The programme's arm first.
    columns : ndarray, shape (2, visits, effects)
    weights : ndarray, shape (effects,)
    from_visit : int
        People last seen before this visit are left out.
    """

    times: Array
    dropout: tuple[Array, Array]
    treatment: Array
    columns: Array
    weights: Array
    from_visit: int = 0
