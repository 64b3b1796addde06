"""The evidence map of the review: a page and every number on it.

`python analyses/review_evidence/analyse.py` writes `results.csv`, `report.html` and the map as a
drawing, `evidence_map.svg`, beside itself.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from drawn import evidence_map
from evidence import COLUMNS, HERE, rows
from page import html, lead


def results() -> str:
    """Every number and verdict of the page, as a file."""
    table = pd.DataFrame(rows()).reindex(columns=list(COLUMNS)).astype(object)
    return table.to_csv(index=False, lineterminator="\n")


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def show(*words: object) -> None:
    """Print to the terminal."""
    print(*words, flush=True)  # noqa: T201 - a program that is run by hand


def main() -> None:
    """Write the results, the page and the map."""
    show(lead())
    made = {
        "results.csv": results(),
        "report.html": html(),
        "evidence_map.svg": f"{evidence_map().svg}\n",
    }
    for name, text in made.items():
        write(HERE / name, text)
        show(f"Written: {HERE / name}")


if __name__ == "__main__":
    main()
