"""Evaluation of social-prescribing link-worker programmes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "AdjustedDifference": "splw_eval.confounding",
    "Analyses": "splw_eval.missing",
    "Balance": "splw_eval.confounding",
    "CausesOverTime": "splw_eval.retention",
    "ChainedImputations": "splw_eval.missing",
    "CheckRow": "splw_eval.core.check_rows",
    "ComplierEffect": "splw_eval.confounding",
    "ConditionalMean": "splw_eval.missing",
    "ContactDose": "splw_eval.retention",
    "DifferenceInDifferences": "splw_eval.confounding",
    "DoseResponse": "splw_eval.confounding",
    "Draws": "splw_eval.missing",
    "EpisodeRules": "splw_eval.retention",
    "Episodes": "splw_eval.retention",
    "Evaluation": "splw_eval.evaluate",
    "ExtrapolatedRetention": "splw_eval.retention",
    "FittedClustered": "splw_eval.confounding",
    "FittedCox": "splw_eval.retention",
    "FittedGee": "splw_eval.models",
    "FittedMixedModel": "splw_eval.models",
    "Imputations": "splw_eval.missing",
    "IncidenceCurves": "splw_eval.retention",
    "LossPredictors": "splw_eval.missing",
    "PatternTable": "splw_eval.missing",
    "PermutationTest": "splw_eval.confounding",
    "Plan": "splw_eval.core.plan",
    "PooledEstimates": "splw_eval.missing",
    "Result": "splw_eval.core.result",
    "RetentionComparison": "splw_eval.retention",
    "RetentionCurves": "splw_eval.retention",
    "Sensitivity": "splw_eval.missing",
    "Study": "splw_eval.data",
    "Subgroups": "splw_eval.confounding",
    "TippingPoint": "splw_eval.missing",
    "UptakeFunnel": "splw_eval.retention",
    "WeightedCheck": "splw_eval.missing",
    "Weights": "splw_eval.confounding",
    "WildBootstrapTest": "splw_eval.confounding",
    "adjusted_difference": "splw_eval.confounding",
    "analyse": "splw_eval.missing",
    "appraise": "splw_eval.appraisal",
    "balance": "splw_eval.confounding",
    "build_episodes": "splw_eval.retention",
    "check_rows": "splw_eval.retention",
    "compare_retention": "splw_eval.retention",
    "complier_effect": "splw_eval.confounding",
    "conditional_mean": "splw_eval.missing",
    "contact_dose": "splw_eval.retention",
    "cumulative_incidence": "splw_eval.retention",
    "difference_in_differences": "splw_eval.confounding",
    "dose_response": "splw_eval.confounding",
    "draw": "splw_eval.missing",
    "e_value": "splw_eval.confounding",
    "evaluate_study": "splw_eval.evaluate",
    "extrapolate_retention": "splw_eval.retention",
    "fit_clustered": "splw_eval.confounding",
    "fit_cox": "splw_eval.retention",
    "fit_gee": "splw_eval.models",
    "fit_mixed_model": "splw_eval.models",
    "impute": "splw_eval.missing",
    "impute_chained": "splw_eval.missing",
    "instrument": "splw_eval.instruments",
    "load_study": "splw_eval.data",
    "measurement_retention": "splw_eval.retention",
    "observed_weights": "splw_eval.missing",
    "pattern_table": "splw_eval.missing",
    "permutation_test": "splw_eval.confounding",
    "person_period_rows": "splw_eval.retention",
    "pool": "splw_eval.missing",
    "predictors_of_loss": "splw_eval.missing",
    "profiles": "splw_eval.appraisal",
    "read_plan": "splw_eval.core.plan",
    "retention_curve": "splw_eval.retention",
    "score": "splw_eval.instruments",
    "sensitivity": "splw_eval.missing",
    "subgroups": "splw_eval.confounding",
    "time_varying_causes": "splw_eval.retention",
    "tipping_point": "splw_eval.missing",
    "uptake_funnel": "splw_eval.retention",
    "weights": "splw_eval.confounding",
    "wild_bootstrap": "splw_eval.confounding",
    "write_report": "splw_eval.report",
}
__all__ = [  # noqa: PLE0604 - the names of _HOMES, said once
    *_HOMES,
    "__version__",
    "instruments",
    "power",
    "synthetic",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its room when it is first used (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("splw-eval")
    if name in ("instruments", "power", "synthetic"):  # rooms; the first can be called
        return import_module(f"splw_eval.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"splw_eval has no attribute {name!r}.")


def __dir__() -> list[str]:
    return sorted(__all__)
