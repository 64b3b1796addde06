"""Days to relapse in a trial of two treatments for smokers: results and figures from the data.

`python analyses/smoking_relapse/analyse.py` writes `results.csv`, `curves.svg` and `ratios.svg`
beside itself and says on the terminal what it found.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from splw_eval import compare_retention, fit_cox, retention_curve
from splw_eval.report.figures.given_steps import Days, Ratio, Step, StepLine
from splw_eval.report.figures.ratios import draw_ratios
from splw_eval.report.figures.steps import draw_steps
from splw_eval.retention import FittedCox, RetentionComparison, RetentionCurves

HERE = Path(__file__).resolve().parent
HORIZON = 182  # days; whoever had not relapsed was watched so long
DAYS = (0, 14, 28, 60, 90, 120, 150, 180)
STEP = ["day", "estimate", "conf_low", "conf_high"]
TICKS = (0, 30, 60, 90, 120, 150, 180)
ARMS = {"patchOnly": "Patch alone", "combination": "Patch, inhaler and bupropion"}
ASKED: dict[str, Any] = {"time": "ttr", "event": "relapse"}
TERMS = {  # and by how much of each the figure compares
    "grp[T.combination]": ("Combination v patch", 1),
    "age": ("Ten years older", 10),
    "employment[T.other]": ("Other v full-time job", 1),
    "employment[T.pt]": ("Part-time v full-time job", 1),
}
COLUMNS = [
    "part", "of", "day", "at_risk", "estimate", "std_error", "df", "statistic", "p_value",
    "conf_low", "conf_high", "ratio", "ratio_low", "ratio_high", "n", "events", "method", "note",
]  # fmt: skip


def read() -> pd.DataFrame:
    """The trial, one row for each person; the patch alone is what is compared with."""
    people = pd.read_csv(HERE / "pharmacosmoking.csv")  # noqa: TID251 - a published file
    people["grp"] = pd.Categorical(people["grp"], categories=list(ARMS))
    return people


def fitted(people: pd.DataFrame) -> tuple[RetentionCurves, RetentionComparison, FittedCox]:
    """The curves, the comparison of mean days, and the hazard ratios."""
    curves = retention_curve(people, **ASKED, by="grp", horizon=HORIZON)
    compared = compare_retention(people, **ASKED, by="grp", horizon=HORIZON, reference="patchOnly")
    return curves, compared, fit_cox(people, **ASKED, covariates="grp + age + employment")


def results(curves: RetentionCurves, compared: RetentionComparison, cox: FittedCox) -> pd.DataFrame:
    """Everything that was found, in one long table."""
    parts = [
        _shares(curves),
        _medians(curves),
        _means(curves),
        _compared(compared),
        _ratios(cox),
        cox.proportional_hazards.assign(
            part="proportional hazards", method="score test, time by Kaplan-Meier"
        ),
    ]
    table = pd.concat([p.rename(columns={"group": "of", "term": "of"}) for p in parts])
    return table.reindex(columns=COLUMNS).reset_index(drop=True)


def _shares(curves: RetentionCurves) -> pd.DataFrame:
    found, people = curves.at(DAYS), curves.summary.set_index("group")["n"]
    found["n"], found["events"] = found["group"].map(people), found["left_so_far"]
    return found.assign(part="share not relapsed", method=curves.method)


def _medians(curves: RetentionCurves) -> pd.DataFrame:
    names = {"median": "estimate", "median_low": "conf_low", "median_high": "conf_high"}
    found = curves.summary[["group", "n", "events", *names]].rename(columns=names)
    words = {"estimate": "median", "conf_low": "lower limit", "conf_high": "upper limit"}
    found["note"] = [
        "; ".join(
            f"{said} {'not reached' if said == 'median' else 'none'}"
            for name, said in words.items()
            if pd.isna(row[name])
        )
        for _, row in found.iterrows()
    ]
    return found.assign(part="median days to relapse", method=curves.method)


def _means(curves: RetentionCurves) -> pd.DataFrame:
    start = "restricted_mean"
    names = {start: "estimate"} | {
        f"{start}_{name}": name for name in ("std_error", "conf_low", "conf_high")
    }
    found = curves.summary[["group", "n", "events", *names]].rename(columns=names)
    return found.assign(part=f"mean days up to day {HORIZON}", method=curves.method)


def _compared(compared: RetentionComparison) -> pd.DataFrame:
    rank = compared.table["method"].str.startswith("log-rank")
    part = rank.map({True: "log-rank test", False: f"difference in mean days to day {HORIZON}"})
    return compared.table.assign(part=part)


def _ratios(cox: FittedCox) -> pd.DataFrame:
    names = {"hazard_ratio": "ratio"} | {
        f"hazard_ratio_{end}": f"ratio_{end}" for end in ("low", "high")
    }
    found = cox.coefficients.rename(columns=names)
    words = "Cox, Efron's ties; errors by the model, people independent; normal limits"
    return found.assign(part="log hazard ratio of relapse", method=words)


def curves_svg(curves: RetentionCurves) -> str:
    """The share of each arm that has not relapsed, with the numbers still watched."""
    lines, said = [], []
    for arm, label in ARMS.items():
        table, at = (rows[rows["group"] == arm] for rows in (curves.table, curves.at(TICKS)))
        steps = [
            Step(day=day, value=value, low=low, high=high)
            for day, value, low, high in table[STEP].itertuples(index=False)
        ]
        beneath = tuple(
            (float(d), f"{n:.0f}") for d, n in zip(at["day"], at["at_risk"], strict=True)
        )
        lines.append(
            StepLine(label=label, start=1, steps=tuple(steps), last_day=HORIZON, at_risk=beneath)
        )
        shares = (f"{v:.0%} by day {d}" for d, v in zip(at["day"], at["estimate"], strict=True))
        said.append(f"{label}: not relapsed {', '.join(shares)}.")
    days = Days(
        last=HORIZON, ticks=TICKS, heading="Not relapsed, per cent",
        beneath="Not relapsed just before that day",
    )  # fmt: skip
    title = "Share of each arm that has not relapsed, with 95% intervals"
    return draw_steps("curves", title, " ".join(said), days, lines)


def ratios_svg(cox: FittedCox) -> str:
    """The hazard ratios with their intervals."""
    rows = []
    for _, row in cox.coefficients.iterrows():
        label, by = TERMS[row["term"]]
        ends = ("hazard_ratio", "hazard_ratio_low", "hazard_ratio_high")
        value, low, high = (float(row[name]) ** by for name in ends)
        words = f"{value:.2f} ({low:.2f} to {high:.2f})"
        rows.append(Ratio(label=label, value=value, low=low, high=high, words=words))
    said = " ".join(f"{row.label}: {row.words}." for row in rows)
    title = "Ratio of the rates of relapse, with 95% intervals"
    return draw_ratios("ratios", title, said, ("relapse later", "relapse sooner"), rows)


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def show(*words: object) -> None:
    """Print to the terminal."""
    print(*words, flush=True)  # noqa: T201 - a program that is run by hand


def main() -> None:
    """Analyse the trial, write the results and the figures, and say what was found."""
    people = read()
    early = int((people["ttr"].eq(0) & people["relapse"].eq(1)).sum())
    show(f"{len(people)} people read; {early} relapsed on day 0 and are kept.\n")
    curves, compared, cox = fitted(people)
    for one in (curves, compared, cox, cox.proportional_hazards.to_string(index=False)):
        show(f"{one}\n")
    found = results(curves, compared, cox)
    for name, text in {
        "results.csv": found.to_csv(index=False, float_format="%.12g", lineterminator="\n"),
        "curves.svg": f"{curves_svg(curves)}\n",
        "ratios.svg": f"{ratios_svg(cox)}\n",
    }.items():
        write(HERE / name, text)
        show(f"Written: {HERE / name}")


if __name__ == "__main__":
    main()
