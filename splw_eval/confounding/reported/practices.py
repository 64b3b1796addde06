"""The difference judged by practices as the units, by every rule for few of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from splw_eval.confounding.practices.clustered import fit_clustered
from splw_eval.confounding.practices.permutation import permutation_test
from splw_eval.confounding.practices.wild import wild_bootstrap
from splw_eval.confounding.reported.asked import Asked, comparable
from splw_eval.confounding.reported.told import interval, known, records_of, refused, result_of
from splw_eval.core.confounding_rows import PracticeTestRow
from splw_eval.core.errors import FitError
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.people_frame import AFTER, GROUP, STRATUM

BY_CHANCE = "Randomisation test: practices permuted"
PERMUTED = "Permutation of practices, as if exchangeable"
TWO_STAGE = "Two stages: t test of practices' means"
WILD = "Wild bootstrap of practices"
CR2, CR3 = "Regression of people, CR2", "Regression of people, CR3"
_PLAIN = ", unadjusted"
_NO_STRATA = "none"
_NO_PRACTICES = (
    "There is no test by practices: no file names people's practices, or practices have people of "
    "both groups."
)
_HOW = (
    "A permutation gives the group to other practices, in every way in which as many practices of "
    "each stratum would have had it, and counts how often the difference is as large; its interval "
    "holds the differences that would not stand out in this way. It and the two-stage t test "
    "compare practices and count each the same, however many people it has, so their estimate is "
    "not that of people.",
    "The wild bootstrap turns the signs of practices' residuals round, in all ways where there are "
    "up to 16 practices. CR2 and CR3 with t and Satterthwaite degrees of freedom rest on a "
    "regression of people: CR2 is nearly free of bias unless one practice is very large, CR3 errs "
    "on the wide side.",
    "The score at the start and the measured characteristics are adjusted for in every test but "
    "those marked unadjusted, and so are the strata of an allocation by chance.",
)
_RANDOM = (
    "Chance allocated the practices, so the permutation is a randomisation test: it needs no more "
    "than that the allocation was made as the plan says."
)
_NOT_RANDOM = (
    "Chance did not allocate practices with people found alike, so the permutation is a test under "
    "exchangeability: it takes practices as alike but for their group, given what was adjusted "
    "for. That is an assumption."
)
_TOO_FEW = (
    "With so few practices the smallest p that a permutation or a bootstrap can give lies above "
    "0.05: no difference, however large, could be told at 95%, and the interval has no ends."
)
_SOURCES = (
    "Gail and others 1996, Stat Med 15:1069",
    "Hayes & Moulton 2017, Cluster Randomised Trials, chapters 10 to 12",
    "Cameron, Gelbach & Miller 2008, Rev Econ Stat 90:414",
    "Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672",
)
_LEVEL = 0.05
Made = Callable[[Asked, Plan], Iterator[PracticeTestRow]]


def describe_practice_tests(study: Study) -> Result[PracticeTestRow]:
    """Judge the difference of the main question by each rule for few practices.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of PracticeTestRow
        The permutation first. No rows where practices are not known, or not each of one group.
    """
    rows: list[PracticeTestRow] = []
    notes: list[Note | str] = []
    for asked in comparable(study, notes):
        if asked.cluster is None:
            notes.append(_NO_PRACTICES)
            continue
        found: list[PracticeTestRow] = []
        for what, made in _TESTS.items():
            try:
                found += made(asked, study.plan)
            except FitError as error:
                notes += refused(what, error)
        notes += _about(asked, found)
        rows += found
    return result_of(
        "practice_tests",
        "The difference judged by practices",
        PracticeTestRow,
        rows,
        notes,
        _SOURCES,
    )


def _about(asked: Asked, rows: list[PracticeTestRow]) -> Iterator[str]:
    if not rows:
        return
    yield _RANDOM if asked.by_practice else _NOT_RANDOM
    if any(row.smallest_p is not None and row.smallest_p > _LEVEL for row in rows):
        yield _TOO_FEW
    yield from _HOW


def _permutations(asked: Asked, plan: Plan) -> Iterator[PracticeTestRow]:
    """Permutation and two-stage t test, adjusted, then the permutation of plain means."""
    found = permutation_test(
        asked.frame,
        outcome=AFTER,
        group=GROUP,
        cluster=str(asked.cluster),
        covariates=asked.covariates,
        stratum=asked.stratum,
        randomised=asked.by_practice,
        reference=0,
        seed=plan.seed,
    )
    name = BY_CHANCE if asked.by_practice else PERMUTED
    for row in records_of(found.table):
        before, _, method = str(row["method"]).rpartition(": ")
        plain = _PLAIN if before == "unadjusted" else ""
        permuted = "permutation" in method
        yield _row(
            asked,
            plan,
            f"{name if permuted else TWO_STAGE}{plain}",
            row,
            ways=found.allocations if permuted else None,
            smallest=found.smallest_p_value if permuted else None,
        )


def _wild(asked: Asked, plan: Plan) -> Iterator[PracticeTestRow]:
    found = wild_bootstrap(
        asked.frame,
        outcome=AFTER,
        fixed=asked.formula(),
        cluster=str(asked.cluster),
        term=GROUP,
        seed=plan.seed,
    )
    row = {
        "estimate": found.estimate,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
        "p_value": found.p_value,
        "n": found.n,
    }
    yield _row(asked, plan, WILD, row, ways=found.signs, smallest=found.smallest_p_value)


def _regression(vcov: str, name: str) -> Made:
    def made(asked: Asked, plan: Plan) -> Iterator[PracticeTestRow]:
        found = fit_clustered(
            asked.frame,
            outcome=AFTER,
            fixed=asked.formula(),
            cluster=str(asked.cluster),
            vcov=vcov,
        )
        table = found.coefficients
        yield _row(asked, plan, name, records_of(table[table["term"] == GROUP])[0])

    return made


_TESTS: dict[str, Made] = {
    "Permutation and two-stage t test": _permutations,
    WILD: _wild,
    CR2: _regression("CR2", CR2),
    CR3: _regression("CR3", CR3),
}


def _row(
    asked: Asked,
    plan: Plan,
    method: str,
    row: dict[str, Any],
    *,
    ways: int | None = None,
    smallest: float | None = None,
) -> PracticeTestRow:
    told = interval(row)
    told.pop("std_error")
    return PracticeTestRow(
        outcome=plan.primary.name,
        compared=asked.pair.compared,
        when=asked.pair.when,
        method=method,
        within=_strata(asked, plan),
        allocations=ways,
        smallest_p=known(smallest),
        n=int(row["n"]),
        n_smaller=asked.smaller,
        clusters=int(asked.usable[str(asked.cluster)].nunique()),
        **told,
    )


def _strata(asked: Asked, plan: Plan) -> str:
    """What the strata are of, in the plan's words or by its columns."""
    if asked.stratum is None or plan.allocation is None or STRATUM not in asked.frame:
        return _NO_STRATA
    return ", ".join(plan.allocation.strata or plan.allocation.strata_columns)
