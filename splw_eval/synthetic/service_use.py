"""Use of the practice and of hospitals in a synthetic programme, month by month."""

from __future__ import annotations

import numpy as np

from splw_eval.synthetic.people import Cast, Columns, Days, emptied
from splw_eval.synthetic.settings import Settings
from splw_eval.synthetic.stream import Numbers, Stream, Whole

BEFORE, AFTER = 12, 12  # months before and from that of time zero
# People are found when they come often: use rises before, and falls back by itself after.
# The programme does nothing to it, so any fall is regression to the mean.
_BUMP = {-3: 1.25, -2: 1.6, -1: 2.2, 0: 2.0, 1: 1.5, 2: 1.2}
_RATES = (0.2, 0.4, 0.65, 1.0, 1.6)  # contacts a month of five kinds of people
_TRIALS = 8  # most contacts with the practice in a month


def service_table(its: Settings, cast: Cast, zero: Days) -> Columns:
    """Table of service use: a row for each person and month of two years.

    Parameters
    ----------
    its : Settings
    cast : Cast
    zero : ndarray of datetime64[D], shape (n,)
        Time zero of each person.

    Returns
    -------
    dict of str to ndarray
    """
    n, months = len(cast), BEFORE + AFTER
    stream = Stream(its.seed, "service use")
    relative = np.tile(np.arange(-BEFORE, AFTER), n)
    person = np.repeat(np.arange(n), months)
    month = zero.astype("M8[M]")[person] + relative.astype("m8[M]")
    bump = np.array([_BUMP.get(m, 1.0) for m in range(-BEFORE, AFTER)])
    rate = _rates(stream, cast)[person] * np.tile(bump, n)
    emergency = _times(stream, rate * 0.07, 3)
    stays = np.minimum(emergency, stream.happens(0.3, n * months))
    regular = np.floor(
        2.2 * np.nan_to_num(cast.columns["ltc_physical"].astype(np.float64), nan=1.0)
    )
    items = regular[person] + stream.whole(0, 3, n * months)
    return {
        "person": cast.columns["person"][person],
        "month": month.astype("M8[D]"),
        "gp_contacts": _times(stream, rate, _TRIALS).astype(np.float64),
        "emergency": emergency.astype(np.float64),
        "admissions": stays.astype(np.float64),
        "prescriptions": emptied(stream, items, 0.02),
    }


def _rates(stream: Stream, cast: Cast) -> Numbers:
    """Usual contacts a month of each person: more of those who are less well."""
    behind = -0.35 * cast.general + 0.94 * stream.normal(len(cast))
    return np.array(_RATES)[np.searchsorted((-0.8, -0.2, 0.4, 1.1), behind)]


def _times(stream: Stream, rate: Numbers, most: int) -> Whole:
    """How often something happens in a month, out of a few chances."""
    times = np.zeros(len(rate), dtype=np.int64)
    for _ in range(most):
        times += stream.happens(np.minimum(rate / most, 1.0), len(rate))
    return times
