"""A plan and hand-made results that leave no gap open; none of the numbers come from people."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from splw_eval.core.card_rows import InstrumentRow
from splw_eval.core.confounding_rows import AdjustedRow, BalanceRow, DoseResponseRow, EValueRow
from splw_eval.core.delivery_rows import DoseRow, ModeRow, StageRow
from splw_eval.core.missing_rows import SensitivityRow
from splw_eval.core.model_rows import ContrastRow
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result
from splw_eval.core.retention_rows import CurveRow, EndingRow, StandingRow, WatchedRow
from splw_eval.core.rows import (
    CategoryRow,
    ChangeRow,
    DaysRow,
    FilledRow,
    FindingRow,
    FunnelRow,
    NumberRow,
    ResponderRow,
    WorkerRow,
)

ARMS = ("Link workers", "Usual care")
COMPARED = "Link workers compared with Usual care"
ENGAGED, MEASURED = "Engagement with the service", "Being measured"


def plan_table(**changes: Any) -> dict[str, Any]:
    """Return the plan as a dictionary."""
    source = "Mercer 2019, Annals of Family Medicine 17:518"
    tables = ("people", "episodes", "contacts", "support", "link_workers", "clusters")
    return {
        "title": "Link workers in Anytown",
        "design": "cluster_trial",
        "seed": 1,
        "pick": "nearest",
        "arms": [
            {"value": "1", "label": ARMS[0], "role": "programme"},
            {"value": "0", "label": ARMS[1], "role": "comparison"},
        ],
        "files": [
            *({"table": table, "path": f"{table}.csv"} for table in tables),
            {
                "table": "measures",
                "path": "measures.csv",
                "layout": "long",
                "columns": {"person": "person", "wave": "wave", "date": "day"},
                "scores": {"phq9": "phq_total"},
            },
        ],
        "time_zero": [{"event": "referral", "column": "referral_date"}],
        "waves": [
            {"name": "baseline", "month": 0, "window_days": [-28, 28]},
            {"name": "month_6", "month": 6, "window_days": [-30, 60]},
        ],
        "outcomes": [
            {
                "name": "phq9",
                "label": "Depression (PHQ-9)",
                "instrument": "phq9",
                "range": [0, 27],
                "direction": "lower_is_better",
                "role": "primary",
                "version": "nine items",
                "mid": {"value": 1.7, "source": "Kounali 2022, Psychol Med 52:1875"},
            }
        ],
        "allocation": {"randomised": True, "method": "simple"},
        "comparison": {
            "recruited": "before_allocation",
            "recruited_by": "Practice staff",
            "comparators": "same_eligibility",
        },
        "estimand": {
            "population": "Adults referred to a link worker",
            "outcome": "phq9",
            "contrast": {"kind": "wave", "waves": ["month_6"]},
            "summary": "Difference in mean score between groups",
            "disengagement": "Counted all the same",
            "death": "Counted as missing",
            "moving_practice": "Counted where they were found",
        },
        "missing": {
            "assumption": "Missing at random given the group and earlier scores",
            "method": "Mixed model for repeated measures",
            "strategies": ["J2R"],
        },
        "sample_size": {
            "power": 0.8,
            "clusters": 12,
            "target_difference": {"value": 1.7, "source": source},
            "sd": {"value": 6.0, "source": source},
            "icc": {"value": 0.02, "source": source},
            "cluster_size_cv": {"value": 0.5, "source": source},
            "correlation": {"value": 0.5, "source": source},
            "attrition": {"value": 0.3, "source": source},
        },
        "confounders": [
            {"name": "Deprivation", "reason": "Recover more slowly", "column": "imd_decile"},
        ],
        "disclosure": {"profile": "public_data", "reason": "Nobody in it exists"},
        **changes,
    }


def plan(**changes: Any) -> Plan:
    """Return the plan, some of its sections replaced."""
    return Plan.model_validate(plan_table(**changes), strict=False)


def with_key(path: str, value: Any) -> Plan:
    """Return the plan with one place set; left out where the value is None."""
    held = deepcopy(plan_table())
    *sections, last = path.split(".")
    place: Any = held
    for part in sections:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return Plan.model_validate(held, strict=False)


def results() -> dict[str, Result[Any]]:
    """Return results that pass every check with `plan`."""
    return {key: _result(key, rows) for key, rows in _rows().items()} | {
        "dose_response": replace(
            _result("dose_response", _dose_response()),
            notes=(Note(text="Exploratory, and no effect of contacts."),),
        ),
        "records": replace(
            _result("records", _records()),
            notes=(
                Note(text="Below it a column is too empty to be summarised without saying so."),
            ),
        ),
        "findings": Result(key="findings", title="findings", unit="", row_type=FindingRow),
    }


def changed(key: str, *, where: Mapping[str, Any] | None = None, **values: Any):
    """Return the results with fields of some rows of one of them set."""
    held = results()
    rows = tuple(
        replace(row, **values)
        if all(getattr(row, n) == v for n, v in (where or {}).items())
        else row
        for row in held[key].rows
    )
    assert rows != held[key].rows, f"no row of {key} was changed"
    return held | {key: replace(held[key], rows=rows)}


def without(key: str, **where: Any) -> dict[str, Result[Any]]:
    """Return the results without some rows of one of them; all where nothing is named."""
    held = results()
    rows = tuple(
        row
        for row in held[key].rows
        if where and not all(getattr(row, n) == v for n, v in where.items())
    )
    assert len(rows) < len(held[key].rows), f"no row of {key} was left out"
    return held | {key: replace(held[key], rows=rows)}


def with_finding(code: str, problem: str = "something", place: str = "f.csv"):
    """Return the results with a finding of the loader among them."""
    row = FindingRow(code=code, place=place, problem=problem, rows=12, remedy="Look.")
    held = results()
    return held | {"findings": replace(held["findings"], rows=(row,))}


def silent(key: str) -> dict[str, Result[Any]]:
    """Return the results without the notes of one of them."""
    held = results()
    return held | {key: replace(held[key], notes=())}


def _result(key: str, rows: tuple[Any, ...]) -> Result[Any]:
    return Result(key=key, title=key, unit="", row_type=type(rows[0]), rows=rows)


def _rows() -> dict[str, tuple[Any, ...]]:
    return {
        "flow": _flow(),
        "days": tuple(
            DaysRow(event="6 months", arm=a, planned="", known=70, lower=170, median=180, upper=190)
            for a in ARMS
        ),
        "uptake": _uptake(),
        "contrasts": (_contrast(),),
        "change": tuple(_change(arm) for arm in ARMS),
        "sensitivity": tuple(_assumed(s) for s in ("Main answer", "Complete cases", "J2R")),
        "adjusted": tuple(_adjusted(m) for m in ("Unadjusted", "Regression")),
        "balance": (_balanced(),),
        "characteristics": tuple(_known(title, a) for title in _TITLES for a in ARMS),
        "quantities": tuple(_counted(title, a) for title in _CONDITIONS for a in ARMS),
        "instruments": (_card(),),
        "responders": (_responders(),),
        "dose": _dose(),
        "modes": (_mode(),),
        "staying": tuple(_curve(c) for c in ("still there", "completed as planned", "dropped out")),
        "watched": (WatchedRow(what=ENGAGED, group=ARMS[0], day=0.0, at_risk=90),),
        "standing": (_standing(),),
        "endings": (_ending("planned completion"), _ending("lost contact")),
        "workers": (WorkerRow(group="All", workers=7, practices=6, people=80),),
    }


_TITLES = ("Ethnic group", "Deprivation, in fifths")
_CONDITIONS = ("Physical conditions", "Mental-health conditions")


def _flow() -> tuple[FunnelRow, ...]:
    counts = {"baseline": (100, 0), "month_6": (80, 20)}
    return tuple(
        FunnelRow(
            outcome="phq9",
            arm=arm,
            wave=wave,
            month=0.0 if wave == "baseline" else 6.0,
            enrolled=100,
            not_yet_due=0,
            expected=100,
            measured=measured,
            missing=missing,
            share_measured=measured / 100,
        )
        for arm in ARMS
        for wave, (measured, missing) in counts.items()
    )


def stage(name: str, passed: int, **changes: int) -> StageRow:
    """Return a stage of 100 people referred, the rest not having reached it."""
    parts = {"skipped": 0, "still_open": 0, "not_known": 0} | changes
    return StageRow(
        group=ARMS[0],
        stage=name,
        source="episodes: a column",
        referred=100,
        passed=passed,
        implied=0,
        not_reached=100 - passed - sum(parts.values()),
        others=100 - passed,
        share_passed=passed / 100,
        reason="",
        **parts,
    )


def _uptake() -> tuple[StageRow, ...]:
    return stage("referred", 100), stage("accepted", 90), stage("contacted", 80)


def _contrast() -> ContrastRow:
    return ContrastRow(
        outcome="phq9",
        part="primary contrast",
        compared=COMPARED,
        when="6 months",
        n=160,
        n_smaller=80,
        estimate=-1.0,
        std_error=0.5,
        df=10.2,
        conf_low=-2.1,
        conf_high=0.1,
        includes_none="yes",
        interval_and_mid=None,
        clusters=12,
        grouped_by="practices",
        method="mixed model, Kenward-Roger",
    )


def _change(arm: str) -> ChangeRow:
    spread = dict.fromkeys(("sd_baseline", "sd_wave", "sd_change", "effect_size", "std_error"), 1.0)
    return ChangeRow(
        outcome="phq9",
        arm=arm,
        wave="month_6",
        month=6.0,
        n=75,
        mean_baseline=12.0,
        mean_wave=10.0,
        estimate=-2.0,
        df=5.0,
        conf_low=-4.0,
        conf_high=0.0,
        includes_no_change="yes",
        interval_and_mid=None,
        clusters=6,
        grouped_by="practices",
        method="CR2, Satterthwaite df",
        **spread,
    )


def _assumed(strategy: str) -> SensitivityRow:
    return SensitivityRow(
        outcome="phq9",
        compared=COMPARED,
        when="6 months",
        strategy=strategy,
        assumption="as said",
        default="yes" if strategy == "Main answer" else "no",
        n=160,
        filled_in=None,
        n_fewest=20,
        estimate=-1.0,
        std_error=0.5,
        conf_low=-2.1,
        conf_high=0.1,
        p_value=None,
        df=9.0,
        fraction_missing=None,
        imputations=None,
        clusters=12,
        interval="t",
    )


def _adjusted(method: str) -> AdjustedRow:
    return AdjustedRow(
        outcome="phq9",
        compared=COMPARED,
        when="6 months",
        method=method,
        population="these people",
        default="no",
        n=150,
        n_smaller=75,
        estimate=-1.1,
        std_error=0.5,
        conf_low=-2.2,
        conf_high=0.0,
        p_value=0.05,
        df=9.0,
        clusters=12,
        interval="CR2",
    )


def _balanced() -> BalanceRow:
    return BalanceRow(
        characteristic="Deprivation",
        level="",
        n=190,
        n_fewest=95,
        before=0.1,
        after=0.0,
        chance_limit=0.2,
        ratio_before=1.0,
        ratio_after=1.0,
        between_practices=0.1,
        clusters=12,
    )


def e_value() -> Result[Any]:
    """Return a result of one E-value."""
    row = EValueRow(
        outcome="phq9",
        compared=COMPARED,
        of="the estimate",
        n_smaller=80,
        difference=-0.2,
        risk_ratio=1.2,
        e_value=1.7,
    )
    return _result("e_values", (row,))


def _known(title: str, arm: str) -> CategoryRow:
    return CategoryRow(
        characteristic=title, category="A", arm=arm, people=60, others=35, known=95, share=0.63
    )


def not_known(title: str, arm: str, people: int | None) -> CategoryRow:
    """Return the row of those of whom a characteristic is not known."""
    return CategoryRow(
        characteristic=title,
        category="Not known",
        arm=arm,
        people=people,
        others=None,
        known=None if people is None else 100 - people,
        share=None,
    )


def _counted(title: str, arm: str) -> NumberRow:
    figures = dict.fromkeys(("mean", "sd", "lower", "median", "upper"), 1.0)
    return NumberRow(
        characteristic=title, unit="conditions", arm=arm, known=98, missing=2, **figures
    )


def _card() -> InstrumentRow:
    return InstrumentRow(
        outcome="phq9",
        instrument="phq9",
        title="PHQ-9",
        score="total",
        items=9,
        made_from="The answers to the items",
        options="",
        low=0.0,
        high=27.0,
        better="lower",
        missing_rule=None,
        missing_status=None,
        licence=None,
        access=None,
        status="checked",
        recalled="",
        warning="",
        sources="Kroenke 2001",
    )


def _responders() -> ResponderRow:
    return ResponderRow(
        outcome="phq9",
        arm=ARMS[0],
        wave="month_6",
        month=6.0,
        mid=1.7,
        unit="points",
        kind="stated in the plan",
        source="Kounali 2022",
        n=75,
        n_better=30,
        n_same=30,
        n_worse=15,
        share_better=0.4,
        share_same=0.4,
        share_worse=0.2,
    )


def filled(table: str, column: str, of: int = 200, n: int = 190) -> FilledRow:
    """Return how far a column is filled, with the words that the program puts to it."""
    enough = n >= 0.8 * of
    return FilledRow(
        table=table,
        column=column,
        meaning=column,
        level="must",
        records=of,
        filled=n,
        empty=of - n,
        share_filled=n / of,
        verdict="Filled 80% or more" if enough else "Filled below 80%",
    )


def _records() -> tuple[FilledRow, ...]:
    columns = {
        "contacts": ("minutes", "mode", "attended"),
        "link_workers": ("role_title", "fte", "training", "prior_background"),
        "episodes": ("close_date", "close_reason"),
    }
    return tuple(filled(table, column) for table, held in columns.items() for column in held)


def _dose() -> tuple[DoseRow, ...]:
    return tuple(
        DoseRow(
            group=ARMS[0],
            measure=measure,
            unit="",
            among="every referral",
            people=100,
            known=100,
            none=10,
            lower=1.0,
            median=5.0,
            upper=9.0,
        )
        for measure in ("contacts attended", "minutes logged")
    )


def _mode() -> ModeRow:
    return ModeRow(
        group=ARMS[0],
        mode="in person",
        remote="no",
        people=80,
        contacts=100,
        of_contacts=190,
        others=90,
        share=0.53,
        with_minutes=90,
        median=40.0,
    )


def _dose_response() -> tuple[DoseResponseRow, ...]:
    return (
        DoseResponseRow(
            outcome="phq9",
            group=ARMS[0],
            when="6 months",
            contacts="1-2",
            n=40,
            n_fewest=30,
            mean=10.0,
            difference=-1.0,
            conf_low=-2.0,
            conf_high=0.0,
            df=5.0,
            clusters=6,
            method="CR2",
        ),
    )


def _curve(cause: str) -> CurveRow:
    return CurveRow(
        what=ENGAGED,
        group=ARMS[0],
        cause=cause,
        day=30.0,
        round_day=30.0,
        n=90,
        events=10,
        estimate=0.9,
        conf_low=0.8,
        conf_high=0.95,
        clusters=6,
        method="Aalen-Johansen",
    )


def _standing() -> StandingRow:
    return StandingRow(
        what=ENGAGED,
        group=ARMS[0],
        day=90.0,
        n=90,
        there=40,
        completed=20,
        dropped_out=20,
        ended_otherwise=10,
        not_seen=0,
    )


def _ending(reason: str) -> EndingRow:
    kind = "completed as planned" if "planned" in reason else "dropped out"
    return EndingRow(group=ARMS[0], kind=kind, reason=reason, ended=80, n=40, others=40, share=0.5)
