"""Practices and people of a synthetic programme, with what makes people unalike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.synthetic.settings import ARMS, Settings
from splw_eval.synthetic.stream import Flags, Numbers, Stream, Whole, Words

Days = NDArray[np.datetime64]
Cells = NDArray[Any]
Columns = dict[str, Cells]

ALLOCATED = np.datetime64("2023-10-02", "D")
OPENED = np.datetime64("2023-10-16", "D")  # first day of recruitment
OPEN_DAYS = 330
_SMALLEST = 5  # people a practice
# In SDs of what lies behind: who is retired, unable to work, alone, or on the internet.
_RETIRED, _UNABLE, _ALONE, _ON_LINE = 0.8, 0.55, 0.2, -0.7
AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85 and over")
GROUPS = (
    "White",
    "Asian or Asian British",
    "Black, Black British, Caribbean or African",
    "Mixed or multiple ethnic groups",
    "Other ethnic group",
)
LANGUAGES = ("English", "Urdu", "Polish", "Bengali", "Arabic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody in a synthetic programme.

    Attributes
    ----------
    arm : ndarray of int, shape (n,)
        0 programme, 1 comparison.
    practice : ndarray of int, shape (n,)
        Those of the programme arm come first.
    day : ndarray of datetime64[D], shape (n,)
        Day on which each person was found and agreed.
    general : ndarray of float, shape (n,)
        How well each person is, as all outcomes share it (SDs).
    columns : dict of str to ndarray
        The table of people; of link workers nothing yet.
    """

    arm: Whole
    practice: Whole
    day: Days
    general: Numbers
    columns: Columns

    def __len__(self) -> int:
        return len(self.arm)


def practice_sizes(its: Settings) -> list[Whole]:
    """People of each practice, by arm."""
    return [_sizes_of(its, arm) for arm in range(len(ARMS))]


def _sizes_of(its: Settings, arm: int) -> Whole:
    given, practices = its.people[arm], its.practices[arm]
    if isinstance(given, tuple):
        return np.array(given, dtype=np.int64)
    spread = Stream(its.seed, f"sizes of {ARMS[arm]} practices").normal(practices)
    # fsum rounds once, so the order in which a machine adds makes no difference.
    spread = spread - math.fsum(spread) / practices
    sd = math.sqrt(math.fsum(spread * spread) / practices)
    share = 1 + its.size_cv * (spread / sd if sd > 0 else spread)
    sizes = np.maximum(np.floor(given * share + 0.5), _SMALLEST).astype(np.int64)
    # What rounding and the smallest size added or took away is made good by the largest.
    largest = int(sizes.argmax())
    sizes[largest] = max(sizes[largest] + int(given * practices) - int(sizes.sum()), _SMALLEST)
    return sizes


def make_people(its: Settings) -> Cast:
    """Draw practices, people and their characteristics.

    Parameters
    ----------
    its : Settings

    Returns
    -------
    Cast
        In the order of their days.
    """
    practice = np.repeat(np.arange(sum(its.practices)), np.concatenate(practice_sizes(its)))
    n = len(practice)
    stream = Stream(its.seed, "recruitment")
    practice = practice[stream.order(n)]
    day = OPENED + np.sort(stream.whole(0, OPEN_DAYS, n)).astype("m8[D]")
    arm = (practice >= its.practices[0]).astype(np.int64)
    general = Stream(its.seed, "general trait").normal(n)
    columns: Columns = {
        "person": numbered("synth", n),
        "arm": np.array(ARMS, dtype=object)[arm],
        "cluster": practice_names(its)[practice],
        **_characteristics(its, practice, general),
        "consent_date": day,
        "allocation_date": np.full(n, ALLOCATED),
        "index_date": np.where(arm == 1, day, np.datetime64("NaT", "D")),
    }
    return Cast(arm=arm, practice=practice, day=day, general=general, columns=columns)


def practice_names(its: Settings) -> Words:
    """Code of each practice."""
    return numbered("synth-practice", sum(its.practices), digits=2)


def numbered(stem: str, n: int, digits: int = 4) -> Words:
    """Pseudonyms that nobody can take for a name."""
    width = max(digits, len(str(n)))
    return np.array([f"{stem}-{i:0{width}d}" for i in range(1, n + 1)], dtype=object)


def yes_no(flags: Flags) -> Words:
    """Write flags as the files do."""
    return np.where(flags, "yes", "no").astype(object)


def emptied(stream: Stream, cells: Cells, share: float) -> Cells:
    """Leave a share of the cells empty."""
    lost = stream.happens(share, len(cells))
    if cells.dtype == object:
        return np.where(lost, "", cells).astype(object)
    if cells.dtype.kind == "M":
        return np.where(lost, np.datetime64("NaT", "D"), cells)
    return np.where(lost, np.nan, cells.astype(np.float64))


def _characteristics(its: Settings, practice: Whole, general: Numbers) -> Columns:
    """What is recorded of each person; some of it goes with how well the person is."""
    n = len(practice)
    stream = Stream(its.seed, "characteristics")
    poor = Stream(its.seed, "deprivation of practices").normal(sum(its.practices))[practice]
    older = stream.normal(n)
    decile = _steps(
        _with(stream, -0.15 * general + 0.5 * poor, 0.84),
        (-0.95, -0.45, -0.05, 0.25, 0.5, 0.8, 1.1, 1.45, 1.9),
    )
    age = _steps(older, (-1.75, -1.2, -0.75, -0.25, 0.35, 0.95, 1.7))
    mental = _steps(_with(stream, -0.35 * general, 0.93), (-1.6, 0.2, 1.2, 2.1))
    physical = _steps(
        _with(stream, 0.35 * older - 0.15 * general, 0.92), (-1.7, -0.45, 0.4, 1.1, 1.7, 2.3)
    )
    return {
        "age_band": np.array(AGES, dtype=object)[age],
        "sex": stream.picked(("female", "male", "other", "not stated"), (600, 390, 5, 5), n),
        "ethnicity": emptied(stream, stream.picked(GROUPS, (770, 110, 70, 30, 20), n), 0.03),
        "imd_decile": emptied(stream, 1.0 + decile, 0.02),
        "imd_version": np.full(n, "IMD 2019", dtype=object),
        "ltc_physical": emptied(stream, physical.astype(np.float64), 0.04),
        "ltc_mental": emptied(stream, mental.astype(np.float64), 0.04),
        "carer": emptied(stream, yes_no(stream.happens(0.19, n)), 0.12),
        "employment": emptied(stream, _employment(stream, older, general), 0.06),
        "living_alone": emptied(
            stream, yes_no(_with(stream, -0.25 * general, 0.97) > _ALONE), 0.08
        ),
        **_tongue(stream, n),
        "digital_access": emptied(
            stream, yes_no(_with(stream, -0.5 * older + 0.1 * general, 0.86) > _ON_LINE), 0.15
        ),
    }


def _with(stream: Stream, part: Numbers, rest: float) -> Numbers:
    """Add chance to what goes with something."""
    return part + rest * stream.normal(len(part))


def _steps(values: Numbers, limits: tuple[float, ...]) -> Whole:
    return np.searchsorted(np.array(limits), values).astype(np.int64)


def _employment(stream: Stream, older: Numbers, general: Numbers) -> Words:
    """Main activity: the old are retired, and the worst off of the others unable to work."""
    other = stream.picked(
        ("employed", "self-employed", "unemployed", "carer", "student", "volunteer"),
        (52, 6, 22, 10, 6, 4),
        len(older),
    )
    unable = _with(stream, -0.4 * general, 0.92) > _UNABLE
    younger = np.where(unable, "unable to work", other)
    return np.where(older > _RETIRED, "retired", younger).astype(object)


def _tongue(stream: Stream, n: int) -> Columns:
    language = stream.picked(LANGUAGES, (900, 35, 30, 20, 15), n)
    helped = (language != LANGUAGES[0]) & stream.happens(0.55, n)
    return {
        "language": emptied(stream, language, 0.05),
        "interpreter": emptied(stream, yes_no(helped), 0.05),
    }
