"""Distances to stored rows, and what neighbours, centres and kernels make of them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .graph import Graph, Rows
from .linear import normalize, to_probabilities
from .registry import Decision, decides, predicts, refuse, require, transforms

# With more columns the differences are not written one by one.
MOST_UNROLLED = 128
LABEL_OUTLIERS = "fit with outlier_label='most_frequent'"


def square_distances(graph: Graph, rows: str, centres: NDArray[Any]) -> str:
    """Squared Euclidean distances, shape [rows, centres]: squared differences, which do not cancel as products do."""
    return add_differences(graph, rows, centres, lambda difference: graph("Mul", difference, difference))


def add_differences(graph: Graph, rows: str, centres: NDArray[Any], measure: Any) -> str:
    """The sum of a measure of the differences of each column."""
    stored = np.asarray(centres, np.float64)
    if stored.shape[1] > MOST_UNROLLED:
        difference = graph("Sub", graph("Unsqueeze", rows, np.array([1])), stored[None])
        return graph("ReduceSum", measure(difference), np.array([2]), keepdims=0)
    total = ""
    for place, column in enumerate(stored.T):
        part = measure(graph("Sub", str(graph.columns(rows, [place])), column[None]))
        total = graph("Add", total, part) if total else part
    return total


def nearest(graph: Graph, rows: Rows, centres: NDArray[Any]) -> str:
    """The index of the nearest centre, the first of equal ones."""
    return graph("ArgMin", square_distances(graph, graph.dense(rows), centres), axis=1, keepdims=0)


@decides("KMeans", "MiniBatchKMeans", "MeanShift", "AffinityPropagation")
def decide_cluster(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The nearest centre's cluster."""
    return Decision(nearest(graph, rows, estimator.cluster_centers_))


@decides("Birch")
def decide_birch(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The cluster of the nearest subcluster."""
    return Decision(
        graph.pick(estimator.subcluster_labels_.astype(np.int64), nearest(graph, rows, estimator.subcluster_centers_))
    )


@transforms("KMeans", "MiniBatchKMeans", "Birch")
def transform_cluster(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Distances to the centres."""
    centres = estimator.subcluster_centers_ if hasattr(estimator, "subcluster_centers_") else estimator.cluster_centers_
    return graph("Sqrt", square_distances(graph, graph.dense(rows), centres))


@decides("NearestCentroid")
def decide_centroid(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The nearest centroid, or scores with priors."""
    require(estimator.metric == "euclidean", estimator, f"with the metric {estimator.metric}")
    priors, classes = estimator.class_prior_, len(estimator.classes_)
    spread = np.where(estimator.within_class_std_dev_ == 0, 1.0, estimator.within_class_std_dev_)
    scaled = graph("Div", graph.dense(rows), spread)
    distances = square_distances(graph, scaled, estimator.centroids_ / spread)
    scores = graph("Sub", 2.0 * np.log(priors)[None], distances)
    if classes == 2:
        first, second = (str(graph.columns(scores, [place])) for place in (0, 1))
        scores = graph("Sub", second, first)
    shares = to_probabilities(graph, scores, classes)
    if np.isclose(priors, 1 / classes).all():
        return Decision(nearest(graph, rows, estimator.centroids_), shares, scores)
    label = graph.to_places(graph("Greater", scores, np.array([[0.0]]))) if classes == 2 else graph.first_largest(scores)
    return Decision(label, shares, scores)


def find_neighbours(graph: Graph, estimator: Any, rows: Rows) -> tuple[str, str]:
    """Distances of the nearest stored rows and their indices, shape [rows, neighbours]."""
    power = find_power(estimator)
    dense = graph.dense(rows)
    # Squares are compared, as in scikit-learn: roots of different ones may be equal.
    measured = measure_by(graph, dense, estimator._fit_X, power)
    found = graph("TopK", measured, np.array([estimator.n_neighbors]), axis=1, largest=0, sorted=1)
    graph.nodes[-1].output.append(f"{found}_places")
    return found if power == 1 else graph("Sqrt", found), f"{found}_places"


def find_power(estimator: Any) -> int:
    """1 for absolute differences, 2 for squares."""
    power = {"manhattan": 1, "euclidean": 2}.get(estimator.effective_metric_, 0)
    require(power > 0, estimator, f"with the metric {estimator.effective_metric_}")
    require(not hasattr(estimator._fit_X, "toarray"), estimator, "fitted with sparse rows")
    return power


def measure_by(graph: Graph, rows: str, stored: NDArray[Any], power: int) -> str:
    """Sums of absolute differences, or of squared ones, shape [rows, stored]."""
    if power == 1:
        return add_differences(graph, rows, stored, lambda difference: graph("Abs", difference))
    return square_distances(graph, rows, stored)


def weigh(graph: Graph, estimator: Any, distances: str) -> str:
    """The neighbours' weights: equal, or one over the distance, where a distance of 0 outweighs all others."""
    require(estimator.weights in ("uniform", "distance"), estimator, "with weights of a function")
    if estimator.weights == "uniform":
        return graph("Add", graph("Mul", distances, np.array([[0.0]])), np.array([[1.0]]))
    is_equal = graph.to_double(graph("Equal", distances, np.array([[0.0]])))
    has_equal = graph("Greater", graph.sum(is_equal), np.array([[0.0]]))
    return graph.where(has_equal, is_equal, graph("Reciprocal", distances))


def vote(graph: Graph, weights: str, targets: str) -> str:
    """The weighted sum of the neighbours' targets [rows, neighbours, columns], shape [rows, columns]."""
    return graph("ReduceSum", graph("Mul", graph("Unsqueeze", weights, np.array([2])), targets), np.array([1]), keepdims=0)


@decides("KNeighborsClassifier")
def decide_neighbours(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The weighted share of each class among the neighbours."""
    distances, places = find_neighbours(graph, estimator, rows)
    classes = len(estimator.classes_)
    votes = vote(graph, weigh(graph, estimator, distances), graph.pick(np.eye(classes)[estimator._y], places))
    shares = normalize(graph, votes)
    return Decision(graph.first_largest(votes), shares)


@predicts("KNeighborsRegressor")
def predict_neighbours(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The weighted mean of the neighbours' values."""
    distances, places = find_neighbours(graph, estimator, rows)
    weights = weigh(graph, estimator, distances)
    targets = np.asarray(estimator._y, np.float64).reshape(len(estimator._y), -1)
    return graph("Div", vote(graph, weights, graph.pick(targets, places)), graph.sum(weights))


@decides("RadiusNeighborsClassifier")
def decide_within_radius(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The weighted share of each class within the radius; a label of its own where there is no neighbour."""
    if estimator.outlier_label_ is None:
        refuse(estimator, f"without outlier_label, because it rejects rows without neighbours: {LABEL_OUTLIERS}")
    power = find_power(estimator)
    require(not isinstance(estimator.classes_, list), estimator, "of several labels")
    (outlier,) = np.flatnonzero(estimator.classes_ == estimator.outlier_label_[0]).tolist() or (-1,)
    require(outlier >= 0, estimator, "with an outlier_label that is none of the classes")
    measured = measure_by(graph, graph.dense(rows), estimator._fit_X, power)
    is_near = graph.to_double(graph("LessOrEqual", measured, np.array([[float(estimator.radius) ** power]])))
    weights = graph("Mul", is_near, weigh(graph, estimator, measured if power == 1 else graph("Sqrt", measured)))
    classes = np.eye(len(estimator.classes_))
    votes = graph("MatMul", weights, classes[estimator._y])
    is_alone = graph("Equal", graph.sum(is_near), np.array([[0.0]]))
    shares = normalize(graph, graph.where(is_alone, classes[[outlier]], votes))
    return Decision(graph.first_largest(shares), shares)


@decides("LocalOutlierFactor")
def decide_local_outlier(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Outliers lie less densely than their neighbours; only with novelty=True it answers for new rows."""
    require(estimator.novelty, estimator, "without novelty=True")
    distances, places = find_neighbours(graph, _Neighbourhood(estimator), rows)
    reach = graph("Max", distances, graph.pick(estimator._distances_fit_X_[:, estimator.n_neighbors_ - 1], places))
    mean = graph("ReduceMean", reach, axes=[1], keepdims=1)
    density = graph("Reciprocal", graph("Add", mean, np.array([[1e-10]])))
    factor = graph("ReduceMean", graph("Div", graph.pick(estimator._lrd, places), density), axes=[1], keepdims=1)
    decision = graph("Sub", graph("Neg", factor), np.array([[float(estimator.offset_)]]))
    return Decision(graph.to_places(graph("GreaterOrEqual", decision, np.array([[0.0]]))), None, decision)


class _Neighbourhood:
    """The stored rows of a local outlier factor, with the number of neighbours that it really uses."""

    def __init__(self, estimator: Any) -> None:
        self.effective_metric_ = estimator.effective_metric_
        self._fit_X = estimator._fit_X
        self.n_neighbors = estimator.n_neighbors_


def to_kernel(graph: Graph, estimator: Any, rows: str, stored: NDArray[Any], gamma: float) -> str:
    """Kernel values between rows and stored rows, shape [rows, stored]."""
    kind = estimator.kernel
    require(kind in ("linear", "rbf", "poly", "sigmoid", "laplacian"), estimator, f"with the kernel {kind}")
    if kind == "rbf":
        return graph("Exp", graph("Mul", square_distances(graph, rows, stored), np.array([[-float(gamma)]])))
    if kind == "laplacian":
        distances = add_differences(graph, rows, stored, lambda difference: graph("Abs", difference))
        return graph("Exp", graph("Mul", distances, np.array([[-float(gamma)]])))
    product = graph("MatMul", rows, np.asarray(stored, np.float64).T)
    if kind == "linear":
        return product
    scaled = graph("Add", graph("Mul", product, np.array([[float(gamma)]])), np.array([[float(estimator.coef0)]]))
    return graph("Tanh", scaled) if kind == "sigmoid" else graph("Pow", scaled, np.array([[float(estimator.degree)]]))
