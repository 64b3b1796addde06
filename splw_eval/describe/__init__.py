"""Who was measured, what the scores were, how they changed, who got better or worse."""

from splw_eval.describe.change import describe_change
from splw_eval.describe.flow import describe_flow
from splw_eval.describe.responders import describe_responders
from splw_eval.describe.scores import describe_scores

__all__ = ["describe_change", "describe_flow", "describe_responders", "describe_scores"]
