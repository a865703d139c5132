"""The trees of LightGBM, which compares and adds in float64."""

from typing import Any

import numpy as np

from .boosters import encode_levels, sum_by_set
from .graph import Graph, Rows
from .linear import complete, sigmoid, softmax
from .registry import Decision, decides, predicts, refuse, require
from .trees import Tree

# An objective of the user's own has no name; its model answers with the sums.
IDENTITY = "custom regression regression_l1 huber fair quantile mape lambdarank rank_xendcg".split()
EXPONENTIAL = ["poisson", "gamma", "tweedie"]
# What LightGBM takes for zero where zero_as_missing is set.
LARGEST_ZERO = float(np.float32(1e-35))


def read_light(structure: dict[str, Any], estimator: Any) -> Tree:
    """A tree of LightGBM from its JSON."""
    if "leaf_coeff" in str(structure):
        refuse(estimator, "with linear leaves: fit with linear_tree=False")
    nodes: list[tuple[int, int, int, float, bool, float]] = []
    members: dict[int, list[float]] = {}

    def visit(node: dict[str, Any]) -> int:
        place = len(nodes)
        if "leaf_value" in node:
            nodes.append((-1, -1, 0, 0.0, False, float(node["leaf_value"])))
            return place
        nodes.append((0, 0, 0, 0.0, False, 0.0))
        is_set = node["decision_type"] == "=="
        threshold = 0.0 if is_set else float(node["threshold"])
        # Without missing values in training, LightGBM reads a missing one as 0; one of no category goes right.
        goes_left = node["default_left"] if node["missing_type"] in ("NaN", "Zero") else threshold >= 0
        if is_set:
            members[place] = [float(each) for each in str(node["threshold"]).split("||")]
            goes_left = False
        left, right = visit(node["left_child"]), visit(node["right_child"])
        nodes[place] = (left, right, int(node["split_feature"]), threshold, bool(goes_left), 0.0)
        return place

    visit(structure)
    columns = [np.array(column) for column in zip(*nodes, strict=True)]
    return Tree(*columns, members=members)


def add_light(graph: Graph, estimator: Any, rows: Rows) -> tuple[str, list[str]]:
    """The raw sums of LightGBM, and the words of its objective."""
    booster = estimator.booster_
    model = booster.dump_model()
    names = [place for place, kind in enumerate(find_kinds(rows)) if kind]
    known = booster.pandas_categorical or []
    require(len(known) == len(names), estimator, "with columns that it was not fitted with")
    dense = encode_levels(graph, rows, dict(zip(names, known, strict=True)))
    width = model["num_tree_per_iteration"]
    trees = [
        (read_light(each["tree_structure"], estimator), place % width) for place, each in enumerate(model["tree_info"])
    ]
    dense = hide_zeros(graph, dense, find_hidden(model), estimator.n_features_in_)
    raw = sum_by_set(graph, dense, trees, width, estimator.n_features_in_)
    if model.get("average_output"):
        raw = graph("Div", raw, np.array([[float(len(trees) // width)]]))
    return raw, str(model.get("objective", "custom")).split()


def find_hidden(model: dict[str, Any]) -> list[int]:
    """The features whose zeros are missing values."""
    found: set[int] = set()
    waiting = [each["tree_structure"] for each in model["tree_info"]]
    while waiting:
        node = waiting.pop()
        if "leaf_value" in node:
            continue
        if node["missing_type"] == "Zero" and node["decision_type"] != "==":
            found.add(int(node["split_feature"]))
        waiting += [node["left_child"], node["right_child"]]
    return sorted(found)


def hide_zeros(graph: Graph, dense: str, hidden: list[int], features: int) -> str:
    """NaN for the zeros of some features."""
    if not hidden:
        return dense
    is_zero = graph("LessOrEqual", graph("Abs", dense), np.array([[LARGEST_ZERO]]))
    is_hidden = graph("And", is_zero, np.isin(np.arange(features), hidden)[None])
    return graph.where(is_hidden, np.array([[np.nan]]), dense)


def find_kinds(rows: Rows) -> list[bool]:
    """Which columns have levels."""
    return [False] if isinstance(rows, str) else [level is not None for level in rows.levels]


@predicts("LGBMRegressor", "LGBMRanker", "LightGBMRegressor")
def predict_light(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean by the objective's link."""
    raw, words = add_light(graph, estimator, rows)
    if words[0] in EXPONENTIAL:
        return graph("Exp", raw)
    if words[0] == "cross_entropy":
        return sigmoid(graph, raw)
    if words[0] == "cross_entropy_lambda":
        return graph("Log", graph("Add", graph("Exp", raw), np.array([[1.0]])))
    if words[0] not in IDENTITY:
        refuse(estimator, f"with the objective {words[0]}")
    return graph("Mul", raw, graph("Abs", raw)) if "sqrt" in words else raw


@decides("LGBMClassifier", "LightGBMClassifier")
def decide_light(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Sigmoid or softmax."""
    raw, words = add_light(graph, estimator, rows)
    if words[0] == "multiclass":
        shares = softmax(graph, raw)
    elif words[0] in ("binary", "multiclassova", "cross_entropy"):
        slope = next((float(word.partition(":")[2]) for word in words if word.startswith("sigmoid:")), 1.0)
        shares = sigmoid(graph, graph("Mul", raw, np.array([[slope]])))
        shares = shares if words[0] == "multiclassova" else complete(graph, shares)
    else:
        refuse(estimator, f"with the objective {words[0]}, which has no probabilities: fit with binary or multiclass")
    return Decision(graph.first_largest(shares), shares, raw)
