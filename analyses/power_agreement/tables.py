"""The tables of the page: formulae beside the trials of results.csv, region.csv and R."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np
import region
from against_r import COMPARED, REFERENCE
from counts import Pooled
from designs import DESIGNS, Listed
from rows import FITTED

from splw_eval import power
from splw_eval.power.words.fitted import PAGE as NOTED

LIMIT = 2.0  # points of power, beyond which a gap is named
MOST_ERRORS = 3.0  # Monte Carlo errors
Found = dict[tuple[str, str, str], Pooled]
_EXACT = 1e-6


@dataclass(frozen=True, kw_only=True)
class Formula:
    """Power of a design by formula."""

    usual: float
    rule: str
    satterthwaite: float | None
    z: float
    std_error: float


@cache
def formula_of(one: Listed) -> Formula:
    """Power by each rule of degrees of freedom."""
    answer = power.solve(one.design)
    rules = {name: float(found) for name, found in answer.by_rule.items()}
    rule = next(iter(rules))
    return Formula(
        usual=rules[rule],
        rule=rule,
        satterthwaite=rules.get("satterthwaite"),
        z=rules["z"],
        std_error=float(answer.std_error),
    )


def listed() -> str:
    """What each design is."""
    lines = [
        f"| {place} | {one.name} | {_kind(one)} | {one.clusters or 'none'} | {_sizes(one)} | "
        f"{_icc(one)} | {one.options['d']:.2f} |\n"
        for place, one in enumerate(DESIGNS, 1)
    ]
    head = "| | Design | Kind | Clusters | People of a cluster (CV) | ICC | Effect (SD) |\n"
    return head + "|" + " --- |" * 7 + "\n" + "".join(lines)


def _kind(one: Listed) -> str:
    return f"`{one.kind}`{' *' if one.hard else ''}"


def _icc(one: Listed) -> str:
    return f"{one.options['icc']:g}" if "icc" in one.options else "none"


def _sizes(one: Listed) -> str:
    if len(one.sizes):
        return f"{one.sizes.min():g} to {one.sizes.max():g} ({one.cv:.2f})"
    return f"{one.options['size']:g}" if "size" in one.options else "none"


def z_of(one: Listed, found: Found) -> float:
    """Monte Carlo errors between formula and trials, variances known."""
    got, want = found[one.name, "effect", "known-variance"], formula_of(one).z
    return (got.share - want) / sqrt(want * (1 - want) / got.trials)


def known(found: Found) -> str:
    """Variances known."""
    lines = []
    for place, one in enumerate(DESIGNS, 1):
        got, want = found[one.name, "effect", "known-variance"], formula_of(one)
        ratio = got.std_error / want.std_error
        alike = "the same" if abs(ratio - 1) < _EXACT else f"{100 * (ratio - 1):+.2f} %"
        lines.append(
            f"| {place} | {100 * want.z:.2f} | {100 * got.share:.2f} | "
            f"{100 * (got.share - want.z):+.2f} | {z_of(one, found):+.1f} | {alike} |\n"
        )
    head = (
        "| | Formula (%) | Trials (%) | Gap (points) | Gap in Monte Carlo errors | "
        "Standard error in the trials, to the formula's |\n"
    )
    return head + "|" + " --- |" * 6 + "\n" + "".join(lines)


def by_cv() -> str:
    """A coefficient of variation in the place of the list of sizes, normal test."""
    lines = []
    for place, one in enumerate(DESIGNS, 1):
        if not len(one.sizes):
            continue
        cells = [100 * (_by(one, way) - formula_of(one).z) for way in _ways(one)]
        told = [f"{cell:+.1f}" for cell in cells]
        words = [*told, ""] if len(told) > 1 else ["", "", *told]
        lines.append(f"| {place} | {100 * formula_of(one).z:.1f} | {' | '.join(words)} |\n")
    head = "| | List (%) | Eldridge | van Breukelen | Gamma nodes |\n"
    return head + "|" + " --- |" * 5 + "\n" + "".join(lines)


def _ways(one: Listed) -> tuple[str, ...]:
    once = one.kind in ("parallel", "partially-nested") and "visits" not in one.options
    return ("eldridge", "breukelen") if once else ("",)


def _by(one: Listed, way: str) -> float:
    options = {name: value for name, value in one.options.items() if name != "sizes"}
    options |= {"size": float(one.sizes.mean()), "cv": one.cv}
    if way:
        options["cv_method"] = way
    return float(power.solve(power.design(one.kind, **options)).by_rule["z"])


def gaps(one: Listed, found: Found) -> dict[str, float]:
    """Points by which the fitted model is off the formula."""
    want = formula_of(one)
    kr, sat = (found[one.name, "effect", rule].share for rule in ("kenward-roger", "satterthwaite"))
    told = {"KR to the usual rule": 100 * (kr - want.usual)}
    told["Satterthwaite to the usual rule"] = 100 * (sat - want.usual)
    if want.satterthwaite is not None:
        told["KR to Satterthwaite's rule"] = 100 * (kr - want.satterthwaite)
        told["Satterthwaite to his rule"] = 100 * (sat - want.satterthwaite)
    return told


def estimated(found: Found) -> str:
    """Variances estimated."""
    lines = []
    for place, one in enumerate(DESIGNS, 1):
        want, gap = formula_of(one), gaps(one, found)
        get = {
            (drawn, rule): found[one.name, drawn, rule]
            for drawn in ("effect", "no effect")
            for rule in ("kenward-roger", "satterthwaite")
        }
        kr, sat = get["effect", "kenward-roger"], get["effect", "satterthwaite"]
        own = "" if want.satterthwaite is None else f"{100 * want.satterthwaite:.1f}"
        sizes = [100 * get["no effect", r].share for r in ("kenward-roger", "satterthwaite")]
        cells = [
            f"{100 * want.usual:.1f} ({want.rule})",
            own,
            f"{100 * kr.share:.1f} ({_bold(gap['KR to the usual rule'])})",
            f"{100 * sat.share:.1f} ({_bold(gap['Satterthwaite to the usual rule'])})",
            _bold(gap["Satterthwaite to his rule"]) if own else "",
            *(f"{one_size:.1f}" for one_size in sizes),
            f"{100 * kr.zero:.0f}" if one.clusters else "",
        ]
        lines.append(f"| {place} | {' | '.join(cells)} |\n")
    head = (
        "| | Formula (%) | by Satterthwaite's rule | KR (gap) | Satterthwaite (gap) | "
        "to his rule | Size, KR | Size, Satterthwaite | A variance at zero (%) |\n"
    )
    return head + "|" + " --- |" * 9 + "\n" + "".join(lines)


def _bold(gap: float) -> str:
    return f"**{gap:+.1f}**" if abs(gap) > LIMIT else f"{gap:+.1f}"


def least_squares(found: Found) -> str:
    """Least squares with CR2 errors beside the mixed model with KR, of the hard designs."""
    lines = []
    for place, one in enumerate(DESIGNS, 1):
        if not one.by_least_squares:
            continue
        cells = [
            f"{100 * found[one.name, drawn, rule].share:.1f}"
            for rule in ("kenward-roger", "cr2")
            for drawn in ("effect", "no effect")
        ]
        lines.append(f"| {place} | {100 * formula_of(one).usual:.1f} | {' | '.join(cells)} |\n")
    head = "| | Formula (%) | Mixed model, KR | its size | Least squares, CR2 | its size |\n"
    return head + "|" + " --- |" * 6 + "\n" + "".join(lines)


def far(found: Found) -> list[int]:
    """Designs in which the fitted model with KR is off its usual formula by over two points."""
    return [
        place
        for place, one in enumerate(DESIGNS, 1)
        if abs(gaps(one, found)["KR to the usual rule"]) > LIMIT
    ]


def noted() -> list[int]:
    """Designs whose answer carries a note that names this page."""
    return [
        place
        for place, one in enumerate(DESIGNS, 1)
        if any(NOTED in note for note in power.solve(one.design).notes)
    ]


def grid(kind: str) -> str:
    """Gaps over clusters and over m x ICC, people of one size and unlike."""
    rows = [row for row in region.read() if row["kind"] == kind]
    levels = sorted({_level(row) for row in rows})
    lines = []
    for level in levels:
        cells = []
        for clusters in region.CLUSTERS:
            here = [r for r in rows if _level(r) == level and int(r["clusters"]) == clusters]
            found = [region.gap(row) for row in here]
            ends = [f"{one:+d}" if one else "0" for one in map(round, (min(found), max(found)))]
            cells.append(" to ".join(dict.fromkeys(ends)))
        lines.append(f"| {level:g} | {' | '.join(cells)} |\n")
    head = "| People x ICC | " + " | ".join(f"{n} clusters" for n in region.CLUSTERS) + " |\n"
    return head + "|" + " --- |" * (1 + len(region.CLUSTERS)) + "\n" + "".join(lines)


def _level(row: dict[str, str]) -> float:
    return float(np.round(float(row["icc"]) * float(row["size"]), 2))


def against_r() -> str:
    """Rejections by R, by the package and by its simulator, of the same data."""
    lines = []
    for key, found in json.loads(COMPARED.read_text(encoding="utf-8")).items():
        counts, other, apart = found["rejects"], found["otherwise"], found["p_apart"]
        cells = [*counts.values(), *other.values(), *(f"{one:.0e}" for one in apart.values())]
        lines.append(f"| {FITTED[key]} | {' | '.join(map(str, cells))} |\n")
    head = (
        "| Design | lme4 | Package | Simulator | Package otherwise | Simulator otherwise | "
        "p apart, median | 99 in 100 below | largest |\n"
    )
    return head + "|" + " --- |" * 9 + "\n" + "".join(lines)


def freedom() -> dict[str, float]:
    """Degrees of freedom of 16 clusters with two and with four visits, and what they rest on."""
    given = {"icc": 0.05, "size": 20, "cac": 0.8, "iac": 0.6}
    told: dict[str, float] = dict(given)
    for name, times in (("two", (0, 1)), ("four", (0, 1, 2, 3))):
        options = {"d": 0.4, "clusters": 16, "visits": times, "baseline": "clda", **given}
        rules = power.solve(power.design("cohort", **options)).precision.df
        told |= {name: float(rules["satterthwaite"]), "usual": float(rules["k-2"])}
    return told


def versions() -> str:
    """R and its packages."""
    held = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return f"{held['r'].split(' (')[0]}, lme4 {held['lme4']}, pbkrtest {held['pbkrtest']}"
