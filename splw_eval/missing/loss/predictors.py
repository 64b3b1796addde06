"""What foretells who is lost: covariates and scores, alone, together, and by arm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.missing.checks import check_level, check_word, finding, refuse
from splw_eval.missing.loss.loss_models import SCALES, fit_loss, joint_test
from splw_eval.missing.loss.loss_words import loss_notes
from splw_eval.missing.loss.people_before import (
    PeopleBefore,
    check_arm,
    columns_of,
    covariates_named,
    people_before,
)
from splw_eval.missing.loss.wave_scores import read_wave_scores
from splw_eval.missing.plain_text import result_text

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
ALONE, TOGETHER, BY_ARM = "by itself", "together", "by arm"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LossPredictors:
    """What foretells being lost at a wave.

    Attributes
    ----------
    table : DataFrame
        ``term model per estimate std_error df statistic p_value conf_low conf_high n``. Differences
        in the share lost (0.1 is ten percentage points), or odds ratios; `per` says for what
        step of the column. Models: ``by itself`` (beside the arm), ``together`` (all at once),
        ``by arm`` (how much more, or how many times more, in the second arm).
    joint : DataFrame
        ``terms model statistic df df_denominator p_value n``: tests of all terms together, on the
        scale of shares; NaN where practices are too few.
    at : str
    arms : tuple of str
        Reference first.
    scale : str
    n : int
        People.
    lost : int
    conf_level : float
    method : str
    notes : tuple of str
    """

    table: pd.DataFrame
    joint: pd.DataFrame
    at: str
    arms: tuple[str, ...]
    scale: str
    n: int
    lost: int
    conf_level: float
    method: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return f"<LossPredictors: {self.lost} of {self.n} people lost at wave {self.at}>"

    def __str__(self) -> str:
        what = "Odds ratios of being lost" if self.scale == "odds" else "Differences in share lost"
        title = f"{what} at wave {self.at} ({100 * self.conf_level:.6g}% limits)"
        return result_text(title, self.table, self.method, self.notes)


def predictors_of_loss(  # noqa: PLR0913 - each is a column or a choice that a reader must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    person: str,
    wave: str,
    at: Any,
    arm: str,
    covariates: Sequence[str] | str = (),
    cluster: str | None = None,
    reference: Any = None,
    scale: str = "share",
    conf_level: float = 0.95,
) -> LossPredictors:
    """Relate being lost at a wave to what was known before.

    Parameters
    ----------
    frame : DataFrame
        One row of each person at each wave, as for `pattern_table`.
    outcome, person, wave : str
    at : object
        The wave, as its column holds it; not the first.
    arm : str
        Column of two arms.
    covariates : sequence of str, or str
        Columns known at the start (``C(name)`` for numbers that stand for categories), or a
        formula.
    cluster : str, optional
        Column of practices, which are then the units of all inference; without it people are.
    reference : object, optional
        The arm that the other is compared with; by default the first in order.
    scale : {"share", "odds"}
        Differences in the share lost (linear), or odds ratios (logistic).
    conf_level : float

    Returns
    -------
    LossPredictors
        The first score, the last score before the wave, the arm and the covariates, each by
        itself beside the arm, all together, and each by arm (differential loss). Numbers with
        more than two values are per SD. The last score is counted from the mean of those seen
        at its wave in its arm: people lost have theirs from an earlier wave, and where scores
        move over time the score itself would tell when they stopped.

    Raises
    ------
    MissingError
        Columns or options cannot be used, or nobody (or everybody) was lost.
    FitError
        A model cannot be fitted.

    Sources
    -------
    Lee and others 2021, J Clin Epidemiol 134:79; Kauermann & Carroll 2001, JASA 96:1387; Bell &
    McCaffrey 2002, Survey Methodology 28:169; Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672.
    """
    import pandas as pd

    terms, columns, options = covariates_named(covariates)
    options += [*check_level(conf_level), *check_word("scale", scale, SCALES), *check_arm(arm)]
    refuse(options)
    read = read_wave_scores(
        frame,
        outcome=outcome,
        person=person,
        wave=wave,
        arm=arm,
        cluster=cluster,
        covariates=columns_of(frame, columns),
    )
    before = people_before(read, read.place(at), outcome, arm, terms, cluster, reference)
    lost = before.lost.astype(float)
    if lost.min() == lost.max():
        problem = "nobody was lost at the wave" if lost.max() == 0 else "nobody was measured there"
        refuse([finding("SN34", problem, "There is nothing to foretell.", column=outcome)])
    return LossPredictors(
        table=pd.DataFrame(_rows(before, lost, scale, conf_level)),
        joint=pd.DataFrame(_joint(before, lost)),
        at=read.waves[read.place(at)],
        arms=before.groups,
        scale=scale,
        n=len(lost),
        lost=int(lost.sum()),
        conf_level=conf_level,
        method=_method(scale, cluster),
        notes=tuple(loss_notes(before, cluster is not None, scale)),
    )


def _rows(
    before: PeopleBefore, lost: Array, scale: str, conf_level: float
) -> Iterator[dict[str, Any]]:
    arm, ones = before.second.astype(float)[:, None], np.ones((len(lost), 1))
    other = f"{before.arm}[T.{before.groups[1]}]"

    def rows(design: Array, names: dict[int, tuple[str, str]], model: str) -> Iterator[Any]:
        fit = fit_loss(lost, design, before.unit, scale)
        for place, (term, per) in names.items():
            row = fit.row(place, conf_level)
            yield {"term": term, "model": model, "per": per, **row}

    yield from rows(np.hstack([ones, arm]), {1: (other, "")}, ALONE)
    for places in before.covariates.values():
        part = before.X[:, places]
        names = {2 + i: (before.terms[p], before.per[p]) for i, p in enumerate(places)}
        yield from rows(np.hstack([ones, arm, part]), names, ALONE)
    every = {1: (other, "")} | {2 + p: (term, before.per[p]) for p, term in enumerate(before.terms)}
    if before.terms:
        yield from rows(np.hstack([ones, arm, before.X]), every, TOGETHER)
    for places in before.covariates.values():
        part, k = before.X[:, places], len(places)
        names = {
            2 + k + i: (f"{other}:{before.terms[p]}", before.per[p]) for i, p in enumerate(places)
        }
        yield from rows(np.hstack([ones, arm, part, arm * part]), names, BY_ARM)


def _joint(before: PeopleBefore, lost: Array) -> Iterator[dict[str, Any]]:
    p = before.X.shape[1]
    arm, ones = before.second.astype(float)[:, None], np.ones((len(lost), 1))
    main = np.hstack([ones, arm, before.X])
    both = np.hstack([main, arm * before.X])
    asked = [
        ("all but the arm", TOGETHER, main, list(range(2, 2 + p))),
        ("all by arm", BY_ARM, both, list(range(2 + p, 2 + 2 * p))),
    ]
    for terms, model, design, places in asked:
        if not places:
            continue
        try:
            test = joint_test(lost, design, before.unit, places)
        except FitError:
            test = {"statistic": np.nan, "df": float(len(places))}
            test |= {"df_denominator": np.nan, "p_value": np.nan}
        yield {"terms": terms, "model": model, **test, "n": len(lost)}


def _method(scale: str, cluster: str | None) -> str:
    unit = "practices" if cluster is not None else "people"
    if scale == "odds":
        return (
            f"logistic models, working independence, Kauermann-Carroll covariance by {unit}, t "
            "with Satterthwaite's df"
        )
    return f"linear models of being lost, CR2 covariance by {unit}, t with Satterthwaite's df"
