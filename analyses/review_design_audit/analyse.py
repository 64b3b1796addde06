"""What the review's five studies with numbers could have detected: results and a page.

`python analyses/review_design_audit/analyse.py` writes `results.csv` and `report.html` beside
itself and says on the terminal what it found.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from detected import COLUMNS, HERE, rows
from page import html


def results() -> str:
    """Every number of the page, as a file."""
    table = pd.DataFrame(rows()).reindex(columns=list(COLUMNS))
    return table.to_csv(index=False, float_format="%.10g", lineterminator="\n")


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def show(*words: object) -> None:
    """Print to the terminal."""
    print(*words, flush=True)  # noqa: T201 - a program that is run by hand


def main() -> None:
    """Write the results and the page."""
    found = rows()
    for row in found:
        if row["part"] == "interval":
            show(
                f"[76] {row['outcome']}: SE {row['std_error']:.4g} if {row['test']}, "
                f"detects {row['detectable']:.3g}"
            )
    for name, text in {"results.csv": results(), "report.html": html(found)}.items():
        write(HERE / name, text)
        show(f"Written: {HERE / name}")


if __name__ == "__main__":
    main()
