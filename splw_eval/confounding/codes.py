"""Codes of findings about groups that are compared."""

from __future__ import annotations

from splw_eval.models.person_faults import person_codes

CONFOUNDING_CODES = {
    "SF01": "An option cannot be used",
    **person_codes("SF"),
    "SF10": "The model says the same thing twice, or too little carries it",
    "SF11": "The allocations that could have been cannot be used",
    "SF12": "Permuting practices can tell nothing",
    "SF13": "A practice has people of several strata",
    "SF21": "A covariate tells the groups apart, so that nobody can be compared",
    "SF22": "No weights can make the groups alike",
    "SF23": "The estimate cannot be made without one of the practices",
    "SF24": "The covariates depend on each other",
    "SF30": "A covariate was measured after the start",
    "SF31": "An effect among compliers was asked for without random allocation",
    "SF32": "What was received is not told as yes or no",
    "SF33": "The allocation changed nothing in what was received",
    "SF34": "A dose cannot be used",
    "SF35": "A level of a column has too few people of one group",
}
