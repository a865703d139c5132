"""Models of densities: naive Bayes, quadratic discriminants, mixtures, robust covariance; and dummies."""

from typing import Any

import numpy as np
from scipy.special import digamma

from .graph import Graph, Rows
from .linear import decide_by_scores, to_probabilities
from .registry import Decision, decides, predicts, require


def decide_by_likelihood(graph: Graph, likelihood: str) -> Decision:
    """Probabilities from joint log likelihoods."""
    total = graph("ReduceLogSumExp", likelihood, axes=[1], keepdims=1)
    return Decision(graph.first_largest(likelihood), graph("Exp", graph("Sub", likelihood, total)))


@decides("GaussianNB")
def decide_gaussian(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Normal densities, independent by column."""
    dense = graph.dense(rows)
    priors = np.log(estimator.class_prior_) - 0.5 * np.sum(np.log(2.0 * np.pi * estimator.var_), axis=1)
    parts = []
    for mean, variance in zip(estimator.theta_, estimator.var_, strict=True):
        difference = graph("Sub", dense, mean)
        parts.append(graph.sum(graph("Div", graph("Mul", difference, difference), variance)))
    distances = graph("Mul", graph.join(parts), np.array([[-0.5]]))
    return decide_by_likelihood(graph, graph("Add", distances, priors))


@decides("MultinomialNB")
def decide_multinomial(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Weighted counts."""
    return decide_by_likelihood(
        graph, graph.affine(graph.dense(rows), estimator.feature_log_prob_.T, estimator.class_log_prior_)
    )


@decides("ComplementNB")
def decide_complement(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Counts weighted by the complement of each class."""
    offset = estimator.class_log_prior_ if len(estimator.classes_) == 1 else np.zeros(len(estimator.classes_))
    return decide_by_likelihood(graph, graph.affine(graph.dense(rows), estimator.feature_log_prob_.T, offset))


@decides("BernoulliNB")
def decide_bernoulli(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Presence and absence of each feature."""
    dense = graph.dense(rows)
    if estimator.binarize is not None:
        dense = graph.to_double(graph("Greater", dense, np.array([[float(estimator.binarize)]])))
    absent = np.log(1 - np.exp(estimator.feature_log_prob_))
    offset = estimator.class_log_prior_ + absent.sum(axis=1)
    return decide_by_likelihood(graph, graph.affine(dense, (estimator.feature_log_prob_ - absent).T, offset))


@decides("CategoricalNB")
def decide_categorical(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The share of each category; a category beyond those of training reads the nearest table entry, and is refused before."""
    dense = graph.dense(rows)
    total = ""
    for place, table in enumerate(estimator.feature_log_prob_):
        part = graph.pick(table.T, graph.to_places(str(graph.columns(dense, [place]))))
        total = graph("Add", total, part) if total else part
    offset = estimator.class_log_prior_
    return decide_by_likelihood(graph, graph("Add", total, offset))


@decides("QuadraticDiscriminantAnalysis")
def decide_quadratic(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Mahalanobis distances with priors."""
    dense, parts, classes = graph.dense(rows), [], len(estimator.classes_)
    for mean, rotation, scaling in zip(estimator.means_, estimator.rotations_, estimator.scalings_, strict=True):
        scaled = graph("MatMul", graph("Sub", dense, mean), rotation * scaling**-0.5)
        parts.append(graph.sum(graph("Mul", scaled, scaled)))
    spread = np.array([np.log(scaling).sum() for scaling in estimator.scalings_])
    scores = graph("Add", graph("Mul", graph.join(parts), np.array([[-0.5]])), -0.5 * spread + np.log(estimator.priors_))
    if classes == 2:
        scores = graph("Sub", str(graph.columns(scores, [1])), str(graph.columns(scores, [0])))
    return decide_by_scores(graph, scores, classes, to_probabilities(graph, scores, classes))


@decides("GaussianMixture", "BayesianGaussianMixture")
def decide_mixture(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The component with the largest share."""
    dense, parts = graph.dense(rows), []
    factors = list_factors(estimator)
    for mean, factor in zip(estimator.means_, factors, strict=True):
        scaled = graph("Sub", graph("MatMul", dense, factor), mean @ factor)
        parts.append(graph.sum(graph("Mul", scaled, scaled)))
    logarithms = np.array([np.log(np.diag(factor)).sum() for factor in factors])
    size = dense_width(estimator) * np.log(2 * np.pi)
    offset = -0.5 * size + logarithms + estimator._estimate_log_weights() + expect_precision(estimator)
    return decide_by_likelihood(graph, graph("Add", graph("Mul", graph.join(parts), np.array([[-0.5]])), offset))


def list_factors(estimator: Any) -> list[Any]:
    """The Cholesky factor of each component's precision, whatever form its covariance has."""
    given, width = estimator.precisions_cholesky_, dense_width(estimator)
    forms = {
        "full": lambda: list(given),
        "tied": lambda: [given] * len(estimator.means_),
        "diag": lambda: [np.diag(each) for each in given],
        "spherical": lambda: [np.eye(width) * each for each in given],
    }
    return forms[estimator.covariance_type]()


def expect_precision(estimator: Any) -> Any:
    """What a Bayesian mixture adds to the logarithms for the spread of its precisions."""
    if type(estimator).__name__ == "GaussianMixture":
        return 0.0
    width, degrees = dense_width(estimator), estimator.degrees_of_freedom_
    spread = width * np.log(2.0) + digamma(0.5 * (degrees - np.arange(width)[:, None])).sum(axis=0)
    return 0.5 * (spread - width / estimator.mean_precision_) - 0.5 * width * np.log(degrees)


def dense_width(estimator: Any) -> int:
    """The number of features."""
    return int(estimator.means_.shape[1])


@decides("EllipticEnvelope")
def decide_envelope(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Outliers are far from the robust centre."""
    centred = graph("Sub", graph.dense(rows), estimator.location_)
    distance = graph.sum(graph("Mul", graph("MatMul", centred, estimator.get_precision()), centred))
    decision = graph("Sub", graph("Neg", distance), np.array([[float(estimator.offset_)]]))
    return Decision(graph.to_places(graph("GreaterOrEqual", decision, np.array([[0.0]]))), None, decision)


@decides("DummyClassifier")
def decide_dummy(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The same answer for every row."""
    require(estimator.strategy in ("prior", "most_frequent", "constant"), estimator, "that draws its answers")
    shares = estimator.predict_proba(np.zeros((1, 1)))
    return repeat(graph, rows, shares, int(np.flatnonzero(estimator.classes_ == estimator.predict(np.zeros((1, 1)))[0])[0]))


@decides("_ConstantPredictor")
def decide_constant(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The only class that a part of one against the rest saw; its decision function returns the class itself."""
    place = int(estimator.y_[0])
    found = repeat(graph, rows, np.array([[1.0 - place, float(place)]]), place)
    return Decision(found.label, found.probabilities, graph.to_double(graph("Reshape", found.label, np.array([-1, 1]))))


def repeat(graph: Graph, rows: Rows, shares: Any, place: int) -> Decision:
    """One decision for all rows."""
    nothing = empty_column(graph, rows)
    label = graph.to_places(graph("Add", nothing, np.array([[float(place)]])))
    return Decision(label, graph("Add", nothing, shares))


def empty_column(graph: Graph, rows: Rows) -> str:
    """0.0 for each row, whatever it holds."""
    first = rows if isinstance(rows, str) else rows.tensors[0]
    count = graph("Gather", graph("Shape", first), np.array([0]), axis=0)
    return graph("Expand", np.array([[0.0]]), graph("Concat", count, np.array([1]), axis=0))


@predicts("DummyRegressor")
def predict_dummy(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The same value for every row."""
    return graph("Add", empty_column(graph, rows), np.asarray(estimator.constant_, np.float64).reshape(1, -1))
