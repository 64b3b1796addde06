"""What is wrong with a frame in which groups are compared: every fault a finding, told together."""

from __future__ import annotations

from splw_eval.confounding.codes import CONFOUNDING_CODES
from splw_eval.core.asking import Teller
from splw_eval.core.errors import FindingsError, FitError


class ComparisonError(FindingsError, FitError):
    """Groups cannot be compared in the data as they stand."""


TELLER = Teller(
    codes=CONFOUNDING_CODES,
    error=ComparisonError,
    heading="The groups cannot be compared with these data.",
    option="SF01",
)
finding, where, refuse = TELLER.finding, TELLER.where, TELLER.refuse
check_level, check_word, check_whole = TELLER.check_level, TELLER.check_word, TELLER.check_whole
