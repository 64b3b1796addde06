"""The plan's contrast by analysis of covariance, beside the difference in change."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.model_rows import ANCOVA, PRIMARY, ContrastRow
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import UNFIT, OutcomeFit
from splw_eval.describe.comparison.told import FEW, compared, includes_none, known, rounded
from splw_eval.describe.comparison.wanted import Wanted, wanted_of
from splw_eval.describe.judgement import limits_and_mid

if TYPE_CHECKING:
    import pandas as pd

METHOD = "ANCOVA in a mixed model, Kenward-Roger"


def ancova_rows(study: Study, fit: OutcomeFit) -> Iterator[ContrastRow]:
    """Give the plan's contrast adjusted for the person's and the practice's score at the start.

    Parameters
    ----------
    study : Study
    fit : OutcomeFit

    Yields
    ------
    ContrastRow
        None where the groups have one mean at the start in the model, which uses the start
        already, nor of a slope.
    """
    if fit.asked.constrained or not study.plan.arms or fit.model is None:
        return
    for wanted in wanted_of(study, fit):
        if wanted.part != PRIMARY or wanted.kind == "slope":
            continue
        # A group of whom nobody has both scores has no part in it.
        if not all(_people(fit, wanted, arm)[1] for arm in range(1, len(fit.asked.order))):
            continue
        table = _table(study, fit, wanted)
        if table is None:
            continue
        for arm, row in enumerate(table.to_dict("records"), start=1):
            if arm in fit.asked.programme:
                yield _row(study, fit, wanted, arm, row)


def _table(study: Study, fit: OutcomeFit, wanted: Wanted) -> pd.DataFrame | None:
    assert fit.model is not None
    months = [study.plan.waves[code].month for code in wanted.waves]
    try:
        model = fit.model.ancova()
        waves = None if model.design.wave is None else months
        return model.contrast("mean" if wanted.kind == "mean" else "difference", waves=waves)
    except UNFIT:
        return None


def _row(
    study: Study, fit: OutcomeFit, wanted: Wanted, arm: int, row: dict[Hashable, Any]
) -> ContrastRow:
    n, smaller = _people(fit, wanted, arm)
    low, high = known(row["conf_low"]), known(row["conf_high"])
    told = low is not None
    cluster = fit.model.design.cluster if fit.model else None
    return ContrastRow(
        outcome=fit.outcome.name,
        part=ANCOVA,
        compared=compared(study, fit, arm),
        when=wanted.when,
        n=n,
        n_smaller=smaller,
        estimate=float(row["estimate"]),
        std_error=float(row["std_error"]) if told else None,
        df=rounded(known(row["df"])),
        conf_low=low,
        conf_high=high,
        includes_none=includes_none(low, high),
        interval_and_mid=limits_and_mid(low, high, fit.outcome),
        clusters=cluster.count if cluster and fit.units else None,
        grouped_by=fit.units,
        method=METHOD if told else FEW,
    )


def _people(fit: OutcomeFit, wanted: Wanted, arm: int) -> tuple[int, int]:
    """People with a start and a score at the wave with fewest, and those of the smaller group."""
    seen = ~np.isnan(fit.long.scores)
    both = [
        [int((seen[:, 0] & seen[:, w] & (fit.long.arm == a)).sum()) for a in (0, arm)]
        for w in wanted.waves
    ]
    return min(map(sum, both)), min(min(of_arms) for of_arms in both)
