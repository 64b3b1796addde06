"""A small service with every table, as files; made up, and complete unless a test spoils it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.unit.given_study import given_study

PEOPLE, PRACTICES, WORKERS = 48, 6, 4
START = dt.date(2024, 1, 8)
Rows = list[dict[str, Any]]
Tables = dict[str, Rows]


def plan() -> dict[str, Any]:
    """Return a before-and-after plan over all tables."""
    source = "Kounali 2022, Psychol Med 52:1875"
    return {
        "title": "People seen by link workers in Anytown",
        "design": "pre_post",
        "seed": 1,
        "pick": "nearest",
        "files": [
            {"table": "people", "path": "people.csv"},
            {"table": "episodes", "path": "episodes.csv"},
            {"table": "contacts", "path": "contacts.csv"},
            {"table": "link_workers", "path": "link_workers.csv"},
            {
                "table": "measures",
                "path": "measures.csv",
                "layout": "long",
                "columns": {"person": "person", "wave": "wave", "date": "date"},
                "scores": {"phq9": "phq"},
            },
        ],
        "time_zero": [{"event": "referral", "column": "referral_date"}],
        "waves": [
            {"name": "baseline", "month": 0, "window_days": [-14, 14]},
            {"name": "month_3", "month": 3, "window_days": [-30, 30]},
        ],
        "outcomes": [
            {
                "name": "phq9",
                "label": "Depression (PHQ-9)",
                "instrument": "phq9",
                "role": "primary",
                "mid": {"value": 1.7, "source": source},
            }
        ],
        "estimand": {
            "population": "Adults referred",
            "outcome": "phq9",
            "summary": "Mean change",
            "disengagement": "Counted all the same",
            "death": "None recorded",
            "moving_practice": "Not recorded",
            "contrast": {"kind": "wave", "waves": ["month_3"]},
        },
        "missing": {"assumption": "Missing at random", "method": "Mixed model"},
        "sample_size": {
            "power": 0.8,
            "people": PEOPLE,
            "target_difference": {"value": 2, "source": source},
            "sd": {"value": 6, "source": source},
            "icc": {"value": 0.02, "source": source},
            "cluster_size_cv": {"value": 0.4, "source": source},
            "attrition": {"value": 0.2, "source": source},
        },
        "confounders": [{"name": "Deprivation", "reason": "Slower", "column": "imd_decile"}],
        "disclosure": {"profile": "public_data", "reason": "Nobody in it exists"},
    }


def tables() -> Tables:
    """Return the rows of every table."""
    who = range(PEOPLE)
    return {
        "people": [_person(i) for i in who],
        "episodes": [_episode(i) for i in who],
        "contacts": [_contact(i, k) for i in who for k in range(3)],
        "link_workers": [_worker(i) for i in range(WORKERS)],
        "measures": [_measure(i, wave) for i in who for wave in ("baseline", "month_3")],
    }


def _referred(i: int) -> dt.date:
    return START + dt.timedelta(days=3 * i)


def _person(i: int) -> dict[str, Any]:
    return {
        "person": f"p{i}",
        "cluster": f"g{i % PRACTICES}",
        "link_worker": f"w{i % WORKERS}",
        "age_band": ("45-54", "55-64")[i % 2],
        "sex": ("female", "male")[i % 3 == 0],
        "ethnicity": ("white", "asian", "black")[i % 3],
        "imd_decile": i % 10 + 1,
        "imd_version": "IMD 2019",
        "ltc_physical": i % 4,
        "ltc_mental": i % 3,
        "referral_date": _referred(i),
    }


def _episode(i: int) -> dict[str, Any]:
    day = _referred(i)
    return {
        "episode": f"e{i}",
        "person": f"p{i}",
        "referral_date": day,
        "source": "gp",
        "reason": "loneliness",
        "accepted": "yes",
        "first_contact_date": day + dt.timedelta(days=10),
        "close_date": day + dt.timedelta(days=80 + i),
        "close_reason": ("planned completion", "lost contact")[i % 4 == 0],
    }


def _contact(i: int, k: int) -> dict[str, Any]:
    return {
        "contact": f"c{i}_{k}",
        "episode": f"e{i}",
        "date": _referred(i) + dt.timedelta(days=10 + 20 * k),
        "link_worker": f"w{i % WORKERS}",
        "mode": ("telephone", "in person")[k % 2],
        "minutes": 20 + 5 * (i % 5),
        "attended": "yes",
    }


def _worker(i: int) -> dict[str, Any]:
    return {
        "link_worker": f"w{i}",
        "role_title": "Link worker",
        "fte": 1.0,
        "start_date": START - dt.timedelta(days=200),
        "end_date": "",
        "employer_type": "practice",
        "training": "Induction",
        "prior_background": "Housing",
    }


def _measure(i: int, wave: str) -> dict[str, Any]:
    later = wave != "baseline"
    score = 8 + 7 * i % 13 - (2 + i % 3 if later else 0)
    lost = later and i % 4 == 0
    return {
        "person": f"p{i}",
        "wave": wave,
        "date": _referred(i) + dt.timedelta(days=91 if later else 0),
        "version": "2001",
        "phq": "" if lost else score,
    }


def written(
    folder: Path,
    spoil: Callable[[Tables], None] | None = None,
    replan: Callable[[dict[str, Any]], None] | None = None,
) -> Path:
    """Write the plan and its files, after a test has spoilt them; return the plan's path."""
    held, said = tables(), plan()
    if spoil is not None:
        spoil(held)
    if replan is not None:
        replan(said)
    named = {section["path"].removesuffix(".csv") for section in said["files"]}
    files = {
        name: [list(rows[0]), *(list(row.values()) for row in rows)]
        for name, rows in held.items()
        if name in named
    }
    return given_study(folder, said, **files)
