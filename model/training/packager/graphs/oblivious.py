"""The trees of CatBoost, which reads float32 and adds in float64."""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .boosters import sum_by_set
from .graph import Graph, Rows
from .linear import complete, sigmoid, softmax
from .oblivious_categories import WHOLE, Key, ask_leaves, encode_key, list_keys, require_all
from .registry import Decision, decides, predicts, refuse
from .trees import Tree

IDENTITY = [
    "RMSE", "MAE", "Quantile", "MAPE", "Huber", "LogCosh", "Lq", "Expectile", "MultiRMSE", "MultiQuantile", "YetiRank",
    "YetiRankPairwise", "PairLogit", "PairLogitPairwise", "QueryRMSE", "QuerySoftMax", "StochasticRank", "LambdaMart",
]  # fmt: skip
EXPONENTIAL = ["Poisson", "Tweedie"]
CURES = {
    "text": "with text features: put TfidfVectorizer before it in a pipeline",
    "embedding": "with embedding features: pass their numbers as columns",
}


def refuse_features(estimator: Any) -> None:
    """Refuses a model with features other than numbers."""
    for kind, cure in CURES.items():
        if getattr(estimator, f"get_{kind}_feature_indices")():
            refuse(estimator, cure)


def read_model(estimator: Any) -> dict[str, Any]:
    """The model as JSON, which CatBoost writes to files only."""
    refuse_features(estimator)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "model.json"
        estimator.save_model(str(path), format="json")
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found


def read_symmetric(
    tree: dict[str, Any], features: list[dict[str, Any]], width: int, tests: dict[int, tuple[int, list[float]]]
) -> list[Tree]:
    """A tree with one test in each level, for each target; the last test of its list is that of the root.

    `tests` of categories have the column of their key, and the numbers for which they do not hold.
    """
    splits = tree["splits"][::-1]
    inner = 2 ** len(splits) - 1
    levels = [splits[int(np.log2(node + 1))] for node in range(inner)]
    chosen = {node: tests[split["split_index"]] for node, split in enumerate(levels) if split["split_index"] in tests}
    known = [features[split.get("float_feature_index", 0)] if node not in chosen else None for node, split in enumerate(levels)]
    leaves = np.array(tree["leaf_values"], np.float64).reshape(-1, width)
    ends, nothing = np.full(inner + 1, -1), np.zeros(inner + 1)
    left = np.append(2 * np.arange(inner) + 1, ends)
    columns = [chosen[node][0] if each is None else each["flat_feature_index"] for node, each in enumerate(known)]
    places = np.append(np.array(columns, np.int64), nothing.astype(np.int64))
    thresholds = np.append(to_borders([split.get("border", 0.0) for split in levels]), nothing)
    missing = np.append([each is not None and goes_left(each) for each in known], nothing).astype(np.bool_)
    members = {node: numbers for node, (_, numbers) in chosen.items()}
    right = np.where(left < 0, -1, left + 1)
    return [
        Tree(left, right, places, thresholds, missing, np.append(np.zeros(inner), leaves[:, target]), members=members)
        for target in range(width)
    ]


def read_free(tree: dict[str, Any], features: list[dict[str, Any]], width: int) -> list[Tree]:
    """A tree of any form, for each target."""
    nodes: list[tuple[int, int, int, float, bool]] = []
    values: list[NDArray[np.float64]] = []

    def visit(node: dict[str, Any]) -> int:
        place = len(nodes)
        nodes.append((-1, -1, 0, 0.0, False))
        values.append(np.broadcast_to(np.asarray(node.get("value", 0.0), np.float64), width))
        if "split" not in node:
            return place
        split, feature = node["split"], features[node["split"]["float_feature_index"]]
        left, right = visit(node["left"]), visit(node["right"])
        border = float(to_borders([split["border"]])[0])
        nodes[place] = (left, right, feature["flat_feature_index"], border, goes_left(feature))
        return place

    visit(tree)
    columns = [np.array(column) for column in zip(*nodes, strict=True)]
    return [Tree(*columns, np.array([each[target] for each in values])) for target in range(width)]


def to_borders(given: list[float]) -> NDArray[np.float64]:
    """Borders as the float32 numbers that they are; JSON has them with fewer digits."""
    return np.array(given, np.float32).astype(np.float64)


def goes_left(feature: dict[str, Any]) -> bool:
    """Whether a missing value is below all borders."""
    return bool(feature["nan_value_treatment"] != "AsTrue")


def read_rows(graph: Graph, estimator: Any, model: dict[str, Any], rows: Rows) -> tuple[str, Any, int]:
    """The numbers in float32 and, behind them, one for the categories of each key; the tests of each tree, and how many columns."""
    keys = list_keys(model)
    if not estimator.get_cat_feature_indices():
        return graph.as_float32(graph.dense(rows)), None, len(model["features_info"].get("float_features", []))
    if "oblivious_trees" not in model:
        refuse(estimator, "with categories in trees that are not symmetric: fit with grow_policy='SymmetricTree'")
    if isinstance(rows, str) or not rows.values:
        refuse(estimator, "with categories behind other steps: put the steps that make numbers into a ColumnTransformer")
    require_all(estimator, model, rows)
    categories = set(estimator.get_cat_feature_indices())
    width, columns = len(rows.tensors), []
    zero = graph("Mul", encode_key(graph, rows, Key((min(categories),))), np.array([[0.0]]))
    for place in range(width):
        columns.append(zero if place in categories else graph.as_float32(graph.dense(rows.select([place]))))
    used = {split["split_index"] for tree in model["oblivious_trees"] for split in tree["splits"]}
    distinct = list(dict.fromkeys(keys[index] for index in sorted(used & keys.keys())))
    columns += [encode_key(graph, rows, key) for key in distinct]
    leaves = {key: ask_leaves(estimator, rows, key) for key in distinct}

    def find_tests(place: int, splits: list[dict[str, Any]]) -> dict[int, tuple[int, list[float]]]:
        """The tests of categories of one tree: bit by bit of the leaf."""
        found = {}
        for bit, split in enumerate(splits):
            key = keys.get(split["split_index"])
            if key is not None:
                holds = leaves[key][:, place] >> bit & 1
                if split["split_type"] == "OneHotFeature" and not holds.any():
                    refuse(estimator, f"with a sample that lacks categories of {rows.names[key.categories[0]]}: {WHOLE}")
                # A set without members would be no set: -1 is no combination.
                others = [float(each) for each in np.flatnonzero(holds == 0)] or [-1.0]
                found[split["split_index"]] = (width + distinct.index(key), others)
        return found

    return graph.join(columns), find_tests, width + len(distinct)


def list_trees(model: dict[str, Any], features: list[dict[str, Any]], width: int, find_tests: Any) -> list[tuple[Tree, int]]:
    """Each tree for each of its targets."""
    if "oblivious_trees" not in model:
        return [(each, target) for tree in model["trees"] for target, each in enumerate(read_free(tree, features, width))]
    found = []
    for place, tree in enumerate(model["oblivious_trees"]):
        tests = {} if find_tests is None else find_tests(place, tree["splits"])
        found += [(each, target) for target, each in enumerate(read_symmetric(tree, features, width, tests))]
    return found


def add_oblivious(graph: Graph, estimator: Any, rows: Rows) -> tuple[str, str]:
    """The raw sums of CatBoost, and the name of its loss."""
    model = read_model(estimator)
    scale, starts = model["scale_and_bias"]
    features = model["features_info"].get("float_features", [])
    width = len(starts)
    dense, found, count = read_rows(graph, estimator, model, rows)
    raw = sum_by_set(graph, dense, list_trees(model, features, width, found), width, count)
    raw = graph("Add", graph("Mul", raw, np.array([[float(scale)]])), np.array([starts], np.float64))
    return raw, str(estimator.get_all_params().get("loss_function", "")).partition(":")[0]


@predicts("CatBoostRegressor", "CatBoostRanker")
def predict_oblivious(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean by the link of the loss."""
    raw, loss = add_oblivious(graph, estimator, rows)
    if loss not in [*IDENTITY, *EXPONENTIAL]:
        refuse(estimator, f"with the loss {loss}: fit with RMSE, or with MultiQuantile for a spread")
    return graph("Exp", raw) if loss in EXPONENTIAL else raw


@decides("CatBoostClassifier")
def decide_oblivious(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Sigmoid or softmax."""
    raw, loss = add_oblivious(graph, estimator, rows)
    if loss == "MultiClass":
        return Decision(graph.first_largest(raw), softmax(graph, raw), raw)
    if loss == "MultiClassOneVsAll":
        return Decision(graph.first_largest(raw), sigmoid(graph, raw), raw)
    if loss not in ("Logloss", "CrossEntropy") or estimator.get_probability_threshold() != 0.5:
        refuse(estimator, f"with the loss {loss} or a threshold of its own: expected Logloss or MultiClass and 0.5")
    label = graph.to_places(graph("Greater", raw, np.array([[0.0]])))
    return Decision(label, complete(graph, sigmoid(graph, raw)), raw)
