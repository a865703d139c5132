"""Conformal scores: how wrong a model is on rows that it was not fitted to, from which label sets and intervals follow.

With `n` scores of such rows, the score of a new row like them is at most the `ceil((n + 1) * coverage)`-th smallest
with a probability of at least `coverage`, whatever the model and the data are (Vovk, Gammerman, Shafer: Algorithmic
Learning in a Random World, 2005).
"""

from decimal import ROUND_CEILING, Context
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["split-conformal", "cross-conformal"]

# Of more, the card keeps evenly spread ranks: sets are then wider than asked by at most one row in so many.
MOST_SCORES = 1_000
# Scores are rounded up, so that a set never gets smaller by it.
ROUND_UP = Context(prec=6, rounding=ROUND_CEILING)
# What the served probability of a row may differ by, from thread to thread.
PROBABILITY_ERROR = 1e-6


def describe_uncertainty(method: Method, scores: NDArray[np.float64]) -> dict[str, object]:
    """The card's scores, ascending: the i-th of those kept has the rank ceil(i * rows / kept) among all."""
    rows = len(scores)
    kept = min(rows, MOST_SCORES)
    ranks = -(-np.arange(1, kept + 1) * rows // kept)
    return {"method": method, "rows": rows, "scores": [round_up(score) for score in np.sort(scores)[ranks - 1]]}


def score_labels(probabilities: NDArray[np.float64], is_true: NDArray[np.bool_]) -> NDArray[np.float64]:
    """1 minus the probability of each row's true label; `is_true` has the shape of `probabilities`, [rows, labels]."""
    return 1 - (probabilities * is_true).sum(axis=1) + PROBABILITY_ERROR


def score_values(values: NDArray[np.float64], actual: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distance of each value from the true one."""
    return np.abs(values - actual)


def round_up(score: float) -> int | float:
    """Six digits, in any unit, after the noise of sums."""
    rounded = float(ROUND_UP.create_decimal(f"{score:.12g}"))
    return int(rounded) if rounded.is_integer() else rounded
