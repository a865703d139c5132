"""What the holdout tells of the weights' errors, from which the endpoint makes label sets and intervals."""

from typing import Any

import numpy as np
import pandas as pd

from conformal import describe_uncertainty, score_labels, score_values

from .about import Packaged
from .answers import Answer
from .holdout import keep_served


def measure_uncertainty(packaged: Packaged, rows: pd.DataFrame, answer_served: Answer) -> dict[str, object] | None:
    """Scores of the rows that the endpoint accepts; None without probabilities, or with several values."""
    assert packaged.holdout is not None
    kept = keep_served(packaged.columns, rows)
    actual = np.asarray(packaged.holdout[1])[kept]
    numbers = answer_served(rows.iloc[kept]).numbers if len(kept) > 0 else np.empty((0, 0))
    if packaged.task == "classification":
        scores = score_known(packaged, numbers, actual)
    elif packaged.task == "regression" and numbers.shape[1] == 1:
        scores = score_values(numbers[:, 0], actual.astype(np.float64).reshape(-1))
    else:
        return None
    # A row without a number has no score, and leaving it out would promise too much.
    return describe_uncertainty("split-conformal", scores) if len(scores) > 0 and np.isfinite(scores).all() else None


def score_known(packaged: Packaged, numbers: Any, actual: Any) -> Any:
    """The scores of a classifier; a label that it does not know is as improbable as can be."""
    if numbers.shape[1] != len(packaged.classes):
        return np.empty(0)
    return score_labels(numbers, actual.reshape(-1, 1) == packaged.classes[None, :])
