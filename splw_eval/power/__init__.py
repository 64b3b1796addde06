"""Planning: power, sample size and detectable differences of trials of few clusters."""

from splw_eval.power.answer import Answer, solve
from splw_eval.power.audit import DesignAudit, audit
from splw_eval.power.checks import DesignError, InfeasibleError
from splw_eval.power.curve import Curve, curve
from splw_eval.power.design import Design
from splw_eval.power.planning_numbers import PlanningNumbers, numbers_for
from splw_eval.power.protocol import Protocol, protocol
from splw_eval.power.reading import design
from splw_eval.power.recorded import from_record
from splw_eval.power.rounding import people_without_clusters
from splw_eval.power.sensitivity import Sensitivity, sensitivity
from splw_eval.power.simulation import SimulatedPower, simulate
from splw_eval.power.uncertainty import ExpectedPower, assurance, expected_power
from splw_eval.stats.power.design_effect import design_effect

__all__ = [
    "Answer",
    "Curve",
    "Design",
    "DesignAudit",
    "DesignError",
    "ExpectedPower",
    "InfeasibleError",
    "PlanningNumbers",
    "Protocol",
    "Sensitivity",
    "SimulatedPower",
    "assurance",
    "audit",
    "curve",
    "design",
    "design_effect",
    "expected_power",
    "from_record",
    "numbers_for",
    "people_without_clusters",
    "protocol",
    "sensitivity",
    "simulate",
    "solve",
]
