"""Estimators that predict several labels a row."""

from typing import Any

import numpy as np

from ..labels import count_marks
from .composed import WRAPPED, run_steps, unwrap
from .distances import find_neighbours, vote, weigh
from .ensembles import to_confidence
from .extreme import add_extreme
from .forests import read_tree
from .graph import Graph, Rows
from .linear import complete, sigmoid, to_linear_scores
from .networks import run_layers
from .oblivious import add_oblivious
from .registry import Decision, decide, decide_each, decides_each, refuse, require
from .trees import sum_trees


@decides_each(*WRAPPED)
def decide_each_wrapped(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """What the wrapped estimator decides."""
    return decide_each(graph, unwrap(estimator), rows)


@decides_each("Pipeline")
def decide_each_of_pipeline(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """The last step's decisions."""
    return decide_each(graph, estimator.steps[-1][1], run_steps(graph, estimator.steps[:-1], rows))


@decides_each("MultiOutputClassifier")
def decide_apart(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """One classifier for each label."""
    return [decide(graph, each, rows) for each in estimator.estimators_]


@decides_each("ClassifierChain")
def decide_chain(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """Each classifier also reads what those before it answer."""
    read, found = [graph.dense(rows)], []
    for each in estimator.estimators_:
        decision = decide(graph, each, graph.join(read))
        read.append(to_link(graph, estimator, each, decision))
        found.append(decision)
    return [found[place] for place in np.argsort(estimator.order_)]


def to_link(graph: Graph, chain: Any, estimator: Any, decision: Decision) -> str:
    """What the next classifiers of a chain read of one before them, shape [rows, 1]."""
    method = getattr(chain, "chain_method_", "predict")
    if method == "predict":
        values = np.asarray(estimator.classes_, np.float64)
        return graph("Reshape", graph.pick(values, decision.label), np.array([-1, 1]))
    if method == "decision_function":
        require(decision.scores is not None, chain, "that reads decision_function")
        return str(decision.scores)
    require(decision.probabilities is not None, chain, f"that reads {method}")
    second = str(graph.columns(str(decision.probabilities), [1]))
    return graph("Log", second) if method == "predict_log_proba" else second


@decides_each("OneVsRestClassifier")
def decide_each_against_rest(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """A label of 1 where its classifier is sure enough; the first tells whether all have scores or probabilities."""
    found = []
    for each in estimator.estimators_:
        score, is_share = to_confidence(graph, each, rows)
        label = graph.to_places(graph("Greater", score, np.array([[0.5 if is_share else 0.0]])))
        found.append(Decision(label, decide(graph, each, rows).probabilities))
    return found


@decides_each("RandomForestClassifier", "ExtraTreesClassifier", "DecisionTreeClassifier", "ExtraTreeClassifier")
def decide_each_of_forest(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """The class with the largest mean share, label by label."""
    parts = getattr(estimator, "estimators_", [estimator])
    widths = [len(classes) for classes in estimator.classes_]
    starts = np.cumsum([0, *widths])
    trees = [
        (read_tree(part.tree_, part.tree_.value[:, label, place]), int(starts[label]) + place)
        for part in parts
        for label, width in enumerate(widths)
        for place in range(width)
    ]
    total = sum_trees(graph, graph.as_float32(graph.dense(rows)), trees, int(starts[-1]))
    mean = graph("Div", total, np.array([[float(len(parts))]]))
    return [largest(graph, str(graph.columns(mean, range(*span)))) for span in zip(starts, starts[1:], strict=False)]


def largest(graph: Graph, shares: str) -> Decision:
    """The first class with the largest share."""
    return Decision(graph.first_largest(shares), shares)


@decides_each("KNeighborsClassifier")
def decide_each_of_neighbours(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """The weighted share of each class among the neighbours, label by label."""
    distances, places = find_neighbours(graph, estimator, rows)
    weights, found = weigh(graph, estimator, distances), []
    for label, classes in enumerate(estimator.classes_):
        votes = vote(graph, weights, graph.pick(np.eye(len(classes))[estimator._y[:, label]], places))
        found.append(Decision(graph.first_largest(votes), graph("Div", votes, graph.sum(votes))))
    return found


@decides_each("MLPClassifier")
def decide_each_of_network(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """Labels of 1 above one half."""
    return mark_above(graph, sigmoid(graph, run_layers(graph, estimator, rows)), 0.5, estimator.n_outputs_)


@decides_each("RidgeClassifier", "RidgeClassifierCV")
def decide_each_by_scores(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """Labels of 1 where the score is positive; there are no probabilities."""
    scores, labels = to_linear_scores(graph, estimator, rows), len(estimator.classes_)
    return [Decision(each.label) for each in mark_above(graph, scores, 0.0, labels)]


@decides_each("XGBClassifier", "XGBRFClassifier")
def decide_each_of_extreme(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """Labels of 1 above one half."""
    raw, objective = add_extreme(graph, estimator, rows)
    if objective != "binary:logistic":
        refuse(estimator, f"with several labels and the objective {objective}: fit with binary:logistic")
    return mark_above(graph, sigmoid(graph, raw), 0.5, count_marks(estimator))


@decides_each("CatBoostClassifier")
def decide_each_of_oblivious(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """Labels of 1 above one half."""
    raw, _ = add_oblivious(graph, estimator, rows)
    return mark_above(graph, sigmoid(graph, raw), 0.5, len(estimator.classes_))


def mark_above(graph: Graph, scores: str, bound: float, count: int) -> list[Decision]:
    """Labels of 1 for scores above a bound, which are also the probabilities of 1."""
    found = []
    for place in range(count):
        score = str(graph.columns(scores, [place]))
        label = graph.to_places(graph("Greater", score, np.array([[bound]])))
        found.append(Decision(label, complete(graph, score)))
    return found
