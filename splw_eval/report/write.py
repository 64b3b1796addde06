"""The one use case: a folder with the report, its tables and its manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from splw_eval.core.plan import Plan
from splw_eval.core.result import Provenance, Result
from splw_eval.report.evidence import gather
from splw_eval.report.folder import check_folder
from splw_eval.report.manifest import MANIFEST, manifest
from splw_eval.report.publish import publish
from splw_eval.report.tables import results_csv, results_json

REPORT = "report.html"


def write_report(
    out: str | Path,
    *,
    plan: Plan,
    results: Mapping[str, Result[Any]],
    provenance: Provenance,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Write a report folder, all of it or nothing.

    Parameters
    ----------
    out : str or Path
        The folder; an earlier report in it is replaced in one step.
    plan : Plan
    results : mapping of str to Result
        By key, one for each question of the evaluation; all masked.
    provenance : Provenance
        Versions, seed and digests.
    progress : callable, optional
        Told before each step, in words.

    Returns
    -------
    Path
        Path of report.html.

    Raises
    ------
    OutputError
        A result is not masked, or the folder cannot be written or holds other
        files. What stood there before still stands.
    """
    from splw_eval.report.contents import describe_report
    from splw_eval.report.html import render_html

    folder, tell = Path(out), progress or (lambda _: None)
    check_folder(folder)
    evidence = gather(plan, results, provenance)
    tell("describing and drawing the report")
    report = describe_report(evidence)
    contents = {
        REPORT: render_html(report).encode("utf-8"),
        "results.json": results_json(results.values(), synthetic=plan.synthetic),
    }
    for result in results.values():
        contents[f"tables/{result.key}.csv"] = results_csv(result, synthetic=plan.synthetic)
    contents[MANIFEST] = manifest(contents, provenance, synthetic=plan.synthetic)
    publish(folder, contents, tell)
    return folder / REPORT
