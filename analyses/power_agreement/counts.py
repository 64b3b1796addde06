"""The columns of results.csv, and its lines added up to designs and analyses."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
RESULTS, RUN = FOLDER / "results.csv", FOLDER / "run.json"
SUMS = ("trials", "failures", "rejects", "covers", "zero", "errors", "seconds")
COLUMNS = ("design", "drawn", "analysis", "batch", *SUMS)
DRAWN = ("effect", "no effect")
ANALYSES = {
    "known-variance": ("effect",),
    "kenward-roger": DRAWN,
    "satterthwaite": DRAWN,
    "cr2": DRAWN,  # of some designs
}


@dataclass(frozen=True)
class Pooled:
    """One analysis of one design, its batches added up."""

    total: dict[str, float]

    @property
    def trials(self) -> int:
        """Trials drawn."""
        return int(self.total["trials"])

    @property
    def share(self) -> float:
        """Share that rejects, of all trials."""
        return self.total["rejects"] / self.trials

    @property
    def error(self) -> float:
        """Monte Carlo standard error of the share."""
        return sqrt(self.share * (1 - self.share) / self.trials)

    @property
    def std_error(self) -> float:
        """Mean standard error of the estimate."""
        return self.total["errors"] / (self.trials - self.total["failures"])

    @property
    def zero(self) -> float:
        """Share of the trials with an answer in which a variance came out as zero."""
        return self.total["zero"] / (self.trials - self.total["failures"])


def read(path: Path = RESULTS) -> list[dict[str, str]]:
    """Lines of results.csv; none where it is not there."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))  # noqa: TID251 - no study is read


def pooled(rows: list[dict[str, str]]) -> dict[tuple[str, str, str], Pooled]:
    """By design, what was drawn, and analysis."""
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in rows:
        key = (row["design"], row["drawn"], row["analysis"])
        total = found.setdefault(key, dict.fromkeys(SUMS, 0.0))
        for name in SUMS:
            total[name] += float(row[name])
    return {key: Pooled(total=total) for key, total in found.items()}
