"""The record of an answer for machines: numbers, words, and all that it takes to get them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from splw_eval.power.solved import Solved
from splw_eval.power.words.assumptions import assumption_rows
from splw_eval.power.words.conventions import conventions_of
from splw_eval.power.words.detectable import detectable_is, second_of
from splw_eval.power.words.notes import notes_of
from splw_eval.power.words.sentence import controls_of

FORM = 1  # of the record


def as_dict(answer: Solved) -> dict[str, Any]:
    """As printed by ``--json``.

    Parameters
    ----------
    answer : Solved

    Returns
    -------
    dict
        Of what JSON can hold: None stands for no number, and for endless degrees of freedom.
    """
    from importlib.metadata import version

    asked = answer.asked
    record = {
        "design": asked.kind.name,
        "title": asked.kind.title,
        "sought": answer.sought,
        "feasible": True,
        "unrounded": answer.unrounded,
        "power": answer.power,
        "clusters": answer.clusters,
        **_of_arms(answer),
        "arms": {**answer.arms, **_comparison(answer)},
        "controls": controls_of(answer),
        "size": answer.size,
        "patients": answer.patients,
        **_people_of_arms(answer),
        **_events(answer),
        "mde": answer.mde,
        "mde_is": detectable_is(answer.known) if "mde" in asked.kind.solves else None,
        **second_of(answer),
        "std_error": answer.std_error,
        "variance": answer.precision.variance,
        "df": answer.df,
        "by_rule": answer.by_rule,
        "parts": answer.precision.parts,
        "conventions": conventions_of(answer),
        "assumptions": list(assumption_rows(asked)),
        "notes": list(notes_of(answer)),
        "given": asked.given,
        "sources": asked.sources,
        "form": FORM,
        "version": version("splw-eval"),
    }
    return {key: plain(value) for key, value in record.items()}


def plain(value: Any) -> Any:
    """Anything as what JSON can hold; whole numbers without decimals.

    Parameters
    ----------
    value : object

    Returns
    -------
    object
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float | None:
    if not np.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 1e15 else value  # noqa: PLR2004


def _of_arms(answer: Solved) -> dict[str, Any]:
    """Clusters of one arm or sequence, where there are clusters: a list where they differ."""
    if answer.clusters is None or not answer.arms:
        return {"clusters_per_arm": None}
    each = list(answer.arms.values())
    same = max(each) - min(each) < 1e-9  # noqa: PLR2004 - as divided
    told: dict[str, Any] = {"clusters_per_arm": each[0] if same else each}
    if same and answer.sought == "clusters":
        told["clusters_per_arm_unrounded"] = answer.unrounded / len(each)
    return told


def _comparison(answer: Solved) -> dict[str, Any]:
    """People of a comparison arm that is in no cluster, beside clusters of the programme's."""
    held = controls_of(answer)
    return {} if held is None or not answer.arms else {"comparison": held}


def _people_of_arms(answer: Solved) -> dict[str, Any]:
    """People of one arm, where there are no clusters: a list where they differ."""
    if answer.clusters is not None or not answer.arms:
        return {"patients_per_arm": None}
    told = {"patients_per_arm": _one_or_all(answer.arms)}
    if answer.sought == "patients" and np.ndim(answer.unrounded) == 0:
        arms = answer.asked.kind.arms(float(answer.unrounded), answer.asked.values)
        told["patients_per_arm_unrounded"] = _one_or_all(arms)
    return told


def _one_or_all(arms: Mapping[str, float]) -> Any:
    each = list(arms.values())
    return each[0] if max(each) - min(each) < 1e-9 else each  # noqa: PLR2004 - as divided


def _events(answer: Solved) -> dict[str, Any]:
    """Events in all, also before people were rounded up."""
    events, asked = answer.precision.parts.get("events"), answer.asked
    if events is None:
        return {}
    if answer.sought not in ("patients", "clusters", "events"):
        return {"events": events}
    number = {answer.sought: np.asarray(answer.unrounded)}
    parts = asked.kind.precision(asked.values.changed(**number)).parts
    return {"events": events, "events_unrounded": parts["events"]}
