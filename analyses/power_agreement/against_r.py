"""The same data sets fitted by lme4 and pbkrtest, by this package, and by its simulator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rows import EACH, FITTED, SETS, drawn, frames, trial_of

from splw_eval import fit_mixed_model
from splw_eval.power.simulation.by_mixed_model import boundary_of, by_mixed_model
from splw_eval.power.simulation.rows import summed
from splw_eval.power.simulation.shapes import Shape
from splw_eval.stats.power.noncentral import critical_value

FOLDER = Path(__file__).resolve().parent
COMPARED = FOLDER / "against_r.json"
REFERENCE = FOLDER.parents[1] / "tests" / "reference" / "power" / "agreement.json"
COLUMNS = ("estimate", "std_error", "df", "p")
_MODELS: dict[str, dict[str, str]] = {
    "parallel": {"fixed": "treated", "cluster_effect": "intercept"},
    "visits": {"fixed": "C(visit) + treated", "cluster_effect": "wave", "wave": "visit"},
    "crossover": {"fixed": "C(visit) + treated", "cluster_effect": "wave", "wave": "visit"},
}


def by_fit(key: str, batch: int) -> NDArray[np.float64]:
    """Estimate, error, degrees of freedom and p of each data set, each fitted by itself."""
    found = []
    for frame in frames(key, batch):
        fit = fit_mixed_model(
            frame,
            outcome="y",
            person="person",
            cluster="cluster",
            covariance="compound_symmetry",
            df="kenward-roger",
            **_MODELS[key],
        )
        table = fit.coefficients.set_index("term")
        found.append(table.loc["treated", ["estimate", "std_error", "df", "p_value"]])
    return np.array(found, dtype=np.float64)


def by_simulator(key: str, batch: int) -> NDArray[np.float64]:
    """The same of the simulator, which fits a batch at once from sums; p is left out."""
    trial = trial_of(key)
    cells = summed(trial, Shape(), drawn(key, batch))
    found = by_mixed_model(trial, cells, "kenward-roger", boundary_of(trial))
    return np.stack([found.estimate, found.std_error, found.df], axis=1)


def by_r(key: str) -> NDArray[np.float64]:
    """Of lme4 and pbkrtest, all data sets."""
    held = json.loads(REFERENCE.read_text(encoding="utf-8"))[key]
    return np.stack([np.array(held[name], dtype=np.float64) for name in COLUMNS], axis=1)


def rejects(found: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a test at 5 % rejects in favour of the programme."""
    return np.asarray(found[:, 0] > critical_value(found[:, 2], 0.05, sides=2) * found[:, 1])


def compare(key: str) -> dict[str, Any]:
    """Rejections by each, and how far they lie apart."""
    theirs = by_r(key)
    batches = range(SETS // EACH)
    fits = np.concatenate([by_fit(key, batch) for batch in batches])
    sums = np.concatenate([by_simulator(key, batch) for batch in batches])
    apart = np.abs(fits[:, 3] - theirs[:, 3])
    return {
        "sets": SETS,
        "rejects": {
            "lme4 and pbkrtest": int(rejects(theirs).sum()),
            "this package": int(rejects(fits).sum()),
            "simulator": int(rejects(sums).sum()),
        },
        "otherwise": {
            "this package": int((rejects(fits) != rejects(theirs)).sum()),
            "simulator": int((rejects(sums) != rejects(theirs)).sum()),
        },
        "p_apart": {
            "median": float(f"{np.median(apart):.2g}"),
            "99 in 100 below": float(f"{np.quantile(apart, 0.99):.2g}"),
            "largest": float(f"{apart.max():.2g}"),
        },
        "far": int((apart > 0.001).sum()),  # noqa: PLR2004
    }


def main() -> None:
    """Compare all and write against_r.json."""
    found = {key: compare(key) for key in FITTED}
    COMPARED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
