"""Evaluation of social-prescribing link-worker programmes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Evaluation": "splw_eval.evaluate",
    "FittedGee": "splw_eval.models",
    "FittedMixedModel": "splw_eval.models",
    "Plan": "splw_eval.core.plan",
    "Result": "splw_eval.core.result",
    "Study": "splw_eval.data",
    "evaluate_study": "splw_eval.evaluate",
    "fit_gee": "splw_eval.models",
    "fit_mixed_model": "splw_eval.models",
    "instrument": "splw_eval.instruments",
    "load_study": "splw_eval.data",
    "read_plan": "splw_eval.core.plan",
    "score": "splw_eval.instruments",
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
