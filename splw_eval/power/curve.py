"""Power, or the detectable difference, over a range of one option."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.core.errors import SplwError
from splw_eval.core.findings import Finding
from splw_eval.power.answer import solve
from splw_eval.power.checks import finding, refuse
from splw_eval.power.design import Design, Kind
from splw_eval.power.options import OPTIONS
from splw_eval.power.precision import Array
from splw_eval.power.reading import changed, sought
from splw_eval.power.solved import solve_for

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("clusters", "per_sequence", "size", "size_control", "patients", "controls", "events")
_POINTS = 61  # of a curve over what is no count
_MOST = 100_000
_WORDS = re.compile(r"^(?:x=)?([\w-]+):([^:]+?)\.\.([^:]+?)(?::([^:]+))?$")
_INSTEAD = {
    "clusters": ("clusters_arm", "per_sequence"),
    "per_sequence": ("clusters", "clusters_arm"),
    "patients": ("patients_arm",),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """An answer over a range of one option.

    Attributes
    ----------
    x : str
        Name of the option.
    y : str
        ``power`` or ``mde``.
    x_values : ndarray (n,)
    by_rule : mapping of str to ndarray (n,)
        By rule of degrees of freedom, that of the answer first; NaN where infeasible.
    """

    x: str
    y: str
    x_values: Array
    by_rule: dict[str, Array]

    def to_frame(self) -> pd.DataFrame:
        """A row for each value of the option, a column for each rule."""
        import pandas as pd

        columns = {f"{self.y} by {rule}": y for rule, y in self.by_rule.items()}
        whole = self.x in COUNTS and bool((self.x_values == np.rint(self.x_values)).all())
        xs = self.x_values.astype(np.int64) if whole else self.x_values
        return pd.DataFrame({self.x: xs, **columns})


def curve(design: Design, x: str, values: Array | list[float]) -> Curve:
    """Work a design out over a range of one option, all of it at once.

    Parameters
    ----------
    design : Design
        What it was sought for does not count: a curve shows the power, or the detectable
        difference where the design has no difference.
    x : str
        Name of the option.
    values : array_like (n,)

    Returns
    -------
    Curve

    Raises
    ------
    DesignError
        The design does not take the option, or cannot be read with these values.
    """
    given = {**design.given, **dict.fromkeys(_INSTEAD.get(x, ())), x: float(np.max(values))}
    given = {name: value for name, value in given.items() if value is not None}
    y = "power" if sought(design.kind, {**given, "solve": None}) != "mde" else "mde"
    given["solve"] = y
    first = changed(Design(kind=design.kind, given=given, sources=design.sources))
    rules, df = list(solve(first).precision.df), first.values.df
    own = rules[0] if df is None else df if isinstance(df, str) else f"{float(df):g}"
    names = list(dict.fromkeys(("z",) if first.values.test == "z" else (own, *rules, "z")))
    xs = np.asarray(values, dtype=np.float64)
    return Curve(x=x, y=y, x_values=xs, by_rule={r: _line(first, y, x, xs, r) for r in names})


def _line(design: Design, y: str, x: str, xs: Array, rule: str) -> Array:
    try:
        grid = Design(kind=design.kind, given={**design.given, x: xs}, sources={})
        found = np.broadcast_to(solve_for(grid, y, rule), xs.shape)
        return np.array(found, dtype=np.float64)
    except (SplwError, ValueError, IndexError, TypeError):
        return np.array([_point(design, y, x, float(one), rule) for one in xs])


def _point(design: Design, y: str, x: str, at: float, rule: str) -> float:
    try:
        return float(solve_for(changed(design, **{x: at}), y, rule))
    except SplwError:
        return float("nan")


def read_curve(design: Design, words: str) -> tuple[str, Array]:
    """Read what a curve is to run over.

    Parameters
    ----------
    design : Design
    words : str
        ``x=clusters:6..30``, or with a step, ``x=icc:0..0.1:0.01``.

    Returns
    -------
    tuple of (str, ndarray)
        Name of the option and its values. Clusters go up by one in each arm.

    Raises
    ------
    DesignError
        It cannot be read.
    """
    refuse(list(faults_of_curve(design.kind, words)))
    match = _WORDS.match(words.strip())
    assert match is not None
    name = match[1].replace("-", "_")
    name = "or_" if name == "or" else name
    low, high = float(match[2]), float(match[3])
    step = float(match[4]) if match[4] else _usual_step(design, name, low, high)
    return name, np.round(low + step * np.arange(int((high - low) / step + 1e-9) + 1), 12)


def faults_of_curve(kind: Kind, words: str) -> Iterator[Finding]:
    """What cannot be read of a curve, which the design itself need not be known for.

    Parameters
    ----------
    kind : Kind
    words : str
        As `read_curve` takes it.

    Yields
    ------
    Finding
    """
    match = _WORDS.match(words.strip())
    remedy = "Write it such as --curve x=clusters:6..30, or x=icc:0..0.1:0.01 with a step."
    if match is None:
        yield finding("SZ03", "", f'--curve: "{words}" is no range', remedy)
        return
    name = match[1].replace("-", "_")
    numbers = [n for n in kind.takes if OPTIONS[n].form == "number"]
    if ("or_" if name == "or" else name) not in numbers:
        flags = ", ".join(OPTIONS[n].flag[2:] for n in numbers)
        problem = f"--curve: {match[1]} is no number of the design {kind.name}"
        yield finding("SZ01", "", problem, f"There are: {flags}.")
    try:
        low, high = float(match[2]), float(match[3])
        step = float(match[4]) if match[4] else (high - low) / _POINTS
        rising = high > low and step > 0 and (high - low) / step <= _MOST
    except ValueError:
        rising = False
    if not rising:
        problem = f'--curve: "{words}" does not rise from a number to a larger one'
        yield finding("SZ03", "", problem, remedy)


def end_of(words: str) -> tuple[str, float] | None:
    """The option that a curve runs over, and where it ends.

    Parameters
    ----------
    words : str
        As `read_curve` takes it.

    Returns
    -------
    tuple of (str, float) or None
        None where it cannot be read.
    """
    match = _WORDS.match(words.strip())
    name = "" if match is None else match[1].replace("-", "_")
    try:
        return None if match is None else ("or_" if name == "or" else name, float(match[3]))
    except ValueError:
        return None


def is_told(name: str, given: Iterable[str]) -> bool:
    """Whether an option was given, or another that stands for it."""
    return not {name, *_INSTEAD.get(name, ())}.isdisjoint(given)


def _usual_step(design: Design, name: str, low: float, high: float) -> float:
    if name not in COUNTS:
        return (high - low) / (_POINTS - 1)
    if name == "clusters":
        arms = [*design.kind.arms(high, design.values).values()]
        return float(len(arms)) if arms and max(arms) - min(arms) < 1e-9 else 1.0  # noqa: PLR2004
    return float(max(1, round((high - low) / (_POINTS - 1))))


def around(design: Design, clusters: float | None, size: float | None, people: float | None) -> str:
    """A range to draw where none was asked for: about the answer.

    Parameters
    ----------
    design : Design
    clusters, size, people : float or None
        Of the answer.

    Returns
    -------
    str
        As `read_curve` takes it; empty where the design has no count to run over.
    """
    takes = design.kind.takes
    if clusters is not None and "clusters" in takes:
        low = max(4, int(clusters * 0.4) // 2 * 2)
        return f"x=clusters:{low}..{int(np.ceil(clusters * 0.8)) * 2}"
    if people is not None and "patients" in takes:
        return f"x=patients:{max(4, int(people * 0.3))}..{int(np.ceil(people * 2))}"
    if size is not None and "size" in takes:
        return f"x=size:{max(1, int(size * 0.3))}..{int(np.ceil(size * 2))}"
    return ""
