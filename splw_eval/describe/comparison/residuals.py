"""Whether the scores lie about the model as it says: quantiles of the scaled residuals."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.model_rows import ResidualRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import OutcomeFit, fits_of
from splw_eval.describe.comparison.notes import unfitted_notes

# Shares below, with the quantiles of the normal distribution.
QUANTILES = (
    (0.025, -1.9600),
    (0.05, -1.6449),
    (0.10, -1.2816),
    (0.25, -0.6745),
    (0.50, 0.0),
    (0.75, 0.6745),
    (0.90, 1.2816),
    (0.95, 1.6449),
    (0.975, 1.9600),
)


def describe_residuals(study: Study) -> Result[ResidualRow]:
    """Describe how far scores lie from the model, in standard deviations, at each wave.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ResidualRow
        Quantiles over all arms of the primary outcome; each is masked with the people beyond it.
    """
    fit = next(fits_of(study))
    rows = tuple(_rows(study, fit)) if fit.model else ()
    said = Note(
        text="A residual is a score less what the model expects of that group and wave, divided "
        "by the SD of all residuals of that wave. Models of means bear scores that are not bell-"
        "shaped, as long as there are many people; long tails and heaps at an end of the scale "
        "are worth a look."
    )
    return Result(
        key="residuals",
        title="How the scores lie about the model",
        unit="SD",
        row_type=ResidualRow,
        rows=rows,
        notes=(*unfitted_notes((fit,)), *((said,) if rows else ())),
    )


def _rows(study: Study, fit: OutcomeFit) -> Iterator[ResidualRow]:
    assert fit.model is not None
    design = fit.model.design
    residual = design.y - design.x @ fit.model.fit.beta[0]
    for place, wave in enumerate(fit.long.waves):
        here = residual[design.wave_codes == place]
        sd = float(here.std(ddof=1)) if len(here) > 1 else 0.0
        if not sd:
            continue
        for share, expected in QUANTILES:
            yield ResidualRow(
                outcome=fit.outcome.name,
                wave=study.plan.waves[wave].name,
                month=study.plan.waves[wave].month,
                below=f"{100 * share:g}%",
                expected=expected,
                n=len(here),
                # Somebody always lies there: the outermost quantile is nearly one person's.
                n_beyond=max(1, int(len(here) * min(share, 1 - share))),
                observed=float(np.quantile(here, share)) / sd,
            )
