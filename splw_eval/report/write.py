"""The one use case: a folder with the report, its tables and its manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from splw_eval.core.errors import OutputError
from splw_eval.core.plan import Plan
from splw_eval.core.result import Provenance, Result
from splw_eval.report.evidence import gather
from splw_eval.report.folder import check_folder
from splw_eval.report.manifest import MANIFEST, manifest
from splw_eval.report.publish import publish
from splw_eval.report.tables import results_csv, results_json

if TYPE_CHECKING:
    from splw_eval.report.blocks import Report

# What the report is called in each form, in the order in which they are made.
FORMATS = {
    "html": "report.html",
    "pdf": "report.pdf",
    "docx": "report.docx",
    "xlsx": "report.xlsx",
}
READERS = ("commissioner", "evaluator", "public")
_RENDERED_BY = {
    "html": ("splw_eval.report.html", "render_html"),
    "pdf": ("splw_eval.report.pdf", "render_pdf"),
    "docx": ("splw_eval.report.word", "render_docx"),
    "xlsx": ("splw_eval.report.workbook", "render_xlsx"),
}
_CALLED = {"html": "page", "pdf": "PDF", "docx": "Word document", "xlsx": "workbook"}


def write_report(
    out: str | Path,
    *,
    plan: Plan,
    results: Mapping[str, Result[Any]],
    provenance: Provenance,
    formats: str | Sequence[str] = ("html",),
    reader: str = "evaluator",
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
    formats : str or sequence of str
        Forms of the report: any of `FORMATS`, or one of them by itself. The tables stand
        beside them as CSV and JSON.
    reader : str
        Whom it is for, one of `READERS`: ``commissioner`` gets four sheets at most, ``evaluator``
        everything, ``public`` one or two sheets in plain words.
    progress : callable, optional
        Told before each step, in words.

    Returns
    -------
    Path
        Path of the report in the first of its forms, in the order of `FORMATS`.

    Raises
    ------
    OutputError
        A result is not masked, there is no such form or reader, or the folder cannot be
        written or holds other files. What stood there before still stands.
    """
    from splw_eval.report.contents import describe_report

    forms = _forms(formats, reader)
    folder, tell = Path(out), progress or (lambda _: None)
    check_folder(folder)
    evidence = gather(plan, results, provenance)
    tell("describing and drawing the report")
    report = describe_report(evidence, reader)
    contents = dict(_rendered(report, forms, tell))
    contents["results.json"] = results_json(results.values(), synthetic=plan.synthetic)
    for result in results.values():
        contents[f"tables/{result.key}.csv"] = results_csv(result, synthetic=plan.synthetic)
    contents[MANIFEST] = manifest(contents, provenance, synthetic=plan.synthetic)
    publish(folder, contents, tell)
    return folder / FORMATS[forms[0]]


def _forms(given: str | Sequence[str], reader: str) -> tuple[str, ...]:
    """Return the forms asked for, each once, in the order of `FORMATS`."""
    formats = (given,) if isinstance(given, str) else tuple(given)
    unknown = [form for form in formats if form not in FORMATS]
    if unknown or not formats:
        raise OutputError(
            f"A report cannot be made as {', '.join(unknown) or 'nothing'}.",
            where="Argument: formats.",
            remedy=f"Choose from: {', '.join(FORMATS)}.",
        )
    if reader not in READERS:
        raise OutputError(
            f"There is no report for the reader {reader}.",
            where="Argument: reader.",
            remedy=f"Choose one of: {', '.join(READERS)}.",
        )
    return tuple(form for form in FORMATS if form in formats)


def _rendered(
    report: Report, forms: Sequence[str], tell: Callable[[str], None]
) -> Iterator[tuple[str, bytes]]:
    """Yield each form of the report: its file and its bytes."""
    for form in forms:
        tell(f"making the {_CALLED[form]}")
        module, name = _RENDERED_BY[form]
        made = getattr(import_module(module), name)(report)
        yield FORMATS[form], made if isinstance(made, bytes) else made.encode("utf-8")
