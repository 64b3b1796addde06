"""The report as a PDF that can be read aloud, and its drawings as pictures."""

from splw_eval.report.pdf.rendering import render_pdf

__all__ = ["render_pdf"]
