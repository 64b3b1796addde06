"""Answers of the planning room on a terminal of any width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import typer

from splw_eval.cli.wrapped import print_items, print_line, width
from splw_eval.power.answer import Answer
from splw_eval.power.curve import Curve
from splw_eval.power.options import OPTIONS
from splw_eval.power.protocol import Protocol
from splw_eval.power.sensitivity import Sensitivity
from splw_eval.power.uncertainty import ExpectedPower
from splw_eval.power.words.fitted import gap_in_words
from splw_eval.power.words.shown import decimals, number
from splw_eval.power.words.told import told

if TYPE_CHECKING:
    from splw_eval.power.simulation import SimulatedPower

_SHOWN = 24  # rows of a curve
_GAP = 2
_SOUGHT = {
    "power": "power",
    "mde": "detectable difference",
    "clusters": "clusters in all",
    "size": "people in each cluster",
    "patients": "people in all",
    "events": "events",
    "controls": "people of the comparison arm",
}


def print_answer(answer: Answer) -> None:
    """Print the answer with all that belongs to it."""
    typer.echo(told(answer, width()))


def print_sensitivity(answer: Answer, grid: Sensitivity | None) -> None:
    """Print the answer over two inputs; the answer's own cell has a star."""
    if grid is None:
        return
    across = f" and {OPTIONS[grid.columns].flag} (across)" if grid.columns else ""
    down = f"{OPTIONS[grid.rows].flag}{' (down)' if across else ''}"
    typer.echo("")
    print_line(
        f"If it were otherwise: {_SOUGHT[answer.sought]} by {down}{across}; * is the answer."
    )
    heads = [number(x) for x in grid.column_values] if grid.columns else [_SOUGHT[grid.sought]]
    rows = []
    for i, y in enumerate(grid.row_values):
        cells = [_cell(grid, i, j) for j in range(len(heads))]
        rows.append([number(y), *cells])
    print_table(["", *heads], rows)
    if not np.isfinite(grid.cells).all():
        print_line("- : out of reach, whatever the number.")


def _cell(grid: Sensitivity, i: int, j: int) -> str:
    show = decimals if grid.sought == "power" else number
    return f"{show(grid.cells[i, j])}{'*' if (i, j) == grid.at else ' '}"


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table as wide as its cells, or one item a line where the terminal is narrower."""
    wide = [max(len(row[n].rstrip()) for row in [heads, *rows]) + 1 for n in range(len(heads))]
    if 2 + sum(wide) + _GAP * (len(heads) - 1) > width():
        for row in rows:
            told = ", ".join(f"{h}: {c.strip()}" for h, c in zip(heads[1:], row[1:], strict=True))
            print_line(f"{row[0]}: {told}", first="  - ", rest="    ")
        return
    for row in [heads, *rows]:
        cells = (
            f"{cell if cell.endswith(('*', ' ')) else cell + ' ':>{w}}"
            for cell, w in zip(row, wide, strict=True)
        )
        typer.echo("  " + (" " * _GAP).join(cells).rstrip())


def print_curve(drawn: Curve, *, is_end: bool = False) -> None:
    """Print a curve as a table, at most `_SHOWN` rows of it."""
    every = max(1, int(np.ceil(len(drawn.x_values) / _SHOWN)))
    more = f" One value in {every}; --table has all." if every > 1 else ""
    typer.echo("")
    print_line(f"{_SOUGHT[drawn.y].capitalize()} by {OPTIONS[drawn.x].flag}.{more}")
    if is_end:
        at = number(drawn.x_values[-1])
        print_line(f"{OPTIONS[drawn.x].flag} was not given: the answer above is for {at}, the end.")
    show = decimals if drawn.y == "power" else number
    rows = [
        [number(x), *(show(y[n]) for y in drawn.by_rule.values())]
        for n, x in enumerate(drawn.x_values)
        if n % every == 0
    ]
    print_table(["", *drawn.by_rule], rows)


def print_protocol(text: Protocol) -> None:
    """Print the paragraph, the model, the references, and what is still to be said."""
    print_line(text.paragraph)
    typer.echo("")
    print_line(text.model)
    typer.echo("\nReferences")
    for n, reference in enumerate(text.references, 1):
        print_line(f"{reference}.", first=f"{n}. ", rest="   ")
    print_items("Still to be said, where there are square brackets", text.lacking)


def print_expected(expected: ExpectedPower | None) -> None:
    """Print the power over what the ICC may be."""
    if expected is None:
        return
    print_items("The ICC is uncertain", expected.sentences)


def print_check(answer: Answer, simulated: SimulatedPower | None, *, check: bool) -> None:
    """Print the simulation, and the formula beside it."""
    if simulated is None:
        return
    power, error = float(simulated.power), float(simulated.mc_error)
    lines = [
        f"Simulated: {decimals(power)} (95% interval {decimals(simulated.conf_low)} to "
        f"{decimals(simulated.conf_high)}), {simulated.n_trials:,} trials by {simulated.method}.",
    ]
    if check:
        apart = (float(answer.power) - power) / error if error > 0 else 0.0
        lines.insert(0, f"Formula: {decimals(answer.power)}.")
        lines.append(f"The formula lies {abs(apart):.1f} Monte Carlo errors from the simulation.")
    gap = gap_in_words(float(answer.power), power, error)
    if gap is not None:
        told = [] if check else [f"Formula: {decimals(answer.power)}."]
        lines += [*told, gap]
    if simulated.failures:
        lines.append(f"Trials that could not be analysed: {simulated.failures:,}.")
    print_items("Simulation", [*lines, *simulated.notes])
