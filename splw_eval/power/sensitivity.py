"""How an answer moves when what was assumed is otherwise: a grid over two inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import SplwError
from splw_eval.power.answer import Answer
from splw_eval.power.design import Design
from splw_eval.power.options import OPTIONS
from splw_eval.power.otherwise import otherwise, whole
from splw_eval.power.precision import Array
from splw_eval.power.reading import changed
from splw_eval.power.solved import solve_for

if TYPE_CHECKING:
    import pandas as pd

_FIRST = ("icc", "iac", "sd", "p0", "rate0", "overdispersion")
_SECOND = (
    *("dropout", "diff", "d", "p1", "rr", "or_", "rate1", "hr"),
    *("cv", "cac", "iac", "sd", "sd_treatment", "p0", "rate0"),
)
_ICCS = (0.01, 0.02, 0.05, 0.1)  # as met in primary care, and worse
_LOST = (0.0, 0.1, 0.2, 0.3, 0.4)
_TIMES = (0.6, 0.8, 1.0, 1.2, 1.4)
_UNEQUAL = (0.0, 0.4, 0.65, 0.8)
_MOST = 5  # values of one input


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sensitivity:
    """An answer over two inputs.

    Attributes
    ----------
    sought : str
    rows, columns : str
        Names of the two options; ``columns`` is empty where there is one input only.
    row_values, column_values : ndarray
    cells : ndarray (rows, columns)
        Power, the difference, or whole clusters or people; NaN where infeasible.
    at : tuple of (int, int)
        The cell of the answer itself.
    """

    sought: str
    rows: str
    columns: str
    row_values: Array
    column_values: Array
    cells: Array
    at: tuple[int, int]

    def to_frame(self) -> pd.DataFrame:
        """A row for each cell."""
        import pandas as pd

        held = {
            self.rows: np.repeat(self.row_values, len(self.column_values)),
            self.columns: np.tile(self.column_values, len(self.row_values)),
            self.sought: self.cells.ravel(),
        }
        return pd.DataFrame({name: column for name, column in held.items() if name})


def sensitivity(answer: Answer, *, rows: str = "", columns: str = "") -> Sensitivity | None:
    """Work an answer out again where two inputs are otherwise.

    Parameters
    ----------
    answer : Answer
    rows, columns : str, optional
        Options to vary; by default the ICC, and people lost or the difference.

    Returns
    -------
    Sensitivity or None
        None where the design has nothing that the answer hangs on, or is a grid already.
    """
    design = answer.asked
    if np.ndim(answer.power):
        return None
    free = [n for n in _FIRST if _can_vary(design, n)]
    first = rows or (free[0] if free else "")
    other = [n for n in _SECOND if n != first and _can_vary(design, n)]
    second = columns or (other[0] if other else "")
    if not first:
        first, second = second, ""
    if not first:
        return None
    ys, xs = _steps(design, first), _steps(design, second) if second else np.array([np.nan])
    cells = np.column_stack([_column(design, answer.sought, first, ys, second, x) for x in xs])
    if np.isfinite(cells).all() and np.ptp(cells) == 0:  # the answer does not hang on them
        return None
    return Sensitivity(
        sought=answer.sought,
        rows=first,
        columns=second,
        row_values=ys,
        column_values=xs,
        cells=cells,
        at=(_place(ys, _now(design, first)), _place(xs, _now(design, second)) if second else 0),
    )


def _can_vary(design: Design, name: str) -> bool:
    """Whether it was given, or has a plain meaning where it was not."""
    held = getattr(design.values, name)
    if name in ("dropout", "cv"):
        return name in design.kind.takes and "sizes" not in design.given
    return held is not None and np.ndim(held) == 0 and name in design.kind.takes


def _now(design: Design, name: str) -> float:
    held = getattr(design.values, name)
    if held is None:
        return 0.0
    return float(np.ravel(held)[-1])


def _steps(design: Design, name: str) -> Array:
    """Round values with the one that was given among them."""
    now, option = _now(design, name), OPTIONS[name]
    if name == "icc":
        told = design.values.icc_range
        usual: tuple[float, ...] = _ICCS if told is None else tuple(np.ravel(told))
    elif name == "dropout":
        usual = _LOST
    elif name == "cv":
        usual = _UNEQUAL
    elif name in ("rr", "or_", "hr"):
        usual = tuple(np.exp(np.log(now) * np.array(_TIMES)))
    elif name in ("p1", "rate1"):
        before = _now(design, name[:-1] + "0")
        usual = tuple(before + (now - before) * np.array(_TIMES))
    elif option.high <= 1 and option.share:
        usual = tuple(now + step for step in (-0.2, -0.1, 0.0, 0.1, 0.2))
    else:
        usual = tuple(now * np.array(_TIMES))
    low, high = option.low, option.high
    held = np.unique(np.round([now, *(x for x in usual if low <= x <= high)], 10))
    inside = held[(held > low) | (not option.open_low)]
    inside = inside[(inside < high) | (not option.open_high)]
    return _nearest(inside, now)


def _nearest(values: Array, now: float) -> Array:
    """No more than `_MOST` values: those next to the one that was given make room for it."""
    while len(values) > _MOST:
        apart = np.abs(values - now)
        apart[_place(values, now)] = np.inf
        values = np.delete(values, int(np.argmin(apart)))
    return values


def _place(values: Array, now: float) -> int:
    return int(np.argmin(np.abs(values - now)))


def _column(design: Design, aim: str, first: str, ys: Array, second: str, x: float) -> Array:
    """One column of the grid, all its rows at once where that can be."""
    other: dict[str, Any] = {second: _held(design, second, x)} if second else {}
    try:
        if OPTIONS[first].form != "number":  # an array of it is no grid
            raise ValueError(first)
        return whole(design, aim, solve_for(changed(design, **other, **{first: ys}), aim), ys)
    except (SplwError, ValueError, IndexError, TypeError):  # one by one: some may be feasible
        each = [{**other, first: _held(design, first, y)} for y in ys]
        return np.array([otherwise(design, aim, **one) for one in each])


def _held(design: Design, name: str, x: float) -> Any:
    """A share lost at the end, spread over the visits as it was."""
    if name != "dropout":
        return float(x)
    before = design.values.dropout
    if before is None or len(before) == 1:  # evenly over the visits, where there are such
        return float(x)
    shape = np.ravel(before)
    return shape * x / shape[-1] if shape[-1] > 0 else np.linspace(0, x, len(shape))
