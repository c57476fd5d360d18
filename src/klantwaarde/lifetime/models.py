"""The probability models for customers without a contract, by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from klantwaarde.lifetime.bgnbd import BGNBD, MBGNBD
from klantwaarde.lifetime.fitting import Fit, Fittable, Likelihood
from klantwaarde.lifetime.paretonbd import PARETONBD
from klantwaarde.lifetime.transactions import Rows
from klantwaarde.money import Floats


class PurchaseModel(Fittable, Protocol):
    """What every model can tell; times in the unit that it was fitted in.

    ``frequency``, ``recency`` and ``age`` are those of :mod:`klantwaarde.lifetime.transactions`, one per customer.
    """

    @property
    def title(self) -> str:
        """Its name in a sentence."""

    def fit(self, rows: Rows, start: ArrayLike | None = None) -> Fit:
        """Maximum likelihood estimates."""

    def likelihood(self, rows: Rows) -> Likelihood:
        """The log-likelihood with gradient and Hessian."""

    def p_alive(self, parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """Probability of being a customer still."""

    def population_purchases(self, parameters: ArrayLike, time: ArrayLike) -> Floats:
        """Expected repeat purchases of a new customer."""

    def expected_purchases(
        self, parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, horizon: ArrayLike
    ) -> Floats:
        """Expected purchases ahead, given the history."""

    def residual_transactions(
        self,
        parameters: ArrayLike,
        frequency: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        discount_rate: float,
        horizon: float = np.inf,
    ) -> Floats:
        """Discounted expected residual transactions at a continuous rate."""

    def count_probability(self, parameters: ArrayLike, count: ArrayLike, time: float) -> Floats:
        """Distribution of the repeat purchases of a new customer."""

    def simulate(
        self,
        parameters: ArrayLike,
        frequency: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        horizon: float,
        rng: np.random.Generator,
    ) -> Floats:
        """One possible number of purchases ahead per customer."""


MODELS: Mapping[str, PurchaseModel] = MappingProxyType({model.id: model for model in (BGNBD, MBGNBD, PARETONBD)})
