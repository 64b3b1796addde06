"""Two arms of completed data sets at one wave, ready to be compared as points are added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.checks import TELLER, finding, refuse
from splw_eval.missing.filling.drawn import Draws
from splw_eval.missing.pooling.wave_rows import wave_frames
from splw_eval.models.formula import parse_formula
from splw_eval.models.person_rows import read_person_rows
from splw_eval.stats.imputation.tipping import Shifted, shifted_comparison

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArmsAsked:
    """Two arms at a wave.

    Attributes
    ----------
    draws : Draws
    place : int
        Of the wave.
    codes : tuple of int
        Of the reference arm and of the other.
    labels : tuple of str
    clustered : bool
        Whether practices are the units of inference.
    fixed : str
        Formula of the comparison; empty for the arm, the score before the programme and the
        covariates of the draws.
    """

    draws: Draws
    place: int
    codes: tuple[int, int]
    labels: tuple[str, str]
    clustered: bool
    fixed: str

    @property
    def people(self) -> Flags:
        """Who is in one of the two arms, shape (n,)."""
        return np.isin(self.draws.data.arm, self.codes)

    @property
    def wave(self) -> str:
        """Label of the wave."""
        return self.draws.inputs.waves[self.place]

    @property
    def term(self) -> str:
        """Name of the difference."""
        return f"{self.labels[1]} - {self.labels[0]}"

    def adjusted(self) -> str:
        """What the comparison is adjusted for, in words."""
        if self.fixed:
            return f"by least squares on {self.fixed}"
        inputs = self.draws.inputs
        first = (inputs.waves[0],) if inputs.before and self.place > 0 else ()
        named = [f'the score at "{name}"' for name in first]
        named += [term for term in inputs.terms if term.lower() not in ("intercept", "(intercept)")]
        how = f" adjusted for {', '.join(named)}" if named else ""
        return f"by least squares{how}"


def read_arms(
    draws: Draws,
    *,
    wave: Any,
    arm: Any,
    reference: Any,
    cluster: str | None,
    fixed: str | None,
    more: Sequence[Finding] = (),
) -> ArmsAsked:
    """Read which arms are compared, and at which wave.

    Parameters
    ----------
    draws : Draws
    wave, arm, reference : object
        As the columns hold them; of two arms the first in order is the reference where none is
        named.
    cluster : str, optional
        The column of practices of the draws, which is taken without it too.
    fixed : str, optional
    more : sequence of Finding
        Of other options.

    Returns
    -------
    ArmsAsked

    Raises
    ------
    MissingError
        With everything found wrong.
    """
    if not isinstance(draws, Draws):
        remedy = "Make it with draw(frame, outcome=, person=, wave=, arm=)."
        refuse([finding("SN01", "the first argument is no result of draw()", remedy)])
    inputs = draws.inputs
    found = [*more, *_options(draws, wave, cluster, fixed)]
    levels = inputs.arm_levels
    if len(levels) < 2:  # noqa: PLR2004 - a comparison is of two
        remedy = "Name the column of arms when you draw: arm=."
        found.append(finding("SN06", "there are no two arms to be compared", remedy))
        refuse(found)
    for name, value in (("arm", arm), ("reference", reference)):
        if value is not None and value not in levels:
            remedy = f"There are: {', '.join(inputs.arms)}."
            found.append(finding("SN15", f"{name}= is none of the arms", remedy))
    if arm is not None and arm == reference:
        remedy = "Name the one whose people are moved, and the one compared with."
        found.append(finding("SN15", "arm= and reference= are the same", remedy))
    if len(levels) > 2 and (arm is None or reference is None):  # noqa: PLR2004
        remedy = f"Name both. There are: {', '.join(inputs.arms)}."
        found.append(finding("SN14", "arm= or reference= is not named among several", remedy))
    refuse(found)
    if reference is None:
        reference = levels[0] if arm is None or arm != levels[0] else levels[1]
    other = next(level for level in levels if level != reference) if arm is None else arm
    codes = (levels.index(reference), levels.index(other))
    refuse(_one_practice(draws, codes))
    return ArmsAsked(
        draws=draws,
        place=inputs.levels.index(wave),
        codes=codes,
        labels=(inputs.arms[codes[0]], inputs.arms[codes[1]]),
        clustered=draws.data.practice is not None,
        fixed=fixed or "",
    )


def _one_practice(draws: Draws, codes: Sequence[int]) -> Iterator[Finding]:
    """Arms of one practice, which cannot be told from it."""
    data, inputs = draws.data, draws.inputs
    if data.practice is None:
        return
    for code in codes:
        if len(np.unique(data.practice[data.arm == code])) < 2:  # noqa: PLR2004
            problem = f'the arm "{inputs.arms[code]}" has one practice only'
            remedy = (
                "Arm and practice cannot be told apart, so no error can be given: compare arms of "
                "two practices or more."
            )
            yield finding("SN08", problem, remedy, column=inputs.cluster or "")


def _options(draws: Draws, wave: Any, cluster: str | None, fixed: str | None) -> Iterator[Finding]:
    inputs = draws.inputs
    if wave not in inputs.levels:
        known = ", ".join(inputs.waves)
        yield finding("SN01", "wave= is none of the waves", f"There are: {known}.")
    if cluster is not None and cluster != inputs.cluster:
        remedy = "Name the column of practices when you draw: cluster=."
        yield finding("SN01", "cluster= is not the column of practices of the draws", remedy)
    if fixed is not None:
        try:
            parse_formula(fixed)
        except FitError as error:
            yield finding("SN01", error.message.rstrip("."), error.remedy)


def shifted_arms(
    asked: ArmsAsked, imputations: Any, lost: Array, *, conf_level: float, vcov: str = "CR2"
) -> Shifted:
    """Compare the arms in every completed data set, keeping what added points would change.

    Parameters
    ----------
    asked : ArmsAsked
    imputations : Imputations
    lost : ndarray, shape (k, n)
        How many times points are added to each person, for each arm that is moved.
    conf_level : float
    vcov : str

    Returns
    -------
    Shifted

    Raises
    ------
    MissingError
        The fixed part cannot be used.
    FitError
        It does not tell the arms apart.
    """
    made = list(_by_formula(asked, imputations) if asked.fixed else _by_arrays(asked, imputations))
    people = made[0][2]
    cluster = asked.draws.data.practice if asked.clustered else None
    return shifted_comparison(
        np.array([y for y, _, _ in made]),
        [x for _, x, _ in made],
        lost[:, people],
        cluster=None if cluster is None else np.unique(cluster[people], return_inverse=True)[1],
        term=1,
        vcov=vcov,
        conf_level=conf_level,
    )


def _by_arrays(asked: ArmsAsked, imputations: Any) -> Iterator[tuple[Array, Array, Whole]]:
    """Scores, columns and people of each data set: intercept, arm, covariates, baseline."""
    data = asked.draws.data
    people = np.flatnonzero(asked.people)
    x = data.x[people]
    x = x[:, (x != x[:1]).any(axis=0)]
    other = (data.arm[people] == asked.codes[1]).astype(np.float64)
    fixed = np.column_stack([np.ones(len(people)), other, x])
    adjusts = asked.draws.inputs.before and asked.place > 0
    for scores in imputations.scores:
        mine = scores[people]
        columns = np.column_stack([fixed, mine[:, :1]]) if adjusts else fixed
        yield mine[:, asked.place], columns, people


def _by_formula(asked: ArmsAsked, imputations: Any) -> Iterator[tuple[Array, Array, Whole]]:
    """Scores, columns and people of each data set by a formula; the arm comes second."""
    inputs = asked.draws.inputs
    row_of = {person: row for row, person in enumerate(inputs.persons)}
    kept = [inputs.arm_levels[code] for code in asked.codes]
    for frame in wave_frames(imputations, inputs.levels[asked.place]):
        mine = frame[frame[inputs.arm].isin(kept)]
        rows = read_person_rows(mine, TELLER, "SN", outcome=inputs.outcome, covariates=asked.fixed)
        assert rows.outcome is not None
        at = _arm_column(rows.covariate_of, inputs.arm or "")
        used = mine.iloc[rows.rows]
        people = np.array([row_of[person] for person in used[inputs.person]], dtype=np.int64)
        other = (asked.draws.data.arm[people] == asked.codes[1]).astype(np.float64)
        parts = [np.ones(rows.n), other, np.delete(rows.X, at, axis=1)]
        yield np.asarray(rows.outcome, dtype=np.float64), np.column_stack(parts), people


def _arm_column(terms: Sequence[str], arm: str) -> int:
    """Place of the arm's own column; an interaction would make it no difference of arms."""
    parts = [[_bare(part) for part in term.split(":")] for term in terms]
    mine = [place for place, names in enumerate(parts) if arm in names]
    if len(mine) != 1 or len(parts[mine[0]]) > 1:
        problem = "fixed= holds the arm not once by itself"
        remedy = f'Write for example fixed="{arm} + age", without products of the arm.'
        refuse([finding("SN01", problem, remedy, column=arm)])
    return mine[0]


def _bare(part: str) -> str:
    """Name of a column that a formula holds as a category or between backquotes."""
    inner = part.removeprefix("C(").removesuffix(")") if part.endswith(")") else part
    return inner.replace("`", "")
