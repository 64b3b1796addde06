"""Numbers of few link workers, and totals that one practice makes up, are not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import pytest

from splw_eval.appraisal import mask
from splw_eval.appraisal.few_sources import dominated, told_total
from splw_eval.core.columns import (
    Column,
    Contributors,
    columns_of,
    contributors,
    count,
    label,
    share,
    staff,
    total,
)
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result
from splw_eval.report.tables import results_csv
from tests.unit.given_study import pre_post_plan

PLAN = Plan.model_validate(pre_post_plan(), strict=False)
OPEN = {"profile": "public_data", "reason": "Made up"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """Link workers and their people."""

    workers: Annotated[int | None, staff("Link workers", of="people")]
    people: Annotated[int | None, count("People")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedRow:
    """Parts of all link workers in one row."""

    trained: Annotated[int | None, staff("Trained", part_of="workers")]
    others: Annotated[int | None, staff("Not trained", part_of="workers")]
    workers: Annotated[int | None, staff("Link workers", whole_row=False)]
    share: Annotated[
        float | None,
        share("Per cent", numerator="trained", of="workers", complement="others"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """Link workers of one kind; all kinds are all of them."""

    kind: Annotated[str, label("Kind")]
    of: Annotated[str, label("Of what")]
    workers: Annotated[int | None, staff("Link workers", whole_row=False)]
    known: Annotated[int | None, staff("Known of", whole_row=False)]
    share: Annotated[
        float | None, share("Per cent", numerator="workers", of="known", parts_of=("of",))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """A sum over people."""

    people: Annotated[int | None, count("People")]
    cost: Annotated[float | None, total("Cost", of="people", dominated_by="made_of")]
    made_of: Annotated[Contributors | None, contributors("Practices")] = None


def shown(*rows: Any, **plan: Any) -> tuple[Any, ...]:
    result = Result(key="k", title="t", unit="u", row_type=type(rows[0]), rows=rows)
    return mask(result, Plan.model_validate(pre_post_plan(**plan), strict=False)).rows


@pytest.mark.parametrize("workers", [1, 2])
def test_no_row_rests_on_fewer_than_three_link_workers(workers):
    assert shown(SeenRow(workers=workers, people=80)) == (SeenRow(workers=None, people=None),)


@pytest.mark.parametrize("workers", [0, 3, 11])
def test_three_link_workers_and_none_are_shown_as_they_are(workers):
    assert shown(SeenRow(workers=workers, people=80)) == (SeenRow(workers=workers, people=80),)


def test_a_part_of_two_link_workers_takes_all_others_with_it():
    (row,) = shown(TrainedRow(trained=2, others=7, workers=9, share=2 / 9))
    assert (row.trained, row.others, row.share, row.workers) == (None, None, None, 9)


def test_parts_of_three_or_more_link_workers_stay():
    (row,) = shown(TrainedRow(trained=3, others=7, workers=10, share=0.3))
    assert (row.trained, row.others, row.workers) == (3, 7, 10)


def kinds(*workers: int) -> list[KindRow]:
    known = sum(workers)
    return [
        KindRow(kind=str(i), of="training", workers=n, known=known, share=n / known)
        for i, n in enumerate(workers)
    ]


def test_over_several_rows_a_second_part_is_hidden_with_the_small_one():
    assert [row.workers for row in shown(*kinds(5, 1, 4))] == [5, None, None]
    assert [row.share is None for row in shown(*kinds(5, 1, 4))] == [False, True, True]


def test_two_parts_of_one_link_worker_each_are_not_told_by_their_sum():
    assert [row.workers for row in shown(*kinds(5, 1, 4, 1))] == [5, None, None, None]
    assert [row.workers for row in shown(*kinds(5, 1, 4, 2))] == [5, None, 4, None]


def test_public_data_show_every_link_worker():
    row = SeenRow(workers=1, people=80)
    assert shown(row, disclosure=OPEN) == (row,)


@pytest.mark.parametrize(
    ("amounts", "hidden"),
    [
        ((60, 20, 10, 10), True),
        ((40, 40, 10, 10), True),
        ((30, 30, 20, 20), False),
        ((50, 20, 15, 15), False),
        ((50, 25, 25), False),
        ((50, 50), True),
        ((), False),
    ],
)
def test_a_total_of_which_one_or_two_practices_are_most_is_hidden(amounts, hidden):
    made_of = Contributors.of(amounts)
    assert dominated(made_of) is hidden
    (row,) = shown(CostRow(people=100, cost=1000.0, made_of=made_of))
    assert (row.cost is None) is hidden


def test_who_makes_up_a_total_is_never_shown():
    row = CostRow(people=100, cost=1000.0, made_of=Contributors.of((30, 30, 40)))
    assert shown(row)[0].made_of is None
    assert shown(row, disclosure=OPEN)[0].made_of is None
    result = mask(Result(key="k", title="t", unit="u", row_type=CostRow, rows=(row,)), PLAN)
    assert "made_of" not in result.to_dict()["columns"]
    assert "made_of" not in result.to_dict()["rows"][0]
    assert b"made_of" not in results_csv(result)
    assert (0, "made_of") not in result.masked


def test_a_total_over_few_people_is_hidden():
    assert shown(CostRow(people=7, cost=1000.0))[0].cost is None


@pytest.mark.parametrize(("n", "mean"), [(12, 41.5), (57, 3.25), (163, 412.8), (9, 1.0)])
def test_a_total_and_its_mean_leave_the_number_of_people_as_open_as_the_rounded_count(n, mean):
    told = told_total(n * mean, n, 5)
    possible = [k for k in range(1, 1000) if told_total(k * mean, n, 5) == told]
    assert n in possible
    assert len(possible) >= 5


def test_a_total_must_name_what_it_is_made_of():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Wrong:
        n: Annotated[int, count("People")]
        cost: Annotated[float, Column(title="c", role=columns_of(CostRow)["cost"].role,
                                      dominated_by="n")]  # fmt: skip

    Wrong.__annotations__ = {
        "n": Annotated[int, count("People")],
        "cost": Annotated[float, total("Cost", dominated_by="n")],
    }
    with pytest.raises(TypeError, match="contributors"):
        columns_of(Wrong)
