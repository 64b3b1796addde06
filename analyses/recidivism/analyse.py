"""Employment that changes from week to week, and arrest: results and a figure from the data.

`python analyses/recidivism/analyse.py` writes `results.csv` and `ratios.svg` beside itself and
says on the terminal what it found.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from splw_eval import fit_cox
from splw_eval.report.figures.given_steps import Ratio
from splw_eval.report.figures.ratios import draw_ratios
from splw_eval.retention import FittedCox, PeriodRows, person_period_rows

HERE = Path(__file__).resolve().parent
WEEKS = {"employed": [f"emp{week}" for week in range(1, 53)]}
HALF = 26  # weeks
REFERENCES = {"race": ["other", "black"], "mar": ["not married", "married"]}
AGES = "age_early + age_late"
FITS = {  # lag in weeks, covariates, strata
    "same week": (0, "fin + age + race + wexp + mar + paro + prio + employed", None),
    "week before": (1, "fin + age + race + wexp + mar + paro + prio + employed", None),
    "week before, mended": (1, f"fin + {AGES} + race + mar + paro + prio + employed", "wexp"),
}
DRAWN = {  # fit and term; label, and by how much of it
    ("same week", "employed[T.yes]"): ("Work, same week", 1),
    ("week before", "employed[T.yes]"): ("Work, week before", 1),
    ("week before, mended", "age_early"): (f"Age +10, weeks 1 to {HALF}", 10),
    ("week before, mended", "age_late"): (f"Age +10, weeks {HALF + 1} to 52", 10),
}
COLUMNS = [
    "part", "of", "estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high",
    "ratio", "ratio_low", "ratio_high", "n", "rows", "events", "method",
]  # fmt: skip
NAMES = {
    "term": "of",
    "hazard_ratio": "ratio",
    "hazard_ratio_low": "ratio_low",
    "hazard_ratio_high": "ratio_high",
}


def read() -> pd.DataFrame:
    """The trial, one row for each person and one column for each week of employment."""
    people = pd.read_csv(HERE / "rossi.csv")  # noqa: TID251 - a published file
    for name, levels in REFERENCES.items():
        people[name] = pd.Categorical(people[name], categories=levels)
    return people


def person_weeks(people: pd.DataFrame, lag: int) -> PeriodRows:
    """One row for each person and week, with the employment of `lag` weeks before."""
    rows = person_period_rows(
        people, id="id", time="week", event="arrest", exposures=WEEKS, lag=lag
    )
    early = rows.frame["stop"] <= HALF
    rows.frame["age_early"] = rows.frame["age"].where(early, 0)
    rows.frame["age_late"] = rows.frame["age"].where(~early, 0)
    return rows


def fitted(rows: dict[int, PeriodRows]) -> dict[str, FittedCox]:
    """The models; in the last, age may count differently by half-year, and strata are free."""
    return {
        part: fit_cox(
            rows[lag].frame,
            start="start",
            time="stop",
            event="event",
            id="id",
            covariates=covariates,
            strata=strata,
        )
        for part, (lag, covariates, strata) in FITS.items()
    }


def results(rows: dict[int, PeriodRows], fits: dict[str, FittedCox]) -> pd.DataFrame:
    """Everything that was found, in one long table."""
    parts = []
    for part, fit in fits.items():
        told = {"rows": rows[FITS[part][0]].counts["rows"], "n": fit.n}
        words = "Cox, Efron's ties; errors by the model, people independent; normal limits"
        parts.append(
            fit.coefficients.assign(part=f"log hazard ratio, {part}", method=words, **told)
        )
        words = "score test, time by Kaplan-Meier"
        tested = fit.proportional_hazards
        parts.append(tested.assign(part=f"proportional hazards, {part}", method=words, **told))
    table = pd.concat(parts, ignore_index=True).rename(columns=NAMES)
    return table.reindex(columns=COLUMNS)


def ratios_svg(fits: dict[str, FittedCox]) -> str:
    """The ratios of employment, lagged and not, and of age in each half-year."""
    rows = []
    for (part, term), (label, by) in DRAWN.items():
        row = fits[part].coefficients.set_index("term").loc[term]
        ends = ("hazard_ratio", "hazard_ratio_low", "hazard_ratio_high")
        value, low, high = (float(row[name]) ** by for name in ends)
        words = f"{value:.2f} ({low:.2f} to {high:.2f})"
        rows.append(Ratio(label=label, value=value, low=low, high=high, words=words))
    said = " ".join(f"{row.label}: {row.words}." for row in rows)
    title = "Ratio of the rates of arrest, with 95% intervals"
    return draw_ratios("ratios", title, said, ("arrest later", "arrest sooner"), rows)


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def show(*words: object) -> None:
    """Print to the terminal."""
    print(*words, flush=True)  # noqa: T201 - a program that is run by hand


def main() -> None:
    """Fit the models, write the results and the figure, and say what was found."""
    people = read()
    rows = {lag: person_weeks(people, lag) for lag in (0, 1)}
    for lag, made in rows.items():
        counts = "; ".join(f"{name} {count}" for name, count in made.counts.items())
        show(f"Lag {lag}: {counts}.", *(f"Warning: {found.problem}" for found in made.findings))
    fits = fitted(rows)
    for part, fit in fits.items():
        show(
            f"\nEmployment of the {part}\n{fit}\n\n",
            fit.proportional_hazards.to_string(index=False),
        )
    found = results(rows, fits)
    text = found.to_csv(index=False, float_format="%.12g", lineterminator="\n")
    for name, held in {"results.csv": text, "ratios.svg": f"{ratios_svg(fits)}\n"}.items():
        write(HERE / name, held)
        show(f"Written: {HERE / name}")


if __name__ == "__main__":
    main()
