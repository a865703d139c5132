"""Missing numbers filled from the rows of the fit that are nearest in what is known."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .distances import weigh
from .gaps import mark_missing, transform_indicator
from .graph import Graph, Rows
from .registry import require, transforms


@transforms("KNNImputer")
def transform_by_donors(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean of the nearest rows that have the value; of all rows where no distance is known."""
    require(estimator.metric == "nan_euclidean", estimator, f"with the metric {estimator.metric}")
    require(isinstance(estimator.missing_values, int | float), estimator, f"with missing_values={estimator.missing_values!r}")
    dense = graph.dense(rows)
    marks = mark_missing(graph, dense, float(estimator.missing_values))
    distances = measure_known(graph, estimator, dense, marks)
    parts = []
    for place, is_kept in enumerate(estimator._valid_mask):
        column = str(graph.columns(dense, [place]))
        if is_kept:
            found = draw_from_donors(graph, estimator, distances, place)
            parts.append(graph.where(str(graph.columns(marks, [place])), found, column))
        elif estimator.keep_empty_features:
            parts.append(graph("Mul", graph.to_double(str(graph.columns(marks, [place]))), np.array([[0.0]])))
    require(len(parts) > 0, estimator, "without columns")
    if estimator.indicator_ is not None:
        parts.append(str(transform_indicator(graph, estimator.indicator_, dense)))
    return graph.join(parts)


def measure_known(graph: Graph, estimator: Any, dense: str, marks: str) -> str:
    """Distances from what both rows have, scaled up to all columns; infinite where they have nothing in common."""
    known = np.asarray(~estimator._mask_fit_X, np.float64)
    stored = np.where(estimator._mask_fit_X, 0.0, estimator._fit_X)
    has_value = graph.to_double(graph("Not", marks))
    filled = graph.where(marks, np.array([[0.0]]), dense)
    total = ""
    for place, column in enumerate(stored.T):
        difference = graph("Sub", str(graph.columns(filled, [place])), column[None])
        shared = graph("Mul", str(graph.columns(has_value, [place])), known[None, :, place])
        part = graph("Mul", graph("Mul", difference, difference), shared)
        total = graph("Add", total, part) if total else part
    count = graph("MatMul", has_value, known.T)
    mean = graph("Div", total, graph("Max", count, np.array([[1.0]])))
    distances = graph("Sqrt", graph("Mul", mean, np.array([[float(stored.shape[1])]])))
    return graph.where(graph("Greater", count, np.array([[0.0]])), distances, np.array([[np.inf]]))


def draw_from_donors(graph: Graph, estimator: Any, distances: str, place: int) -> str:
    """What the nearest rows with a value have in a column, shape [rows, 1]."""
    donors = np.flatnonzero(~estimator._mask_fit_X[:, place])
    values: NDArray[np.float64] = np.asarray(estimator._fit_X[donors, place], np.float64)
    count = min(estimator.n_neighbors, len(donors))
    nearest = graph("TopK", str(graph.columns(distances, donors)), np.array([count]), axis=1, largest=0, sorted=1)
    graph.nodes[-1].output.append(f"{nearest}_places")
    is_far = graph("IsInf", nearest)
    near = graph.where(is_far, np.array([[1.0]]), nearest)
    weights = graph.where(is_far, np.array([[0.0]]), weigh(graph, estimator, near))
    total = graph.sum(weights)
    drawn = graph.sum(graph("Mul", weights, graph.pick(values, f"{nearest}_places")))
    has_donor = graph("Greater", total, np.array([[0.0]]))
    mean = graph("Div", drawn, graph.where(has_donor, total, np.array([[1.0]])))
    return graph.where(has_donor, mean, np.array([[values.mean()]]))
