"""Who answers at which wave of a synthetic programme, and who is lost."""

from __future__ import annotations

import numpy as np

from splw_eval.synthetic.people import Cast, Days
from splw_eval.synthetic.settings import ARMS, Settings
from splw_eval.synthetic.stream import Flags, Numbers, Stream

# What makes people leave: distress at baseline, as it was recorded, and a link worker who
# left. Both stand in the files, so scores are missing at random given them.
BY_DISTRESS, BY_CHANGE = 0.45, 0.9
_USUAL_ANSWER, _SPREAD = 1.25, 0.67  # mean and SD of a person's mean answer to PHQ-9
_NO_BASELINE = 0.02


def draw_presence(
    its: Settings, cast: Cast, *, distress: Numbers, changed: Days, died: Days, planned: Days
) -> Flags:
    """Decide who answers at which wave.

    Parameters
    ----------
    its : Settings
    cast : Cast
    distress : ndarray of float, shape (n,)
        Mean answer to PHQ-9 at baseline as recorded; NaN where there is none.
    changed, died : ndarray of datetime64[D], shape (n,)
        Day on which a person's link worker left, and on which the person died; NaT for none.
    planned : ndarray of datetime64[D], shape (n, waves)
        Day planned for each wave.

    Returns
    -------
    ndarray of bool, shape (n, waves)

    Notes
    -----
    Who leaves, never comes back. From wave to wave those leave whose pull to leave is
    strongest: 0.45 for each SD of distress, 0.9 where the link worker had left by then, and
    chance with an SD of 1. As many leave as `dropout` says, as near as whole people allow.
    Some of those who stay miss a single wave, by chance alone, and come back.
    """
    n, waves = len(cast), len(its.waves)
    stream = Stream(its.seed, "retention")
    started = ~stream.happens(its.never_start, n)
    pull = BY_DISTRESS * np.nan_to_num((distress - _USUAL_ANSWER) / _SPREAD)
    here = np.zeros((n, waves), dtype=bool)
    stays = started.copy()
    here[:, 0] = started & ~stream.happens(_NO_BASELINE, n)
    missed = stream.happens(its.intermittent, n, waves)
    for wave in range(1, waves):
        gone = changed < planned[:, wave]
        now = pull + BY_CHANGE * gone + stream.normal(n)
        now[died < planned[:, wave]] = np.inf
        for code, arm in enumerate(ARMS):
            stays &= ~_leaving(its, cast.arm == code, stays, now, its.dropout[arm][wave - 1])
        here[:, wave] = stays & ~missed[:, wave]
    return here


def _leaving(its: Settings, of_arm: Flags, stays: Flags, pull: Numbers, lost: float) -> Flags:
    """Mark those of an arm with the strongest pull, until as many stay as there should."""
    left = int(np.floor((1 - lost) / (1 - its.intermittent) * of_arm.sum() + 0.5))
    candidates = np.flatnonzero(of_arm & stays)
    order = candidates[np.argsort(-pull[candidates], kind="stable")]
    dead = int(np.isinf(pull[candidates]).sum())
    leaving = np.zeros(len(pull), dtype=bool)
    leaving[order[: max(len(candidates) - left, dead)]] = True
    return leaving
