"""The tables of docs/methods/icc-intervals.md, printed from results.csv."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ICC, AUTOCORRELATION = "ICC, mean of the waves", "cluster autocorrelation"
METHODS = [("REML", "chi-squared"), ("REML", "F"), ("ML", "chi-squared"), ("ML", "F")]
LOW, HIGH = 93, 97  # per cent: the coverage that was aimed at
Row = dict[str, str]


def coverage(row: Row) -> float:
    """Per cent."""
    return 100 * float(row["coverage"])


def cells(rows: list[Row]) -> list[str]:
    """A row for each practices, size and ICC; a column for each ratio and autocorrelation."""
    lines: dict[tuple[str, ...], dict[tuple[str, str], str]] = {}
    for row in rows:
        if (row["criterion"], row["cut_off"]) == METHODS[0] and row["ratio"] != "ICC at wave 12":
            key = (row["practices"], row["size"], row["icc"])
            value = coverage(row)
            text = f"{value:.1f}" if LOW <= value <= HIGH else f"**{value:.1f}**"
            lines.setdefault(key, {})[row["ratio"], row["autocorrelation"]] = text
    columns = [(ratio, cac) for ratio in (ICC, AUTOCORRELATION) for cac in ("0.6", "0.8", "1.0")]
    return [
        f"| {' | '.join(key)} | {' | '.join(line[column] for column in columns)} |"
        for key, line in lines.items()
    ]


def methods(rows: list[Row]) -> list[str]:
    """A row for each method and ratio, over the cells of 15 practices."""
    lines = []
    for ratio in (ICC, AUTOCORRELATION):
        for criterion, cut in METHODS:
            found = [
                coverage(row)
                for row in rows
                if (row["criterion"], row["cut_off"], row["ratio"], row["practices"])
                == (criterion, cut, ratio, "15")
            ]
            below, above = sum(v < LOW for v in found), sum(v > HIGH for v in found)
            mean = sum(found) / len(found)
            lines.append(
                f"| {ratio} | {criterion} | {cut} | {mean:.1f} | {min(found):.1f} to "
                f"{max(found):.1f} | {below} | {above} |"
            )
    return lines


if __name__ == "__main__":
    with (Path(__file__).parent / "results.csv").open(encoding="utf-8") as file:
        read = list(csv.DictReader(file))  # noqa: TID251 - no study is read
    sys.stdout.write("\n".join([*cells(read), "", *methods(read)]) + "\n")
