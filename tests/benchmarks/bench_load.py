"""Loading and checking beside DuckDB with pandas range checks of the same columns.

A million rows of seven items (250,000 people at four waves, with dates, practices and
5 per cent missing at follow-up) from Parquet; a hundred thousand rows from CSV. Ours also finds
identifiers, windows, duplicates and reasons for missing.
"""

from __future__ import annotations

import json

import pytest

from splw_eval.core.plan import Plan, PlanFile
from splw_eval.data import load_study

ITEMS = [f"item_{number}" for number in range(1, 8)]
MONTHS = (0, 3, 12, 18)


def plan_of(path: str) -> Plan:
    outcomes = [
        {
            "name": item,
            "label": f"Score of {item}",
            "instrument": "seven items",
            "range": [1, 5],
            "direction": "higher_is_better",
            "role": "secondary" if place else "primary",
        }
        for place, item in enumerate(ITEMS)
    ]
    content = {
        "title": "A large programme",
        "design": "pre_post",
        "seed": 1,
        "pick": "nearest",
        "files": [
            {
                "table": "measures",
                "path": path,
                "layout": "long",
                "columns": {
                    "person": "person",
                    "wave": "wave",
                    "date": "date",
                    "cluster": "practice",
                },
                "scores": {item: item for item in ITEMS},
            }
        ],
        "time_zero": [{"event": "referral", "column": "referred"}],
        "waves": [{"name": f"m{m}", "month": m, "window_days": [-40, 40]} for m in MONTHS],
        "outcomes": outcomes,
        "estimand": {
            "population": "All",
            "outcome": ITEMS[0],
            "summary": "Mean change",
            "disengagement": "Counted",
            "death": "None",
            "moving_practice": "Counted",
            "contrast": {"kind": "wave", "waves": ["m12"]},
        },
    }
    return Plan.model_validate_json(json.dumps(content))


QUERY = """
    copy (
        select 'p' || (row // 4) as person, 'm' || [0, 3, 12, 18][1 + row % 4] as wave,
            referred + [0, 91, 365, 548][1 + row % 4] + ((row * 7919) % 61)::int - 30 as date,
            referred, 'practice ' || (row // 4) % 15 as practice, {items}
        from (
            select row, date '2024-01-01' + ((row // 4) * 104729 % 300)::int as referred
            from range({rows}) r(row)
        )
    ) to '{path}'
"""


def write(path, rows):
    import duckdb

    item = (
        "case when row % 4 > 0 and hash(row * 16 + {i}) % 20 = 0 then null "
        "else (1 + hash(row * 16 + {i} + 7) % 5)::int end as item_{i}"
    )
    items = ", ".join(item.format(i=i) for i in range(1, 8))
    duckdb.sql(QUERY.format(items=items, rows=rows, path=path))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    write(folder / "large.parquet", 1_000_000)
    write(folder / "large.csv", 100_000)
    return folder


def ours(folder, name):
    study = load_study(PlanFile(plan=plan_of(name), path=folder / "study.toml", sha256=""))
    return len(study.placed.measures)


def theirs(folder, name):
    import duckdb

    relation = duckdb.sql(f"select * from '{folder / name}'")
    assert relation is not None
    frame = relation.df()
    wrong = 0
    for item in ITEMS:
        wrong += int((~(frame[item].between(1, 5) | frame[item].isna())).sum())
    assert wrong == 0
    return len(frame)


@pytest.mark.parametrize(("name", "rows"), [("large.parquet", 1_000_000), ("large.csv", 100_000)])
@pytest.mark.parametrize("program", [theirs, ours], ids=["DuckDB and pandas", "splw_eval"])
def test_load(benchmark, program, folder, name, rows):
    benchmark.group = f"{rows:,} rows, {name}"
    assert benchmark.pedantic(program, (folder, name), rounds=5, warmup_rounds=1) == rows
