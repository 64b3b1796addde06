"""Plans and masked results made by hand: none of these numbers come from people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from splw_eval.core.card_rows import (
    BandRow,
    ImportantDifferenceRow,
    InstrumentRow,
    NormRow,
    RiskRow,
)
from splw_eval.core.confounding_rows import (
    AdjustedRow,
    BalanceRow,
    DifferenceRow,
    DoseResponseRow,
    EngagementRow,
    EValueRow,
    PracticeTestRow,
    SubgroupRow,
    WeightRow,
)
from splw_eval.core.cost_rows import (
    AcceptableRow,
    CostPartRow,
    CostPerRow,
    PerQalyRow,
    PriceRow,
    RunInRow,
    UseContrastRow,
    UseMonthRow,
    UseRow,
)
from splw_eval.core.delivery_rows import (
    CaseloadRow,
    ComponentRow,
    ContinuityRow,
    DoseRow,
    LevelRow,
    ModeRow,
    StageRow,
)
from splw_eval.core.masking_rows import IdentifiabilityRow, MaskingRow
from splw_eval.core.missing_rows import (
    LossPatternRow,
    LossPredictorRow,
    ObservedWeightRow,
    SensitivityRow,
    TippingRow,
)
from splw_eval.core.model_rows import (
    EACH_WAVE,
    PRIMARY,
    ContrastRow,
    InfluenceRow,
    MethodRow,
    ModelMeanRow,
    ModelPeopleRow,
    RatioRow,
    ResidualRow,
)
from splw_eval.core.plan import Plan
from splw_eval.core.planned_rows import PlacedRow, PlannedRow
from splw_eval.core.provider_rows import (
    ProviderFieldRow,
    ProviderNumberRow,
    ProviderRow,
    TurnoverRow,
    WorkerIccRow,
    YearRow,
)
from splw_eval.core.quality_rows import (
    AgreementRow,
    FloorRow,
    ReliabilityRow,
    ReliableChangeRow,
)
from splw_eval.core.reach_rows import CategoryChangeRow, KnownRow, ReachRow, ReferralRateRow
from splw_eval.core.result import Disclosure, Note, Provenance, Result
from splw_eval.core.retention_rows import (
    CurveRow,
    EndingRow,
    HazardRow,
    StandingRow,
    StayContrastRow,
    StayRow,
    WatchedRow,
)
from splw_eval.core.rows import (
    BaselineRow,
    CategoryRow,
    ChangeRow,
    DaysRow,
    FilledRow,
    FindingRow,
    FunnelRow,
    LostCategoryRow,
    LostNumberRow,
    LostScoreRow,
    MonotoneRow,
    NumberRow,
    PatternRow,
    PrecisionRow,
    ReasonRow,
    ResponderRow,
    SettingRow,
    SummaryRow,
    SupportRow,
    WorkerRow,
)
from splw_eval.describe.judgement import includes_no_change, interval_and_mid
from splw_eval.evaluate.last import TABLES
from splw_eval.stats import MeanFit

DESIGNS = (
    "pre_post",
    "controlled_cohort",
    "individual_trial",
    "cluster_trial",
    "cluster_trial_unlike_recruitment",
)
CLUSTERED = DESIGNS[3:]
MONTHS = (0.0, 3.0, 6.0, 12.0, 18.0, 24.0)
NHS = Disclosure(profile="nhs", rule="Counts from 1 to 7 are not shown (*); others are rounded.")
PROVENANCE = Provenance(
    versions={"splw-eval": "0.1.0", "python": "3.11.7"},
    seed=20260101,
    plan_sha256="a" * 64,
    file_digests={"scores.csv": "b" * 64},
)
COMPARISON = {
    "recruited": "after_allocation",
    "recruited_by": "practice staff",
    "blind": False,
    "comparators": "sample",
}
MID = {"value": 2.0, "source": "Invented for this test, anchor method"}


def arms(count: int = 2) -> list[dict[str, str]]:
    labels = ("Link worker programme", "Usual care", "Telephone support", "Waiting list")
    return [
        {"value": str(i), "label": label, "role": "comparison" if i else "programme"}
        for i, label in enumerate(labels[:count])
    ]


def outcome(name: str = "swemwbs", **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": "Mental wellbeing (SWEMWBS)",
        "instrument": "Short Warwick-Edinburgh Mental Wellbeing Scale",
        "version": "metric score",
        "range": [7, 35],
        "direction": "higher_is_better",
        "role": "primary",
        "mid": MID,
        **changes,
    }


def plan(design: str = "pre_post", *, waves: int = 2, **changes: Any) -> Plan:
    """Return a small plan of one design; `changes` replace its sections."""
    outcomes = changes.pop("outcomes", None) or [outcome()]
    names = [f"w{i}" for i in range(waves + 1)]
    columns = {"person": "id"}
    if design != "pre_post":
        changes.setdefault("arms", arms())
        columns["arm"] = "arm"
    if design in CLUSTERED:
        columns["cluster"] = "practice"
    if design == "cluster_trial_unlike_recruitment":
        changes.setdefault("comparison", COMPARISON)
    elif design.endswith("trial"):
        same = {"comparators": "same_eligibility", "recruited": "before_allocation"}
        changes.setdefault("comparison", COMPARISON | same)
    if "trial" in design:
        changes.setdefault("allocation", {"randomised": True, "method": "simple"})
    scores = {o["name"]: {w: f"{o['name']}_{w}" for w in names} for o in outcomes}
    content = {
        "title": "Wellbeing of people seen by link workers in Anytown",
        "design": design,
        "seed": 20260101,
        "files": [{"table": "measures", "path": "s.csv", "columns": columns, "scores": scores}],
        "time_zero": [{"event": "referral"}],
        "waves": [{"name": n, "month": MONTHS[i]} for i, n in enumerate(names)],
        "outcomes": outcomes,
        "estimand": {
            "population": "Adults referred to a link worker",
            "outcome": outcomes[0]["name"],
            "contrast": {"kind": "wave", "waves": [names[-1]]},
            "summary": "Mean change",
            "disengagement": "Followed up all the same",
            "death": "Left out from then on",
            "moving_practice": "Followed up all the same",
        },
        **changes,
    }
    return Plan.model_validate(content, strict=False)


# Results that have no rows here; `synthetic` fills them from a study.
EMPTY = {
    "characteristics": CategoryRow,
    "quantities": NumberRow,
    "baseline": BaselineRow,
    "lost_characteristics": LostCategoryRow,
    "lost_quantities": LostNumberRow,
    "lost_scores": LostScoreRow,
    "patterns": PatternRow,
    "monotone": MonotoneRow,
    "reasons": ReasonRow,
    "days": DaysRow,
    "workers": WorkerRow,
    "precision": PrecisionRow,
    "masking": MaskingRow,
    "identifiability": IdentifiabilityRow,
    "setting": SettingRow,
    "support": SupportRow,
    "instruments": InstrumentRow,
    "bands": BandRow,
    "important_differences": ImportantDifferenceRow,
    "norms": NormRow,
    "risk": RiskRow,
    "reliable_change": ReliableChangeRow,
    "reliability": ReliabilityRow,
    "floor_ceiling": FloorRow,
    "agreement": AgreementRow,
    "contrasts": ContrastRow,
    "model_means": ModelMeanRow,
    "model_people": ModelPeopleRow,
    "methods_compared": MethodRow,
    "ratios": RatioRow,
    "residuals": ResidualRow,
    "influence": InfluenceRow,
    "sensitivity": SensitivityRow,
    "tipping": TippingRow,
    "observed_weights": ObservedWeightRow,
    "loss_practices": LossPatternRow,
    "loss_predictors": LossPredictorRow,
    "adjusted": AdjustedRow,
    "balance": BalanceRow,
    "weighting": WeightRow,
    "practice_tests": PracticeTestRow,
    "differences": DifferenceRow,
    "e_values": EValueRow,
    "uptake": StageRow,
    "staying": CurveRow,
    "watched": WatchedRow,
    "standing": StandingRow,
    "stay": StayRow,
    "stay_contrast": StayContrastRow,
    "endings": EndingRow,
    "leaving": HazardRow,
    "dose": DoseRow,
    "modes": ModeRow,
    "levels": LevelRow,
    "components": ComponentRow,
    "caseload": CaseloadRow,
    "continuity": ContinuityRow,
    "subgroups": SubgroupRow,
    "engagement": EngagementRow,
    "dose_response": DoseResponseRow,
    "service_use": UseRow,
    "service_run_in": RunInRow,
    "service_use_months": UseMonthRow,
    "service_use_contrast": UseContrastRow,
    "prices": PriceRow,
    "cost_parts": CostPartRow,
    "cost_per": CostPerRow,
    "cost_per_qaly": PerQalyRow,
    "cost_acceptable": AcceptableRow,
    "reach": ReachRow,
    "reach_known": KnownRow,
    "referral_rates": ReferralRateRow,
    "change_by": CategoryChangeRow,
    "providers": ProviderRow,
    "provider_numbers": ProviderNumberRow,
    "turnover": TurnoverRow,
    "people_a_year": YearRow,
    "provider_fields": ProviderFieldRow,
    "worker_icc": WorkerIccRow,
    "places": PlacedRow,
    "planned": PlannedRow,
}

EMPTY |= {key: row_type for key, _, row_type in TABLES if key not in EMPTY}


def results(plan: Plan, disclosure: Disclosure | None = NHS) -> dict[str, Result[Any]]:
    """Return results of every kind for a plan, unmasked cells all filled."""
    rows = (_flow(plan), _scores(plan), _change(plan), _responders(plan), _records(), _findings())
    titles = ("flow", "scores", "change", "responders", "records", "findings")
    kinds = (FunnelRow, SummaryRow, ChangeRow, ResponderRow, FilledRow, FindingRow)
    without: dict[str, Result[Any]] = {
        key: Result(
            key=key,
            title=f"Result of {key}",
            unit="people",
            row_type=kind,
            notes=(Note(text=f"No {key} here."),),
            disclosure=disclosure,
        )
        for key, kind in EMPTY.items()
    }
    return without | {
        key: Result(
            key=key,
            title=f"Result of {key}",
            unit="points",
            row_type=kind,
            rows=tuple(found),
            notes=(Note(text=f"A note on {key}, about {{n}} people.", counts={"n": 40}),),
            sources=(f"A paper behind {key}.",),
            provenance=PROVENANCE,
            disclosure=disclosure,
        )
        for key, kind, found in zip(titles, kinds, rows, strict=True)
    }


def modelled(plan: Plan, **changes: Any) -> dict[str, Result[Any]]:
    """Return the same with what a model says of every outcome; `changes` are of its contrasts."""
    held = results(plan)
    found = {
        "contrasts": tuple(replace(row, **changes) for row in _contrasts(plan)),
        "model_means": tuple(_means(plan)),
    }
    return held | {
        key: replace(held[key], rows=rows, notes=(Note(text=f"A note on {key}."),))
        for key, rows in found.items()
    }


def _contrasts(plan: Plan):
    others = [a.label for a in plan.arms if a.role == "programme"] or plan.groups
    against = next((a.label for a in plan.arms if a.role == "comparison"), "")
    for o in plan.outcomes:
        sign = 1 if o.direction == "higher_is_better" else -1
        size = sign * (o.range[1] - o.range[0]) / 28
        for arm in others:
            for wave in plan.follow_up:
                low, high = sorted((-0.2 * size, 2.2 * size))
                yield ContrastRow(
                    outcome=o.name,
                    part=PRIMARY if wave is plan.follow_up[-1] else EACH_WAVE,
                    compared=f"{arm} compared with {against}" if plan.arms else arm,
                    when=wave.title,
                    n=300,
                    n_smaller=140,
                    estimate=size,
                    std_error=0.6 * abs(size),
                    df=12.3,
                    conf_low=low,
                    conf_high=high,
                    includes_none="yes",
                    interval_and_mid=None if o.mid is None else "includes, better",
                    clusters=12,
                    grouped_by="practices",
                    method="mixed model, Kenward-Roger",
                )


def _means(plan: Plan):
    for o, a, w, names in _cells(plan):
        mean, half = _middle(o, a, w)
        low, high = mean - half, mean + half
        yield ModelMeanRow(
            **names, n=400 - 40 * a - 25 * w, mean=mean, conf_low=low, conf_high=high
        )


def changed(
    given: Mapping[str, Result[Any]], key: str, *, where: Mapping[str, Any], **values: Any
) -> dict[str, Result[Any]]:
    """Return results with some fields of some rows replaced; None there is not masked."""
    rows = (replace(r, **values) if _fits(r, where) else r for r in given[key].rows)
    return {**given, key: replace(given[key], rows=tuple(rows))}


def masked(
    given: Mapping[str, Result[Any]], key: str, *names: str, where: Mapping[str, Any]
) -> dict[str, Result[Any]]:
    """Return results with some fields of some rows masked."""
    found = changed(given, key, where=where, **dict.fromkeys(names))
    hit = [i for i, row in enumerate(given[key].rows) if _fits(row, where)]
    cells = frozenset((i, name) for i in hit for name in names)
    return {**found, key: replace(found[key], masked=found[key].masked | cells)}


def _fits(row: Any, where: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in where.items())


def _cells(plan: Plan, *, after: int = 0):
    for o in plan.outcomes:
        for a, arm in enumerate(plan.groups):
            for w, wave in list(enumerate(plan.waves))[after:]:
                names = {"outcome": o.name, "arm": arm, "wave": wave.name, "month": wave.month}
                yield o, a, w, names


def _flow(plan: Plan):
    for _, a, w, names in _cells(plan):
        expected, missing = 400 - 40 * a, 25 * w
        yield FunnelRow(
            **names,
            enrolled=expected,
            not_yet_due=0,
            expected=expected,
            measured=expected - missing,
            missing=missing,
            share_measured=(expected - missing) / expected,
        )


def _middle(o, a: int, w: int) -> tuple[float, float]:
    """Return a mean and the half width of its interval, somewhere inside the range."""
    low, high = o.range
    sign = 1 if o.direction == "higher_is_better" else -1
    spread = high - low
    return low + spread * (0.45 + sign * 0.045 * w * (1 - a / 2)), spread * (0.02 + 0.004 * w)


def _scores(plan: Plan):
    for o, a, w, names in _cells(plan):
        mean, half = _middle(o, a, w)
        yield SummaryRow(
            **names,
            n=400 - 40 * a - 25 * w,
            mean=mean,
            sd=(o.range[1] - o.range[0]) / 6,
            conf_low=mean - half,
            conf_high=mean + half,
            clusters=12,
            method="CR2, Satterthwaite df",
        )


def _change(plan: Plan):
    for o, a, w, names in _cells(plan, after=1):
        start, (end, half) = _middle(o, a, 0)[0], _middle(o, a, w)
        fit = MeanFit(
            n=395,
            clusters=12,
            mean=end - start,
            sd=4.1,
            conf_low=end - start - half,
            conf_high=end - start + half,
            method="",
        )
        yield ChangeRow(
            **names,
            includes_no_change=includes_no_change(fit),
            interval_and_mid=interval_and_mid(fit, o),
            n=395 - 40 * a - 25 * w,
            mean_baseline=start,
            sd_baseline=4.5,
            mean_wave=end,
            sd_wave=4.7,
            estimate=end - start,
            sd_change=4.1,
            std_error=half / 2,
            df=10.3,
            conf_low=end - start - half,
            conf_high=end - start + half,
            effect_size=(end - start) / 4.5,
            clusters=12,
            grouped_by="practices",
            method="CR2, Satterthwaite df",
        )


def _responders(plan: Plan):
    for o, a, w, names in _cells(plan, after=1):
        if o.mid is not None:
            n = 395 - 40 * a - 25 * w
            better, worse = n * (40 - 10 * a) // 100, n * 15 // 100
            yield ResponderRow(
                **names,
                mid=o.mid.value,
                unit="points",
                kind="stated in the plan",
                source=o.mid.source,
                n=n,
                n_better=better,
                n_same=n - better - worse,
                n_worse=worse,
                share_better=better / n,
                share_same=(n - better - worse) / n,
                share_worse=worse / n,
            )


def _records():
    for column, filled, words in (
        ("minutes", 620, "Filled below 80%"),
        ("mode", 950, "Filled 80% or more"),
        ("place", 0, "Not kept"),
    ):
        yield FilledRow(
            table="contacts",
            column=column,
            meaning=f"The {column}",
            level="must",
            records=1000,
            filled=filled,
            empty=1000 - filled,
            share_filled=filled / 1000,
            verdict=words,
        )


def _findings():
    yield FindingRow(
        code="SW21",
        place="s.csv, column swemwbs_w1 (C)",
        problem="blank cells among the scores",
        rows=35,
        remedy="Check that they are truly missing.",
    )
