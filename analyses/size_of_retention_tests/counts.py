"""The columns of results.csv, and its lines added up to cells."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
RESULTS, RUN = FOLDER / "results.csv", FOLDER / "run.json"

METHODS = (
    "permutation",
    "t_satterthwaite",
    "t_plain",
    "oe_permutation",
    "oe_t",
    "cox_jackknife",
    "cox_cluster_z",
    "log_rank",
)
COVERED = ("permutation", "t_satterthwaite")
COLUMNS = (
    "cell",
    "batch",
    "trials",
    "people",
    "left",
    "without_horizon",
    "oe_continuity",
    "no_cox",
    *(f"{method}_rejects" for method in METHODS),
    *(f"{method}_covers" for method in COVERED),
)


@dataclass(frozen=True)
class Pooled:
    """One cell, its batches added up."""

    cell: str
    batches: int
    total: dict[str, int]

    @property
    def trials(self) -> int:
        """Trials drawn."""
        return self.total["trials"]

    def tested(self, method: str) -> int:
        """Trials that the method could test."""
        failed = self.total["no_cox" if method.startswith("cox") else "without_horizon"]
        by_days = method in ("permutation", "t_satterthwaite", "t_plain")
        return self.trials - (failed if by_days or method.startswith("cox") else 0)

    def share(self, method: str, what: str = "rejects") -> float:
        """Per cent of the trials tested that reject, or whose interval holds the truth."""
        return 100 * self.total[f"{method}_{what}"] / max(self.tested(method), 1)


def read() -> list[dict[str, str]]:
    """Lines of results.csv; none where it is not there."""
    if not RESULTS.exists():
        return []
    with RESULTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))  # noqa: TID251 - no study is read


def pooled(rows: list[dict[str, str]]) -> list[Pooled]:
    """Cells in the order of the file."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["cell"], []).append(row)
    return [
        Pooled(
            cell=name,
            batches=len(lines),
            total={key: sum(int(line[key]) for line in lines) for key in COLUMNS[2:]},
        )
        for name, lines in found.items()
    ]
