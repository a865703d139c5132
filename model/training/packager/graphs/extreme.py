"""The trees of XGBoost, which reads and adds float32."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .boosters import encode_levels, sum_in_float32
from .graph import Graph, Rows
from .linear import complete, sigmoid, softmax
from .registry import Decision, decides, predicts, refuse, require
from .trees import BELOW, Tree

LOGISTIC = ["binary:logistic", "reg:logistic"]
EXPONENTIAL = ["count:poisson", "reg:gamma", "reg:tweedie", "survival:cox"]
IDENTITY = [
    "reg:squarederror", "reg:squaredlogerror", "reg:absoluteerror", "reg:quantileerror", "reg:pseudohubererror",
    "rank:ndcg", "rank:map", "rank:pairwise",
]  # fmt: skip
MANY = ["multi:softprob", "multi:softmax"]


def read_extreme(tree: dict[str, Any], weight: float, start: np.float32) -> Tree:
    """A tree of XGBoost from its JSON; categories of a node's set go right. Dropout gives its leaves another weight."""
    left, right = (np.array(tree[key], np.int64) for key in ("left_children", "right_children"))
    missing = np.array(tree["default_left"]).astype(np.bool_)
    given = np.array(tree["split_conditions"], np.float32)
    # A tree with dropout is asked on its own, from the start on, which is then taken away again.
    leaves = given if weight == 1.0 else (start + given - start) * np.float32(weight)
    thresholds = given.astype(np.float64)
    members: dict[int, list[float]] = {}
    sets = zip(tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"], strict=True)
    for node, begin, size in sets:
        members[node] = [float(each) for each in tree["categories"][begin : begin + size]]
        left[node], right[node] = right[node], left[node]
        missing[node] = not missing[node]
    features = np.array(tree["split_indices"])
    return Tree(left, right, features, thresholds, missing, leaves.astype(np.float64), mode=BELOW, members=members)


def add_extreme(graph: Graph, estimator: Any, rows: Rows) -> tuple[str, str]:
    """The raw sums of XGBoost, and its objective."""
    learner = json.loads(bytes(estimator.get_booster().save_raw("json")))["learner"]
    booster, objective = learner["gradient_booster"], str(learner["objective"]["name"])
    if booster["name"] == "gblinear":
        refuse(estimator, "with the booster gblinear: fit Ridge, ElasticNet or LogisticRegression of scikit-learn instead")
    weights = booster.get("weight_drop")
    model = booster.get("gbtree", booster)["model"]
    starts = read_starts(learner["learner_model_param"], objective)
    if any(int(tree["tree_param"].get("size_leaf_vector", "1")) > 1 for tree in model["trees"]):
        refuse(estimator, "with several numbers in a leaf: fit with multi_strategy='one_output_per_tree'")
    end = find_end(estimator, model)
    trees = [
        (read_extreme(tree, 1.0 if weights is None else weights[at], starts[group]), group)
        for at, (tree, group) in enumerate(zip(model["trees"][:end], model["tree_info"][:end], strict=True))
    ]
    dense = read_values(graph, estimator, rows)
    return sum_in_float32(graph, dense, trees, starts, estimator.n_features_in_), objective


def read_values(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The rows in float32, with NaN for the number that stands for a missing value."""
    levels = {} if isinstance(rows, str) else {place: level for place, level in enumerate(rows.levels) if level is not None}
    dense = graph.as_float32(encode_levels(graph, rows, levels))
    if np.isnan(estimator.missing):
        return dense
    require(not levels, estimator, "with categories and a number for missing values")
    is_missing = graph("Equal", dense, np.array([[float(np.float32(estimator.missing))]]))
    return graph.where(is_missing, np.array([[np.nan]]), dense)


def find_end(estimator: Any, model: dict[str, Any]) -> int | None:
    """How many trees predict: those up to the best iteration, where fitting stopped early."""
    best = getattr(estimator, "best_iteration", None)
    return None if best is None else int(model["iteration_indptr"][best + 1])


def read_starts(parameters: dict[str, Any], objective: str) -> NDArray[np.float32]:
    """The number that the sum of each target starts with, in float32 as XGBoost computes it."""
    given = np.array([float(each) for each in parameters["base_score"].strip("[]").split(",")], np.float32)
    if objective in LOGISTIC:
        given = -np.log(np.float32(1) / given - np.float32(1))
    elif objective in EXPONENTIAL:
        given = np.log(given)
    width = max(1, int(parameters["num_class"]), int(parameters.get("num_target", "1")))
    return np.broadcast_to(given, width).copy()


@predicts("XGBRegressor", "XGBRFRegressor", "XGBRanker")
def predict_extreme(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean by the objective's link."""
    raw, objective = add_extreme(graph, estimator, rows)
    if objective in EXPONENTIAL:
        return graph("Exp", raw)
    if objective in LOGISTIC:
        return sigmoid(graph, raw)
    if objective not in IDENTITY:
        refuse(estimator, f"with the objective {objective}")
    return raw


@decides("XGBClassifier", "XGBRFClassifier")
def decide_extreme(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Sigmoid or softmax."""
    raw, objective = add_extreme(graph, estimator, rows)
    if objective in MANY:
        return Decision(graph.first_largest(raw), softmax(graph, raw), raw)
    if objective != "binary:logistic":
        refuse(estimator, f"with the objective {objective}: fit with binary:logistic, which has probabilities")
    label = graph.to_places(graph("Greater", raw, np.array([[0.0]])))
    return Decision(label, complete(graph, sigmoid(graph, raw)), raw)
