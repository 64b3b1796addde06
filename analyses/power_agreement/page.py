"""The page of the results, written from the files here: docs/methods/agreement-of-power.md."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import region
import rows
import tables
from against_r import by_r, rejects
from counts import RUN, pooled, read
from designs import DESIGNS, FEW, SMALL_ICC, UNLIKE
from tables import Found

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "agreement-of-power.md"
HEAD = """\
# Agreement of power: formulae, drawn trials, fitted models

Does the power that `splw-eval power` works out by formula agree with trials that are drawn as the
design says? And with the mixed model that is then fitted, which knows no variance? This page is
written by `analyses/power_agreement/page.py` from the files beside it.

"""
DRAWN = """\
## What was drawn

Twenty designs; {hard} of them, marked *, have {few} clusters or fewer whose sizes vary by a
coefficient of {unlike:g} or more, with an ICC of {small:g} or less. Unlike sizes are lists
(`--sizes`), for which the formulae claim to be exact. Scores are normal; people are lost at
random.

"""
KNOWN = """
## Variances known

Generalised least squares with the variances of the drawing, and the normal test: what the
formulae for the standard error are about. Formula and simulator share what reads a design (arms,
variances, correlations over time) and no arithmetic of the estimate. {trials:,} trials of each
design; a gap of up to {most:g} Monte Carlo errors is within chance. **{within} of {all} are
within it.**

"""
LOST = """
Where nobody is lost, the standard error of every drawn trial is that of the formula, to the last
digits of the machine: there the formula is exact for these sizes. Where people are lost at
random, the formula takes the numbers lost as they are expected, and trials differ from that: the
mean standard error is larger by up to {worst:.2f} %, which is worth some tenths of a point of
power. That gap is real, small, and left.

### A coefficient of variation in the place of a list

Points of power that the formula differs by, if it is given the mean size and the coefficient of
variation and not the list (normal test). These are approximations, and are told as such:
Eldridge's design effect is cautious for the mixed model, whose weights are better; where there
are periods or visits, sizes of a gamma distribution with this coefficient stand for those not
known.

"""
ESTIMATED = """
## Variances estimated

The same trials, with a mixed model fitted to each by restricted maximum likelihood, and tested
with the errors and degrees of freedom of Kenward and Roger (KR) or with Satterthwaite's degrees
of freedom. The usual formula takes the degrees of freedom in brackets. Gaps are in points of
power, in bold where over {limit:g}: those in brackets to the usual formula; *to his rule* is the
gap of the test with Satterthwaite's degrees of freedom to the formula with those at the true
variances, where it has them. The size (per cent) is of the same trials without the effect, both
tails. {trials:,} trials each: Monte Carlo errors are up to 0.5 points, and 0.2 of a size.

"""
SAID = """
The fitted model with KR differs from the usual formula by over {limit:g} points in {far} of {all}
designs: {named}. The answers of {noted}
carry a note on it. Two things meet.

* **A variance estimated as zero.** With few clusters that hardly differ, the variance between
  them is estimated as zero in a third to three quarters of trials. With fewer than 15 clusters
  such a variance stays in the information ([](few-practices.md)), and KR's test is then cautious:
  its size falls to {smallest:.1f} % and its power up to {least:.0f} points below the formula's.
  From 15 clusters on it leaves the information, and what is lost is much less.
* **Degrees of freedom.** Where visits or periods let people within clusters tell of the effect,
  the model's own degrees of freedom exceed $K - 2$, and power exceeds the formula's by up to
  {highest:.0f} points.

It is the test that is cautious there, and not the estimate that is poor. Least squares with CR2
errors and Satterthwaite's degrees of freedom keeps its size in those of the designs marked * where
the start is no covariate, and with fewer than 15 clusters it finds more:

{least_squares}
"""
REGION = """
## Where the formula cannot be held to

Plain designs whose power by the usual formula ($K - 2$) is 80 %: {kinds}, clusters of one size or
of sizes with a coefficient of variation of {cv:g}, an ICC of {iccs}, and
{sizes} people of a cluster. Gaps of the fitted model with KR in points, lowest to highest of the
cells, by people of a cluster times the ICC; {trials:,} trials a cell (Monte Carlo error up to
{error:.1f} points).

"""
RULE = """\
{rule}
"""
FAR = """
The one p that is far apart is of a data set in which lme4's optimiser stopped at a variance of
zero (deviance 405.6084); its other optimisers, and the package, reach 405.6041. In R, too, KR
rejects in {r:.0f} of 100 trials of the first design, where the formula says {formula:.0f}: it is
the method, and not a program, that is cautious there.
"""
R = """
## The same data in R

{sets:,} data sets each of three of the designs, drawn by the simulator as rows of people, fitted
by `lme4::lmer` and tested by pbkrtest ({versions}; `tests/reference/r/power_agreement.R`); fitted
one by one by `splw_eval.fit_mixed_model`; and by the simulator, which fits a batch at once from
sums. All with KR. *Otherwise* are data sets that one rejects and R does not, or the other way
round; p is that of the package, beside R's.

"""
PLAN = """
## What follows for planning

* The default stays $K - 2$. Satterthwaite's degrees of freedom exceed it where the start is
  adjusted for: 16 clusters of {size:g} people (ICC {icc:g}, cluster and individual autocorrelation
  {cac:g} and {iac:g}) have {usual:g} by the one, and by the other {two:.1f} with two visits and
  {four:.1f} with four: the more visits, the more of them come from people within clusters. But
  that many rest on the assumed correlations over time being those of the truth, and on their
  being estimated well; $K - 2$ rests on the number of clusters alone, which is known. `--df
  satterthwaite` is there for those who can vouch for the correlations.
* $K - 2$ is not always the cautious choice. With fewer than 15 clusters and a small ICC the
  fitted model falls short of it, and the answer says so. `--check`, or `--simulate`, tells by how
  much in the design at hand, with Satterthwaite's degrees of freedom;
  `power.simulate(design, df="kenward-roger")` has those of `splw_eval.fit_mixed_model`.
* Another analysis may be the better plan with few, unlike clusters: `power.simulate(design,
  analysis="cr2")`, or `"two-stage"` and `"ancova"` of clusters' means.
"""
LIMITS = """
## What this does not say

* The trials are normal and the fitted model is the one that was drawn. Skewed scores, and loss
  that hangs on them, are `power.simulate`'s options and not on this page.
* Proportions, counts and times are not among the designs: their formulae are approximations, to
  be checked one by one.
* Twenty designs are a sample of what may be planned.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page as the results give it."""
    found = pooled(read())
    trials = min(one.trials for one in found.values())
    return "".join(
        [
            HEAD,
            DRAWN.format(
                hard=sum(one.hard for one in DESIGNS), few=FEW, unlike=UNLIKE, small=SMALL_ICC
            ),
            tables.listed(),
            KNOWN.format(
                trials=trials,
                most=tables.MOST_ERRORS,
                within=sum(abs(tables.z_of(one, found)) <= tables.MOST_ERRORS for one in DESIGNS),
                all=len(DESIGNS),
            ),
            tables.known(found),
            LOST.format(worst=_worst(found)),
            tables.by_cv(),
            ESTIMATED.format(limit=tables.LIMIT, trials=trials),
            tables.estimated(found),
            _said(found),
            _region(),
            _r(),
            PLAN.format(**tables.freedom()),
            LIMITS,
            _run(),
        ]
    )


def _worst(found: Found) -> float:
    ratios = [
        found[one.name, "effect", "known-variance"].std_error / tables.formula_of(one).std_error
        for one in DESIGNS
    ]
    return 100 * (max(ratios) - 1)


def _said(found: Found) -> str:
    far = tables.far(found)
    gaps = [tables.gaps(one, found)["KR to the usual rule"] for one in DESIGNS]
    sizes = [100 * found[one.name, "no effect", "kenward-roger"].share for one in DESIGNS]
    named = ", ".join(str(place) for place in far)
    return SAID.format(
        limit=tables.LIMIT,
        far=len(far),
        all=len(DESIGNS),
        named=named,
        least=-min(gaps),
        highest=max(gaps),
        smallest=min(sizes),
        least_squares=tables.least_squares(found).rstrip(),
        noted=", ".join(map(str, tables.noted())),
    )


def _region() -> str:
    titles = {"parallel": "one visit after", "two visits": "two visits with one mean at the start"}
    return "".join(
        [
            REGION.format(
                kinds=" and ".join(titles.values()),
                cv=max(region.CVS),
                iccs=_or([f"{one:g}" for one in region.ICCS]),
                sizes=_or([str(one) for one in region.SIZES]),
                trials=int(region.read()[0]["trials"]),
                error=max(map(region.error, region.read())),
            ),
            *(
                f"### {title.capitalize()}\n\n{tables.grid(kind)}\n"
                for kind, title in titles.items()
            ),
            RULE.format(rule=textwrap.fill(region.rule_in_words(), 98)),
        ]
    )


def _or(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _r() -> str:

    share, formula = rejects(by_r("parallel")).mean(), tables.formula_of(DESIGNS[0]).usual
    told = FAR.format(r=100 * share, formula=100 * formula)
    return R.format(sets=rows.SETS, versions=tables.versions()) + tables.against_r() + told


def _run() -> str:
    held = json.loads(RUN.read_text(encoding="utf-8"))
    return (
        f"\n## The run\n\nSeed {held['seed']}; every design and batch has a stream of its own, the "
        f"same for all analyses. {held['trials']:,} trials in {held['seconds'] / 60:.0f} minutes "
        f"of one processor; Python {held['python']}, numpy {held['numpy']}, scipy {held['scipy']}. "
        "`analyses/power_agreement/README.md` says how to run it again.\n"
    )


if __name__ == "__main__":
    main()
