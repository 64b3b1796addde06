"""Evaluation of social-prescribing link-worker programmes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "CausesOverTime": "splw_eval.retention",
    "ContactDose": "splw_eval.retention",
    "EpisodeRules": "splw_eval.retention",
    "Episodes": "splw_eval.retention",
    "Evaluation": "splw_eval.evaluate",
    "ExtrapolatedRetention": "splw_eval.retention",
    "FittedCox": "splw_eval.retention",
    "FittedGee": "splw_eval.models",
    "FittedMixedModel": "splw_eval.models",
    "IncidenceCurves": "splw_eval.retention",
    "Plan": "splw_eval.core.plan",
    "Result": "splw_eval.core.result",
    "RetentionComparison": "splw_eval.retention",
    "RetentionCurves": "splw_eval.retention",
    "Study": "splw_eval.data",
    "UptakeFunnel": "splw_eval.retention",
    "build_episodes": "splw_eval.retention",
    "check_rows": "splw_eval.retention",
    "compare_retention": "splw_eval.retention",
    "contact_dose": "splw_eval.retention",
    "cumulative_incidence": "splw_eval.retention",
    "evaluate_study": "splw_eval.evaluate",
    "extrapolate_retention": "splw_eval.retention",
    "fit_cox": "splw_eval.retention",
    "fit_gee": "splw_eval.models",
    "fit_mixed_model": "splw_eval.models",
    "instrument": "splw_eval.instruments",
    "load_study": "splw_eval.data",
    "measurement_retention": "splw_eval.retention",
    "person_period_rows": "splw_eval.retention",
    "read_plan": "splw_eval.core.plan",
    "retention_curve": "splw_eval.retention",
    "score": "splw_eval.instruments",
    "time_varying_causes": "splw_eval.retention",
    "uptake_funnel": "splw_eval.retention",
    "write_report": "splw_eval.report",
}
__all__ = [  # noqa: PLE0604 - the names of _HOMES, said once
    *_HOMES,
    "__version__",
    "instruments",
    "synthetic",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its room when it is first used (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("splw-eval")
    if name in ("instruments", "synthetic"):  # rooms; the first can be called
        return import_module(f"splw_eval.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"splw_eval has no attribute {name!r}.")


def __dir__() -> list[str]:
    return sorted(__all__)
