"""Contrasts of marginal means, and tests of terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.design import Design
from splw_eval.models.estimates import estimates, joint_test
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.fixed_part import INTERCEPT, term_name
from splw_eval.models.formula import parse_formula
from splw_eval.models.margins import Grid, default_by, grid_of, refuse_dose
from splw_eval.models.variables import Floats, level_label

if TYPE_CHECKING:
    import pandas as pd


KINDS = (
    "difference",
    "change",
    "difference in change",
    "mean",
    "mean change",
    "slope",
    "difference in slope",
)
_BETWEEN_ARMS = ("difference", "difference in change", "mean", "mean change", "difference in slope")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastRows:
    """Named rows of coefficients.

    Attributes
    ----------
    labels : tuple of str
    rows : ndarray, shape (m, p)
    n : tuple of int
        People behind each row.
    weights : tuple of mapping
        Of contrasts between two arms, the weights of the waves in each row; else empty.
    """

    labels: tuple[str, ...]
    rows: Floats
    n: tuple[int, ...]
    weights: tuple[Mapping[Any, float], ...] = ()


def contrast(
    fitted: FitRecord,
    what: str | Mapping[str, float],
    *,
    waves: Sequence[Any] | None,
    at: Mapping[str, Any] | None,
    df: str | None,
    boundary: str | None,
) -> pd.DataFrame:
    """See `FittedMixedModel.contrast`."""
    made = contrast_rows(fitted.design, what, waves=waves, at=at)
    return estimates(fitted, made.rows, made.labels, list(made.n), df=df, boundary=boundary)


def contrast_rows(
    design: Design,
    what: str | Mapping[str, float],
    *,
    waves: Sequence[Any] | None = None,
    at: Mapping[str, Any] | None = None,
) -> ContrastRows:
    """Rows of a contrast.

    Parameters
    ----------
    design : Design
    what : str or mapping of str to float
    waves : sequence, optional
    at : mapping, optional

    Returns
    -------
    ContrastRows

    Raises
    ------
    FitError
        The contrast is not known, or the design has no such wave or arm.
    """
    if not isinstance(what, str):
        return _own(design, what)
    if what not in KINDS:
        raise FitError(f'There is no contrast "{what}".', remedy=f"There are: {', '.join(KINDS)}.")
    if what in _BETWEEN_ARMS:
        _need(design, design.roles.arm, "arm")
        refuse_dose(design, design.roles.arm)
    if what != "difference" or design.wave is not None:
        _need(design, design.roles.wave, "wave")
    grid = grid_of(design, default_by(design), at=at or {})
    return _compared(_Cells(design, grid), what, waves)


def _need(design: Design, name: str | None, role: str) -> None:
    if name is None:
        raise FitError(
            f"This contrast needs an arm and waves; the {role} is not named.",
            remedy=f'Give {role}="..." when the model is fitted.',
        )
    if name not in default_by(design):
        raise FitError(
            f'The fixed part holds no column "{name}", which this contrast needs.',
            remedy=f'Write for example "... * C({name})".',
        )


def _own(design: Design, weights: Mapping[str, float]) -> ContrastRows:
    row = np.zeros((1, len(design.names)))
    for name, weight in weights.items():
        if name not in design.names:
            raise FitError(
                f'There is no coefficient "{name}".',
                remedy=f"There are: {', '.join(design.names)}.",
            )
        row[0, design.names.index(name)] = weight
    if not row.any() or not np.isfinite(row).all():
        raise FitError(
            "A contrast of one's own needs weights that are numbers, not all of them 0.",
            remedy=f'Write for example {{"{design.names[-1]}": 1}}.',
        )
    label = " ".join(f"{weight:+g} {name}" for name, weight in weights.items()).removeprefix("+")
    return ContrastRows(labels=(label,), rows=row, n=(design.person.count,))


class _Cells:
    """Rows of the grid by arm and wave."""

    def __init__(self, design: Design, grid: Grid) -> None:
        self.one_start = design.part.constraint is not None
        self.waves = design.wave.levels if design.wave else ()
        self.times = design.times()
        self.arms = design.arm.levels if design.arm and design.roles.arm in grid.by else (None,)
        self.grid = grid
        self.rows = dict(zip(grid.cells, grid.rows, strict=True))
        self.people = dict(zip(grid.cells, grid.n, strict=True))

    def _key(self, arm: Any, wave: Any) -> tuple[Any, ...]:
        both = () if arm is None else (arm,)
        return both if wave is None else (*both, wave)

    def row(self, arm: Any, wave: Any) -> Floats:
        key = self._key(arm, wave)
        self.grid.check_cells([key])
        found: Floats = self.rows[key]
        return found

    def n(self, arms: Sequence[Any], waves: Sequence[Any]) -> int:
        """People of these arms seen at the wave that has most of them."""
        counts = [sum(self.people[self._key(arm, wave)] for arm in arms) for wave in waves]
        return max(counts)


def _compared(cells: _Cells, what: str, waves: Sequence[Any] | None) -> ContrastRows:
    from_first = "change" in what
    chosen = _chosen(cells, waves, from_first=from_first or what == "mean" or cells.one_start)
    profiles = _profiles(cells, what, chosen)
    arms = cells.arms
    made: list[tuple[str, Floats, int]] = []
    for label, weight in profiles:
        of_arm = {arm: _weighted(cells, arm, weight) for arm in arms}
        seen = [wave for wave, size in weight.items() if size > 0] or list(weight)
        if what in _BETWEEN_ARMS:
            for arm in arms[1:]:
                name = _named(f"{level_label(arm)} - {level_label(arms[0])}", label)
                gap = of_arm[arm] - of_arm[arms[0]]
                made.append((name, gap, cells.n((arms[0], arm), seen)))
        else:
            made += [
                (
                    _named("" if arm is None else level_label(arm), label),
                    of_arm[arm],
                    cells.n((arm,), seen),
                )
                for arm in arms
            ]
    if not made:
        raise FitError("There are no two arms to compare.")
    labels, rows, n = zip(*made, strict=True)
    two = what in _BETWEEN_ARMS and len(arms[1:]) == 1
    weights = tuple(weight for _, weight in profiles) if two else ()
    return ContrastRows(labels=labels, rows=np.array(rows), n=n, weights=weights)


def _chosen(cells: _Cells, waves: Sequence[Any] | None, *, from_first: bool) -> list[Any]:
    if not cells.waves:
        return [None]
    if waves is None:
        return list(cells.waves[1:] if from_first else cells.waves)
    if isinstance(waves, str) or not isinstance(waves, Iterable):
        raise FitError("waves= must be a list of waves.", remedy="waves=[...], even of one wave.")
    unknown = [wave for wave in waves if wave not in cells.waves]
    if unknown or not list(waves):
        said = "names a wave that the data do not hold" if unknown else "is empty"
        there = ", ".join(level_label(wave) for wave in cells.waves)
        raise FitError(f"waves= {said}.", remedy=f"There are: {there}.")
    if from_first and all(wave == cells.waves[0] for wave in waves):
        raise FitError("waves= names the first wave alone: nothing is left to compare it with.")
    return list(waves)


def _profiles(cells: _Cells, what: str, chosen: list[Any]) -> list[tuple[str, dict[Any, float]]]:
    """Weights of the waves, one profile for each row of the answer."""
    first = cells.waves[0] if cells.waves else None
    if "slope" in what:
        return [("slope", _slope(cells))]
    if what in ("mean", "mean change"):
        weight = dict.fromkeys(chosen, 1 / len(chosen))
        if what == "mean change":
            weight[first] = weight.get(first, 0.0) - 1.0
        label = "mean of " + ", ".join(level_label(wave) for wave in chosen)
        later = f"change from {level_label(first)} to the {label}"
        return [(label if what == "mean" else later, weight)]
    if "change" in what:
        return [
            (f"change from {level_label(first)} to {level_label(wave)}", {first: -1.0, wave: 1.0})
            for wave in chosen
            if wave != first
        ]
    return [("" if wave is None else f"at {level_label(wave)}", {wave: 1.0}) for wave in chosen]


def _slope(cells: _Cells) -> dict[Any, float]:
    if cells.times is None or len(cells.times) == 1:
        raise FitError(
            "A slope needs waves that are numbers, such as months.",
            remedy="Give the column of waves as numbers.",
        )
    off = cells.times - cells.times.mean()
    return dict(zip(cells.waves, (off / (off @ off)).tolist(), strict=True))


def _weighted(cells: _Cells, arm: Any, weight: Mapping[Any, float]) -> Floats:
    found: Floats = np.sum([size * cells.row(arm, wave) for wave, size in weight.items()], axis=0)
    return found


def _named(arm: str, wave: str) -> str:
    return ", ".join(part for part in (arm, wave) if part)


def _term_asked(design: Design, text: str) -> str:
    """A term as the formula of the model orders it; as it was written where it has none such."""
    if text in design.part.terms:
        return text
    try:
        asked = parse_formula(text).terms
    except FitError:
        return text
    same = [
        term_name(piece.term)
        for piece in design.part.pieces
        if len(asked) == 1 and frozenset(piece.term) == frozenset(asked[0])
    ]
    return same[0] if same else text


def test_terms(
    fitted: FitRecord, terms: str | Sequence[str] | None, *, df: str | None
) -> pd.DataFrame:
    """See `FittedMixedModel.test`."""
    import pandas as pd

    design = fitted.design
    of_columns = design.part.terms
    known = list(dict.fromkeys(of_columns))
    groups = (
        [[term] for term in known if term != INTERCEPT]
        if terms is None
        else [[terms] if isinstance(terms, str) else list(terms)]
    )
    made = []
    for asked in groups:
        group = [_term_asked(design, term) for term in asked]
        lost = [term for term in group if term not in known]
        if lost or not group:
            raise FitError(
                f'The fixed part has no term "{lost[0]}".' if lost else "No term is named.",
                remedy=f"Its terms: {', '.join(known)}.",
            )
        places = [place for place, term in enumerate(of_columns) if term in group]
        found = joint_test(fitted, np.eye(len(of_columns))[places], df=df)
        made.append({"term": " + ".join(group), **found, "n": design.person.count})
    return pd.DataFrame(made, columns=["term", "statistic", "df1", "df2", "p_value", "n"])
