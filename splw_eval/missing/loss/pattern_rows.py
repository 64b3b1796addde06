"""Patterns of who was measured when, counted, and shares missing by wave, arm and practice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.loss.wave_scores import WaveScores

MEASURED, MISSING = "1", "0"
COMPLETE, STOPPED, GAPS, NEVER = (
    "complete",
    "missing from some wave on",
    "missing, then measured again",
    "never measured",
)
Flags = NDArray[np.bool_]
EVERYBODY = "everybody"
FEWEST = 2  # people of a pattern whose means are given: of one they are the person's own scores


def arms_of(read: WaveScores) -> Iterator[tuple[str, Flags]]:
    """Name and people of each arm; everybody where there are no arms.

    Parameters
    ----------
    read : WaveScores

    Yields
    ------
    tuple of str and ndarray of bool
    """
    if read.arm is None:
        yield EVERYBODY, np.ones(read.n, dtype=bool)
        return
    for code, level in enumerate(read.arm.levels):
        yield str(level), read.arm.codes == code


def kind_of(seen: Flags) -> str:
    """What a pattern is.

    Parameters
    ----------
    seen : ndarray of bool, shape (waves,)

    Returns
    -------
    str
    """
    if seen.all():
        return COMPLETE
    if not seen.any():
        return NEVER
    return GAPS if (np.diff(seen.astype(int)) > 0).any() else STOPPED


def pattern_rows(read: WaveScores) -> Iterator[dict[str, Any]]:
    """Patterns of each arm, those with most scores first.

    Parameters
    ----------
    read : WaveScores

    Yields
    ------
    dict
    """
    for arm, here in arms_of(read):
        scores = read.scores[here]
        number = read.measured[here] @ (2 ** np.arange(len(read.waves))[::-1])
        found, which = np.unique(number, return_inverse=True)
        for place in sorted(range(len(found)), key=lambda p: (-int(found[p]).bit_count(), p)):
            mine = scores[which == place]
            seen = ~np.isnan(mine[0])
            yield {
                "arm": arm,
                "pattern": "".join(MEASURED if one else MISSING for one in seen),
                "kind": kind_of(seen),
                "monotone": kind_of(seen) != GAPS,
                "n": len(mine),
                "share": len(mine) / len(scores),
                **_means(mine, seen),
            }


def _means(scores: NDArray[np.float64], seen: Flags) -> dict[str, float]:
    """Mean first and last score of a pattern; NaN where they would be one person's own."""
    if len(scores) < FEWEST or not seen.any():
        return {"mean_first": np.nan, "mean_last": np.nan}
    last = np.flatnonzero(seen)[-1]
    return {
        "mean_first": float(scores[:, 0].mean()),
        "mean_last": float(scores[:, last].mean()),
    }


def monotone_rows(read: WaveScores) -> Iterator[dict[str, Any]]:
    """How many of each arm stopped, and how many came back.

    Parameters
    ----------
    read : WaveScores

    Yields
    ------
    dict
    """
    for arm, here in arms_of(read):
        kinds = [kind_of(seen) for seen in read.measured[here]]
        n = len(kinds)
        gaps = kinds.count(GAPS)
        yield {
            "arm": arm,
            "n": n,
            "complete": kinds.count(COMPLETE),
            "stopped": kinds.count(STOPPED) + kinds.count(NEVER),
            "gaps": gaps,
            "share_monotone": (n - gaps) / n,
        }


def missing_rows(read: WaveScores) -> Iterator[dict[str, Any]]:
    """Share missing at each wave of each arm, and how it ranges over practices.

    Parameters
    ----------
    read : WaveScores

    Yields
    ------
    dict
    """
    for arm, here in arms_of(read):
        for place, wave in enumerate(read.waves):
            lost = ~read.measured[here, place]
            row = {
                "arm": arm,
                "wave": wave,
                "n": len(lost),
                "missing": int(lost.sum()),
                "share_missing": float(lost.mean()),
            }
            if read.cluster is not None:
                _, mine = np.unique(read.cluster.codes[here], return_inverse=True)
                shares = np.bincount(mine, lost) / np.bincount(mine)
                row |= {
                    "practices": len(shares),
                    "lowest_of_practices": float(shares.min()),
                    "median_of_practices": float(np.median(shares)),
                    "highest_of_practices": float(shares.max()),
                }
            yield row


def practice_rows(read: WaveScores) -> Iterator[dict[str, Any]]:
    """Share missing at each wave of each practice; none without practices.

    Parameters
    ----------
    read : WaveScores

    Yields
    ------
    dict
    """
    if read.cluster is None:
        return
    for arm, here in arms_of(read):
        for code in np.unique(read.cluster.codes[here]):
            mine = here & (read.cluster.codes == code)
            for place, wave in enumerate(read.waves):
                lost = ~read.measured[mine, place]
                yield {
                    "arm": arm,
                    "cluster": str(read.cluster.levels[code]),
                    "wave": wave,
                    "n": len(lost),
                    "missing": int(lost.sum()),
                    "share_missing": float(lost.mean()),
                }
