"""What a fitted mixed model holds: what was asked, the rows, the engine's answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from splw_eval.core.errors import FitError
from splw_eval.models.design import Design
from splw_eval.models.specification import Specification
from splw_eval.stats.mixed.model_fit import Inference, ModelFit, infer


@dataclass(frozen=True, kw_only=True, repr=False)
class FitRecord:
    """A fitted model, from which every table is made.

    Attributes
    ----------
    spec : Specification
        As it was asked for.
    design : Design
        Rows that it used.
    fit : ModelFit
        The engine's answer.
    """

    spec: Specification
    design: Design
    fit: ModelFit
    _inferences: dict[str, Inference] = field(default_factory=dict)

    def inference(self, boundary: str) -> Inference:
        """What tests need, worked out once for each rule of the boundary.

        Parameters
        ----------
        boundary : str
            ``keep`` or ``conditional``.

        Returns
        -------
        Inference
        """
        if boundary not in self._inferences:
            self._inferences[boundary] = infer(
                self.fit,
                information=self.spec.information,
                boundary=boundary,
                second_order=self.spec.second_order,
            )
        return self._inferences[boundary]

    def trouble(self, rule: str, boundary: str) -> str:
        """Why a rule of degrees of freedom gives none; empty where it does.

        Parameters
        ----------
        rule, boundary : str

        Returns
        -------
        str
            The engine's words: the information is singular, or Kenward and Roger's covariance
            is not positive.
        """
        if rule not in ("kenward-roger", "satterthwaite"):
            return ""
        try:
            inference = self.inference(boundary)
            if rule == "kenward-roger":
                _ = inference.adjusted_in_x
        except FitError as error:
            return error.message
        return ""
