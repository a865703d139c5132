"""Builds the model card: what the server needs to know about the weights, and a reader about the model."""

import hashlib
import platform
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import StratifiedKFold, cross_val_predict

import conformal
import export
import iris
from captured import Captured
from json_files import round_number

FEATURES = {
    "sepal_length": "Length of the sepal, the leaf that encloses the bud.",
    "sepal_width": "Width of the sepal at its widest.",
    "petal_length": "Length of the petal.",
    "petal_width": "Width of the petal at its widest.",
}
UNIT = "cm"
DECIMALS = 6
BACKGROUND_ROWS = 32
FOLDS = 10
REQUIREMENTS = Path(__file__).with_name("requirements.txt")

FIRST_VERSION = "1"
LEARNED_FROM = "Learned from 120 flowers of one collection, published in 1936; nothing is known about others."
LIMITS = [
    "Knows three species only and names one of them for any flower.",
    LEARNED_FROM,
    "Rows outside the training ranges are answered as if they lay on the nearest range's edge.",
    "Probabilities are shares of tree votes and are not calibrated.",
]

IDENTITY = {
    "$schema": "./card.schema.json",
    "name": "iris",
    "version": FIRST_VERSION,
    "title": "Iris species",
    "description": "Tells three species of iris apart by the length and width of their sepals and petals.",
    "intendedUse": "An example: it makes the function useful before it serves a model of your own.",
    "limits": LIMITS,
    "license": "Apache-2.0",
    "task": "classification",
}


@dataclass(frozen=True)
class Trained:
    """A forest with its data and seed; weights are the bytes of model.onnx, training is `own` and what was captured."""

    forest: RandomForestClassifier
    weights: bytes
    all_rows: iris.Rows
    own: iris.Rows
    training: iris.Rows
    holdout: iris.Rows
    seed: int
    captured: Captured | None


def create_card(trained: Trained, version: str = FIRST_VERSION) -> dict[str, Any]:
    """The whole card, with its members in reading order."""
    return {
        **IDENTITY,
        "version": version,
        "limits": describe_limits(trained),
        "weights": describe_weights(trained.weights),
        **describe_tensors(),
        "features": describe_features(trained.training.features),
        "labels": iris.LABELS,
        "evaluation": evaluate(trained.forest, trained.holdout),
        "uncertainty": describe_uncertainty(trained),
        "data": describe_data(trained),
        "training": describe_training(trained),
    }


def describe_limits(trained: Trained) -> list[str]:
    """What the model cannot do; rows of captures are somebody's word."""
    if trained.captured is None:
        return LIMITS
    more = f"Learned, too, from {len(trained.captured.rows.labels)} rows that callers sent, with labels from their feedback."
    at = LIMITS.index(LEARNED_FROM) + 1
    return [*LIMITS[:at], more, *LIMITS[at:]]


def describe_weights(weights: bytes) -> dict[str, object]:
    """The weights' file, its hash and size, and the versions that a runtime must support."""
    model = onnx.load_from_string(weights)
    opsets = {opset.domain: opset.version for opset in model.opset_import}
    return {
        "file": "model.onnx",
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
        "opset": opsets[""],
        "mlOpset": opsets["ai.onnx.ml"],
        "irVersion": model.ir_version,
    }


def describe_tensors() -> dict[str, object]:
    """Inputs and outputs with their Open Inference Protocol datatypes; -1 is the number of rows."""
    classes = len(iris.LABELS)
    return {
        "inputs": [{"name": export.INPUT, "datatype": "FP32", "shape": [-1, len(FEATURES)]}],
        "outputs": [
            {"name": export.LABEL, "datatype": "INT64", "shape": [-1], "role": "label"},
            {"name": export.PROBABILITIES, "datatype": "FP32", "shape": [-1, classes], "role": "probabilities"},
        ],
    }


def describe_features(values: NDArray[np.float64]) -> list[dict[str, object]]:
    """Each feature with its input column and its distribution over the training rows, shape [n, features]."""
    return [
        {
            "name": name,
            "description": description,
            "unit": UNIT,
            "input": export.INPUT,
            "column": column,
            "training": describe_column(values[:, column]),
        }
        for column, (name, description) in enumerate(FEATURES.items())
    ]


def describe_column(values: NDArray[np.float64]) -> dict[str, object]:
    """Minimum, maximum, mean, deciles and the shares between deciles of one feature, shape [n]."""
    deciles = [tenths / 10 for tenths in range(1, 10)]
    quantiles = {str(at): round_number(np.quantile(values, at), DECIMALS) for at in deciles}
    return {
        "minimum": round_number(values.min(), DECIMALS),
        "maximum": round_number(values.max(), DECIMALS),
        "mean": round_number(values.mean(), DECIMALS),
        "quantiles": quantiles,
        "shares": share_between(sorted(set(quantiles.values())), values),
    }


def share_between(edges: list[int | float], values: NDArray[np.float64]) -> list[int | float]:
    """Shares of the values up to and including each edge, and beyond the last; ties make them uneven."""
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    return [round_number(count / len(values), DECIMALS) for count in counts]


def evaluate(forest: RandomForestClassifier, holdout: iris.Rows) -> dict[str, object]:
    """Accuracy and confusion matrix on unseen rows; matrix rows are actual labels, columns are predicted ones."""
    matrix = confusion_matrix(holdout.labels, forest.predict(holdout.features), labels=forest.classes_)
    return {
        "method": "stratified hold-out",
        "rows": len(holdout.labels),
        "accuracy": round_number(matrix.trace() / matrix.sum(), DECIMALS),
        "confusionMatrix": matrix.tolist(),
    }


def describe_uncertainty(trained: Trained) -> dict[str, object]:
    """Scores of the training rows, each by a forest that did not see it: the hold-out is left to test the coverage."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=trained.seed)
    rows = trained.training
    shares = cross_val_predict(clone(trained.forest), rows.features, rows.labels, cv=folds, method="predict_proba")
    is_true = rows.labels[:, None] == np.arange(len(iris.LABELS))
    return conformal.describe_uncertainty("cross-conformal", conformal.score_labels(shares, is_true))


def describe_data(trained: Trained) -> dict[str, object]:
    """Source of the rows, how many were used for training, and hashes that identify them."""
    counts = np.bincount(trained.training.labels, minlength=len(iris.LABELS))
    shares = [round_number(count / counts.sum(), DECIMALS) for count in counts]
    return {
        "name": "Fisher's Iris",
        "source": "sklearn.datasets.load_iris, bundled with scikit-learn",
        "rows": len(trained.all_rows.labels),
        "trainingRows": len(trained.training.labels),
        "labelShares": dict(zip(iris.LABELS, shares, strict=True)),
        "sha256": iris.hash_rows(trained.all_rows),
        "canonicalForm": iris.CANONICAL_FORM,
        "background": draw_background(trained),
        **({} if trained.captured is None else {"captured": describe_captured(trained.captured)}),
    }


def describe_captured(captured: Captured) -> dict[str, object]:
    """How many rows came from captures, of when and which versions, and a hash that identifies them."""
    first, last = captured.days
    return {
        "rows": len(captured.rows.labels),
        "keptFromTraining": captured.held_out,
        "outvoted": captured.outvoted,
        "versions": captured.versions,
        "firstDay": first,
        "lastDay": last,
        "sha256": iris.hash_rows(captured.rows),
    }


def draw_background(trained: Trained) -> list[list[int | float]]:
    """A sample of training rows that explanations compare with: everybody can read them, so none is a caller's."""
    drawn = iris.draw(trained.own, rows_drawn=BACKGROUND_ROWS, seed=trained.seed)
    return [[round_number(value, DECIMALS) for value in row] for row in drawn.features]


def describe_training(trained: Trained) -> dict[str, object]:
    """What is needed to reproduce the weights."""
    parameters = trained.forest.get_params()
    del parameters["random_state"]
    return {
        "estimator": f"sklearn.ensemble.{type(trained.forest).__name__}",
        "parameters": parameters,
        "seed": trained.seed,
        "environment": read_environment(REQUIREMENTS),
    }


def read_environment(requirements: Path) -> dict[str, str]:
    """Installed versions of Python and of every package that the requirements file pins."""
    names = re.findall(r"^([a-z0-9._-]+)==", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
