"""Everything read of a study so far, as the checks see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from splw_eval.core.plan import Plan
from splw_eval.data.ledger import Ledger
from splw_eval.data.people import People
from splw_eval.data.sheet import Sheet
from splw_eval.data.tables import Table
from splw_eval.data.windows import Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a check may look at, and the ledger it writes into.

    Attributes
    ----------
    plan : Plan
    sheets : sequence of Sheet
        Every file, cells as they stand.
    tables : mapping of str to Table
        The codebook's columns of each table that there is, by declared type.
    people : People
    placed : Placed
        Every questionnaire with its wave.
    ledger : Ledger
    """

    plan: Plan
    sheets: Sequence[Sheet]
    tables: Mapping[str, Table]
    people: People
    placed: Placed
    ledger: Ledger
