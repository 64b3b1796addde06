"""Optima of 200 random designs against those of lme4 and nlme.

Run `Rscript tests/reference/r/random_designs.R FOLDER`, then this program with the same folder.
It writes `results.csv` beside itself and prints the summary that the methods page holds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from splw_eval import fit_mixed_model
from splw_eval.core.errors import SplwError
from splw_eval.models.fitted import FittedMixedModel

HERE = Path(__file__).resolve().parent
EQUAL = 1e-6  # of -2 log likelihood
SHORT, FAR = 1e-4, 1e-2
COVARIANCE = {
    "cs": "compound_symmetry",
    "slope": "intercept_slope",
    "us": "unstructured",
    "ar1": "ar1",
    "ar1_het": "ar1_het",
    "cs_het": "compound_symmetry_het",
}


def read(path: Path) -> pd.DataFrame:
    """A table that R wrote."""
    return pd.read_csv(path, na_values=["NA"])  # noqa: TID251 - drawn, and nobody's answers


def show(*words: object) -> None:
    """Print to the terminal."""
    print(*words)  # noqa: T201 - a program that is run by hand


def fitted(design: pd.Series, rows: pd.DataFrame) -> FittedMixedModel:
    """Our fit of one design."""
    structure, effect = design["model"].split()
    return fit_mixed_model(
        rows,
        outcome="y",
        fixed=design["fixed"].replace("factor(", "C("),
        person="person",
        wave="time" if structure == "slope" else "wave",
        cluster=None if effect == "none" else "practice",
        covariance=COVARIANCE[structure],
        cluster_effect=effect,
        reml=bool(design["reml"]),
    )


def compared(folder: Path, design: pd.Series) -> dict[str, object]:
    """One row of the results: what R found, what we found, and how they differ."""
    rows = read(folder / f"design_{design['design']:03d}.csv")
    began = time.perf_counter()
    found: dict[str, object] = {"ours": np.nan, "ended": False, "at_zero": "", "negative": False}
    try:
        fit = fitted(design, rows)
    except SplwError as error:
        found["ours_told"] = str(error)
    else:
        table = fit.variance_parameters
        sigma = fit.fit.model.matrices(fit.fit.fit.theta)[0][0, 0]
        values = np.linalg.eigvalsh(sigma)
        found |= {
            "ours": fit.fit.deviance[0],
            "ended": fit.convergence.converged,
            "at_zero": "; ".join(table.loc[table["on_boundary"], "parameter"]),
            # lme4's and nlme's effects of people can make no negative covariance.
            "negative": bool(
                (table.loc[table["parameter"] == "covariance of person", "estimate"] < 0).any()
            ),
            # Of the covariance of people: near zero it is about to be singular.
            "smallest": values[0] / values[-1],
            "ours_told": "" if fit.convergence.converged else fit.convergence.words,
        }
    found["ours_seconds"] = round(time.perf_counter() - began, 4)
    best = design[["lme4", "nlme"]].astype(float).min()
    return {**design, **found, "best_of_r": best, "difference": found["ours"] - best}


def verdict(row: pd.Series) -> str:
    """Whether we ended lower, at the same place, or higher than the better of lme4 and nlme."""
    if not row["ended"]:
        return "no optimum"
    if abs(row["difference"]) <= EQUAL:
        return "equal"
    return "lower" if row["difference"] < 0 else "higher"


def r_faults(results: pd.DataFrame) -> pd.DataFrame:
    """How often R's default settings give no fit, complain, or end short of the optimum."""
    ended = results[results["ended"] & ~results["negative"]]
    found = {}
    for tool in ("lme4", "nlme"):
        tried = ended[ended[tool].notna() | ended[f"{tool}_told"].notna()]
        short = tried[f"{tool}_default"] - tried[["ours", "best_of_r"]].min(axis=1)
        told = tried[f"{tool}_told"].fillna("") != ""
        found[tool] = {
            "designs": len(tried),
            "no fit": int(short.isna().sum()),
            "fit with a warning": int((told & short.notna()).sum()),
            "short by more than 0.0001": int((short > SHORT).sum()),
            "short by more than 0.01": int((short > FAR).sum()),
            "of these without a word": int(((short > FAR) & ~told).sum()),
            "seconds": round(float(tried[f"{tool}_default_seconds"].sum()), 1),
            "our seconds": round(float(tried["ours_seconds"].sum()), 1),
        }
    return pd.DataFrame(found).T


def main() -> None:
    """Fit every design, write the results and print the summary."""
    folder = Path(sys.argv[1])
    designs = read(folder / "r_fits.csv")
    results = pd.DataFrame([compared(folder, design) for _, design in designs.iterrows()])
    results["verdict"] = results.apply(verdict, axis=1)
    results.drop(columns="names").to_csv(HERE / "results.csv", index=False, float_format="%.13g")
    show(results.groupby(["model", "verdict"]).size().unstack(fill_value=0).to_string())
    show(results["verdict"].value_counts().to_string())
    ended = results.loc[results["ended"], "difference"]
    show(ended.describe(percentiles=[0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]).to_string())
    show(r_faults(results).to_string())
    show("seconds: R", results["r_seconds"].sum(), "ours", results["ours_seconds"].sum())
    odd = results[~results["verdict"].isin(["equal"])]
    show(odd[["design", "model", "reml", "people", "rows", "difference", "verdict"]].to_string())


if __name__ == "__main__":
    main()
