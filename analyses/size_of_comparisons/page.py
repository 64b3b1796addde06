"""The page of the results, written from the file alone: docs/methods/size-of-comparisons.md."""

from __future__ import annotations

import json
from math import isfinite, nan
from pathlib import Path

from benefit import COLUMNS
from cells import CELLS, Cell
from counts import RUN, Pooled, pooled, read
from offered import truth_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "size-of-comparisons.md"
HIGHEST, LOWEST = 6.0, 94.0  # size and coverage, per cent, of a method that may be the default
DEFAULTS: dict[str, tuple[str, ...]] = {
    "nobody lost": ("CR2",),
    "people lost": ("MI",),
    "cohort, arms unlike": ("ATT jackknife",),
    "cohort, arms unlike, people lost": ("ATT jackknife",),
    "programme not received by all": ("two stages, jackknife",),
    "answers yes or no, people lost": ("chained equations",),
    "who benefits": tuple(f"interaction {name}" for name in COLUMNS),
}
OF_KIND = {
    "received": "programme not received by all",
    "levels": "answers yes or no, people lost",
    "benefit": "who benefits",
}
NAMES = {
    "unadjusted CR2": "unadjusted difference of those seen, CR2, Satterthwaite's df",
    "CR2": "analysis of covariance of those seen, CR2, Satterthwaite's df",
    "CR3": "the same, CR3, *t* with 13 df (practices less 2)",
    "CR1": "the same, CR1, normal (the default of much software)",
    "two-stage t": "two stages: mean residual of each practice, *t* test",
    "permutation": "permutation of the same means, all 6,435 allocations",
    "wild bootstrap": "wild bootstrap of practices, all 32,768 signs",
    "mixed model KR": "mixed model of all waves, Kenward-Roger",
    "MI": "multiple imputation, CR2, Barnard-Rubin with the smallest Satterthwaite df",
    "MI, practices less 2": "the same, Barnard-Rubin with 13 df",
    "MI, df of people": "the same, Barnard-Rubin with people less coefficients",
    "MI without practices": "imputation that ignores practices, else as the first",
    "IPW CR2": "those seen, weighted wave by wave, CR2 with the weights as known",
    "IPW jackknife": "the same, jackknife over practices, *t* with 13 df",
    "conditional mean, MAR, jackknife": "conditional means, jackknife over practices, *t*, 13 df",
    "conditional mean, J2R, jackknife": "the same, the lost of the programme jump to reference",
    "conditional mean, CIR, jackknife": "the same, they copy increments in reference",
    "MI, J2R": "imputation as *MI*, the lost of the programme jump to reference",
    "MI, CIR": "the same, they copy increments in reference",
    "MI, CR": "the same, they copy the reference",
    "MI, LMCF": "the same, their last mean is carried forward",
    "MI, delta": "the same, they fare 0.3 SD worse than missing at random",
    "ATT CR2": "weights for people like the programme's, CR2 with the weights as known",
    "ATT jackknife": "the same, jackknife over practices, *t* with 13 df",
    "overlap CR2": "overlap weights, CR2 with the weights as known",
    "overlap jackknife": "the same, jackknife over practices, *t* with 13 df",
    "entropy CR2": "entropy balancing, CR2 with the weights as known",
    "entropy jackknife": "the same, jackknife over practices, *t* with 13 df",
    "AIPW influence": "doubly robust (AIPW), influences summed by practice, *t* with 13 df",
    "AIPW jackknife": "the same, jackknife over practices, *t* with 13 df",
    "DR DiD influence": "doubly robust difference in differences, influences, *t* with 13 df",
    "DR DiD jackknife": "the same, jackknife over practices, *t* with 13 df",
    "two stages, jackknife": "effect among compliers, jackknife over practices, *t* with 13 df",
    "two stages, CR2": "the same, CR2, Satterthwaite's df",
    "two stages, Anderson and Rubin": "Anderson and Rubin's limits, CR2",
    "as treated": "those who received it against those who did not, CR2",
    "per protocol": "those who did as allocated, CR2",
    "those seen, CR2": "difference of shares of those seen, adjusted, CR2",
    "chained equations": "chained equations in each arm, practices as columns, pooled as *MI*",
    "interaction of a number": "interaction with a covariate that is a number, CR2",
    "interaction of two levels": "interaction with a covariate of two levels, CR2",
    "interaction of two kinds of practice": "interaction with a covariate of the practice, CR2",
}
HEAD = """\
# Size and coverage of comparisons of arms

How often does a comparison of two arms find a difference that is not there, and how often does
its interval hold the true one, when 7 practices are compared with 8, people are lost from the
arms differently, or the arms were unlike from the start? This page is written by
`analyses/size_of_comparisons/page.py` from `results.csv` beside it.

## What was drawn

* 8 practices of the comparison arm, 7 of the programme's, of 5 to 90 people each, drawn anew for
  each trial. Scores vary by 1 SD in all; a share of 0 or 0.05 of the variance (ICC) lies between
  practices, four fifths of it alike at all waves and one fifth by wave.
* **Trials with loss**: four waves, two covariates, correlations of a person's scores 0.5 to 0.7.
  The arms differ by nothing, or by 0.3 at the last two waves. People are lost for good, wave by
  wave: in the comparison arm a quarter in all, mostly those with low scores; in the programme
  arm about a half, mostly those with high scores. Loss hangs on the score seen last (missing at
  random given all scores), or on the first alone. What is estimated is the difference at the
  last wave had nobody been lost.
* **Cohorts**: a score before and one after. The programme's people differ by half an SD in one
  covariate, and in a second, and practices differ in their mix. Both covariates go with the
  score before and with the one after, so the unadjusted difference is wrong. The effect is the
  same for everybody, so all targets have the same truth. Nobody is lost, or a quarter of the
  comparison arm and about a half of the programme's, by the score before.
* **Programme not received by all**: of the programme's arm two thirds receive it, more of those
  who would have fared better anyway; receiving adds nothing, or 0.4. Nobody is lost.
* **Answers yes or no**: the trials with loss, each score only known to be above 0.3 or not; loss
  hangs on the answer seen last. What is estimated is the difference of the shares who say yes.
* **Who benefits**: trials where nobody is lost and the effect of 0.3 is the same in everybody, so
  no covariate changes it: a number, one of two levels, and one of two kinds of practice.

"""
NOTES = """
Adjusted comparisons take the first score and both covariates. Imputations: 20, joint normal over
the waves within each arm; with practice effects at all waves alike and at single waves, or
without any. The imputer made fewer sweeps than the package does by default (50 before the first
draw and 2 between draws), to spare time; chained equations made 10 imputations of 5 sweeps. Under
a strategy by reference, or with points taken off, the truth is that of the strategy: what the
difference would be, were the scores of the lost as it has them. The mixed model has one mean of
both arms at the first wave and effects of practices and of practices by wave. The wild bootstrap
and the permutation are taken to hold the truth where the test of it does not reject. Conditional
means, imputations by reference and imputations with points taken off are tried on trials of their
own, drawn alike.
"""
LIMITS = """
## What this does not say

* Practices were drawn alike in both arms. Where they chose their arm, nothing here mends a
  difference between practices that no covariate tells of.
* Loss hung on what was seen. Where it hangs on what was not, every method that takes scores to be
  missing at random is wrong: that is what the strategies by reference and the tipping point are
  for. In cohorts it hung on the score before, which all the adjusted comparisons hold; where there
  are waves between, and it hangs on those, comparisons of those seen fail as in the trials.
* In the cohort with people lost the unadjusted difference is right by coincidence: what the arms
  differ by at the start and what goes with those lost cancel here. Elsewhere they would not.
* Models were right: linear, normal, logistic in the scores. Wrong ones make bias of their own.
* One layout: with fewer practices, or one that holds a third of the people, all are worse.

Sources: Bell & McCaffrey 2002, Surv Methodol 28:169; Barnard & Rubin 1999, Biometrika 86:948;
Cameron, Gelbach & Miller 2008, Rev Econ Stat 90:414; Carpenter, Roger & Kenward 2013, J Biopharm
Stat 23:1352; Gail and others 1996, Stat Med 15:1069; Hayes
& Moulton 2017, Cluster Randomised Trials; Kenward & Roger 1997, Biometrics 53:983; Sant'Anna & Zhao
2020, J Econom 219:101; Seaman & White 2013, Stat Methods Med Res 22:278; Wolbers and others 2022,
Pharm Stat 21:1246.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page as the results give it."""
    found = pooled(read())
    used = {method for methods in found.values() for method in methods}
    listed = "".join(f"* **{name}**: {text}\n" for name, text in NAMES.items() if name in used)
    return "".join(
        [
            HEAD,
            _trials(found),
            "\n## What was compared\n\nTwo-sided at 5 %:\n\n",
            listed,
            NOTES,
            *(_block(title, found) for title in DEFAULTS),
            "\n## Cell by cell\n\nBias is the mean estimate less the truth; SD that of the "
            "estimates over the trials, to be compared with the mean error.\n",
            *(_cell(cell, found[cell.name]) for cell in CELLS if cell.name in found),
            LIMITS,
            _run(),
        ]
    )


def block_of(cell: Cell) -> str:
    """Which design a cell is of."""
    lost = cell.lost != "none"
    if cell.kind == "cohort":
        return "cohort, arms unlike, people lost" if lost else "cohort, arms unlike"
    return OF_KIND.get(cell.kind, "people lost" if lost else "nobody lost")


def holds(one: Pooled, cell: Cell) -> bool:
    """Whether a method keeps its size and its coverage in a cell."""
    kept = one.share("covers") >= LOWEST
    none = truth_of(cell, one.method) == 0
    return bool(kept and (not none or one.share("rejects") <= HIGHEST))


def verdicts(title: str, found: dict[str, dict[str, Pooled]]) -> dict[str, list[tuple[Cell, bool]]]:
    """For each method of a design, its cells and whether it holds in them."""
    told: dict[str, list[tuple[Cell, bool]]] = {}
    for cell in CELLS:
        if block_of(cell) == title:
            for method, one in found.get(cell.name, {}).items():
                told.setdefault(method, []).append((cell, holds(one, cell)))
    return told


def _trials(found: dict[str, dict[str, Pooled]]) -> str:
    (count,) = {one.trials for methods in found.values() for one in methods.values()}
    error = 100 * (0.05 * 0.95 / count) ** 0.5
    return (
        f"{count:,} trials of each cell and method: the Monte Carlo standard error of a size of "
        f"5 % is {error:.2f} percentage points.\n"
    )


def _block(title: str, found: dict[str, dict[str, Pooled]]) -> str:
    told = verdicts(title, found)
    if not told:
        return ""
    lines = []
    for method, cells in told.items():
        of = [(cell, found[cell.name][method]) for cell, _ in cells]
        sizes = [one.share("rejects") for cell, one in of if truth_of(cell, method) == 0]
        covered = [one.share("covers") for _, one in of]
        widths = [one.mean("widths") for _, one in of]
        worst = max(abs(one.mean("estimates") - truth_of(cell, method)) for cell, one in of)
        failed = sum(one.trials - one.tested for _, one in of)
        word = "holds" if all(good for _, good in cells) else "**fails**"
        lines.append(
            f"| {method} | {word} | {_shown(max(sizes, default=nan), 1)} | {min(covered):.1f} | "
            f"{worst:.3f} | {_number(sum(widths) / len(widths))} | {failed} |\n"
        )
    chosen = " and ".join(f"**{name}**" for name in DEFAULTS[title])
    many = len(DEFAULTS[title]) > 1
    good = all(kept for name in DEFAULTS[title] for _, kept in told[name])
    said = (
        f"The default of this design, {chosen}, {'hold' if many else 'holds'}."
        if good
        else f"{chosen} {'do' if many else 'does'} not hold here, and so is not to be the default."
    )
    return (
        f"\n## {title[0].upper()}{title[1:]}\n\n"
        f"A method fails here where, in one cell or more, it rejects more than {HIGHEST:g} % of "
        f"trials without an effect, or its interval holds the truth in fewer than {LOWEST:g} %. "
        f"{said}\n\n"
        "| Method | | Size, highest (%) | Coverage, lowest (%) | Bias, largest | Mean width | "
        "Trials without a result |\n| --- | --- | --- | --- | --- | --- | --- |\n" + "".join(lines)
    )


def _cell(cell: Cell, methods: dict[str, Pooled]) -> str:
    lines = [
        f"| {method} | {one.share('rejects'):.1f} | {one.share('covers'):.1f} | "
        f"{one.mean('estimates') - truth_of(cell, method):+.3f} | {one.spread:.3f} | "
        f"{_number(one.mean('errors'))} | {_number(one.mean('widths'))} |\n"
        for method, one in methods.items()
    ]
    return (
        f"\n### {cell.name[0].upper()}{cell.name[1:]}\n\n"
        "| Method | Rejects (%) | Covers (%) | Bias | SD | Mean error | Mean width |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n" + "".join(lines)
    )


def _number(value: float) -> str:
    return _shown(value, 3)


def _shown(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if isfinite(value) else "none"


def _run() -> str:
    held = json.loads(RUN.read_text(encoding="utf-8"))
    seconds = sum(held["seconds"].values())
    return (
        f"\n## The run\n\nSeed {held['seed']}; {held['trials']:,} trials in {seconds / 60:.0f} "
        f"minutes of processor time; Python {held['python']}, numpy {held['numpy']}, scipy "
        f"{held['scipy']}.\n"
    )


if __name__ == "__main__":
    main()
