"""What a design says of its estimate, before any test is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Precision:
    """Variance of the estimated effect, and what a test of it may take as degrees of freedom.

    Arrays are of shape () or (grid,): one element for each design of a grid.

    Attributes
    ----------
    effect : ndarray
        On the scale of the analysis (a difference, a log odds ratio, ...).
    variance : ndarray
        Of the estimated effect.
    null_variance : ndarray or None
        Where there is no effect; rules the critical value. None: the same.
    df : mapping of str to ndarray
        Rules by name, the default first; infinite for the normal. ``z`` is always known.
    rejects : callable or None
        ``(df) -> chance``, where the test is neither Student's nor the normal at the design's
        level: an F, or one of several tests that share the level.
    parts : mapping of str to ndarray
        Figures worth telling, such as ``design_effect``; names in the glossary's words.
    """

    effect: Array
    variance: Array
    df: Mapping[str, Array]
    null_variance: Array | None = None
    rejects: Callable[[Array], Array] | None = None
    parts: Mapping[str, Array] = field(default_factory=dict)

    @property
    def std_error(self) -> Array:
        """Of the estimated effect."""
        return np.sqrt(self.variance)
