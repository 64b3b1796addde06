"""What is wrong with a frame in which scores are missing: every fault a finding, told together."""

from __future__ import annotations

from splw_eval.core.asking import Teller
from splw_eval.core.errors import FindingsError, FitError
from splw_eval.missing.codes import MISSING_CODES


class MissingError(FindingsError, FitError):
    """Missing scores cannot be dealt with in the data as they stand."""


TELLER = Teller(
    codes=MISSING_CODES,
    error=MissingError,
    heading="Missing scores cannot be dealt with in these data.",
    option="SN01",
)
finding, where, refuse = TELLER.finding, TELLER.where, TELLER.refuse
check_level, check_word, check_whole = TELLER.check_level, TELLER.check_word, TELLER.check_whole
