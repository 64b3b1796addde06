"""Files in, one checked Study out, with every finding at once."""

from splw_eval.data.codes import CODES
from splw_eval.data.loading import load_study
from splw_eval.data.study import Study

__all__ = ["CODES", "Study", "load_study"]
