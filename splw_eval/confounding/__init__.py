"""Groups made fit to be compared, and compared with few practices."""

from splw_eval.confounding.benefit.subgroup_rows import Subgroups
from splw_eval.confounding.benefit.subgroups import subgroups
from splw_eval.confounding.differences.adjusted import adjusted_difference
from splw_eval.confounding.differences.adjusted_record import AdjustedDifference
from splw_eval.confounding.differences.difference_in_differences import difference_in_differences
from splw_eval.confounding.differences.difference_rows import DifferenceInDifferences
from splw_eval.confounding.differences.e_value import e_value
from splw_eval.confounding.likeness.balance import balance
from splw_eval.confounding.likeness.balance_record import Balance
from splw_eval.confounding.likeness.weights import weights
from splw_eval.confounding.likeness.weights_record import Weights
from splw_eval.confounding.practices.clustered import fit_clustered
from splw_eval.confounding.practices.clustered_record import FittedClustered
from splw_eval.confounding.practices.permutation import permutation_test
from splw_eval.confounding.practices.permutation_record import PermutationTest
from splw_eval.confounding.practices.wild import wild_bootstrap
from splw_eval.confounding.practices.wild_record import WildBootstrapTest
from splw_eval.confounding.received.complier import complier_effect
from splw_eval.confounding.received.complier_rows import ComplierEffect
from splw_eval.confounding.received.dose import dose_response
from splw_eval.confounding.received.dose_rows import DoseResponse

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
