"""Arrays in, small frozen fits out: no person, wave or instrument is known here."""

from splw_eval.stats.few_clusters.cluster_fit import ClusterFit, fit_clusters
from splw_eval.stats.mean import FEWEST_CLUSTERS, MeanFit, fit_mean

__all__ = ["FEWEST_CLUSTERS", "ClusterFit", "MeanFit", "fit_clusters", "fit_mean"]
