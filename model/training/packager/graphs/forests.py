"""scikit-learn's trees and forests, which read float32 of their inputs and add in float64."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble._iforest import _average_path_length

from .graph import Graph, Rows
from .linear import complete, decide_by_scores, invert_link, sigmoid, softmax
from .registry import Decision, decides, predicts, require
from .trees import Tree, sum_trees


def read_tree(tree: Any, values: NDArray[np.float64], features: Any = None) -> Tree:
    """A tree of scikit-learn with a value for each node; `features` are the columns that it was fitted with."""
    used = np.maximum(tree.feature, 0)
    return Tree(
        left=tree.children_left,
        right=tree.children_right,
        features=used if features is None else np.asarray(features)[used],
        thresholds=tree.threshold,
        missing_left=np.asarray(tree.missing_go_to_left, np.bool_),
        values=values,
    )


def read_outputs(estimators: Sequence[Any]) -> list[tuple[Tree, int]]:
    """Each tree once for each of its outputs or classes."""
    found = []
    for estimator in estimators:
        tree = estimator.tree_
        width = tree.value.shape[1] if estimator.__class__.__name__.endswith("Regressor") else tree.value.shape[2]
        values = tree.value.reshape(tree.node_count, width)
        found += [(read_tree(tree, values[:, column]), column) for column in range(width)]
    return found


def average(graph: Graph, estimators: Sequence[Any], rows: Rows, width: int) -> str:
    """The mean of the trees."""
    total = sum_trees(graph, graph.as_float32(graph.dense(rows)), read_outputs(estimators), width)
    return graph("Div", total, np.array([[float(len(estimators))]]))


@predicts("RandomForestRegressor", "ExtraTreesRegressor", "DecisionTreeRegressor", "ExtraTreeRegressor")
def predict_forest(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean of the trees' values."""
    return average(graph, getattr(estimator, "estimators_", [estimator]), rows, estimator.n_outputs_)


@decides("RandomForestClassifier", "ExtraTreesClassifier", "DecisionTreeClassifier", "ExtraTreeClassifier")
def decide_forest(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The class with the largest mean share."""
    shares = average(graph, getattr(estimator, "estimators_", [estimator]), rows, len(estimator.classes_))
    return Decision(graph.first_largest(shares), shares)


def add_stages(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The raw predictions of gradient boosting."""
    require(estimator.init is None or estimator.init == "zero", estimator, "with an estimator as init")
    width = estimator.estimators_.shape[1]
    trees = [
        (read_tree(each.tree_, each.tree_.value[:, 0, 0] * estimator.learning_rate), column)
        for stage in estimator.estimators_
        for column, each in enumerate(stage)
    ]
    start = estimator._raw_predict_init(np.zeros((1, estimator.n_features_in_), np.float32))
    return graph("Add", sum_trees(graph, graph.as_float32(graph.dense(rows)), trees, width), start.reshape(1, -1))


@predicts("GradientBoostingRegressor")
def predict_boosting(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The sum of the stages."""
    return add_stages(graph, estimator, rows)


@decides("GradientBoostingClassifier")
def decide_boosting(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Probabilities by the loss; a score of exactly zero belongs to the second class."""
    scores = add_stages(graph, estimator, rows)
    if len(estimator.classes_) > 2:
        return Decision(graph.first_largest(scores), softmax(graph, scores), scores)
    doubled = graph("Mul", scores, np.array([[2.0]])) if estimator.loss == "exponential" else scores
    label = graph.to_places(graph("GreaterOrEqual", scores, np.array([[0.0]])))
    return Decision(label, complete(graph, sigmoid(graph, doubled)), scores)


@decides("IsolationForest")
def decide_isolation(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Outliers are isolated by few splits."""
    trees = []
    for each, features in zip(estimator.estimators_, estimator.estimators_features_, strict=True):
        tree = each.tree_
        depths = tree.compute_node_depths() + _average_path_length(tree.n_node_samples) - 1.0
        trees.append((read_tree(tree, depths, features), 0))
    depth = sum_trees(graph, graph.as_float32(graph.dense(rows)), trees, 1)
    longest = len(trees) * _average_path_length([estimator._max_samples])[0]
    score = graph("Neg", graph("Pow", np.array([[2.0]]), graph("Neg", graph("Div", depth, np.array([[longest]])))))
    decision = graph("Sub", score, np.array([[float(estimator.offset_)]]))
    return Decision(graph.to_places(graph("GreaterOrEqual", decision, np.array([[0.0]]))), None, decision)


def add_histogram_stages(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The raw predictions of histogram gradient boosting, which reads float64."""
    from .registry import transform

    encoded = rows if estimator._preprocessor is None else transform(graph, estimator._preprocessor, rows)
    known, places = estimator._bin_mapper.make_known_categories_bitsets()
    trees = [
        (read_histogram(each, known, places), column)
        for stage in estimator._predictors
        for column, each in enumerate(stage)
    ]
    width = estimator.n_trees_per_iteration_
    return graph("Add", sum_trees(graph, graph.dense(encoded), trees, width), estimator._baseline_prediction.reshape(1, -1))


def read_histogram(predictor: Any, known: NDArray[Any], places: NDArray[Any]) -> Tree:
    """A tree; a category that training did not have goes where missing values go.

    So a node looks for the categories of the other side.
    """
    nodes = predictor.nodes
    left, right = nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)
    left[nodes["is_leaf"] == 1] = right[nodes["is_leaf"] == 1] = -1
    missing = nodes["missing_go_to_left"].astype(np.bool_)
    members: dict[int, list[float]] = {}
    for node in np.flatnonzero((nodes["is_categorical"] == 1) & (nodes["is_leaf"] == 0)):
        chosen = set(read_bits(predictor.raw_left_cat_bitsets[nodes["bitset_idx"][node]]))
        if missing[node]:
            chosen = set(read_bits(known[places[nodes["feature_idx"][node]]])) - chosen
            left[node], right[node] = right[node], left[node]
        # A set without members would be no set: -1 is no category.
        members[int(node)] = sorted(map(float, chosen)) or [-1.0]
        missing[node] = False
    return Tree(
        left, right, nodes["feature_idx"].astype(np.int64), nodes["num_threshold"], missing, nodes["value"], members=members
    )


def read_bits(words: NDArray[Any]) -> list[int]:
    """The set bits of 32-bit words."""
    return [32 * at + bit for at, word in enumerate(words) for bit in range(32) if int(word) >> bit & 1]


@predicts("HistGradientBoostingRegressor")
def predict_histogram(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean that belongs to the sum of the stages."""
    return invert_link(graph, estimator, estimator._loss, add_histogram_stages(graph, estimator, rows))


@decides("HistGradientBoostingClassifier")
def decide_histogram(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Sigmoid or softmax of the sum of the stages."""
    scores = add_histogram_stages(graph, estimator, rows)
    classes = len(estimator.classes_)
    shares = complete(graph, sigmoid(graph, scores)) if classes == 2 else softmax(graph, scores)
    return decide_by_scores(graph, scores, classes, shares)
