"""Reproducible draws: one independent stream per subject, so that a change in one leaves the others as they were."""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SUBJECTS = (
    "customers",
    "behaviour",
    "products",
    "orders",
    "credit_notes",
    "payments",
    "handlings",
    "costs",
    "commerce",
    "business_cases",
    "acquisition",
)


def draws_for(subject: str, seed: int) -> np.random.Generator:
    """The stream of one subject."""
    return np.random.Generator(np.random.PCG64([seed, _SUBJECTS.index(subject)]))


def normal_scores(count: int, rng: np.random.Generator) -> Floats:
    """``count`` standard normal values at even quantiles, in random order.

    A plain draw of 238 lognormal revenues gives another concentration with every seed; these give the measured one.
    """
    normal = NormalDist()
    return rng.permutation(np.array([normal.inv_cdf((rank + 0.5) / count) for rank in range(count)]))


def spread_around(mean: float, log_sd: float, count: int, rng: np.random.Generator) -> Floats:
    """Lognormal values with the given mean."""
    return np.asarray(mean * np.exp(log_sd * rng.standard_normal(count) - log_sd**2 / 2))


def whole(values: Floats) -> Ints:
    """Rounded to whole numbers (counts, not amounts)."""
    return np.rint(values).astype(np.int64)
