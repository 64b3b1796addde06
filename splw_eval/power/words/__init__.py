"""Answers in words: conventions, assumptions, notes, and the record for machines."""

from splw_eval.power.words.assumptions import assumptions_of
from splw_eval.power.words.conventions import conventions_of
from splw_eval.power.words.notes import notes_of
from splw_eval.power.words.record import as_dict
from splw_eval.power.words.told import told

__all__ = ["as_dict", "assumptions_of", "conventions_of", "notes_of", "told"]
