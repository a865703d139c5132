"""How far apart the two best scores of an estimator are: where they are equal, rounding decides the label."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import is_clusterer, is_regressor

from .columns import Columns
from .thresholds import THRESHOLDS

# Distances for rows, shape [rows], relative to the largest score of a row beyond 1.
Margins = Callable[[pd.DataFrame], NDArray[np.float64]]


def create_margins(estimator: Any, columns: Columns) -> Margins | None:
    """None for an estimator without scores, such as a vote: its answer changes in steps, and none of them is a tie."""
    find = find_margins(estimator)
    return None if find is None else lambda rows: find(columns.for_estimator(rows))


def find_margins(estimator: Any) -> Callable[[Any], NDArray[np.float64]] | None:
    """Distances for rows as the estimator reads them."""
    last = last_of(estimator)
    if type(last).__name__ == "MultiOutputClassifier":
        return find_least([find_margins(each) for each in last.estimators_], estimator)
    find_gaps = THRESHOLDS.get(type(last).__name__)
    if find_gaps is not None:
        return lambda rows: find_gaps(last, run_steps(estimator, rows))
    scores = None if is_regressor(estimator) else find_scores(estimator)
    if scores is None:
        return None

    def margins(rows: Any) -> NDArray[np.float64]:
        given = np.asarray(scores(rows), np.float64)
        found = given.reshape(len(given), -1)
        scale = np.maximum(1.0, np.abs(found).max(axis=1))
        return np.asarray(to_gaps(found, are_signs=are_signs(estimator, given)) / scale)

    return margins


def find_least(parts: Sequence[Any], estimator: Any) -> Callable[[Any], NDArray[np.float64]] | None:
    """The least distance of several labels; None where one of them has none."""
    if any(part is None for part in parts):
        return None
    return lambda rows: np.min([part(run_steps(estimator, rows)) for part in parts], axis=0)  # type: ignore[no-any-return]


def to_gaps(scores: NDArray[np.float64], *, are_signs: bool) -> NDArray[np.float64]:
    """The distance of the nearest sign change, or of the two best scores."""
    if are_signs:
        return np.asarray(np.abs(scores).min(axis=1))
    ordered = np.sort(scores, axis=1)
    return np.asarray(ordered[:, -1] - ordered[:, -2])


def are_signs(estimator: Any, scores: NDArray[np.float64]) -> bool:
    """Whether the sign of a score decides: of the only one, or of each pair of classes."""
    return scores.ndim == 1 or scores.shape[1] == 1 or hasattr(last_of(estimator), "decision_function_shape")


def find_scores(estimator: Any) -> Callable[[Any], Any] | None:
    """What the label follows from."""
    last = last_of(estimator)
    if hasattr(last, "decision_function_shape"):
        # As it scores pairs: the sums of votes that it shows otherwise change in steps.
        paired = copy.deepcopy(estimator)
        last_of(paired).decision_function_shape = "ovo"
        return paired.decision_function  # type: ignore[no-any-return]
    if hasattr(estimator, "decision_function"):
        return estimator.decision_function  # type: ignore[no-any-return]
    if hasattr(estimator, "predict_proba"):
        return estimator.predict_proba  # type: ignore[no-any-return]
    if is_clusterer(last) and hasattr(estimator, "transform"):
        # The least distance is the best.
        return lambda rows: -estimator.transform(rows)
    return None


def run_steps(estimator: Any, rows: Any) -> Any:
    """What the last step of a pipeline reads."""
    while hasattr(estimator, "steps") or hasattr(estimator, "best_estimator_"):
        if hasattr(estimator, "steps"):
            rows = estimator[:-1].transform(rows) if len(estimator.steps) > 1 else rows
        estimator = estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator.best_estimator_
    return rows


def last_of(estimator: Any) -> Any:
    """The last step of a pipeline, or the estimator itself; what a search found in place of the search."""
    while hasattr(estimator, "steps") or hasattr(estimator, "best_estimator_"):
        estimator = estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator.best_estimator_
    return estimator
