"""Support vector machines and kernel models: weighted sums of kernel values, in float64."""

from itertools import combinations
from typing import Any

import numpy as np

from .distances import to_kernel
from .graph import Graph, Rows
from .linear import normalize
from .registry import Decision, decides, predicts, require, transforms


def to_support(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Kernel values of the support vectors."""
    require(not estimator._sparse, estimator, "fitted with sparse rows")
    return to_kernel(graph, estimator, graph.dense(rows), estimator.support_vectors_, float(estimator._gamma))


@predicts("SVR", "NuSVR")
def predict_support(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The weighted sum of kernel values."""
    return graph.affine(to_support(graph, estimator, rows), estimator._dual_coef_.T, estimator._intercept_)


@decides("OneClassSVM")
def decide_one_class(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Inliers have a positive sum."""
    scores = graph.affine(to_support(graph, estimator, rows), estimator._dual_coef_.T, estimator._intercept_)
    return Decision(graph.to_places(graph("Greater", scores, np.array([[0.0]]))), None, scores)


@decides("SVC", "NuSVC")
def decide_support(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Each pair of classes votes; the first of the most voted wins."""
    require(
        getattr(estimator, "probability", False) is not True or len(estimator.classes_) == 2,
        estimator,
        "with probabilities",
    )
    classes = len(estimator.classes_)
    pairs = list(combinations(range(classes), 2))
    ends = np.cumsum(estimator._n_support)
    spans = [slice(end - count, end) for end, count in zip(ends, estimator._n_support, strict=True)]
    weights = np.zeros((len(estimator.support_vectors_), len(pairs)))
    for column, (first, second) in enumerate(pairs):
        weights[spans[first], column] = estimator._dual_coef_[second - 1, spans[first]]
        weights[spans[second], column] = estimator._dual_coef_[first, spans[second]]
    scores = graph.affine(to_support(graph, estimator, rows), weights, estimator._intercept_)
    if classes == 2:
        return decide_support_pair(graph, estimator, scores)
    require(not estimator.break_ties, estimator, "with break_ties")
    is_first = graph.to_double(graph("Greater", scores, np.array([[0.0]])))
    for_first, for_second = (np.zeros((len(pairs), classes)) for _ in range(2))
    for column, (first, second) in enumerate(pairs):
        for_first[column, first] = for_second[column, second] = 1.0
    votes = graph.affine(is_first, for_first - for_second, for_second.sum(axis=0))
    # The scores of one against the rest are votes plus sums, which only callers of decision_function need.
    return Decision(graph.first_largest(votes))


def decide_support_pair(graph: Graph, estimator: Any, scores: str) -> Decision:
    """Two classes: libsvm's score is positive for the first, scikit-learn's for the second."""
    flipped = graph("Neg", scores)
    label = graph.to_places(graph("LessOrEqual", scores, np.array([[0.0]])))
    if getattr(estimator, "probability", False) is not True:
        return Decision(label, None, flipped)
    raw = graph.affine(scores, np.array([[float(estimator.probA_[0])]]), float(estimator.probB_[0]))
    tiny = 1e-7
    first = graph("Max", graph("Min", graph("Sigmoid", graph("Neg", raw)), np.array([[1 - tiny]])), np.array([[tiny]]))
    shares = graph.join([first, graph("Sub", np.array([[1.0]]), first)])
    return Decision(label, shares, flipped)


@predicts("KernelRidge")
def predict_kernel_ridge(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The weighted sum of kernel values."""
    gamma = estimator.gamma if estimator.gamma is not None else 1.0 / estimator.n_features_in_
    weights = np.asarray(estimator.dual_coef_, np.float64).reshape(len(estimator.dual_coef_), -1)
    return graph("MatMul", to_kernel(graph, estimator, graph.dense(rows), estimator.X_fit_, gamma), weights)


@decides("LabelPropagation", "LabelSpreading")
def decide_propagation(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Labels spread over the kernel."""
    require(estimator.kernel == "rbf", estimator, f"with the kernel {estimator.kernel}")
    kernel = to_kernel(graph, estimator, graph.dense(rows), estimator.X_, estimator.gamma)
    shares = normalize(graph, graph("MatMul", kernel, estimator.label_distributions_))
    return Decision(graph.first_largest(shares), shares)


@transforms("Nystroem")
def transform_nystroem(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Kernel values of the stored rows, normalized."""
    require(estimator.kernel in ("rbf", "laplacian", "linear"), estimator, f"with the kernel {estimator.kernel}")
    gamma = estimator.gamma if estimator.gamma is not None else 1.0 / estimator.n_features_in_
    values = to_kernel(graph, estimator, graph.dense(rows), estimator.components_, gamma)
    return graph("MatMul", values, estimator.normalization_.T)


@transforms("RBFSampler")
def transform_sampler(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Cosines of random projections."""
    raw = graph.affine(graph.dense(rows), estimator.random_weights_, estimator.random_offset_)
    return graph("Mul", graph("Cos", raw), np.array([[float(np.sqrt(2.0 / estimator.n_components))]]))
