"""Hazards fits of columns with a row far out, a long tail, or far from 0, against R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats.cox.baseline import baseline_hazard
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.fine_gray import fit_fine_gray

FILE = Path(__file__).resolve().parent / "cox_far.json"
RESULTS = json.loads(FILE.read_text(encoding="utf-8"))["results"]


@pytest.fixture(params=list(RESULTS))
def told(request):
    found = RESULTS[request.param]
    found["x"] = np.array(found["rows"]["x"], dtype=float)[:, None]
    found["stop"], found["cause"] = (np.array(found["rows"][name]) for name in ("stop", "cause"))
    return found


def test_hazard_ratios_agree_with_coxph(told):
    fit = fit_cox_model(None, told["stop"], told["cause"] == 1, told["x"])
    np.testing.assert_allclose(fit.beta, told["coef"], rtol=1e-8)
    np.testing.assert_allclose(fit.covariance[0, 0] ** 0.5, told["se"], rtol=1e-8)
    assert fit.log_likelihood == pytest.approx(told["loglik"], rel=1e-10)


def test_survival_foretold_agrees_with_survfit(told):
    found = baseline_hazard(
        None, told["stop"], told["cause"] == 1, told["x"], [told["coef"]],
        at=np.array(told["at"], dtype=float)[:, None],
    )  # fmt: skip
    place = np.searchsorted(found.time, np.array(told["time"]) - 1e-9)
    for name, theirs in (("survival", "surv"), ("conf_low", "lower"), ("conf_high", "upper")):
        ours = getattr(found, name)[:, place].T
        np.testing.assert_allclose(ours, told[theirs], rtol=1e-7, atol=1e-12)


def test_the_subdistribution_agrees_with_crr(told):
    theirs = told["crr"]
    assert theirs["converged"]
    fit = fit_fine_gray(told["stop"], told["cause"], told["x"], of=1)
    np.testing.assert_allclose(fit.beta, theirs["coef"], rtol=2e-6)
    np.testing.assert_allclose(fit.covariance[0, 0] ** 0.5, theirs["se"], rtol=2e-6)
    place = np.searchsorted(fit.time, np.array(theirs["time"]) - 1e-9)
    ours = fit.incidence(np.array(told["at"], dtype=float)[:, None])[:, place].T
    np.testing.assert_allclose(ours, theirs["incidence"], rtol=5e-6, atol=1e-10)
