"""The page of the results, written from the file alone: docs/methods/size-of-retention-tests.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from counts import COVERED, METHODS, RUN, Pooled, pooled, read

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "size-of-retention-tests.md"
TARGET = (4.0, 6.0)  # per cent
HIGHEST = 6.5  # in the worst cell, for a method that may be the default
CANDIDATES = ("permutation", "t_satterthwaite")  # tests of the difference in mean days
NAMES = {
    "permutation": "studentised permutation of practices, difference in mean days",
    "t_satterthwaite": "*t* test of the difference in mean days",
    "t_plain": "the same with G / (G - 1) and G - 1 df in each arm",
    "oe_permutation": "permutation of practices, log(O/E)",
    "oe_t": "*t* test of log(O/E), G - 2 df",
    "cox_jackknife": "Cox, leave-one-practice-out jackknife, *t* with G - 2 df",
    "cox_cluster_z": "Cox, sandwich by practice, *z*",
    "log_rank": "log-rank, ignores practices",
}
SHORT = {
    "permutation": "Permutation",
    "t_satterthwaite": "*t*",
    "t_plain": "*t*, G / (G - 1)",
    "oe_permutation": "O/E perm.",
    "oe_t": "O/E *t*",
    "cox_jackknife": "Cox jackknife",
    "cox_cluster_z": "Cox sandwich *z*",
    "log_rank": "Log-rank",
}
HEAD = """\
# Size and power of comparisons of retention

How often does a comparison of two arms find a difference in retention that is not there, when 7
practices are compared with 8? Trials were drawn and compared in eight ways. This page is
written by `analyses/size_of_retention_tests/page.py` from `results.csv` beside it.

## What was drawn

* 8 practices in the first arm, 7 in the second; in two cells 4 against 4 and 3 against 3.
* People of a practice: any number from 5 to 90, or from 20 to 40, drawn anew for each trial. In
  the cell of unlike arms 50 to 90 in each practice of the first arm and 10 to 30 in the second.
* Leaving: exponential, so that 45 % have left by day 365 were nobody lost sight of. The hazard
  of a practice is multiplied by a log-normal frailty of mean 1; 0, 0.3 and 0.5 are the standard
  deviation of its logarithm. Days are whole numbers, and a day may hold several leavings.
* Follow-up: the data end 180 to 720 days after a person's start, uniformly; a tenth are lost
  sight of within a year as well. In the cell of unlike arms the data end after 365 to 720 days
  in the first arm and 120 to 500 in the second.
* Completing: in one cell people also complete as planned, at a hazard of 0.7 in 365 days with a
  frailty of its own. What is compared there is dropping out: the days lost to it, and its
  hazard.
* An effect, in three cells: the hazard of the second arm times 0.6 or 0.7.

{trials}

## What was tested

Two-sided at 5 %, horizon 365 days, always on the same trials:

"""
NOTES = """
How each is reckoned:

* **Difference in mean days** (restricted mean survival time, or time lost to a cause): the
  error comes from the influence $\\psi_g$ of each practice on the mean of its arm. With $w_g$
  the practice's share of the arm's people, an arm's variance is
  $\\sum_g \\psi_g^2 / (1 - w_g)$, with
  $1 / \\{\\sum_g w_g^2 + \\sum_{g \\ne h} q_g q_h\\}$ degrees of freedom,
  $q_g = w_g^2 / (1 - w_g)$; the two arms' variances add, and their degrees of freedom are
  joined by Satterthwaite's rule. For people all seen to the end this is CR2 of a mean. For
  practices of one size it is G / (G - 1) and G - 1. The third of the list takes G / (G - 1)
  and G - 1 for practices of any size.
* **Permutation**: the difference over that error, reckoned anew for each of the 6,435
  allocations of 7 of 15 practices (70 of 4 v 4, 20 of 3 v 3). Where 49 or more of 400 drawn
  allocations lay at least as far from 0 as what was seen, the trial was counted as not
  rejecting without going through the others.
* **log(O/E)**: leavings of a practice over those expected at the daily hazard of both arms
  together; 0.5 added to both in every practice where a practice had no leaving.
* **Cox**: Efron's ties; the sandwich sums score residuals by practice, without any correction.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page as the results give it."""
    cells = pooled(read())
    null = [cell for cell in cells if not is_power(cell)]
    power = [cell for cell in cells if is_power(cell)]
    held = json.loads(RUN.read_text(encoding="utf-8"))
    methods = "".join(f"* {NAMES[method]}\n" for method in METHODS)
    return "".join(
        [
            HEAD.format(trials=_trials(null, power)),
            methods,
            NOTES,
            _answer(null, power),
            _sizes(null),
            _failures(cells),
            _power(power),
            _limits(),
            f"\n## The run\n\nSeed {held['seed']}; {held['trials']:,} trials in "
            f"{held['seconds'] / 60:.0f} minutes of one processor; Python {held['python']}, numpy "
            f"{held['numpy']}, scipy {held['scipy']}.\n",
        ]
    )


def is_power(cell: Pooled) -> bool:
    """Whether there is an effect to find."""
    return cell.cell.startswith("power, ")


def can_permute(cell: Pooled) -> bool:
    """Whether a p-value of 5 % can be had at all: not with 20 allocations in mirror pairs."""
    return not cell.cell.startswith("3 v 3")


def error(per_cent: float, trials: int) -> float:
    """Standard error of a share of so many trials, in percentage points."""
    return float((per_cent * (100 - per_cent) / trials) ** 0.5)


def worst(cells: list[Pooled], method: str, pick: Callable[..., Pooled] = max) -> Pooled:
    """The cell with the greatest (or least) share of rejections."""
    return pick(cells, key=lambda cell: cell.share(method))


def default(null: list[Pooled]) -> str:
    """The first candidate whose size stays at or below the highest allowed."""
    usable = [cell for cell in null if can_permute(cell)]
    return next(method for method in CANDIDATES if worst(usable, method).share(method) <= HIGHEST)


def _trials(null: list[Pooled], power: list[Pooled]) -> str:
    size, found = null[0].trials, power[0].trials
    return (
        f"{size:,} trials of each cell without an effect: the Monte Carlo standard error of a\n"
        f"size of 5 % is {error(5, size):.2f} percentage points. {found:,} of each with one: that\n"
        f"of a power of 50 % is {error(50, found):.1f} points."
    )


def _answer(null: list[Pooled], power: list[Pooled]) -> str:
    usable = [cell for cell in null if can_permute(cell)]
    lines = []
    for method in METHODS:
        cells = usable if "permutation" in method else null
        low, high = (worst(cells, method, pick) for pick in (min, max))
        mean = sum(cell.share(method) for cell in cells) / len(cells)
        inside = sum(TARGET[0] <= cell.share(method) <= TARGET[1] for cell in cells)
        lines.append(
            f"| {NAMES[method]} | {low.share(method):.2f} | {mean:.2f} | {high.share(method):.2f} "
            f"({high.cell}) | {inside} of {len(cells)} | "
            + " | ".join(f"{cell.share(method):.0f}" for cell in power)
            + " |\n"
        )
    head = " | ".join(f"Power: {cell.cell.removeprefix('power, ')}" for cell in power)
    chosen = default(null)
    return (
        "\n## Which is the default\n\n"
        f"A test whose size is above {HIGHEST} % in a cell is not the default. This one keeps "
        f"below it and is the default: **{NAMES[chosen]}**.\n\n"
        "With few practices a permutation has few p-values to give. Of 4 against 4 its "
        "allocations, in mirror pairs, give 2/70 and 4/70: what rejects at 5 % is 2/70, so its "
        "size is 2.9 %. Of 3 against 3 the smallest is 2/20, which never rejects; that cell is "
        "left out of the permutations' rows. There, and wherever `smallest_p_value` is above "
        f"0.05, the {NAMES[CANDIDATES[-1]]} takes its place.\n\n"
        f"| Method | Size, lowest | mean | highest | Cells of 4 to 6 % | {head} |\n"
        + "| --- " * (5 + len(power))
        + "|\n"
        + "".join(lines)
        + "\nThe power of a test whose size is not kept is no merit.\n"
    )


def _sizes(null: list[Pooled]) -> str:
    head = " | ".join(SHORT[method] for method in METHODS)
    lines = []
    for cell in null:
        shares = []
        for method in METHODS:
            value = cell.share(method)
            text = f"{value:.2f}"
            impossible = "permutation" in method and not can_permute(cell)
            outside = not TARGET[0] <= value <= TARGET[1]
            shares.append("none" if impossible else f"**{text}**" if outside else text)
        lines.append(f"| {cell.cell} | {' | '.join(shares)} |\n")
    return (
        "\n## Size\n\nPer cent of trials without an effect that reject at 5 %; outside 4 to 6 in "
        "bold; frailty as standard deviation. Where 7 v 8 practices are drawn alike in both arms, "
        "a permutation rejects 321 of 6,435 allocations by construction, 4.99 %: what differs "
        "from it is chance, and as all methods share the trials of a cell, one that lies high "
        "lies high for several of them.\n\n"
        f"| Cell | {head} |\n" + "| --- " * (1 + len(METHODS)) + "|\n" + "".join(lines)
    )


def _failures(cells: list[Pooled]) -> str:
    trials = sum(cell.trials for cell in cells)
    horizon, cox = (sum(cell.total[key] for cell in cells) for key in ("without_horizon", "no_cox"))
    added = max(cells, key=lambda cell: cell.total["oe_continuity"] / cell.trials)
    return (
        f"\nTests that could not be had, of {trials:,} trials: {horizon} of mean days (an arm was "
        f"not seen up to the horizon), {cox} of Cox. 0.5 was added to O and E in at most "
        f"{100 * added.total['oe_continuity'] / added.trials:.0f} % of the trials of a cell "
        f"({added.cell}).\n"
    )


def _power(power: list[Pooled]) -> str:
    head = " | ".join(SHORT[method] for method in METHODS)
    lines = [
        f"| {cell.cell.removeprefix('power, ')} | "
        + " | ".join(f"{cell.share(method):.1f}" for method in METHODS)
        + " | "
        + " | ".join(f"{cell.share(method, 'covers'):.1f}" for method in COVERED)
        + " |\n"
        for cell in power
    ]
    return (
        "\n## Power, and coverage of the limits\n\nThe hazard of the second arm is 0.6 times that "
        "of the first with frailty 0.3 (31 days more engaged of 365), 0.7 without frailty (24 "
        "days). What the permutation costs against the *t* test of the same difference is the "
        "difference of the first two columns. Tests of hazards find more here, as the hazards "
        "are proportional, which is what Cox and O/E are best at. Coverage: per cent of trials "
        "whose 95 % interval holds the true difference in mean days.\n\n"
        f"| Cell | {head} | Coverage, permutation | Coverage, *t* |\n"
        + "| --- " * (3 + len(METHODS))
        + "|\n"
        + "".join(lines)
    )


def _limits() -> str:
    return """
## What this does not say

* Practices that chose their arm are not exchangeable. A permutation is then a way to reckon,
  and no protection against a difference that was there before.
* Frailties here do not depend on the size of a practice. Mean days weigh people alike, log(O/E)
  weighs practices alike: where large practices differ from small ones, the two ask different
  questions.
* Censoring did not depend on leaving. Where it does, no test here is of use.
* The permuted limits are not an inversion of the test: no shift of days carries one arm's curve
  into the other's with censoring left as it is. They put the permuted statistics in the place
  of *t*.
* With 3 practices in an arm a test by any method rests on very little, whatever its size.

Sources: Gail, Mark, Carroll, Green & Pee 1996, Stat Med 15:1069; Janssen 1997, Stat Probab Lett
36:9; Bell & McCaffrey 2002, Surv Methodol 28:169; Ditzhaus, Yu & Xu 2023, Stat Med 42:2226;
Hayes & Moulton 2017, Cluster randomised trials; Lin & Wei 1989, J Am Stat Assoc 84:1074.
"""


if __name__ == "__main__":
    main()
