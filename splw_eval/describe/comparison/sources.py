"""Papers behind the models of the report."""

from __future__ import annotations

MODEL_SOURCES = (
    "Mixed models with Kenward-Roger standard errors and degrees of freedom: Kenward & Roger "
    "1997, Biometrics 53:983; Halekoh & Hojsgaard 2014, J Stat Softw 59(9); agrees with R lme4 "
    "and pbkrtest.",
    "One mean of all groups at the start (constrained longitudinal data analysis): Liang & Zeger "
    "2000, Sankhya B 62:134; Lu 2010, Biometrics 66:891.",
    "Practice and practice-by-wave effects in trials of practices: Hooper and others 2016, Stat "
    "Med 35:4718.",
)
