"""Results and plan as a report: what is printed is what was estimated."""

from splw_eval.report.folder import check_folder
from splw_eval.report.write import write_report

__all__ = ["check_folder", "write_report"]
