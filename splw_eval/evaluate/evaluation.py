"""One evaluation: every question of the table asked of one study, and masked."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from splw_eval.appraisal import disclose
from splw_eval.core.plan import Plan
from splw_eval.core.result import Provenance
from splw_eval.data import Study, load_study
from splw_eval.evaluate.last import LAST
from splw_eval.evaluate.questions import QUESTIONS, AnyResult

_VERSIONED = ("splw-eval", "numpy", "scipy", "pandas", "pingouin", "matplotlib", "seaborn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What may be shown of a study.

    Attributes
    ----------
    plan : Plan
    results : mapping of str to Result
        Masked results by key; none of them holds a number that may not be shown.
    provenance : Provenance
    """

    plan: Plan
    results: Mapping[str, AnyResult]
    provenance: Provenance


def evaluate_study(
    source: str | Path | Study, *, progress: Callable[[str], None] | None = None
) -> Evaluation:
    """Answer every question of the table for one study.

    Parameters
    ----------
    source : str, Path or Study
        A study.toml, or what `load_study` made of it.
    progress : callable, optional
        Told what is being done.

    Returns
    -------
    Evaluation

    Raises
    ------
    PlanError, DataError
        The plan or its files cannot be used; all faults at once.
    """
    study = source if isinstance(source, Study) else load_study(source, progress=progress)
    provenance = _provenance(study)
    exact: dict[str, AnyResult] = {}
    for question in QUESTIONS:
        if progress:
            progress(question.title)
        exact[question.key] = replace(question.ask(study), provenance=provenance)
    if progress:
        progress("Masking small numbers")
    results = disclose(exact, study.plan)
    for last in LAST:
        answer = replace(last.answer(study, results), key=last.key, title=last.title)
        results[last.key] = replace(
            answer, provenance=provenance, disclosure=results["flow"].disclosure
        )
    return Evaluation(plan=study.plan, results=results, provenance=provenance)


def _provenance(study: Study) -> Provenance:
    versions = {name: version(name) for name in _VERSIONED}
    return Provenance(
        versions={"python": platform.python_version(), **versions},
        seed=study.plan.seed,
        plan_sha256=study.plan_sha256,
        file_digests=dict(study.file_digests),
    )
