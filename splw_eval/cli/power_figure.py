"""The figure of a curve as a file."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import numpy as np

from splw_eval.core.errors import OutputError
from splw_eval.power.answer import Answer
from splw_eval.power.curve import Curve
from splw_eval.power.options import OPTIONS
from splw_eval.power.planning_numbers import numbers_for
from splw_eval.power.precision import Array
from splw_eval.power.words.detectable import detectable_is
from splw_eval.power.words.sentence import effect_words
from splw_eval.power.words.shown import decimals, number

_RULES = {"z": "normal (z)", "as given": "df as given"}
_USUAL = 0.8
_BESIDE = {  # in the title, where the curve does not run over it
    "icc": "ICC",
    "sd_cluster": "SD between clusters",
    "cac": "CAC",
    "iac": "IAC",
    "dropout": "share lost",
    "clusters": "clusters:",
    "clusters_arm": "clusters of each arm:",
    "per_sequence": "clusters of each sequence:",
    "size": "people in each cluster:",
    "patients": "people:",
}
_SAME_COUNT = {"clusters_arm": "clusters", "per_sequence": "clusters"}
_SAME = 0.002  # lines nearer than this are one to the eye


def write_figure(answer: Answer, drawn: Curve, path: Path) -> None:
    """Draw a curve with its target into a file.

    Parameters
    ----------
    answer : Answer
        Marked on the curve.
    drawn : Curve
    path : Path
        Ends with .png or .svg.

    Raises
    ------
    OutputError
        It cannot be written; what stood there before still stands.
    """
    from splw_eval.report.figures.power_curve import NamedLine, PowerCurve, draw_power_curve

    lines = tuple(
        NamedLine(name=name, x=drawn.x_values.tolist(), y=y.tolist())
        for name, y in _apart(drawn).items()
    )
    target, words = _target(answer, drawn)
    point = _point(answer, drawn)
    picture = PowerCurve(
        title=_title(answer, drawn),
        x_title=_axis(drawn.x),
        y_title="Power" if drawn.y == "power" else detectable_is(answer.known).capitalize(),
        lines=lines,
        target=target,
        target_words=words,
        point=point,
        point_words="" if point is None else _point_words(drawn, point),
        is_power=drawn.y == "power",
    )
    _write(path, draw_power_curve(picture, path.suffix.lower().removeprefix(".")))


def _apart(drawn: Curve) -> dict[str, Array]:
    """Lines by name; those that lie upon each other as one."""
    found: dict[str, Array] = {}
    for rule, y in drawn.by_rule.items():
        name = _RULES.get(rule, f"t, {rule}")
        same = [n for n, held in found.items() if np.allclose(held, y, atol=_SAME, equal_nan=True)]
        if same and rule != "z":
            found = {f"{n} or {rule}" if n == same[0] else n: held for n, held in found.items()}
        else:
            found[name] = y
    return found


def _title(answer: Answer, drawn: Curve) -> str:
    v = answer.design.values
    beside = [
        f"{word} {number(np.ravel(getattr(v, name)))}"
        for name, word in _BESIDE.items()
        if getattr(v, name) is not None and drawn.x not in (name, _SAME_COUNT.get(name))
    ]
    lead = answer.asked.kind.title.capitalize()
    what = f" to detect {effect_words(answer)}" if drawn.y == "power" else ""
    return ", ".join([f"{lead}: {'power' if what else 'what it can find'}{what}", *beside])


def _point_words(drawn: Curve, point: tuple[float, float]) -> str:
    name = OPTIONS[drawn.x].flag.removeprefix("--")
    name = name.upper() if drawn.x in ("icc", "cac", "iac", "cv", "sd") else name
    what = "power" if drawn.y == "power" else "found"
    return f"the answer: {name} {number(point[0])}, {what} {decimals(point[1])}"


def _axis(name: str) -> str:
    option = OPTIONS[name]
    text = option.meaning[0].upper() + option.meaning[1:]
    return f"{text} ({option.unit})" if option.unit else text


def _target(answer: Answer, drawn: Curve) -> tuple[float | None, str]:
    """The power that was asked; or the important difference, where one is known."""
    v = answer.asked.values
    if drawn.y == "power":
        power = float(np.max(v.power)) if v.power is not None else _USUAL
        return power, f"{'asked' if v.power is not None else 'usual'}: {number(power)}"
    planned = numbers_for(answer.asked.sources.get("instrument", ""))
    if planned is None or planned.mid is None:
        return None, ""
    return planned.mid.value, f"important difference: {number(planned.mid.value)}"


def _point(answer: Answer, drawn: Curve) -> tuple[float, float] | None:
    held = {"clusters": answer.clusters, "size": answer.size, "patients": answer.patients}
    x = held.get(drawn.x, getattr(answer.design.values, drawn.x))
    y = answer.power if drawn.y == "power" else answer.mde
    if x is None or np.ndim(x) or np.ndim(y) or not np.isfinite(y):
        return None
    inside = drawn.x_values.min() <= float(x) <= drawn.x_values.max()
    return (float(x), float(y)) if inside else None


def _write(path: Path, content: bytes) -> None:
    """Write the whole file, or leave what stood there."""
    place = path.absolute()
    partial = place.parent / f".{place.name}.partial-{os.getpid()}"
    try:
        partial.write_bytes(content)
        partial.replace(place)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise OutputError(
            "The figure could not be written.",
            where=f"{path}.",
            remedy="Choose a folder that you may write to.",
        ) from None
