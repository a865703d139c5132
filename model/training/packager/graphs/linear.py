"""Linear models: a product with coefficients, and the link that makes values or probabilities of it."""

from typing import Any

import numpy as np

from .graph import Graph, Rows
from .registry import Decision, decides, predicts, require, transforms

PLAIN = (
    "LinearRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV Lars LarsCV LassoLars LassoLarsCV LassoLarsIC "
    "OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV BayesianRidge ARDRegression HuberRegressor TheilSenRegressor "
    "SGDRegressor PassiveAggressiveRegressor LinearSVR MultiTaskLasso MultiTaskLassoCV MultiTaskElasticNet "
    "MultiTaskElasticNetCV QuantileRegressor"
).split()


@predicts(*PLAIN)
def predict_plain(graph: Graph, estimator: Any, rows: Rows) -> str:
    """`X @ coef + intercept`."""
    return graph.affine(graph.dense(rows), np.atleast_2d(estimator.coef_).T, estimator.intercept_)


@predicts("PLSRegression", "PLSCanonical", "CCA")
def predict_centred(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The product of centred rows."""
    centred = graph("Sub", graph.dense(rows), np.asarray(estimator._x_mean, np.float64))
    return graph.affine(centred, estimator.coef_.T, estimator.intercept_)


@predicts("PoissonRegressor", "GammaRegressor", "TweedieRegressor")
def predict_generalized(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The inverse of the link."""
    raw = predict_plain(graph, estimator, rows)
    return invert_link(graph, estimator, estimator._base_loss, raw)


def invert_link(graph: Graph, estimator: Any, loss: Any, raw: str) -> str:
    """The mean that belongs to raw values, by the link of a loss."""
    link = type(loss.link).__name__
    require(link in ("IdentityLink", "LogLink"), estimator, f"with the link {link}")
    return graph("Exp", raw) if link == "LogLink" else raw


def decide_by_scores(graph: Graph, scores: str, classes: int, probabilities: str | None = None) -> Decision:
    """The sign of one score, or the first of the largest."""
    if classes == 2:
        return Decision(graph.to_places(graph("Greater", scores, np.array([[0.0]]))), probabilities, scores)
    return Decision(graph.first_largest(scores), probabilities, scores)


def complete(graph: Graph, second: str) -> str:
    """Probabilities of two classes from that of the second."""
    return graph.join([graph("Sub", np.array([[1.0]]), second), second])


def to_probabilities(graph: Graph, scores: str, classes: int) -> str:
    """Sigmoid for two classes, softmax for more."""
    return complete(graph, sigmoid(graph, scores)) if classes == 2 else softmax(graph, scores)


def sigmoid(graph: Graph, scores: str) -> str:
    """1 / (1 + exp(-x)), in float64."""
    return graph("Sigmoid", scores)


def softmax(graph: Graph, scores: str) -> str:
    """exp(x) / sum(exp(x)), in float64."""
    return graph("Softmax", scores, axis=1)


def normalize(graph: Graph, shares: str) -> str:
    """Shares divided by their sum."""
    return graph("Div", shares, graph.sum(shares))


def to_linear_scores(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The decision function of a linear classifier."""
    return graph.affine(graph.dense(rows), estimator.coef_.T, estimator.intercept_)


@decides("LogisticRegression", "LogisticRegressionCV")
def decide_logistic(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Sigmoid or softmax; liblinear fits one model per class and normalizes."""
    classes = len(estimator.classes_)
    scores = to_linear_scores(graph, estimator, rows)
    if estimator.solver == "liblinear" and classes > 2:
        return decide_by_scores(graph, scores, classes, normalize(graph, sigmoid(graph, scores)))
    return decide_by_scores(graph, scores, classes, to_probabilities(graph, scores, classes))


@decides("LinearDiscriminantAnalysis")
def decide_discriminant(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Sigmoid or softmax of the linear scores."""
    classes = len(estimator.classes_)
    scores = to_linear_scores(graph, estimator, rows)
    return decide_by_scores(graph, scores, classes, to_probabilities(graph, scores, classes))


@decides("LinearSVC", "RidgeClassifier", "RidgeClassifierCV", "Perceptron", "PassiveAggressiveClassifier")
def decide_linear(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Labels without probabilities."""
    return decide_by_scores(graph, to_linear_scores(graph, estimator, rows), len(estimator.classes_))


@decides("SGDClassifier")
def decide_gradient_descent(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Probabilities for the losses that have some."""
    classes = len(estimator.classes_)
    scores = to_linear_scores(graph, estimator, rows)
    if estimator.loss not in ("log_loss", "modified_huber"):
        return decide_by_scores(graph, scores, classes)
    if estimator.loss == "log_loss":
        shares = sigmoid(graph, scores)
        return decide_by_scores(
            graph, scores, classes, complete(graph, shares) if classes == 2 else normalize(graph, shares)
        )
    clipped = graph("Max", graph("Min", scores, np.array([[1.0]])), np.array([[-1.0]]))
    shares = graph("Mul", graph("Add", clipped, np.array([[1.0]])), np.array([[0.5]]))
    if classes == 2:
        return decide_by_scores(graph, scores, classes, complete(graph, shares))
    is_nothing = graph("Equal", graph.sum(shares), np.array([[0.0]]))
    shares = normalize(graph, graph.where(is_nothing, np.ones((1, classes)), shares))
    return decide_by_scores(graph, scores, classes, shares)


@decides("SGDOneClassSVM")
def decide_outlier(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Inliers lie on the positive side; zero counts as one."""
    scores = graph("Sub", graph("MatMul", graph.dense(rows), estimator.coef_.T), np.asarray(estimator.offset_, np.float64))
    return Decision(graph.to_places(graph("GreaterOrEqual", scores, np.array([[0.0]]))), None, scores)


@transforms("LinearDiscriminantAnalysis")
def transform_discriminant(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The projection on the discriminants."""
    centre = np.asarray(getattr(estimator, "xbar_", np.zeros(estimator.n_features_in_)), np.float64)
    product = graph("MatMul", graph("Sub", graph.dense(rows), centre), estimator.scalings_)
    return str(graph.columns(product, range(estimator._max_components)))
