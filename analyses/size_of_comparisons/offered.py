"""Which methods are tried on which cells, in groups and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from assumptions import (
    BY_REFERENCE,
    WITH_JACKKNIFE,
    conditional_mean,
    imputed_otherwise,
    truth,
)
from benefit import COLUMNS, interactions
from cells import Cell
from cohort import alike
from complete_cases import complete_cases
from draws import Trial
from for_the_lost import imputed, mixed_model, weighted
from found import Found
from levels import share_apart, shares_compared
from received import of_compliers

# Parts of a cell are drawn from streams of their own, so one can be run without the others.
PARTS = 3
Make = Callable[[Trial, Cell, np.random.Generator], Iterable[tuple[str, Found]]]


@dataclass(frozen=True)
class Group:
    """Methods that one function tries, named so that its failure is counted for all of them."""

    name: str
    methods: tuple[str, ...]
    make: Make


WEIGHTED = ("ATT", "overlap", "entropy")
COMPLETE = Group(
    "complete cases",
    ("unadjusted CR2", "CR2", "CR3", "CR1", "two-stage t", "permutation", "wild bootstrap"),
    lambda trial, cell, _: complete_cases(trial, cell.effect),
)
MODEL = Group(
    "mixed model",
    ("mixed model KR",),
    lambda trial, cell, _: [("mixed model KR", mixed_model(trial, cell.effect))],
)
MI = Group(
    "MI",
    ("MI", "MI, practices less 2", "MI, df of people"),
    lambda trial, cell, rng: imputed(trial, cell.effect, "both", rng),
)
WITHOUT = Group(
    "MI without practices",
    ("MI without practices",),
    lambda trial, cell, rng: imputed(trial, cell.effect, "none", rng),
)
IPW = Group(
    "IPW", ("IPW CR2", "IPW jackknife"), lambda trial, cell, _: weighted(trial, cell.effect)
)
COHORT = Group(
    "cohort",
    (
        *(
            f"{name} {how}"
            for name in ("ATT", "overlap", "entropy")
            for how in ("CR2", "jackknife")
        ),
        *(f"{name} {how}" for name in ("AIPW", "DR DiD") for how in ("influence", "jackknife")),
    ),
    lambda trial, cell, _: alike(trial, cell.effect),
)
MEAN = Group(
    "conditional mean",
    tuple(f"conditional mean, {name}, jackknife" for name in WITH_JACKKNIFE),
    lambda trial, cell, _: conditional_mean(trial, cell),
)
OTHERWISE = Group(
    "MI otherwise",
    tuple(f"MI, {name}" for name in (*BY_REFERENCE, "delta")),
    imputed_otherwise,
)
RECEIVED = Group(
    "received",
    (
        *(f"two stages, {how}" for how in ("jackknife", "CR2", "Anderson and Rubin")),
        *("as treated", "per protocol"),
    ),
    lambda trial, cell, _: of_compliers(trial, cell.effect),
)
LEVELS = Group("levels", ("those seen, CR2", "chained equations"), shares_compared)
BENEFIT = Group(
    "benefit",
    tuple(f"interaction {name}" for name in COLUMNS),
    lambda trial, _, __: interactions(trial),
)


def groups_of(cell: Cell, part: int) -> tuple[Group, ...]:
    """Groups of methods for a part of a cell; none where the cell has no such part."""
    lost = cell.lost != "none"
    if cell.kind == "loss":
        after = {1: (MEAN,), 2: (OTHERWISE,)} if lost else {}
        first = (COMPLETE, MODEL, *((MI, WITHOUT, IPW) if lost else ()))
        return first if part == 0 else after.get(part, ())
    of_kind = {
        "cohort": (COMPLETE, COHORT, *((MI, IPW) if lost else ())),
        "received": (RECEIVED,),
        "levels": (LEVELS,),
        "benefit": (BENEFIT,),
    }
    return of_kind[cell.kind] if part == 0 else ()


def truth_of(cell: Cell, method: str) -> float:
    """What a method estimates in a cell, were there endless people."""
    if cell.kind == "benefit":
        return 0.0
    if cell.kind == "levels":
        return share_apart(cell)
    assumed = method.split(", ")[1] if ", " in method else ""
    return truth(cell, assumed) if assumed in (*BY_REFERENCE, "delta") else cell.effect
