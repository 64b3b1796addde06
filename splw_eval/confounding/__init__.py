"""Groups made fit to be compared, and compared with few practices."""

from splw_eval.confounding.adjusted import adjusted_difference
from splw_eval.confounding.adjusted_record import AdjustedDifference
from splw_eval.confounding.balance import balance
from splw_eval.confounding.balance_record import Balance
from splw_eval.confounding.clustered import fit_clustered
from splw_eval.confounding.clustered_record import FittedClustered
from splw_eval.confounding.complier import ComplierEffect, complier_effect
from splw_eval.confounding.difference_in_differences import (
    DifferenceInDifferences,
    difference_in_differences,
)
from splw_eval.confounding.dose import DoseResponse, dose_response
from splw_eval.confounding.e_value import e_value
from splw_eval.confounding.subgroups import Subgroups, subgroups
from splw_eval.confounding.tests_by_practice.permutation import permutation_test
from splw_eval.confounding.tests_by_practice.permutation_record import PermutationTest
from splw_eval.confounding.tests_by_practice.wild import wild_bootstrap
from splw_eval.confounding.tests_by_practice.wild_record import WildBootstrapTest
from splw_eval.confounding.weights import weights
from splw_eval.confounding.weights_record import Weights

__all__ = [
    "AdjustedDifference",
    "Balance",
    "ComplierEffect",
    "DifferenceInDifferences",
    "DoseResponse",
    "FittedClustered",
    "PermutationTest",
    "Subgroups",
    "Weights",
    "WildBootstrapTest",
    "adjusted_difference",
    "balance",
    "complier_effect",
    "difference_in_differences",
    "dose_response",
    "e_value",
    "fit_clustered",
    "permutation_test",
    "subgroups",
    "weights",
    "wild_bootstrap",
]
