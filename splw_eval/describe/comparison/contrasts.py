"""The plan's contrast and those at every wave, from the model of each outcome."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.model_rows import ContrastRow
from splw_eval.core.result import Result
from splw_eval.data import Study
from splw_eval.describe.comparison.ancova import ancova_rows
from splw_eval.describe.comparison.fits import OutcomeFit, fits_of
from splw_eval.describe.comparison.notes import contrast_notes, unfitted_notes
from splw_eval.describe.comparison.sources import MODEL_SOURCES
from splw_eval.describe.comparison.told import (
    FEW,
    clusters_of,
    compared,
    includes_none,
    rounded,
)
from splw_eval.describe.comparison.wanted import Estimated, Wanted, estimated, wanted_of
from splw_eval.describe.judgement import limits_and_mid

METHOD = "mixed model, Kenward-Roger"


def describe_contrasts(study: Study) -> Result[ContrastRow]:
    """Compare the groups, or the waves of one group, with the model that the plan asks for.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ContrastRow
        For each outcome the plan's contrast first, then one at each wave. Without rows for an
        outcome whose model cannot be fitted; a note says why.
    """
    fits = tuple(fits_of(study))
    rows = tuple(row for fit in fits if fit.model for row in _rows(study, fit))
    return Result(
        key="contrasts",
        title="What the model says of the main question",
        unit="points of the score",
        row_type=ContrastRow,
        rows=rows,
        notes=(*unfitted_notes(fits), *(contrast_notes(study, fits) if rows else ())),
        sources=MODEL_SOURCES if rows else (),
    )


def _rows(study: Study, fit: OutcomeFit) -> Iterator[ContrastRow]:
    for wanted in wanted_of(study, fit):
        for found in estimated(study, fit, wanted):
            yield _row(study, fit, wanted, found)
    yield from ancova_rows(study, fit)


def _row(study: Study, fit: OutcomeFit, wanted: Wanted, found: Estimated) -> ContrastRow:
    told = found.conf_low is not None and found.conf_high is not None
    return ContrastRow(
        outcome=fit.outcome.name,
        part=wanted.part,
        compared=compared(study, fit, found.arm),
        when=wanted.when,
        n=found.n,
        n_smaller=found.n_smaller,
        estimate=found.estimate,
        std_error=found.std_error if told else None,
        df=rounded(found.df),
        conf_low=found.conf_low,
        conf_high=found.conf_high,
        includes_none=includes_none(found.conf_low, found.conf_high),
        # A MID is a size of change, and a slope is a speed.
        interval_and_mid=None
        if wanted.kind == "slope"
        else limits_and_mid(found.conf_low, found.conf_high, fit.outcome),
        clusters=clusters_of(fit),
        grouped_by=fit.units,
        method=METHOD if told else FEW,
    )
