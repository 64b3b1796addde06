"""Study folders to test with: a plan as a dictionary, files as rows of cells."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import openpyxl

Table = Sequence[Sequence[Any]]
Rows = list[list[Any]]
PlanTable = dict[str, Any]

ARMS = (
    {"value": "link", "label": "Link worker", "role": "programme"},
    {"value": "usual", "label": "Usual care", "role": "comparison"},
)


def pre_post_plan(**changes: Any) -> PlanTable:
    """Smallest plan that holds together: one wide file, two waves, one outcome."""
    plan: PlanTable = {
        "title": "A link-worker programme",
        "design": "pre_post",
        "seed": 1,
        "files": [
            {
                "table": "measures",
                "path": "scores.csv",
                "columns": {"person": "person"},
                "scores": {"phq9": {"baseline": "phq_0", "month_3": "phq_3"}},
            }
        ],
        "time_zero": [{"event": "referral"}],
        "waves": [{"name": "baseline", "month": 0}, {"name": "month_3", "month": 3}],
        "outcomes": [outcome()],
        "estimand": {
            "population": "Adults referred",
            "outcome": "phq9",
            "summary": "Mean change",
            "disengagement": "Counted all the same",
            "death": "None recorded",
            "moving_practice": "Not recorded",
            "contrast": {"kind": "wave", "waves": ["month_3"]},
        },
    }
    return plan | changes


def outcome(**changes: Any) -> PlanTable:
    """Give an outcome section of a score from 0 to 27, lower being better."""
    return {
        "name": "phq9",
        "label": "Depression (PHQ-9)",
        "instrument": "Nine questions on mood",
        "range": [0, 27],
        "direction": "lower_is_better",
        "role": "primary",
    } | changes


def plan_of(design: str, **changes: Any) -> PlanTable:
    """Smallest plan of a design."""
    plan = pre_post_plan(design=design)
    if design != "pre_post":
        plan["arms"] = [dict(arm) for arm in ARMS]
        plan["files"][0]["columns"]["arm"] = "arm"
    if design in {"cluster_trial", "cluster_trial_unlike_recruitment"}:
        plan["files"][0]["columns"]["cluster"] = "practice"
    if design not in {"pre_post", "controlled_cohort"}:
        plan["allocation"] = {"randomised": True, "method": "simple"}
    if design == "cluster_trial_unlike_recruitment":
        plan["comparison"] = comparison(comparators="sample")
    return plan | changes


def comparison(**changes: Any) -> PlanTable:
    """Give a comparison section that leaves nothing but chance between the arms."""
    return {
        "recruited": "before_allocation",
        "recruited_by": "General practices",
        "comparators": "same_eligibility",
    } | changes


def long_plan(*, dated: bool = False, **changes: Any) -> PlanTable:
    """Give a plan with a people file and a long file; with windows where it is dated."""
    plan = pre_post_plan()
    columns = {"person": "person", "wave": "wave"} | ({"date": "date"} if dated else {})
    plan["files"] = [
        {"table": "people", "path": "people.csv", "columns": {"person": "person"}},
        {
            "table": "measures",
            "path": "measures.csv",
            "layout": "long",
            "columns": columns,
            "scores": {"phq9": "phq"},
        },
    ]
    if dated:
        plan["pick"] = "nearest"
        plan["time_zero"] = [{"event": "referral", "column": "referred"}]
        for wave in plan["waves"]:
            wave["window_days"] = [-30, 30]
    return plan | changes


def edited(plan: PlanTable, path: str, value: Any = None) -> PlanTable:
    """Return a copy of a plan with one place set, or removed where the value is None.

    The path is written with dots: ``files.0.columns.arm``.
    """
    copy = deepcopy(plan)
    *sections, last = path.split(".")
    place: Any = copy
    for part in sections:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    if isinstance(place, list):
        place[int(last)] = value
    elif value is None:
        del place[last]
    else:
        place[last] = value
    return copy


def toml(value: Any) -> str:
    """Write a value as TOML; tables inside stand in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return str(value)  # also nan and inf, which TOML writes so
    return json.dumps(value, ensure_ascii=False)


def write_plan(folder: Path, plan: Mapping[str, Any]) -> Path:
    """Write study.toml into a folder."""
    path = folder / "study.toml"
    lines = (f"{json.dumps(key)} = {toml(value)}\n" for key, value in plan.items())
    path.write_text("".join(lines), encoding="utf-8")
    return path


def csv_text(rows: Table, *, delimiter: str = ",") -> str:
    """Rows as the text of a CSV file; dates are written year first."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write_xlsx(path: Path, sheets: Mapping[str, Table]) -> Path:
    """Write a workbook with one sheet for each name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def given_study(folder: Path, plan: Mapping[str, Any], **files: Table | str | bytes) -> Path:
    """Write a plan and its files; ``scores=...`` becomes the file of that stem in the plan."""
    for section in plan["files"]:
        path = folder / section["path"]
        content = files.pop(path.stem, None)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_bytes(content.encode("utf-8"))
        elif content is not None and path.suffix == ".xlsx":
            write_xlsx(path, {"Sheet1": content})
        elif content is not None:
            path.write_bytes(csv_text(content).encode("utf-8"))
    if files:
        raise ValueError(f"The plan names no file {sorted(files)}.")
    return write_plan(folder, plan)


def wide(*scores: tuple[Any, ...], heading: Iterable[str] = ("phq_0", "phq_3")) -> Rows:
    """Rows of a wide file: the people p1, p2, ... with their scores."""
    people = ([f"p{i}", *row] for i, row in enumerate(scores, start=1))
    return [["person", *heading], *people]
