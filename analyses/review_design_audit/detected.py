"""What each study could have detected, and what a trial would take, by `splw_eval.power`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from splw_eval import power
from splw_eval.stats.power.detectable import detectable_difference
from splw_eval.stats.power.noncentral import critical_value

HERE = Path(__file__).resolve().parent
COLUMNS = (
    *("part", "ref", "outcome", "test", "df", "sd", "icc", "correlation", "attrition", "people"),
    *("std_error", "half_width", "detectable", "unrounded", "clusters_arm", "pairs", "mid"),
)
Row = dict[str, Any]
POWER = 0.8


@cache
def published() -> Any:
    """What was published, as it stands in the file."""
    return tomllib.loads((HERE / "published.toml").read_text(encoding="utf-8"))


def study(ref: int) -> Any:
    """One study by its number in the review."""
    return next(one for one in published()["studies"] if one["ref"] == ref)


def rows() -> list[Row]:
    """Every number of the page."""
    return [
        *by_interval(),
        *by_design(),
        *pilot(),
        *pairs_needed(),
        *by_pairs(),
        *trials(),
        *other_inputs(),
    ]


def by_interval() -> Iterator[Row]:
    """Standard errors behind the published intervals, by z and by t, and what they detect."""
    df = sum(study(76)["practices"]) - 2
    for one in published()["intervals"]:
        half = (one["high"] - one["low"]) / 2
        for test, freedom in (("z", float("inf")), ("t", float(df))):
            error = half / float(critical_value(freedom, 0.05))
            yield {
                "part": "interval",
                "ref": one["ref"],
                "outcome": one["outcome"],
                "test": test,
                "df": None if test == "z" else freedom,
                "std_error": error,
                "half_width": half,
                "detectable": float(detectable_difference(error, freedom, power=POWER)),
                "mid": one.get("mid"),
            }


def by_design() -> Iterator[Row]:
    """What 7 practices against 8 detect, by ICC and with or without the score at the start."""
    plan, of = published()["glasgow"], study(76)
    sizes = [n / k for n, k in zip(of["measured"], of["practices"], strict=True)]
    for icc in plan["icc"]:
        for r in plan["correlation"]:
            answer = power.solve(
                power.design(
                    "parallel",
                    clusters_arm=of["practices"],
                    size=sizes[0],
                    size_control=sizes[1],
                    sd=residual(plan["sd"], r),
                    icc=icc,
                    cv=plan["cv"],
                    power=POWER,
                )
            )
            yield {
                "part": "design",
                "ref": 76,
                "outcome": plan["outcome"],
                "test": "t",
                "df": float(answer.df),
                "icc": icc,
                "correlation": r,
                "std_error": float(answer.std_error),
                "detectable": float(answer.mde),
                "mid": mid_of(plan["outcome"]),
            }


def residual(sd: float, r: float) -> float:
    """Standard deviation with the score at the start as a covariate."""
    return float(sd * (1 - r**2) ** 0.5)


def of_change(sd: float, r: float) -> float:
    """Standard deviation of the change of one person."""
    return float(sd * (2 * (1 - r)) ** 0.5)


def mid_of(outcome: str) -> float | None:
    """The MID of an outcome of the cluster trial."""
    found = (one for one in published()["intervals"] if one["outcome"] == outcome)
    return next((one.get("mid") for one in found), None)


def pilot() -> Iterator[Row]:
    """What the people who completed the pilot let a change of one group show."""
    n = study(75)["completed"]
    for one in published()["change"]:
        yield _change("pilot", one, n, ref=75)


def _change(part: str, one: Any, n: int, *, ref: int | None = None, shared: bool = False) -> Row:
    sd = of_change(one["sd"], one["correlation"])
    workers = published()["workers"]
    given = {"sd_change": sd, "power": POWER}
    if shared:
        clusters = {"clusters": n / workers["people"], "size": workers["people"]}
        design = power.design("pre-post", **clusters, icc=workers["icc"], force=True, **given)
    else:
        design = power.design("pre-post", patients=n, **given)
    answer = power.solve(design)
    return {
        "part": part,
        "ref": ref,
        "outcome": one["outcome"],
        "test": "t",
        "df": float(answer.df),
        "icc": workers["icc"] if shared else None,
        "correlation": one["correlation"],
        "people": n,
        "std_error": float(answer.std_error),
        "detectable": float(answer.mde),
        "mid": one["target"],
    }


def pairs_needed() -> Iterator[Row]:
    """People measured twice that a change of one group takes, alone and with link workers."""
    workers = published()["workers"]
    for one in published()["change"]:
        sd = of_change(one["sd"], one["correlation"])
        for shared in (False, True):
            clusters = {"icc": workers["icc"], "size": workers["people"]} if shared else {}
            for test in ("z", "t"):
                answer = power.solve(
                    power.design(
                        "pre-post",
                        diff=one["target"],
                        sd_change=sd,
                        power=POWER,
                        test=test,
                        **clusters,
                    )
                )
                times = workers["people"] if shared else 1
                yield {
                    "part": "pairs",
                    "outcome": one["outcome"],
                    "test": test,
                    "icc": workers["icc"] if shared else None,
                    "correlation": one["correlation"],
                    "unrounded": float(answer.unrounded) * times,
                    "pairs": float(answer.patients) if answer.patients is not None else None,
                    "mid": one["target"],
                }


def by_pairs() -> Iterator[Row]:
    """What a change of one group of so many people detects, alone and with link workers."""
    least = 4 * published()["workers"]["people"]
    for one in published()["change"]:
        for n in published()["workers"]["pairs"]:
            yield _change("by pairs", one, n)
            if n >= least:
                yield _change("by pairs", one, n, shared=True)


def trials() -> Iterator[Row]:
    """Practices of each arm that would answer the question."""
    for one in published()["trial"]:
        for attrition in one["attrition"]:
            for icc in one["icc"]:
                yield _trial("trial", one, attrition, icc)


def other_inputs() -> Iterator[Row]:
    """The same trial by the numbers that `splw-eval power --instrument` takes, and their middle."""
    one = next(one for one in published()["trial"] if one["outcome"] == "SWEMWBS")
    held = power.numbers_for("SWEMWBS")
    assert held is not None
    assert held.sd is not None
    assert held.mid is not None
    cautious = {"sd": held.sd.value, "target": held.mid.value}
    middle = {"sd": _middle(held.sd), "target": _middle(held.mid)}
    for part, taken in (("trial, cautious", cautious), ("trial, middle", middle)):
        yield _trial(part, {**one, **taken}, 0.32, 0.03)


def _middle(one: Any) -> float:
    return float((one.low + one.high) / 2)


def _trial(part: str, one: Any, attrition: float, icc: float) -> Row:
    of = published()["trials"]
    answer = power.solve(
        power.design(
            "parallel",
            diff=one["target"],
            sd=residual(one["sd"], one["correlation"]),
            icc=icc,
            size=of["size"],
            cv=of["cv"],
            dropout=attrition,
            power=of["power"],
        )
    )
    return {
        "part": part,
        "outcome": one["outcome"],
        "test": "t",
        "sd": one["sd"],
        "icc": icc,
        "correlation": one["correlation"],
        "attrition": attrition,
        "people": 2 * answer.arms["programme"] * of["size"],
        "unrounded": float(answer.unrounded) / 2,
        "clusters_arm": answer.arms["programme"],
        "mid": one["target"],
    }


def caseload_effect() -> float:
    """Design effect of a year's caseload of one link worker."""
    workers = published()["workers"]
    answer = power.solve(
        power.design(
            "parallel", clusters=20, size=workers["caseload"], icc=workers["icc"], sd=1, d=0.2
        )
    )
    return float(answer.precision.parts["design_effect"])
