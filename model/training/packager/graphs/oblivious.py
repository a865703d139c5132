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
from .registry import Decision, decides, predicts, refuse
from .trees import Tree

IDENTITY = [
    "RMSE", "MAE", "Quantile", "MAPE", "Huber", "LogCosh", "Lq", "Expectile", "MultiRMSE", "MultiQuantile", "YetiRank",
    "YetiRankPairwise", "PairLogit", "PairLogitPairwise", "QueryRMSE", "QuerySoftMax", "StochasticRank", "LambdaMart",
]  # fmt: skip
EXPONENTIAL = ["Poisson", "Tweedie"]
CURES = {
    "cat": "with categorical features, whose statistics of the fit no graph has: encode them before, as TargetEncoder or "
    "OneHotEncoder do in a pipeline",
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


def read_symmetric(tree: dict[str, Any], features: list[dict[str, Any]], width: int) -> list[Tree]:
    """A tree with one test in each level, for each target; the last test of its list is that of the root."""
    splits = tree["splits"][::-1]
    inner = 2 ** len(splits) - 1
    levels = [splits[int(np.log2(node + 1))] for node in range(inner)]
    tested = [features[split["float_feature_index"]] for split in levels]
    leaves = np.array(tree["leaf_values"], np.float64).reshape(-1, width)
    ends, nothing = np.full(inner + 1, -1), np.zeros(inner + 1)
    left = np.append(2 * np.arange(inner) + 1, ends)
    places = np.append(np.array([each["flat_feature_index"] for each in tested], np.int64), nothing.astype(np.int64))
    thresholds = np.append(to_borders([split["border"] for split in levels]), nothing)
    missing = np.append([goes_left(each) for each in tested], nothing).astype(np.bool_)
    right = np.where(left < 0, -1, left + 1)
    return [
        Tree(left, right, places, thresholds, missing, np.append(np.zeros(inner), leaves[:, target]))
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


def add_oblivious(graph: Graph, estimator: Any, rows: Rows) -> tuple[str, str]:
    """The raw sums of CatBoost, and the name of its loss."""
    model = read_model(estimator)
    scale, starts = model["scale_and_bias"]
    features = model["features_info"]["float_features"]
    width = len(starts)
    read = read_symmetric if "oblivious_trees" in model else read_free
    given = model["oblivious_trees"] if "oblivious_trees" in model else model["trees"]
    trees = [(each, target) for tree in given for target, each in enumerate(read(tree, features, width))]
    raw = sum_by_set(graph, graph.as_float32(graph.dense(rows)), trees, width, len(features))
    raw = graph("Add", graph("Mul", raw, np.array([[float(scale)]])), np.array([starts], np.float64))
    return raw, str(estimator.get_all_params().get("loss_function", "")).partition(":")[0]


@predicts("CatBoostRegressor", "CatBoostRanker")
def predict_oblivious(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean by the link of the loss."""
    raw, loss = add_oblivious(graph, estimator, rows)
    if loss not in [*IDENTITY, *EXPONENTIAL]:
        refuse(estimator, f"with the loss {loss}")
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
