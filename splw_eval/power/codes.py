"""Codes of findings about designs."""

from __future__ import annotations

POWER_CODES = {
    "SZ01": "An option is not known, or not of this design",
    "SZ02": "An option is missing",
    "SZ03": "A value is out of its range, or none of its words",
    "SZ04": "A share looks like a per cent",
    "SZ05": "Options contradict each other",
    "SZ06": "The intra-cluster correlation is outside what this design can have",
    "SZ07": "Retention rises",
    "SZ08": "There are too few clusters",
    "SZ09": "Correlations are those of no people: the matrix is not positive definite",
    "SZ10": "What is sought cannot be sought of this design",
    "SZ11": "The power asked for is no more than the level of the test",
    "SZ12": "Power of a study that is over was asked for",
    "SZ13": "A file of sizes or of a design cannot be read",
    "SZ14": "Two sources for the same input",
}
