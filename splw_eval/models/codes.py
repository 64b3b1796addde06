"""Codes of findings about a data frame that a model is to be fitted to."""

from __future__ import annotations

MODEL_CODES = {
    "SM01": "The data frame has no such column",
    "SM02": "A column holds what a model cannot use",
    "SM03": "Somebody or some wave or practice is not named",
    "SM04": "Somebody has several rows at one wave",
    "SM05": "Somebody stands in two practices, or in two arms",
    "SM06": "There are too few practices",
    "SM07": "Practices cannot be told from people",
    "SM08": "Two waves were never seen together",
    "SM09": "The fixed part says the same thing twice",
    "SM10": "The outcome does not vary",
    "SM11": "Nothing is left to be fitted",
    "SM12": "The options of the model do not agree",
}
