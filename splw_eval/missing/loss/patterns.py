"""Which waves people were measured at: patterns by arm, and shares missing by practice."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.missing.loss.pattern_rows import (
    FEWEST,
    GAPS,
    missing_rows,
    monotone_rows,
    pattern_rows,
    practice_rows,
)
from splw_eval.missing.loss.wave_scores import WaveScores, read_wave_scores
from splw_eval.missing.plain_text import WIDTH, result_text, table_text

if TYPE_CHECKING:
    import pandas as pd

_APART = 0.05  # shares missing in the arms that differ by more are told
_PRACTICES_APART = 0.30


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PatternTable:
    """Patterns of who was measured when.

    Attributes
    ----------
    table : DataFrame
        One row for each arm and pattern (a sign for each wave: 1 measured, 0 missing):
        ``arm pattern kind monotone n share mean_first mean_last``; `share` of the arm,
        `mean_first` at the first wave and `mean_last` of the last score there is, in outcome
        units; NaN for a pattern of one person, whose own scores they would be.
    missing : DataFrame
        One row for each arm and wave: ``arm wave n missing share_missing``, and with practices
        ``practices lowest_of_practices median_of_practices highest_of_practices``, shares
        missing in single practices.
    monotone : DataFrame
        One row for each arm: ``arm n complete stopped gaps share_monotone``.
    practices : DataFrame
        One row for each practice and wave; no rows without practices.
    waves : tuple of str
    n : int
        People.
    method : str
    notes : tuple of str
    """

    table: pd.DataFrame
    missing: pd.DataFrame
    monotone: pd.DataFrame
    practices: pd.DataFrame
    waves: tuple[str, ...]
    n: int
    method: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """The patterns, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return f"<PatternTable: {self.n} people, {len(self.waves)} waves, {len(self.table)} rows>"

    def __str__(self) -> str:
        title = textwrap.fill(f"Who was measured at the waves {', '.join(self.waves)}", WIDTH)
        patterns = table_text(self.table.drop(columns="kind"))
        shares = self.missing.rename(columns=_SHORT)
        told = result_text("Missing by wave", shares, self.method, self.notes)
        return "\n".join([title, patterns, told])


_SHORT = {
    "lowest_of_practices": "lowest",
    "median_of_practices": "median",
    "highest_of_practices": "highest",
    "share_missing": "share",
}


def pattern_table(
    frame: pd.DataFrame,
    *,
    outcome: str,
    person: str,
    wave: str,
    arm: str | None = None,
    cluster: str | None = None,
) -> PatternTable:
    """Count people by the waves they were measured at.

    Parameters
    ----------
    frame : DataFrame
        One row of each person at each wave; a row without a score, and no row at all, are the
        same: not measured. Leave out people and waves that are not yet due.
    outcome, person, wave : str
        Columns; waves in the order of pandas' categories, else sorted.
    arm, cluster : str, optional
        Columns of arms and practices, the same in all rows of a person.

    Returns
    -------
    PatternTable

    Raises
    ------
    MissingError
        Columns cannot be used; every reason, with its column and its rows.

    Sources
    -------
    Lee and others 2021, J Clin Epidemiol 134:79 (describe what is missing before choosing a
    method).
    """
    import pandas as pd

    read = read_wave_scores(
        frame, outcome=outcome, person=person, wave=wave, arm=arm, cluster=cluster
    )
    table = pd.DataFrame(pattern_rows(read))
    missing, monotone = pd.DataFrame(missing_rows(read)), pd.DataFrame(monotone_rows(read))
    return PatternTable(
        table=table,
        missing=missing,
        monotone=monotone,
        practices=pd.DataFrame(practice_rows(read)),
        waves=read.waves,
        n=read.n,
        method="people counted by the waves at which they have a score",
        notes=tuple(_notes(read, table, missing, monotone)),
    )


def _notes(
    read: WaveScores, table: pd.DataFrame, missing: pd.DataFrame, monotone: pd.DataFrame
) -> Iterator[str]:
    lost, gaps = ~read.measured, int(monotone["gaps"].sum())
    yield (
        f"{read.n} people, {len(read.waves)} waves; {int(lost[:, -1].sum())} have no score at "
        f"the last ({lost[:, -1].mean():.0%}). A wave that is not yet due counts as missing "
        "here: leave it out beforehand."
    )
    if gaps:
        yield (
            f"{gaps} people came back after a missed wave ({GAPS}). Methods for monotone "
            "loss, such as weights wave by wave, leave out what they gave afterwards."
        )
    last = missing[missing["wave"] == read.waves[-1]]
    if read.arm is not None and len(last) > 1:
        low, high = float(last["share_missing"].min()), float(last["share_missing"].max())
        if high - low > _APART:
            yield (
                f"At the last wave {low:.0%} to {high:.0%} are missing in the arms: loss differs "
                "by arm, so those seen are not alike even where the arms were at the start."
            )
    if read.cluster is not None:
        low, high = (
            float(last["lowest_of_practices"].min()),
            float(last["highest_of_practices"].max()),
        )
        if high - low > _PRACTICES_APART:
            yield (
                f"At the last wave {low:.0%} to {high:.0%} are missing in single practices: ask "
                "how questionnaires were handed out there. Small practices range widely by chance."
            )
    alone = int((table["n"] < FEWEST).sum())
    if alone:
        yield (
            f"Patterns of one person have no means, as these would be that person's own scores "
            f"({alone} of {len(table)}). Counts as small tell of single people too: join patterns "
            "before such a table is passed on."
        )
    yield "Means by pattern describe who is still seen; they are no estimate for anybody else."
