"""The report as a Word document with styles that can be edited."""

from splw_eval.report.word.rendering import render_docx

__all__ = ["render_docx"]
