"""Scores that their outcome does not know: outside its range, or between its steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Outcome
from splw_eval.data.keying import keying_hint
from splw_eval.data.ledger import Ledger
from splw_eval.data.lookalikes import parted
from splw_eval.data.parse import texts
from splw_eval.data.sheet import Sheet

_MAY_BE_CODE = "They may be a missing code: declare it in [files.missing_codes]."
_LOOK_FIRST = (
    "Look at these rows first, and correct them in the file. Where the true {} can no "
    'longer be had, set out_of_range = "missing".'
)
# Of a step: decimals such as 0.1 have no exact binary form, and files round to a few digits.
_WITHIN = 1e-6
# A step that the plan does not state is 1; where most scores contradict it, they are of
# another kind, such as a converted score, and none of them is wrong.
_FEW = 0.5


def in_range(
    sheet: Sheet,
    heading: str,
    values: NDArray[np.float64],
    limits: tuple[float, float],
    *,
    set_missing: bool,
    ledger: Ledger,
    instrument: str = "",
) -> NDArray[np.float64]:
    """Scores with those outside the instrument's range reported and made NaN."""
    low, high = limits
    wrong = (values < low) | (values > high)
    if not wrong.any():
        return values
    report_outside(
        sheet,
        heading,
        wrong,
        limits,
        hint=""
        if set_missing
        else keying_hint(values, limits, instrument),  # checks/keying.py does
        codes=("SW03", "SW18"),
        set_missing=set_missing,
        ledger=ledger,
    )
    return np.where(wrong, np.nan, values)


def report_outside(
    sheet: Sheet,
    heading: str,
    wrong: NDArray[np.bool_],
    limits: tuple[float, float],
    *,
    hint: str,
    codes: tuple[str, str],
    set_missing: bool,
    ledger: Ledger,
    shifted: bool = False,
) -> None:
    """Report rows of a column that lie outside its limits.

    Parameters
    ----------
    sheet, heading
        Where they stand.
    wrong : ndarray of bool, shape (n,)
    limits : tuple of float
        Lowest and highest that may be.
    hint : str
        How they may have come about; may be empty.
    codes : tuple of (str, str)
        Code of the error that stops the run, and of the warning where they are set to missing.
    set_missing : bool
    ledger : Ledger
    shifted : bool
        Whether `hint` explains all by another first number: then nothing is set to missing, as
        the answers that would be left are wrong as well.
    """
    (low, high), look = limits, _LOOK_FIRST.format("score" if codes[0] == "SW03" else "answer")
    dropped = set_missing and not shifted
    one = dropped or shifted
    apart = [(wrong, False)] if one else parted(wrong, texts(sheet, heading)[wrong])
    for rows, missing in apart:
        remedy = f"{hint} {_MAY_BE_CODE if missing else ''} {look}"
        if shifted:
            remedy = hint
        elif dropped:
            remedy = f"{hint} Check the file."
        ledger.add(
            Severity.WARNING if dropped else Severity.ERROR,
            codes[dropped],
            f"outside {low:g} to {high:g}" + (" and set to missing" if dropped else ""),
            " ".join(remedy.split()),
            file=sheet.spec.place,
            column=sheet.place(heading),
            rows=sheet.rows[rows],
            of_rows=len(sheet),
        )


def report_off_grid(
    outcome: Outcome, sheet: Sheet, heading: str, scores: NDArray[np.float64], ledger: Ledger
) -> None:
    """Report scores that no count of steps from the lowest score reaches; they are used.

    Parameters
    ----------
    outcome : Outcome
        Its `range` and `step`.
    sheet : Sheet
    heading : str
    scores : ndarray of float, shape (n,)
        Scores within the range; NaN is missing.
    ledger : Ledger
    """
    steps = scores - outcome.range[0]
    steps /= outcome.step
    steps -= np.rint(steps)
    off = np.abs(steps, out=steps) > _WITHIN  # NaN compares false
    n = int(off.sum())
    if not n:
        return
    if outcome.stated_step is None and n > _FEW * (~np.isnan(scores)).sum():
        return
    ledger.add(
        Severity.WARNING,
        "SW85",
        f"not {outcome.range[0]:g} and whole steps of {outcome.step:g}",
        "Check them; they are used as they stand. If such scores are possible, "
        "state the step of the outcome.",
        file=sheet.spec.place,
        column=sheet.place(heading),
        rows=sheet.rows[off],
        of_rows=len(sheet),
    )
