"""Purchase histories drawn from known parameters, straight from the stories that the models tell."""

import numpy as np

WEEKS = 78.0


def buy_till_dropout(parameters, customers, rng, *, at_first=0, weeks=WEEKS):
    """BG/NBD (``at_first`` 0) or MBG/NBD (1): frequency, recency and age per customer, in weeks."""
    r, alpha, a, b = parameters
    rate, dropout = rng.gamma(r, 1 / alpha, customers), rng.beta(a, b, customers)
    age = weeks - rng.integers(0, 12 * 7, customers) / 7
    alive = rng.random(customers) > dropout * at_first
    frequency, recency, now = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    while alive.any():
        now[alive] += rng.standard_exponential(int(alive.sum())) / rate[alive]
        bought = alive & (now < age)
        frequency[bought] += 1
        recency[bought] = now[bought]
        alive = bought & (rng.random(customers) > dropout)
    return frequency, recency, age


def buy_while_living(parameters, customers, rng, *, weeks=WEEKS):
    """Pareto/NBD: frequency, recency and age per customer, in weeks."""
    r, alpha, s, beta = parameters
    rate, leaving = rng.gamma(r, 1 / alpha, customers), rng.gamma(s, 1 / beta, customers)
    age = weeks - rng.integers(0, 12 * 7, customers) / 7
    lived = np.minimum(rng.standard_exponential(customers) / leaving, age)
    frequency = rng.poisson(rate * lived).astype(float)
    last = lived * rng.random(customers) ** (1 / np.maximum(frequency, 1))
    return frequency, np.where(frequency > 0, last, 0.0), age


def buy_at_opportunities(parameters, customers, opportunities, rng):
    """BG/BB: opportunities with a purchase, the last of them, and how many there were."""
    alpha, beta, gamma, delta = parameters
    chance, leaving = rng.beta(alpha, beta, customers), rng.beta(gamma, delta, customers)
    moment = np.arange(1, opportunities + 1)
    bought = (rng.random((customers, opportunities)) < chance[:, None]) & (moment < rng.geometric(leaving)[:, None])
    return (
        bought.sum(axis=1).astype(float),
        (bought * moment).max(axis=1).astype(float),
        np.full(customers, float(opportunities)),
    )


def spend(parameters, frequency, rng):
    """Gamma-Gamma: the mean value of the repeat purchases; NaN without one."""
    p, q, gamma = parameters
    level = rng.gamma(q, 1 / gamma, len(frequency))
    shape = p * np.maximum(frequency, 1)
    mean = rng.gamma(shape) / (level * np.maximum(frequency, 1))
    return np.where(frequency > 0, mean, np.nan)
