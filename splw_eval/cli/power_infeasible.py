"""What cannot be reached, as a record for machines."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import version
from typing import Any

from splw_eval.core.errors import SplwError
from splw_eval.power.checks import InfeasibleError
from splw_eval.power.design import Design
from splw_eval.power.reading import sought
from splw_eval.power.rounding import people_without_clusters
from splw_eval.power.words.record import FORM, plain


def infeasible_record(design: Design, error: InfeasibleError) -> dict[str, Any]:
    """As printed by ``--json`` where nothing reaches what was asked.

    Parameters
    ----------
    design : Design
    error : InfeasibleError

    Returns
    -------
    dict
        ``patients_without_clusters`` are the people of both arms who would do, were they in no
        clusters; None in designs that have none, or where these do not do either.
    """
    aim, alone = sought(design.kind, design.given), _alone(design)
    record = {
        "design": design.kind.name,
        "title": design.kind.title,
        "sought": aim,
        "feasible": False,
        "power": None,
        "unrounded": None,
        aim: None,
        "ceiling": error.ceiling,
        "patients_without_clusters": alone,
        "patients_without_clusters_per_arm": _of_an_arm(design, alone),
        "message": error.message,
        "assumed": error.where,
        "remedy": error.remedy,
        "given": design.given,
        "sources": design.sources,
        "form": FORM,
        "version": version("splw-eval"),
    }
    return {key: plain(value) for key, value in record.items()}


def _of_an_arm(design: Design, alone: Any) -> Any:
    """Half of them, where arms are of one size."""
    unequal = {"allocation", "clusters_arm"} & set(design.given)
    return None if alone is None or unequal else alone / 2


def _alone(design: Design) -> Any:
    if design.kind.name != "parallel" or "power" not in design.given:
        return None
    with suppress(SplwError, TypeError):
        return people_without_clusters(design)
    return None
