"""Codes of findings about missing scores."""

from __future__ import annotations

from splw_eval.models.person_faults import person_codes

MISSING_CODES = {
    "SN01": "An option cannot be used",
    **person_codes("SN"),
    "SN10": "A covariate is missing for somebody",
    "SN11": "An arm has too few scores at a wave for the covariates",
    "SN12": "A wave named as the baseline is not the first",
    "SN13": "A score before the first wave cannot be used",
    "SN14": "The reference arm is not known",
    "SN15": "An arm is named that is not there",
    "SN16": "A strategy cannot be followed",
    "SN20": "An end of the programme is no wave and no time",
    "SN21": "The points to add cannot be used",
    "SN30": "A person has several scores at one wave",
    "SN31": "A person stands in two arms or practices",
    "SN32": "A covariate changes within people",
    "SN33": "There is only one wave",
    "SN34": "Nobody was lost at the wave, or everybody was",
    "SN35": "No chance of being measured can be fitted",
    "SN36": "The order of the waves cannot be known",
    "SN40": "Estimates or variances cannot be pooled",
    "SN41": "Completed data sets cannot be analysed alike",
    "SN42": "A column cannot be completed by chained equations",
}
