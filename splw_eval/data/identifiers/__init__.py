"""Identifiers: what may not be in a study's files, found before anything else looks."""

from splw_eval.data.identifiers.refusal import refuse_identifiers

__all__ = ["refuse_identifiers"]
