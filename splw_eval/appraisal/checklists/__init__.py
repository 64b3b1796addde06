"""Checklists: gaps of earlier studies and reporting standards, checked item by item."""

from splw_eval.appraisal.checklists.engine import appraise
from splw_eval.appraisal.checklists.profile import Check, Item, Profile, profiles, read_profile

__all__ = ["Check", "Item", "Profile", "appraise", "profiles", "read_profile"]
