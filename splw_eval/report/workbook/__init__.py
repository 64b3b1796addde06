"""The report's tables as a workbook, one sheet for each."""

from splw_eval.report.workbook.rendering import render_xlsx

__all__ = ["render_xlsx"]
