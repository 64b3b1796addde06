"""Sign vectors of a wild bootstrap: all of them, or some that are drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BLOCK = 8_192  # sign vectors held at once


def all_signs(clusters: int) -> Iterator[Array]:
    """Half of all sign vectors: turning every sign leaves the size of a statistic.

    Parameters
    ----------
    clusters : int

    Yields
    ------
    ndarray, shape (vectors, clusters)
        The first of all changes no sign.
    """
    bits = np.arange(clusters)
    for start in range(0, 2 ** (clusters - 1), _BLOCK):
        code = np.arange(start, min(start + _BLOCK, 2 ** (clusters - 1)))
        yield np.where((code[:, None] >> bits) & 1, -1.0, 1.0)


def draw_signs(clusters: int, draws: int, seed: int) -> Iterator[Array]:
    """Drawn sign vectors, after the one that changes nothing.

    Parameters
    ----------
    clusters, draws, seed : int

    Yields
    ------
    ndarray, shape (vectors, clusters)
    """
    generator = np.random.default_rng(seed)
    yield np.ones((1, clusters))
    for start in range(0, draws, _BLOCK):
        size = (min(_BLOCK, draws - start), clusters)
        yield np.where(generator.integers(0, 2, size), -1.0, 1.0)
