"""How alike the outcomes of people of one link worker are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from splw_eval.core.errors import FindingsError
from splw_eval.core.provider_rows import WorkerIccRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import UNFIT
from splw_eval.describe.comparison.told import known

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 5
"""Fewest link workers with two people or more each from which an ICC is tried."""

_NOTE = (
    "Share of the variance of the score, at one start, that is between link workers. Practices are "
    "not told apart from link workers here: what people of one practice share counts too, where a "
    "link worker serves few of them. With few link workers it is known only roughly; no link "
    "worker is shown, and none is compared with another."
)
_NONE = (
    f"It takes {FEWEST} link workers, each with two people or more measured at both times, to tell "
    "how alike their people are."
)
_UNFIT = "The scores do not let a model tell people and link workers apart."
_SOURCES = (
    "Interval: profile of the restricted likelihood; see the page on mixed models.",
    "For planning, of other services: 6% of the variance was between therapists (Saxon and others "
    "2016, PMC5550525), 6 to 7% between low-intensity practitioners (Firth and others 2015; Ali "
    "and others 2014). None of link workers was found.",
)


def describe_worker_icc(study: Study, wave: int) -> Result[WorkerIccRow]:
    """Estimate the intraclass correlation of link workers, of the primary outcome at one wave.

    Parameters
    ----------
    study : Study
    wave : int
        Position among the plan's waves.

    Returns
    -------
    Result of WorkerIccRow
        Of people with a link worker, scores at the wave given the scores at the start.
    """
    import pandas as pd

    worker, scores = study.people.link_worker, study.scores[study.plan.primary.name]
    rows: tuple[WorkerIccRow, ...] = ()
    why = _NONE
    if worker is not None:
        both = (worker >= 0) & ~np.isnan(scores[:, 0]) & ~np.isnan(scores[:, wave])
        frame = pd.DataFrame(
            {
                "score": scores[both, wave],
                "start": scores[both, 0],
                "worker": worker[both],
                "person": np.flatnonzero(both),
            }
        )
        sizes = frame["worker"].value_counts()
        if (sizes > 1).sum() >= FEWEST:
            rows, why = _fitted(study, wave, frame), _UNFIT
    return Result(
        key="worker_icc",
        title="How alike the people of one link worker are",
        unit="share of the variance",
        row_type=WorkerIccRow,
        rows=rows,
        notes=(Note(text=_NOTE if rows else why),),
        sources=_SOURCES if rows else (),
    )


def _fitted(study: Study, wave: int, frame: pd.DataFrame) -> tuple[WorkerIccRow, ...]:
    from splw_eval.models import fit_mixed_model

    try:
        model = fit_mixed_model(
            frame,
            outcome="score",
            fixed="start",
            person="person",
            cluster="worker",
            cluster_effect="intercept",
        )
        (row,) = model.icc.to_dict("records") if model.convergence.converged else ({},)
    except (FindingsError, ValueError, *UNFIT):
        return ()
    if not row:
        return ()
    return (
        WorkerIccRow(
            outcome=study.plan.primary.name,
            wave=study.plan.waves[wave].name,
            n=len(frame),
            workers=frame["worker"].nunique(),
            estimate=known(row["estimate"]),
            conf_low=known(row["conf_low"]),
            conf_high=known(row["conf_high"]),
            method=str(row["method"]),
        ),
    )
