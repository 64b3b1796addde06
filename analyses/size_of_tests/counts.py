"""The file of results: its columns, one line for each design and contrast, and cells of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS, RUN = HERE / "results.csv", HERE / "run.json"

METHODS = (
    "kr_keep",
    "kr_conditional",
    "satterthwaite_keep",
    "satterthwaite_conditional",
    "between_within",
    "practice_means",
    "z",
    "intercept_kr",
    "cr2",
)
# Methods that are counted once more among the trials with a variance of practices at zero.
AT_ZERO = ("kr_keep", "kr_conditional", "between_within")
# What a method's share is of: trials without this many.
FAILURES = {"practice_means": "failures_means", "intercept_kr": "failures_intercept"}
FACTORS = ("icc", "autocorrelation", "size", "dropout")
KEYS = (*FACTORS, "design", "contrast")
COUNTS = (
    "trials",
    "failures",
    "failures_intercept",
    "failures_means",
    "zero_practice",
    "zero_wave",
    "zero_any",
)
COLUMNS = (
    *KEYS,
    "people",
    "lost",
    "effect",
    *COUNTS,
    "df_keep",
    "df_conditional",
    *(f"{method}_rejects" for method in METHODS),
    *(f"{method}_finds" for method in METHODS),
    *(f"{method}_rejects_at_zero" for method in AT_ZERO),
)
Row = dict[str, str]


def line(row: dict[str, object]) -> str:
    """One line of the file; no value holds a comma."""
    return ",".join(str(row[column]) for column in COLUMNS) + "\n"


def read(path: Path = RESULTS) -> list[Row]:
    """Every line as a row of texts; none where there is no file."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [dict(zip(COLUMNS, words.split(","), strict=True)) for words in lines[1:]]


def write(rows: Iterable[Row], path: Path = RESULTS) -> None:
    """Write the file anew."""
    text = ",".join(COLUMNS) + "\n" + "".join(line(dict(row)) for row in rows)
    path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Pooled:
    """A cell and contrast over its designs."""

    icc: str
    autocorrelation: str
    size: str
    dropout: str
    contrast: str
    designs: int
    total: dict[str, float]

    @property
    def trials(self) -> int:
        """Trials drawn."""
        return int(self.total["trials"])

    @property
    def error(self) -> float:
        """Standard error of a share of 5 %, in per cent: of chance in the drawing alone."""
        return 100 * sqrt(0.05 * 0.95 / self.trials)

    def tried(self, method: str) -> float:
        """Trials that a method gave a test in."""
        return self.trials - self.total[FAILURES.get(method, "failures")]

    def size_of(self, method: str) -> float:
        """Per cent of trials without an effect in which a method rejects."""
        return 100 * self.total[f"{method}_rejects"] / self.tried(method)

    def power_of(self, method: str) -> float:
        """Per cent of trials with the effect in which a method rejects."""
        return 100 * self.total[f"{method}_finds"] / self.tried(method)

    def zero(self, which: str) -> float:
        """Per cent of trials with a variance of practices at zero: practice, wave or any."""
        return 100 * self.total[f"zero_{which}"] / self.tried("kr_keep")


def pooled(rows: Iterable[Row]) -> Iterator[Pooled]:
    """Add up the designs of each cell and contrast, in the order of the file."""
    order: dict[tuple[str, ...], int] = {}
    rows = list(rows)
    for row in rows:
        order.setdefault(_cell(row), len(order))
    rows.sort(key=lambda row: order[_cell(row)])
    for cell, group in groupby(rows, key=_cell):
        held = list(group)
        total = {
            column: sum(float(row[column]) for row in held)
            for column in COLUMNS
            if column not in KEYS
        }
        for column in ("people", "lost", "effect", "df_keep", "df_conditional"):
            total[column] /= len(held)
        yield Pooled(*cell, designs=len(held), total=total)


def _cell(row: Row) -> tuple[str, ...]:
    return (*(row[factor] for factor in FACTORS), row["contrast"])
