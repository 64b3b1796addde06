"""The same analysis in every completed data set, with practices as units of inference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from splw_eval.core.findings import Finding
from splw_eval.missing.checks import check_word, finding, refuse
from splw_eval.missing.pooling.analysed import (
    analyse_by_function,
    analyse_fixed_part,
    with_source,
)
from splw_eval.missing.pooling.analysed_practices import FixedPartAsked
from splw_eval.missing.pooling.analyses import Analyses
from splw_eval.missing.pooling.wave_rows import CompletedWaves, wave_frames
from splw_eval.stats.few_clusters.cluster_fit import KINDS

if TYPE_CHECKING:
    import pandas as pd


def analyse(
    imputations: Any,
    function: Callable[[pd.DataFrame], Any] | None = None,
    *,
    wave: Any = None,
    fixed: str | None = None,
    outcome: str | None = None,
    cluster: str | None = None,
    vcov: str = "CR2",
) -> Analyses:
    """Analyse every completed data set in the same way.

    Parameters
    ----------
    imputations : Imputations, or iterable of DataFrame
        What `impute` or `impute_chained` gives, or completed frames of one's own.
    function : callable, optional
        An analysis of one's own: it takes a completed frame (of what `impute` gives, one row
        for each person and wave) and returns ``(estimate,
        variance)``, ``(estimate, variance, df)``, a mapping or frame with ``estimate`` and
        ``variance`` or ``std_error`` (and ``term``, ``df``, ``n``), or a fitted model with
        ``coefficients``. Nothing else is then given.
    wave : object, optional
        The wave whose outcome is analysed; necessary with what `impute` gives. The scores of
        each wave stand beside it as ``{outcome}_{wave}``, such as ``score_0`` for the baseline.
        Frames of one's own have one row for each person and no wave.
    fixed : str, optional
        Formula of the fixed part, in the language of `fit_mixed_model`, such as
        ``"arm + score_0 + age"``: least squares of the outcome on it.
    outcome : str, optional
        Column; by default the one that `impute` completed.
    cluster : str, optional
        Column of practices, for practice-robust errors. Without it people count as
        independent, and the degrees of freedom are people less coefficients.
    vcov : {"CR2", "CR0", "CR1", "CR1S", "CR3"}
        As in `fit_clustered`; only with practices.

    Returns
    -------
    Analyses
        For `pool`. The degrees of freedom are Satterthwaite's (people less coefficients
        without practices); where they differ between completed data sets, because the fixed
        part holds completed scores, the smallest are taken, which is the cautious choice.

    Raises
    ------
    MissingError
        Columns, options or results cannot be used: every reason, with its remedy.

    Sources
    -------
    Rubin 1987, Multiple imputation for nonresponse in surveys; Bell & McCaffrey 2002, Survey
    Methodology 28:169; Barnard & Rubin 1999, Biometrika 86:948.
    """
    held = hasattr(imputations, "draws")
    refuse(_options(imputations, function, held, wave, fixed, outcome, cluster, vcov))
    if function is not None:
        return with_source(analyse_by_function(iter(imputations), function), imputations)
    assert fixed is not None
    asked = FixedPartAsked(
        outcome=outcome or imputations.draws.outcome,
        fixed=fixed,
        cluster=cluster or "",
        vcov=vcov,
        arm=(imputations.draws.arm or "") if held else "",
        drawn_cluster=(imputations.draws.cluster or "") if held else "",
    )
    frames = _frames(imputations, wave)
    return with_source(analyse_fixed_part(frames, asked, wave), imputations)


def _options(
    imputations: Any,
    function: Any,
    held: bool,
    wave: Any,
    fixed: Any,
    outcome: Any,
    cluster: Any,
    vcov: Any,
) -> Iterator[Finding]:
    from pandas import DataFrame

    if isinstance(imputations, DataFrame) or not isinstance(imputations, Iterable):
        remedy = "Give what impute() returned, or a list of completed frames."
        yield finding("SN01", "imputations= is no series of completed frames", remedy)
    if function is not None:
        if not callable(function):
            problem = "function= cannot be called"
            yield finding("SN01", problem, "Name the other options: fixed=, cluster=.")
        elif any(given is not None for given in (wave, fixed, outcome, cluster)):
            problem = "function= is given beside wave=, fixed=, outcome= or cluster="
            yield finding("SN01", problem, "Leave these out, or the function.")
        return
    if not isinstance(fixed, str):
        remedy = 'Write for example fixed="arm + score_0".'
        yield finding("SN01", "neither fixed= nor a function is given", remedy)
    if held and wave is None:
        yield finding("SN01", "wave= is needed", "Name the wave to be analysed.")
    if not held and wave is not None:
        problem = "wave= is given with frames of one's own"
        yield finding("SN01", problem, "Keep the rows of that wave, and leave it out.")
    if not held and outcome is None:
        yield finding("SN01", "outcome= is needed", "Name the column to be analysed.")
    yield from check_word("vcov", vcov, KINDS)


def _frames(imputations: Any, wave: Any) -> Iterator[pd.DataFrame]:
    if hasattr(imputations, "draws"):
        completed: CompletedWaves = imputations
        return wave_frames(completed, wave)
    return iter(imputations)
