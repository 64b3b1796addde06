"""The analysis of covariance beside a model of all waves: follow-up, given the baseline."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.design import Design, FirstOutcomes, Labelled
from splw_eval.models.engine import fit_record
from splw_eval.models.engine_clusters import clusters_with_effects
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.formula import Factor, Term
from splw_eval.models.variables import Codes, Floats, Variable

if TYPE_CHECKING:
    import pandas as pd

OF_PERSON, OF_PRACTICE = "baseline_of_person", "baseline_of_practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Baseline:
    """Baselines of people: NaN where there is none.

    `own` is less the practice's mean where there are practices, and `practice` is that mean less
    the mean of all people; `practice` is None where somebody has no practice that has effects.
    """

    own: Floats
    practice: Floats | None


def ancova(fitted: FitRecord) -> FitRecord:
    """See `FittedMixedModel.ancova`."""
    design, spec = fitted.design, fitted.spec
    first = _first_of(design)
    baseline = _baselines(design, first, clusters_with_effects(design, spec) or design.cluster)
    later = _later(design, first)
    known = ~np.isnan(baseline.own)[design.person.codes]
    kept = np.flatnonzero(later & known)
    if not len(kept):
        raise FitError(
            "Nobody has both a baseline and a follow-up.",
            remedy="Analysis of covariance needs both of the same people.",
        )
    single = len(np.unique(design.wave_codes[later])) == 1
    frame, names = _frame(design, kept, baseline)
    fixed = _formula(design, names, single=single)
    roles = replace(design.roles, wave=None if single else design.roles.wave)
    made = fit_record(frame, replace(spec, roles=roles, fixed=fixed, baseline="unconstrained"))
    left_out = {**design.left_out, "of people without a baseline": int((later & ~known).sum())}
    return replace(
        made,
        design=replace(
            made.design,
            rows=design.rows[kept][made.design.rows],
            left_out=left_out,
            people_of_frame=design.people_of_frame,
            first=None,
        ),
    )


def baseline_counts(fitted: FitRecord) -> pd.DataFrame:
    """See `FittedMixedModel.baseline_counts`."""
    import pandas as pd

    design = fitted.design
    start, person = _first_of(design), design.person
    clusters = clusters_with_effects(design, fitted.spec) or design.cluster
    first, later = (np.zeros(person.count, dtype=bool) for _ in range(2))
    first[start.person[start.person >= 0]] = True
    later[person.codes[_later(design, start)]] = True
    everybody = np.ones(person.count, dtype=bool)
    rows = [
        ("this model", everybody),
        ("change from baseline", first & later),
        ("analysis of covariance", first & later),
    ]
    return pd.DataFrame(
        [
            {
                "analysis": title,
                "people": int(used.sum()),
                "left_out": int((~used).sum()),
                "without_baseline": int((~first).sum()),
                "without_follow_up": int((~later).sum()),
                "practices": _practices(design, used, clusters),
            }
            for title, used in rows
        ]
    )


def _practices(design: Design, used: np.ndarray, clusters: Labelled | None) -> int:
    if clusters is None:
        return 0
    codes = clusters.codes[used[design.person.codes]]
    return len(np.unique(codes[codes >= 0]))


def _first_of(design: Design) -> FirstOutcomes:
    first = design.first
    if first is not None and _later(design, first).any():
        return first
    if first is None and design.wave is not None:
        raise FitError(
            "This model is an analysis of covariance already: it has no baseline among its waves.",
            remedy="Ask the model of all waves.",
        )
    raise FitError(
        "The model has one wave, so it has no baseline beside a follow-up.",
        remedy='Fit it to the rows of all waves, with wave="...".',
    )


def _later(design: Design, first: FirstOutcomes) -> np.ndarray:
    """Rows of waves after the first, which the model may not use at all."""
    assert design.wave is not None
    begins = design.wave.levels.index(first.wave) if first.wave in design.wave.levels else -1
    return np.asarray(design.wave.codes != begins)


def _baselines(design: Design, first: FirstOutcomes, cluster: Labelled | None) -> _Baseline:
    """Outcomes at the first wave, and their means by practice over all who have one."""
    person = design.person
    known = first.person >= 0
    own = np.full(person.count, np.nan)
    own[first.person[known]] = first.y[known]
    overall = first.y.mean()
    if cluster is None or (cluster.codes < 0).any():
        return _Baseline(own=own - overall, practice=None)
    there = first.cluster >= 0
    codes = first.cluster[there]
    n = np.bincount(codes, minlength=cluster.count)
    total = np.bincount(codes, first.y[there], minlength=cluster.count)
    mean = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    of_person = np.zeros(person.count, dtype=np.int64)
    of_person[person.codes] = cluster.codes
    return _Baseline(own=own - mean[of_person], practice=mean[of_person] - overall)


def _frame(
    design: Design, kept: np.ndarray, baseline: _Baseline
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Rows as a small frame, and the names of the columns of baselines in it."""
    import pandas as pd

    made: dict[str, Any] = {design.roles.outcome: design.y[kept]}
    for name, labels in (
        (design.roles.person, design.person),
        (design.roles.wave, design.wave),
        (design.roles.cluster, design.cluster),
        (design.roles.arm, design.arm),
    ):
        if name is not None and labels is not None:
            made[name] = _categories(labels.codes[kept], labels.levels)
    factors = sorted(design.part.variables.items(), key=lambda item: item[1].levels is None)
    for factor, variable in factors:  # numbers last: a column may be read as both
        made[factor.name] = _cells(variable, design.columns[factor][kept])
    own, practice = (_free(name, made) for name in (OF_PERSON, OF_PRACTICE))
    people = design.person.codes[kept]
    made[own] = baseline.own[people]
    if baseline.practice is None:
        return pd.DataFrame(made), (own,)
    made[practice] = baseline.practice[people]
    return pd.DataFrame(made), (own, practice)


def _cells(variable: Variable, values: Floats) -> Any:
    if variable.levels is None:
        return values
    return _categories(values.astype(np.int64), variable.levels)


def _categories(codes: Codes, levels: tuple[Any, ...]) -> Any:
    import pandas as pd

    return pd.Categorical.from_codes(codes.tolist(), pd.Index(list(levels)))


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _formula(design: Design, names: tuple[str, ...], *, single: bool) -> str:
    """The model's fixed part, with baselines, each by wave where there are several."""
    formula, wave = design.part.formula, design.roles.wave
    terms = [_less(term, wave) if single else term for term in formula.terms]
    written = [":".join(map(_written, term)) for term in dict.fromkeys(terms) if term]
    by = "" if single else f" * {_written(_wave_factor(design))}"
    baselines = " + ".join(f"`{name}`" if not name.isidentifier() else name for name in names)
    start = ["1" if formula.intercept else "0", *written]
    return f"{' + '.join(start)} + ({baselines}){by}"


def _wave_factor(design: Design) -> Factor:
    name = str(design.roles.wave)
    found = [factor for factor in design.part.variables if factor.name == name]
    return found[0] if found else Factor(name, categorical=True)


def _less(term: Term, name: str | None) -> Term:
    return tuple(factor for factor in term if factor.name != name)


def _written(factor: Factor) -> str:
    plain = factor.name.replace(".", "_")
    name = factor.name if plain.isidentifier() and plain != "C" else f"`{factor.name}`"
    if factor.power > 1:
        return f"I({name}^{factor.power})"
    return f"C({name})" if factor.categorical else name
