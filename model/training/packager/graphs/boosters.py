"""The trees of LightGBM, which compares and adds in float64, and of XGBoost, which reads float32."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .encoding import find_categories
from .graph import Graph, Rows, Table
from .linear import complete, sigmoid, softmax
from .registry import Decision, decides, predicts, require
from .trees import BELOW, Tree, sum_trees

IDENTITY = "regression regression_l1 huber fair quantile mape lambdarank rank_xendcg".split()
EXPONENTIAL = ["poisson", "gamma", "tweedie"]


def encode_levels(graph: Graph, rows: Rows, levels: dict[int, list[Any]]) -> str:
    """All columns as numbers; those with levels as the index of their level, which is how pandas encodes categories."""
    if not isinstance(rows, Table):
        return rows
    parts = []
    for place in range(len(rows.tensors)):
        if place in levels:
            found = graph("Reshape", find_categories(graph, rows, place, levels[place]), np.array([-1, 1]))
            number = graph.to_double(found)
            parts.append(graph.where(graph("Less", number, np.array([[0.0]])), np.array([[np.nan]]), number))
        else:
            parts.append(graph.dense(rows.select([place])))
    return graph.join(parts)


def sum_by_set(graph: Graph, dense: str, trees: list[tuple[Tree, int]], width: int, features: int) -> str:
    """The sum of trees whose sets look for whole numbers: a fraction counts as the number without it."""
    sets = [int(tree.features[node]) for tree, _ in trees for node in tree.members or {}]
    if sets:
        is_negative = graph("Less", dense, np.array([[0.0]]))
        whole = graph.where(is_negative, graph("Ceil", dense), graph("Floor", dense))
        dense = graph.where(graph.constant(np.isin(np.arange(features), sets)[None]), whole, dense)
    return sum_trees(graph, dense, trees, width)


def read_light(structure: dict[str, Any], estimator: Any) -> Tree:
    """A tree of LightGBM from its JSON."""
    nodes: list[tuple[int, int, int, float, bool, float]] = []
    members: dict[int, list[float]] = {}

    def visit(node: dict[str, Any]) -> int:
        place = len(nodes)
        if "leaf_value" in node:
            nodes.append((-1, -1, 0, 0.0, False, float(node["leaf_value"])))
            return place
        nodes.append((0, 0, 0, 0.0, False, 0.0))
        require(node["missing_type"] != "Zero", estimator, "with zero_as_missing")
        is_set = node["decision_type"] == "=="
        threshold = 0.0 if is_set else float(node["threshold"])
        # Without missing values in training, LightGBM reads a missing one as 0; one of no category goes right.
        goes_left = node["default_left"] if node["missing_type"] == "NaN" else threshold >= 0
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
    raw = sum_by_set(graph, dense, trees, width, estimator.n_features_in_)
    if model.get("average_output"):
        raw = graph("Div", raw, np.array([[float(len(trees) // width)]]))
    return raw, str(model.get("objective", "")).split()


def find_kinds(rows: Rows) -> list[bool]:
    """Which columns have levels."""
    return [False] if isinstance(rows, str) else [level is not None for level in rows.levels]


@predicts("LGBMRegressor", "LGBMRanker")
def predict_light(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean by the objective's link."""
    raw, words = add_light(graph, estimator, rows)
    require(words[:1] != [] and words[0] in [*IDENTITY, *EXPONENTIAL] and "sqrt" not in words, estimator, f"with {words}")
    return graph("Exp", raw) if words[0] in EXPONENTIAL else raw


@decides("LGBMClassifier")
def decide_light(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Sigmoid or softmax."""
    raw, words = add_light(graph, estimator, rows)
    require(words[:1] in (["binary"], ["multiclass"]), estimator, f"with the objective {' '.join(words)}")
    if words[0] == "multiclass":
        shares = softmax(graph, raw)
        return Decision(graph.first_largest(shares), shares, raw)
    slope = next((float(word.partition(":")[2]) for word in words if word.startswith("sigmoid:")), 1.0)
    shares = complete(graph, sigmoid(graph, graph("Mul", raw, np.array([[slope]]))))
    return Decision(graph.first_largest(shares), shares, raw)


def read_extreme(tree: dict[str, Any]) -> Tree:
    """A tree of XGBoost from its JSON; categories of a node's set go right."""
    left, right = (np.array(tree[key], np.int64) for key in ("left_children", "right_children"))
    missing = np.array(tree["default_left"]).astype(np.bool_)
    thresholds = np.array(tree["split_conditions"], np.float32).astype(np.float64)
    members: dict[int, list[float]] = {}
    sets = zip(tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"], strict=True)
    for node, start, size in sets:
        members[node] = [float(each) for each in tree["categories"][start : start + size]]
        left[node], right[node] = right[node], left[node]
        missing[node] = not missing[node]
    return Tree(left, right, np.array(tree["split_indices"]), thresholds, missing, thresholds, mode=BELOW, members=members)


def add_extreme(graph: Graph, estimator: Any, rows: Rows) -> tuple[str, str]:
    """The raw sums of XGBoost without its start, and its objective."""
    require(np.isnan(estimator.missing), estimator, "whose missing value is a number")
    model = json.loads(bytes(estimator.get_booster().save_raw("json")))["learner"]
    booster = model["gradient_booster"]
    require(booster["name"] == "gbtree", estimator, f"with the booster {booster['name']}")
    levels = {} if isinstance(rows, str) else {place: level for place, level in enumerate(rows.levels) if level is not None}
    dense = graph.as_float32(encode_levels(graph, rows, levels))
    end = find_end(estimator, booster["model"])
    trees, groups = booster["model"]["trees"][:end], booster["model"]["tree_info"][:end]
    width = max(1, int(model["learner_model_param"]["num_class"]))
    require(int(model["learner_model_param"].get("num_target", "1")) == 1, estimator, "with several targets")
    read = [(read_extreme(tree), group) for tree, group in zip(trees, groups, strict=True)]
    raw = sum_by_set(graph, dense, read, width, estimator.n_features_in_)
    start = read_start(model["learner_model_param"]["base_score"])
    objective = model["objective"]["name"]
    if objective.startswith(("binary:logistic", "reg:logistic")):
        start = np.log(start / (1 - start))
    elif objective in ("count:poisson", "reg:gamma", "reg:tweedie"):
        start = np.log(start)
    return graph("Add", raw, start[None]), objective


def find_end(estimator: Any, model: dict[str, Any]) -> int | None:
    """How many trees predict: those up to the best iteration, where fitting stopped early."""
    best = getattr(estimator, "best_iteration", None) if getattr(estimator, "early_stopping_rounds", None) else None
    return None if best is None else int(model["iteration_indptr"][best + 1])


def read_start(text: str) -> NDArray[np.float64]:
    """The score that sums start with, one or one for each class."""
    return np.array([float(each) for each in text.strip("[]").split(",")])


@predicts("XGBRegressor", "XGBRFRegressor", "XGBRanker")
def predict_extreme(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean by the objective's link."""
    raw, objective = add_extreme(graph, estimator, rows)
    if objective in ("count:poisson", "reg:gamma", "reg:tweedie"):
        return graph("Exp", raw)
    known = objective.startswith(("reg:squared", "reg:absolute", "reg:quantile", "reg:pseudohuber", "rank:"))
    require(known and "logerror" not in objective, estimator, f"with the objective {objective}")
    return raw


@decides("XGBClassifier", "XGBRFClassifier")
def decide_extreme(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Sigmoid or softmax."""
    raw, objective = add_extreme(graph, estimator, rows)
    require(objective in ("binary:logistic", "multi:softprob"), estimator, f"with the objective {objective}")
    if objective == "multi:softprob":
        return Decision(graph.first_largest(raw), softmax(graph, raw), raw)
    label = graph.to_places(graph("Greater", raw, np.array([[0.0]])))
    return Decision(label, complete(graph, sigmoid(graph, raw)), raw)
