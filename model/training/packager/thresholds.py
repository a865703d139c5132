"""How near rows are to the next step of estimators whose answers change in steps and that show no scores of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import pairwise_distances
from sklearn.metrics.pairwise import euclidean_distances

Gaps = NDArray[np.float64]


def next_neighbour(estimator: Any, rows: Any) -> Gaps:
    """Between the last neighbour that counts and the first that does not."""
    count = min(estimator.n_neighbors + 1, estimator.n_samples_fit_)
    distances, _ = estimator.kneighbors(rows, count)
    if count == estimator.n_neighbors:
        return np.full(len(distances), np.inf)
    return np.asarray(relate(distances[:, -1] - distances[:, -2], distances[:, -1]))


def radius(estimator: Any, rows: Any) -> Gaps:
    """Between the radius and the distance that is nearest to it."""
    distances = pairwise_distances(rows, estimator._fit_X, metric=estimator.effective_metric_)
    return np.asarray(relate(np.abs(distances - estimator.radius).min(axis=1), np.full(len(distances), estimator.radius)))


def nearest_centre(estimator: Any, rows: Any) -> Gaps:
    """Between the two nearest centres."""
    return two_nearest(euclidean_distances(rows, estimator.cluster_centers_))


def nearest_code(estimator: Any, rows: Any) -> Gaps:
    """Between the two nearest codes of classes."""
    return two_nearest(euclidean_distances(np.column_stack(confidences(estimator, rows)), estimator.code_book_))


def pairs(estimator: Any, rows: Any) -> Gaps:
    """Between a pair's score and the other class of the pair."""
    return np.asarray(np.abs(np.column_stack(confidences(estimator, rows))).min(axis=1))


def confidences(estimator: Any, rows: Any) -> list[NDArray[np.float64]]:
    """The score of each part of a classifier, 0 where it cannot decide."""
    return [
        part.decision_function(rows) if hasattr(part, "decision_function") else part.predict_proba(rows)[:, 1] - 0.5
        for part in estimator.estimators_
    ]


def bisections(estimator: Any, rows: Any) -> Gaps:
    """Between the two centres of each node that a row passes."""
    dense = np.asarray(rows, np.float64)

    def descend(node: Any, given: NDArray[np.float64]) -> Gaps:
        if node.left is None or len(given) == 0:
            return np.full(len(given), np.inf)
        distances = euclidean_distances(given, np.vstack([node.left.center, node.right.center]))
        gaps = two_nearest(distances)
        is_right = distances[:, 1] < distances[:, 0]
        for child, chosen in ((node.right, is_right), (node.left, ~is_right)):
            gaps[chosen] = np.minimum(gaps[chosen], descend(child, given[chosen]))
        return gaps

    return descend(estimator._bisecting_tree, dense - getattr(estimator, "_X_mean", 0.0))


def two_nearest(distances: NDArray[np.float64]) -> Gaps:
    """Between the two least distances of each row."""
    ordered = np.sort(distances, axis=1)[:, :2]
    if ordered.shape[1] < 2:
        return np.full(len(ordered), np.inf)
    return np.asarray(relate(ordered[:, 1] - ordered[:, 0], ordered[:, 1]))


def relate(gaps: NDArray[np.float64], scale: NDArray[np.float64]) -> Gaps:
    """Gaps relative to what they lie between, beyond 1."""
    return np.asarray(gaps / np.maximum(1.0, scale))


THRESHOLDS: dict[str, Callable[[Any, Any], Gaps]] = {
    "KNeighborsClassifier": next_neighbour,
    "KNeighborsRegressor": next_neighbour,
    "RadiusNeighborsClassifier": radius,
    "RadiusNeighborsRegressor": radius,
    "MeanShift": nearest_centre,
    "AffinityPropagation": nearest_centre,
    "BisectingKMeans": bisections,
    "OneVsOneClassifier": pairs,
    "OutputCodeClassifier": nearest_code,
}
