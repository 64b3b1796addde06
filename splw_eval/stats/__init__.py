"""Arrays in, small frozen fits out: no person, wave or instrument is known here."""

from splw_eval.stats.cluster_robust import ClusterRobustFit, fit_cluster_robust
from splw_eval.stats.mean import FEWEST_CLUSTERS, MeanFit, fit_mean

__all__ = ["FEWEST_CLUSTERS", "ClusterRobustFit", "MeanFit", "fit_cluster_robust", "fit_mean"]
