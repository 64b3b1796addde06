"""The plan of a synthetic programme, as the text of its study.toml."""

from __future__ import annotations

from importlib.resources import files
from string import Template

import numpy as np

from splw_eval.core.plan import Wave, planned_day
from splw_eval.synthetic.measures import wave_name
from splw_eval.synthetic.people import OPEN_DAYS, OPENED
from splw_eval.synthetic.practices import STRATA
from splw_eval.synthetic.settings import Settings

_AT_START = 28  # days around time zero that count as baseline
_EARLY, _LATE = 60, 90  # days around a later wave that count, where waves lie far apart
_LAST_ANSWERS = 155  # days after the last planned day
_PRIMARY = 12  # months; the nearest wave is the one of the contrast


def plan_text(its: Settings, people: int) -> str:
    """Write study.toml.

    Parameters
    ----------
    its : Settings
    people : int
        How many there are.

    Returns
    -------
    str
        Every section of the plan, with the waves, sizes and dates of this programme.
    """
    text = files("splw_eval.synthetic").joinpath("plan_template.toml").read_text(encoding="utf-8")
    last = planned_day(Wave(name="last", month=its.waves[-1]))
    cut = OPENED + np.timedelta64(OPEN_DAYS + last + _LAST_ANSWERS, "D")
    primary = min(its.follow_up, key=lambda month: abs(month - _PRIMARY))
    lost = its.dropout["programme"][its.follow_up.index(primary)]
    return Template(text).substitute(
        seed=its.seed,
        practices=sum(its.practices),
        people=people,
        cut=cut,
        seen=cut + np.timedelta64(10, "D"),
        waves=_waves(its),
        primary_wave=wave_name(primary),
        attrition=f"{lost:g}",
        strata_columns=", ".join(f"{name} = [{cut:g}]" for name, cut in STRATA.items()),
    )


def _waves(its: Settings) -> str:
    days = [planned_day(Wave(name="wave", month=month)) for month in its.waves]
    text = ""
    for i, month in enumerate(its.waves):
        before = days[i] - days[i - 1] if i else None
        after = days[i + 1] - days[i] if i + 1 < len(days) else None
        early, late = _window(days[i], before, after)
        text += (
            f'[[waves]]\nname = "{wave_name(month)}"\nmonth = {month:g}\n'
            f"window_days = [{-early}, {late}]\n\n"
        )
    return text.rstrip("\n") + "\n"


def _window(planned: int, before: int | None, after: int | None) -> tuple[int, int]:
    """Days before and after the planned day; windows never meet."""
    room_before = _EARLY if before is None else before * 9 // 20
    room_after = _LATE if after is None else after * 9 // 20
    if planned == 0:
        return _AT_START, min(_AT_START, room_after)
    return min(_EARLY, room_before), min(_LATE, room_after, planned // 2)
