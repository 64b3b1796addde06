"""The columns of results.csv, and its lines added up to cells and methods."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from math import nan, sqrt
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
RESULTS, RUN = FOLDER / "results.csv", FOLDER / "run.json"

SUMS = ("rejects", "covers", "estimates", "squares", "errors", "widths")
COLUMNS = ("cell", "batch", "method", "trials", "failures", *SUMS)


@dataclass(frozen=True)
class Pooled:
    """One method in one cell, its batches added up."""

    cell: str
    method: str
    total: dict[str, float]

    @property
    def trials(self) -> int:
        """Trials drawn."""
        return int(self.total["trials"])

    @property
    def tested(self) -> int:
        """Trials in which the method gave a test."""
        return self.trials - int(self.total["failures"])

    def share(self, what: str) -> float:
        """Per cent of the trials tested that reject, or whose interval holds the truth."""
        return 100 * self.total[what] / self.tested if self.tested else nan

    def mean(self, what: str) -> float:
        """Mean of the estimates, of their errors, or of the widths of the intervals."""
        return self.total[what] / self.tested if self.tested else nan

    @property
    def spread(self) -> float:
        """Standard deviation of the estimates over the trials."""
        return sqrt(max(self.mean("squares") - self.mean("estimates") ** 2, 0.0))


def read(path: Path = RESULTS) -> list[dict[str, str]]:
    """Lines of results.csv; none where it is not there."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))  # noqa: TID251 - no study is read


def pooled(rows: list[dict[str, str]]) -> dict[str, dict[str, Pooled]]:
    """Methods of each cell, in the order of the file."""
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for row in rows:
        found.setdefault(row["cell"], {}).setdefault(row["method"], []).append(row)
    return {
        cell: {
            method: Pooled(
                cell=cell,
                method=method,
                total={key: sum(float(line[key]) for line in lines) for key in COLUMNS[3:]},
            )
            for method, lines in methods.items()
        }
        for cell, methods in found.items()
    }
