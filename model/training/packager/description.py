"""What the card and the samples say of a packaged model: all that can be computed, and what its owner has to say."""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import numpy as np
import onnx
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, mean_absolute_error, r2_score, root_mean_squared_error

from card import BACKGROUND_ROWS, DECIMALS, describe_column
from json_files import round_number

from .answers import Answers
from .columns import Column, Columns, Unsupported
from .conversion import last_step
from .instances import to_instances, to_json_values
from .serving import DEFAULT_TOLERANCE

Task = Literal["classification", "regression", "embedding"]

MOST_CATEGORIES = 1_000
SAMPLES = 60
DATATYPES = {
    onnx.TensorProto.FLOAT: "FP32",
    onnx.TensorProto.DOUBLE: "FP64",
    onnx.TensorProto.INT64: "INT64",
    onnx.TensorProto.STRING: "BYTES",
}
ROLES: dict[Task, str] = {"regression": "value", "embedding": "embedding"}
PACKAGES = ["numpy", "pandas", "scikit-learn", "skl2onnx", "onnx", "onnxruntime", "onnxmltools"]
LIBRARIES = {"xgboost": ["xgboost", "xgboost-cpu"], "lightgbm": ["lightgbm"]}


@dataclass(frozen=True)
class About:
    """What only its owner knows of a model; the card's schema says what each is."""

    name: str
    title: str
    description: str
    intended_use: str
    limits: Sequence[str] = ()
    version: str = "1"
    license: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    labels: Sequence[str] | None = None
    value_names: Sequence[str] | None = None


@dataclass(frozen=True)
class Packaged:
    """A model whose weights agree with its estimator."""

    estimator: Any
    task: Task
    columns: Columns
    weights: bytes
    tolerance: float
    classes: NDArray[Any]
    labels_are_places: bool
    unknown: Mapping[str, bool]
    holdout: tuple[Any, Any] | None
    targets: NDArray[Any] | None


def create_card(packaged: Packaged, about: About, holdout_answers: Answers | None) -> dict[str, Any]:
    """The whole card, in the order in which it reads best."""
    labels = label_names(packaged, about)
    card = {
        "$schema": "./card.schema.json",
        **describe_owner(about),
        "task": packaged.task,
        "weights": describe_weights(packaged.weights),
        "inputs": describe_inputs(packaged.columns),
        "outputs": describe_outputs(packaged, about),
        "features": [describe_feature(packaged, about, index) for index in range(len(packaged.columns.columns))],
        "labels": labels,
        "labelValues": None if packaged.labels_are_places else label_values(packaged.classes),
        "tolerance": packaged.tolerance if packaged.tolerance != DEFAULT_TOLERANCE else None,
        "evaluation": None if holdout_answers is None else evaluate(packaged, holdout_answers),
        "data": describe_data(packaged, labels),
        "training": describe_training(packaged.estimator),
    }
    return {key: value for key, value in card.items() if value is not None}


def describe_owner(about: About) -> dict[str, Any]:
    """The members of the card that are its owner's words."""
    members = {
        "name": about.name,
        "version": about.version,
        "title": about.title,
        "description": about.description,
        "intendedUse": about.intended_use,
        "limits": about.limits,
        "license": about.license,
    }
    # Text has letters where a list has entries.
    members["limits"] = about.limits if isinstance(about.limits, str) else list(about.limits)
    return {key: value for key, value in members.items() if key != "license" or value is not None}


def label_names(packaged: Packaged, about: About) -> list[str] | None:
    """The classes' names: the owner's, or the classes themselves."""
    if packaged.task != "classification":
        return None
    classes = [str(label) for label in packaged.classes.tolist()]
    if about.labels is None:
        return classes
    labels = list(about.labels)
    if len(labels) != len(classes):
        raise Unsupported(f"expected a label for each of the classes {', '.join(classes)}, got {labels}")
    are_strings = packaged.classes.dtype.kind not in "iufb" and not packaged.labels_are_places
    if are_strings and labels != classes:
        raise Unsupported(
            f"the weights answer the classes themselves, which are strings: expected the labels {classes}, got {labels}. "
            "Leave them out, or fit on integers"
        )
    return labels


def label_values(classes: NDArray[Any]) -> list[int] | None:
    """The integers that stand for the labels, where those are not their places."""
    if classes.dtype.kind not in "iuf" or classes.tolist() == list(range(len(classes))):
        return None
    return [int(value) for value in classes]


def describe_weights(weights: bytes) -> dict[str, object]:
    """The file, its hash, and the versions that a runtime must read."""
    model = onnx.load_from_string(weights)
    opsets = {opset.domain: opset.version for opset in model.opset_import}
    described = {
        "file": "model.onnx",
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
        "opset": opsets.get(""),
        "mlOpset": opsets.get("ai.onnx.ml"),
        "irVersion": model.ir_version,
    }
    return {key: value for key, value in described.items() if value is not None}


def describe_inputs(columns: Columns) -> list[dict[str, object]]:
    """Inputs under their Open Inference Protocol datatypes; -1 is the number of rows."""
    if not columns.is_split:
        return [{"name": columns.tensors[0], "datatype": "FP32", "shape": [-1, len(columns.columns)]}]
    tensors = zip(columns.tensors, columns.columns, strict=True)
    return [{"name": name, "datatype": column.datatype, "shape": [-1, 1]} for name, column in tensors]


def describe_outputs(packaged: Packaged, about: About) -> list[dict[str, object]]:
    """Outputs with their part in a prediction."""
    outputs = onnx.load_from_string(packaged.weights).graph.output
    described = []
    for place, output in enumerate(outputs):
        tensor = output.type.tensor_type
        sizes = [int(dimension.dim_value) for dimension in tensor.shape.dim][1:]
        if tensor.elem_type not in DATATYPES:
            kind = onnx.TensorProto.DataType.Name(tensor.elem_type)
            raise Unsupported(f"the output {output.name} has the type {kind}: expected {', '.join(DATATYPES.values())}")
        role = ROLES.get(packaged.task) or ("label" if place == 0 else "probabilities")
        entry = {"name": output.name, "datatype": DATATYPES[tensor.elem_type], "shape": [-1, *sizes], "role": role}
        described.append({**entry, "columns": list(about.value_names)} if about.value_names else entry)
    return described


def describe_feature(packaged: Packaged, about: About, index: int) -> dict[str, Any]:
    """One feature, where it goes, and what the sample says of its values."""
    columns = packaged.columns
    column = columns.columns[index]
    return {
        "name": column.name,
        "description": about.descriptions.get(column.name, f"The column {column.name} of the training data."),
        **({"unit": about.units[column.name]} if column.name in about.units else {}),
        "input": columns.tensors[index if columns.is_split else 0],
        "column": 0 if columns.is_split else index,
        **describe_values(column, columns.sample[column.name], packaged.unknown),
    }


def describe_values(column: Column, values: "pd.Series[Any]", unknown: Mapping[str, bool]) -> dict[str, Any]:
    """Categories of strings, and of numbers where the estimator takes no others; ranges of numbers."""
    if column.datatype == "BOOL":
        return {}
    categories: dict[str, Any] = {}
    if column.is_listed or (column.datatype == "BYTES" and not unknown[column.name]):
        categories = {"categories": list_categories(column, values), "unknownCategories": "refuse"}
    elif column.datatype == "BYTES" and len(column.categories) <= MOST_CATEGORIES:
        categories = {"categories": list_categories(column, values), "unknownCategories": "pass"}
    if column.datatype == "BYTES":
        return categories
    return {
        **categories,
        **({"nullable": True} if column.has_missing else {}),
        "training": describe_column(column.present.astype(np.float64)),
    }


def list_categories(column: Column, values: "pd.Series[Any]") -> list[Any]:
    """The distinct values as callers write them."""
    return sorted({value for value in to_json_values(column, values) if value is not None})


def evaluate(packaged: Packaged, answers: Answers) -> dict[str, object]:
    """How well the estimator answers rows that it has not seen."""
    assert packaged.holdout is not None
    actual = np.asarray(packaged.holdout[1])
    measure = measure_labels if packaged.task == "classification" else measure_values
    try:
        return {"method": "hold-out", "rows": len(actual), **measure(packaged, actual, answers)}
    except (ValueError, TypeError) as failure:
        raise Unsupported(f"the targets of the holdout are not such as the estimator answers: {failure}") from failure


def measure_labels(packaged: Packaged, actual: NDArray[Any], answers: Answers) -> dict[str, object]:
    """Shares and counts of right labels."""
    matrix = confusion_matrix(actual.ravel(), answers.labels, labels=packaged.classes)
    accuracy = round_number(matrix.trace() / matrix.sum(), DECIMALS)
    return {"accuracy": accuracy, "confusionMatrix": matrix.tolist()}


def measure_values(packaged: Packaged, actual: NDArray[Any], answers: Answers) -> dict[str, object]:
    """Errors in the value's unit; a share of the variance only where there is some."""
    predicted = answers.numbers.reshape(actual.shape)
    measured = {
        "rootMeanSquaredError": round_number(root_mean_squared_error(actual, predicted), DECIMALS),
        "meanAbsoluteError": round_number(mean_absolute_error(actual, predicted), DECIMALS),
    }
    if len(actual) < 2:
        return measured
    return {**measured, "rSquared": round_number(r2_score(actual, predicted), DECIMALS)}


def describe_data(packaged: Packaged, labels: list[str] | None) -> dict[str, object]:
    """How many rows the sample has, how often each label came, and rows to compare with where predictions are explained."""
    columns = packaged.columns
    described: dict[str, object] = {"rows": len(columns.sample)}
    if labels is not None and packaged.targets is not None:
        shares = [round_number((packaged.targets == each).mean(), DECIMALS) for each in packaged.classes]
        described["labelShares"] = dict(zip(labels, shares, strict=True))
    step = max(1, len(columns.sample) // BACKGROUND_ROWS)
    rows = columns.sample.iloc[::step][:BACKGROUND_ROWS]
    return {**described, "background": [list(instance.values()) for instance in to_instances(columns, rows)]}


def describe_training(estimator: Any) -> dict[str, object]:
    """The estimator, its parameters, and the version of everything that had a hand in the weights."""
    library = type(last_step(estimator)).__module__.partition(".")[0]
    packages = [*PACKAGES, *LIBRARIES.get(library, [])]
    installed = {name: found for name in packages if (found := find_version(name)) is not None}
    return {
        "estimator": f"{type(estimator).__module__.partition('.')[0]}.{type(estimator).__name__}",
        "parameters": {key: to_plain(value) for key, value in estimator.get_params(deep=False).items()},
        "environment": {"python": platform.python_version(), **installed},
    }


def find_version(package: str) -> str | None:
    """The installed version."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def to_plain(value: Any) -> Any:
    """A parameter as JSON has it: what is no number, truth value or text becomes text, without line breaks."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else str(value)
    return " ".join(repr(value).split())


def create_samples(packaged: Packaged, about: About, answers: Answers, rows: pd.DataFrame) -> list[dict[str, object]]:
    """Rows with the estimator's own answers, as callers send and get them."""
    columns = packaged.columns
    instances = to_instances(columns, rows)
    return [
        {
            "instance": instance if columns.is_frame else list(instance.values()),
            "prediction": to_prediction(packaged, about, answers, at),
        }
        for at, instance in enumerate(instances)
    ]


def to_prediction(packaged: Packaged, about: About, answers: Answers, row: int) -> dict[str, object]:
    """One answer in the shape in which the function gives it."""
    numbers = [round_number(number) for number in answers.numbers[row].tolist()]
    labels = label_names(packaged, about)
    if labels is not None:
        label = labels[packaged.classes.tolist().index(answers.labels[row])]
        return {"label": label, **({"probabilities": dict(zip(labels, numbers, strict=True))} if numbers else {})}
    if about.value_names:
        return {"value": dict(zip(about.value_names, numbers, strict=True))}
    is_number = packaged.task == "regression" and len(numbers) == 1
    return {ROLES[packaged.task]: numbers[0] if is_number else numbers}
