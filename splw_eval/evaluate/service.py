"""What the rules of episodes and the log of contacts found, beside the checks of the files."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding
from splw_eval.data import Study
from splw_eval.retention import contact_dose
from splw_eval.retention.reported import episodes_of


def service_findings(study: Study) -> tuple[Finding, ...]:
    """Findings about episodes and contacts, made with the rules of the plan.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of Finding
        Each once; none without a table of episodes.
    """
    if "episodes" not in study.tables:
        return ()
    return tuple(dict.fromkeys(_found(study)))


def _found(study: Study) -> Iterator[Finding]:
    try:
        yield from episodes_of(study).findings
    except DataError as error:
        yield from error.findings
    if "contacts" in study.tables:
        yield from contact_dose(study).findings
