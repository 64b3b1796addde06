"""The check command: findings printed, counted and, if asked, written."""

from __future__ import annotations

from pathlib import Path

import typer

from splw_eval.cli.findings_file import write_findings
from splw_eval.cli.measured import print_measured
from splw_eval.cli.messages import print_error, print_findings
from splw_eval.cli.progress import progress_on_stderr
from splw_eval.cli.supported import print_supported
from splw_eval.core.errors import FindingsError
from splw_eval.data import Study, load_study
from splw_eval.evaluate.service import service_findings


def run_check(plan: Path, findings_file: Path | None) -> int:
    """Check a study and print what was found, and what the data can support.

    Parameters
    ----------
    plan : Path
    findings_file : Path or None
        Gets every finding with all its rows.

    Returns
    -------
    int
        Exit code: 1 if anything stops a report.
    """
    try:
        with progress_on_stderr() as progress:
            study = load_study(plan, progress=progress)
    except FindingsError as error:
        print_error(error)
        write_findings(findings_file, error.findings)
        return 1
    found = (*study.findings, *service_findings(study))
    print_findings(found)
    write_findings(findings_file, found)
    typer.echo(_summary(study))
    print_measured(study)
    print_supported(study)
    return 0


def _summary(study: Study) -> str:
    plan = study.plan
    waves = ", ".join(wave.title for wave in plan.waves)
    return (
        f"The plan and its {len(plan.files)} file(s) can be used: {len(plan.outcomes)} outcome(s), "
        f"{len(plan.groups)} group(s), waves: {waves}."
    )
