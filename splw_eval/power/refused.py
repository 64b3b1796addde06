"""What is refused: the power of a study that is over."""

from __future__ import annotations

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding

WORDS = (
    *("observed", "observed_power", "post_hoc", "posthoc", "retrospective", "achieved"),
    *("estimate", "se", "std_error", "p_value", "pvalue", "result"),
)


def refusal(name: str) -> Finding:
    """Why the power of a study that is over is not worked out, and what tells more.

    Parameters
    ----------
    name : str
        The option that asked for it.

    Returns
    -------
    Finding
    """
    return finding(
        "SZ12",
        "",
        f"--{name.replace('_', '-')}: the power of a study that is over is not worked out from "
        "its result. It is the p value in other words: a large p gives a low power, always, and "
        "says nothing of whether a difference that matters was missed",
        "Report the estimate with its 95% interval and hold the interval against the important "
        "difference: if it lies wholly within, such a difference is ruled out; if it reaches "
        "beyond, it is not.",
    )
