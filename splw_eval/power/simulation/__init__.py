"""Power by simulation: trials drawn as the design describes them, analysed, and counted."""

from splw_eval.power.simulation.record import SimulatedPower
from splw_eval.power.simulation.running import simulate

__all__ = ["SimulatedPower", "simulate"]
