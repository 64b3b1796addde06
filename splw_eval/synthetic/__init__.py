"""Programmes that do not exist, drawn from a seed: to learn with, to test, to plan."""

from splw_eval.synthetic.programme import Programme, Truth, programme
from splw_eval.synthetic.settings import Settings, usual_dropout

__all__ = ["Programme", "Settings", "Truth", "programme", "usual_dropout"]
