"""Estimators that ask others side by side: voting, bagging, AdaBoost, one against the rest."""

from itertools import combinations
from typing import Any

import numpy as np

from .graph import Graph, Rows
from .linear import normalize, softmax
from .registry import Decision, decide, decides, predict, predicts, require


def add(graph: Graph, parts: list[str]) -> str:
    """The sum of tensors, in order."""
    total = parts[0]
    for part in parts[1:]:
        total = graph("Add", total, part)
    return total


def mean(graph: Graph, parts: list[str], weights: Any = None) -> str:
    """The weighted mean of tensors."""
    shares = np.ones(len(parts)) if weights is None else np.asarray(weights, np.float64)
    weighted = [graph("Mul", part, np.array([[share]])) for part, share in zip(parts, shares, strict=True)]
    return graph("Div", add(graph, weighted), np.array([[shares.sum()]]))


@predicts("VotingRegressor")
def predict_vote(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The weighted mean."""
    return mean(graph, [predict(graph, each, rows) for each in estimator.estimators_], estimator._weights_not_none)


@decides("VotingClassifier")
def decide_vote(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The weighted mean of probabilities, or the weighted count of labels."""
    classes = len(estimator.classes_)
    require(
        all(len(each.classes_) == classes for each in estimator.estimators_),
        estimator,
        "with a part that knows fewer classes",
    )
    decisions = [decide(graph, each, rows) for each in estimator.estimators_]
    weights = estimator._weights_not_none
    if estimator.voting == "hard":
        votes = [graph.one_hot(each.label, classes) for each in decisions]
        return Decision(graph.first_largest(mean(graph, votes, weights)))
    shares = [each.probabilities for each in decisions if each.probabilities is not None]
    require(len(shares) == len(decisions), estimator, "with a part without probabilities")
    found = mean(graph, shares, weights)
    return Decision(graph.first_largest(found), found)


@predicts("BaggingRegressor")
def predict_bag(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean."""
    parts = zip(estimator.estimators_, estimator.estimators_features_, strict=True)
    return mean(graph, [predict(graph, each, graph.columns(rows, features)) for each, features in parts])


@decides("BaggingClassifier")
def decide_bag(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The mean of probabilities, or of votes where a part has none."""
    classes, found = len(estimator.classes_), []
    for each, features in zip(estimator.estimators_, estimator.estimators_features_, strict=True):
        require(len(each.classes_) == classes, estimator, "with a part that knows fewer classes")
        decision = decide(graph, each, graph.columns(rows, features))
        found.append(decision.probabilities or graph.one_hot(decision.label, classes))
    shares = mean(graph, found)
    return Decision(graph.first_largest(shares), shares)


@decides("AdaBoostClassifier")
def decide_adaptive(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Weighted votes, for and against."""
    classes = len(estimator.classes_)
    parts = []
    for each, weight in zip(estimator.estimators_, estimator.estimator_weights_, strict=False):
        votes = graph.one_hot(decide(graph, each, rows).label, classes)
        table = np.full((classes, classes), -1 / (classes - 1) * weight)
        np.fill_diagonal(table, weight)
        parts.append(graph("MatMul", votes, table))
    scores = graph("Div", add(graph, parts), np.array([[float(estimator.estimator_weights_.sum())]]))
    if classes > 2:
        scaled = graph("Div", scores, np.array([[float(classes - 1)]]))
        return Decision(graph.first_largest(scores), softmax(graph, scaled), scores)
    score = graph.sum(graph("Mul", scores, np.array([[-1.0, 1.0]])))
    pair = graph("Mul", score, np.array([[-0.5, 0.5]]))
    return Decision(graph.to_places(graph("Greater", score, np.array([[0.0]]))), softmax(graph, pair), score)


@predicts("AdaBoostRegressor")
def predict_adaptive(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The weighted median."""
    weights = np.asarray(estimator.estimator_weights_[: len(estimator.estimators_)], np.float64)
    values = graph.join([predict(graph, each, rows) for each in estimator.estimators_])
    ordered = graph("TopK", values, np.array([len(weights)]), axis=1, largest=0, sorted=1)
    graph.nodes[-1].output.append(f"{ordered}_places")
    below = graph("CumSum", graph.pick(weights, f"{ordered}_places"), np.array(1))
    half = graph("Mul", str(graph.columns(below, [len(weights) - 1])), np.array([[0.5]]))
    place = graph("ArgMax", graph.to_double(graph("GreaterOrEqual", below, half)), axis=1, keepdims=1)
    return graph("GatherElements", ordered, place, axis=1)


def to_confidence(graph: Graph, estimator: Any, rows: Rows) -> tuple[str, bool]:
    """How surely a row belongs to the second of two classes; whether that is a probability."""
    decision = decide(graph, estimator, rows)
    if hasattr(estimator, "decision_function") and decision.scores is not None:
        return decision.scores, False
    require(decision.probabilities is not None and not hasattr(estimator, "decision_function"), estimator, "without scores")
    return str(graph.columns(str(decision.probabilities), [1])), True


@decides("OneVsRestClassifier")
def decide_against_rest(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The surest of one classifier per class, the first of equal ones."""
    found = [to_confidence(graph, each, rows)[0] for each in estimator.estimators_]
    shares = [decide(graph, each, rows).probabilities for each in estimator.estimators_]
    certain = [share for share in shares if share is not None]
    if len(found) == 1:
        is_share = to_confidence(graph, estimator.estimators_[0], rows)[1]
        label = graph.to_places(graph("Greater", found[0], np.array([[0.5 if is_share else 0.0]])))
        return Decision(label, certain[0] if certain else None, found[0])
    scores = graph.join(found)
    label = graph.first_largest(scores)
    if len(certain) < len(found):
        return Decision(label, None, scores)
    return Decision(label, normalize(graph, graph.join([str(graph.columns(share, [1])) for share in certain])), scores)


@decides("OneVsOneClassifier")
def decide_pairs(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Each pair votes; sums of confidences decide between equal votes."""
    classes = len(estimator.classes_)
    require(classes > 2 and estimator.pairwise_indices_ is None, estimator, "of two classes")
    first, second = (np.zeros((len(estimator.estimators_), classes)) for _ in range(2))
    for place, (one, other) in enumerate(combinations(range(classes), 2)):
        first[place, one] = second[place, other] = 1.0
    confidences = graph.join([to_confidence(graph, each, rows)[0] for each in estimator.estimators_])
    chosen = [graph("Reshape", decide(graph, each, rows).label, np.array([-1, 1])) for each in estimator.estimators_]
    votes = graph.affine(graph.to_double(graph.join(chosen)), second - first, first.sum(axis=0))
    sums = graph("MatMul", confidences, second - first)
    bound = graph("Mul", graph("Add", graph("Abs", sums), np.array([[1.0]])), np.array([[3.0]]))
    scores = graph("Add", votes, graph("Div", sums, bound))
    return Decision(graph.first_largest(scores), None, scores)


@decides("OutputCodeClassifier")
def decide_codes(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The class with the nearest code."""
    from .distances import nearest

    codes = graph.join([to_confidence(graph, each, rows)[0] for each in estimator.estimators_])
    return Decision(nearest(graph, codes, estimator.code_book_))
