"""Names of the fixed part that could be taken for one another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from splw_eval.core.findings import Finding
from splw_eval.models.checks import finding
from splw_eval.models.fixed_part import INTERCEPT, FixedPart, factor_name, term_name
from splw_eval.models.formula import Factor
from splw_eval.models.variables import Variable, level_label

_PLAIN = re.compile(r"[^\W\d][\w.]*")


def check_names(part: FixedPart) -> Iterator[Finding]:
    """Find columns whose names make two coefficients, or two terms, of one name.

    Parameters
    ----------
    part : FixedPart

    Yields
    ------
    Finding
    """
    for factor, variable in part.variables.items():
        if factor_name(factor) == INTERCEPT:
            yield _alike(factor)
        elif _labels_alike(variable):
            yield finding(
                "SM02",
                "two of its levels are written alike (a number, and the same as text)",
                "Write each level in one way.",
                column=factor.name,
            )
    some = _shared(part)
    odd = [factor for factor in some if not _PLAIN.fullmatch(factor.name)]
    for factor in odd or some[-1:]:
        yield _alike(factor)


def _alike(factor: Factor) -> Finding:
    return finding(
        "SM12",
        "its name is that of another term of the model, or of one of its coefficients",
        "Rename the column.",
        column=factor.name,
    )


def _labels_alike(variable: Variable) -> bool:
    labels = [level_label(level) for level in variable.levels or ()]
    return len(set(labels)) < len(labels)


def _shared(part: FixedPart) -> list[Factor]:
    """Factors of terms that share a name, or whose coefficients do, with another term."""
    terms = dict.fromkeys(piece.term for piece in part.pieces)
    of_terms = Counter(term_name(term) for term in terms)
    of_columns: dict[str, set[str]] = {}
    for name, term in zip(part.names, part.terms, strict=True):
        of_columns.setdefault(name, set()).add(term)
    doubled = {name for names in of_columns.values() if len(names) > 1 for name in names}
    return list(
        dict.fromkeys(
            factor
            for term in terms
            if of_terms[term_name(term)] > 1 or term_name(term) in doubled
            for factor in term
            if factor_name(factor) != INTERCEPT
        )
    )
