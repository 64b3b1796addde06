"""The report command: evaluate, then write."""

from __future__ import annotations

from pathlib import Path

from splw_eval.cli.progress import progress_on_stderr


def run_report(plan: Path, out: Path) -> Path:
    """Evaluate a study and write its report.

    Parameters
    ----------
    plan : Path
        The study.toml.
    out : Path
        Folder of the report.

    Returns
    -------
    Path
        The page to open.
    """
    with progress_on_stderr() as progress:
        from splw_eval.report import check_folder, write_report

        check_folder(out)
        from splw_eval.evaluate import evaluate_study

        evaluation = evaluate_study(plan, progress=progress)
        return write_report(
            out,
            plan=evaluation.plan,
            results=evaluation.results,
            provenance=evaluation.provenance,
            progress=progress,
        )
