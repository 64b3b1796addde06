"""What went with being lost at the wave of the main question: odds ratios, as associations."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.missing_rows import LossPredictorRow
from splw_eval.core.plan import Wave
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.characteristics import characteristics, quantities
from splw_eval.describe.comparison.asked import asked_of
from splw_eval.missing.loss.loss_models import fit_loss
from splw_eval.missing.reported.drawing import UNFIT
from splw_eval.stats import FEWEST_CLUSTERS

BOTH, NUMBER = "All groups", "One standard deviation more"
FEWEST_CELLS = 5  # people lost or kept of a level, below which no ratio is worked out
ASSOCIATIONS = (
    "These are associations: they say who was lost more often, and not why. Several looked at "
    "together, one will often stand out by chance."
)
_METHOD = (
    "Odds ratios by logistic regression, one characteristic at a time{beside}. A level is compared "
    "with everybody else whose level is known. {units}"
)
_PRACTICES = "Practices are the units: Kauermann and Carroll's errors, Satterthwaite's df."
_PEOPLE = "People are the units."
_LEFT_OUT = "A level of very few who were lost, or who were not, has no ratio."
_NOBODY = "Nobody was lost at the wave of the main question, or everybody was."
_SOURCES = (
    "Lee and others 2021, J Clin Epidemiol 134:79",
    "Kauermann & Carroll 2001, J Am Stat Assoc 96:1387",
)
Who = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Who was lost at a wave, of those expected.

    Attributes
    ----------
    study : Study
    wave : Wave
    expected, lost : ndarray of bool, shape (people,)
    """

    study: Study
    wave: Wave
    expected: Who
    lost: Who


def describe_loss_predictors(study: Study) -> Result[LossPredictorRow]:
    """Give odds ratios of being lost for the group, the score at the start and characteristics.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of LossPredictorRow
        At the wave of the main question.
    """
    setting = _setting(study)
    lost = int(setting.lost.sum())
    if not 0 < lost < int(setting.expected.sum()):
        return _result((), (Note(text=_NOBODY),))
    rows = tuple(_rows(setting))
    beside = ", beside the group" if len(study.plan.groups) > 1 else ""
    units = _PRACTICES if _practices(setting) is not None else _PEOPLE
    words = (ASSOCIATIONS, _METHOD.format(beside=beside, units=units), _LEFT_OUT)
    return _result(rows, tuple(Note(text=text) for text in words))


def _result(
    rows: tuple[LossPredictorRow, ...], notes: tuple[Note, ...]
) -> Result[LossPredictorRow]:
    return Result(
        key="loss_predictors",
        title="What went with being lost",
        unit="odds ratio",
        row_type=LossPredictorRow,
        rows=rows,
        notes=notes,
        sources=_SOURCES if rows else (),
    )


def _setting(study: Study) -> Setting:
    plan = study.plan
    contrast = plan.estimand.contrast
    last = contrast.waves[-1] if contrast.waves else plan.waves[-1].name
    place = next(i for i, wave in enumerate(plan.waves) if wave.name == last)
    expected = study.due[:, place].copy()
    if plan.arms:
        expected &= study.people.arm >= 0
    if study.people.cluster is not None:
        expected &= study.people.cluster >= 0
    seen = ~np.isnan(study.scores[plan.primary.name][:, place])
    return Setting(study=study, wave=plan.waves[place], expected=expected, lost=expected & ~seen)


def _practices(setting: Setting) -> NDArray[np.int64] | None:
    """Practices of people, where there are enough of them."""
    cluster = setting.study.people.cluster
    if cluster is None or len(np.unique(cluster[setting.expected])) < FEWEST_CLUSTERS:
        return None
    return cluster


def _rows(setting: Setting) -> Iterator[LossPredictorRow]:
    study = setting.study
    first, *others = asked_of(study).order
    for code in others:
        two, mine = np.isin(study.people.arm, (first, code)), study.people.arm == code
        level = f"{study.plan.groups[code]}, against {study.plan.groups[first]}"
        yield _level(setting, "Group", level, mine, two, beside=False)
    start = study.scores[study.plan.primary.name][:, 0]
    yield _number(setting, f"{study.plan.primary.label} at the start", start)
    for kept in quantities(study):
        yield _number(setting, kept.title, kept.values)
    for held in characteristics(study):
        known = held.codes >= 0
        there = [code for code in range(len(held.categories)) if (held.codes == code).any()]
        for code in there if len(there) != 2 else there[:1]:  # noqa: PLR2004 - the rest is other
            yield _level(setting, held.title, held.categories[code], held.codes == code, known)


def _level(
    setting: Setting, title: str, level: str, mine: Who, known: Who, *, beside: bool = True
) -> LossPredictorRow:
    who = setting.expected & known
    lost = setting.lost[who]
    own = mine[who]
    cells = [int((own & lost).sum()), int((own & ~lost).sum())]
    cells += [int((~own & lost).sum()), int((~own & ~lost).sum())]
    return _row(setting, title, level, own.astype(float), who, cells, beside=beside)


def _number(setting: Setting, title: str, values: NDArray[np.float64]) -> LossPredictorRow:
    who = setting.expected & ~np.isnan(values)
    kept = values[who]
    spread = float(kept.std(ddof=1)) if len(kept) > 1 else 0.0
    column = (kept - kept.mean()) / spread if spread > 0 else np.zeros(len(kept))
    lost = setting.lost[who]
    cells = [int(lost.sum()), int((~lost).sum())]
    return _row(setting, title, NUMBER, column, who, cells, beside=True)


def _row(
    setting: Setting,
    title: str,
    level: str,
    column: NDArray[np.float64],
    who: Who,
    cells: list[int],
    *,
    beside: bool,
) -> LossPredictorRow:
    practices = _practices(setting)
    enough = min(cells) >= FEWEST_CELLS
    found = _fitted(setting, column, who, beside=beside) if enough else {}
    low, high = found.get("conf_low"), found.get("conf_high")
    told = "practices as units" if practices is not None else "people as units"
    return LossPredictorRow(
        arm=BOTH if setting.study.plan.arms else setting.study.plan.groups[0],
        wave=setting.wave.name,
        characteristic=title,
        level=level,
        n=int(who.sum()),
        n_fewest=min((n for n in cells if n), default=0),
        odds_ratio=found.get("estimate"),
        conf_low=low,
        conf_high=high,
        df=None if practices is None else found.get("df"),
        clusters=None if practices is None else len(np.unique(practices[who])),
        method=told if low is not None else None,
    )


def _fitted(
    setting: Setting, column: NDArray[np.float64], who: Who, *, beside: bool
) -> dict[str, float]:
    """Ratio and limits; nothing where the regression has none."""
    study, practices = setting.study, _practices(setting)
    parts = [np.ones(len(column)), column]
    if beside and study.plan.arms:
        arms = study.people.arm[who]
        parts += [(arms == code).astype(float) for code in np.unique(arms)[1:]]
    unit = np.arange(len(column)) if practices is None else practices[who]
    codes = np.unique(unit, return_inverse=True)[1].astype(np.int64)
    try:
        row = fit_loss(setting.lost[who].astype(float), np.column_stack(parts), codes, "odds")
        told = row.row(1, 0.95)
    except UNFIT:
        return {}
    return {name: float(value) for name, value in told.items() if math.isfinite(value)}
