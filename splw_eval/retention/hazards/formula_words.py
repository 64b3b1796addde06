"""Formulas of other programs, and how what they ask for is written here."""

from __future__ import annotations

import re

from splw_eval.core.errors import FitError
from splw_eval.models.formula import Formula, parse_formula

_CALL = re.compile(r"([^\W\d][\w.]*)\s*\(")
_OF_LEVELS = re.compile(r"\bC\s*\([^()]*,")
_REFERENCE = (
    "Categories are compared with their first level. To choose it, write for example "
    'frame["arm"] = pd.Categorical(frame["arm"], categories=["usual care", "link worker"]) and '
    'name "arm".'
)
_COMPUTED = 'Make a column first, for example frame["log_age"] = np.log(frame["age"]), and name it.'
_KNOWN = {
    "strata": 'Name strata in strata=, not in the formula: strata="site".',
    "cluster": 'Name practices in cluster=, not in the formula: cluster="practice".',
    "factor": f"Write C(name) for a column of categories. {_REFERENCE}",
    "relevel": _REFERENCE,
    "Treatment": _REFERENCE,
    "Surv": "Name times and endings in time= and event=; the formula holds covariates alone.",
}


def read_formula(text: str) -> Formula:
    """Read a formula; where it cannot be read, say how its calls are written here.

    Parameters
    ----------
    text : str
        As for `parse_formula`.

    Returns
    -------
    Formula

    Raises
    ------
    FitError
        The text cannot be read.
    """
    try:
        return parse_formula(text)
    except FitError as error:
        told = _remedies(text)
        if not told:
            raise
        raise FitError(error.message, remedy=" ".join([*told, error.remedy])) from None


def _remedies(text: str) -> list[str]:
    """One remedy for each way of asking that is not known here."""
    called = [name for name in _CALL.findall(text) if name != "C"]
    told = [_KNOWN.get(name, _COMPUTED) for name in called]
    if _OF_LEVELS.search(text):
        told.append(_REFERENCE)
    if any(_REFERENCE in one and one != _REFERENCE for one in told):
        told = [one for one in told if one != _REFERENCE]
    return list(dict.fromkeys(told))
