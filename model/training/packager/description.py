"""Builds the card of a packaged model from what can be computed and what the owner says."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
import pandas as pd
from numpy.typing import NDArray

from card import BACKGROUND_ROWS, describe_column

from .about import ROLES, About, Packaged, describe_owner, label_names
from .answers import Answers
from .columns import MISSING, Column, Columns, Unsupported
from .instances import to_instances, to_json_values
from .serving import DEFAULT_TOLERANCE
from .shares import describe_answers, share, share_categories, share_labels
from .times import MEANING, UNIT
from .training import describe_training

MOST_CATEGORIES = 1_000
DATATYPES = {
    onnx.TensorProto.FLOAT: "FP32",
    onnx.TensorProto.DOUBLE: "FP64",
    onnx.TensorProto.INT64: "INT64",
    onnx.TensorProto.STRING: "BYTES",
    onnx.TensorProto.BOOL: "BOOL",
}


def create_card(packaged: Packaged, about: About, measured: Mapping[str, object], held_out: Answers | None) -> dict[str, Any]:
    """The whole card, with its members in reading order; `measured` are those from the holdout, `held_out` the answers for it."""
    labels = label_names(packaged, about)
    card = {
        "$schema": "./card.schema.json",
        **describe_owner(about),
        "task": packaged.task,
        "weights": describe_weights(packaged.weights),
        "inputs": describe_inputs(packaged.columns),
        "outputs": describe_outputs(packaged, about, held_out),
        "features": [describe_feature(packaged, about, index) for index in range(len(packaged.columns.columns))],
        "labels": labels,
        "labelValues": None if packaged.labels_are_places else label_values(packaged.classes),
        "tolerance": packaged.tolerance if packaged.tolerance != DEFAULT_TOLERANCE else None,
        **measured,
        "data": describe_data(packaged, labels),
        "training": describe_training(packaged.estimator, hides_values=packaged.hides_sample),
    }
    return {key: value for key, value in card.items() if value is not None}


def label_values(classes: NDArray[Any]) -> list[int] | None:
    """The integers that stand for the labels, if they are not 0, 1, 2, …"""
    if classes.dtype.kind not in "iuf" or classes.tolist() == list(range(len(classes))):
        return None
    return [int(value) for value in classes]


def describe_weights(weights: bytes) -> dict[str, object]:
    """The weights' file, its hash and size, and the versions that a runtime must support."""
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
    """Inputs with their Open Inference Protocol datatypes; -1 is the number of rows."""
    if not columns.is_split:
        return [{"name": columns.tensors[0], "datatype": columns.columns[0].datatype, "shape": [-1, len(columns.columns)]}]
    tensors = zip(columns.tensors, columns.columns, strict=True)
    return [describe_input(name, column) for name, column in tensors]


def describe_input(name: str, column: Column) -> dict[str, object]:
    """The input of a column; a text has as many ids as it has words."""
    if column.words is None:
        return {"name": name, "datatype": column.datatype, "shape": [-1, 1]}
    return {"name": name, "datatype": "INT64", "shape": [-1, -1], "maxShape": [-1, column.words.longest]}


def describe_outputs(packaged: Packaged, about: About, held_out: Answers | None) -> list[dict[str, object]]:
    """Outputs with their roles in a prediction."""
    outputs = onnx.load_from_string(packaged.weights).graph.output
    columns = find_column_names(packaged, about)
    described = []
    for place, output in enumerate(outputs):
        tensor = output.type.tensor_type
        sizes = [int(dimension.dim_value) for dimension in tensor.shape.dim][1:]
        if tensor.elem_type not in DATATYPES:
            kind = onnx.TensorProto.DataType.Name(tensor.elem_type)
            raise Unsupported(
                f"the output {output.name} has the type {kind}: expected one of {', '.join(DATATYPES.values())}"
            )
        role = ROLES.get(packaged.task) or ("label" if place == 0 else "probabilities")
        entry = {"name": output.name, "datatype": DATATYPES[tensor.elem_type], "shape": [-1, *sizes], "role": role}
        if output.name in columns:
            entry["columns"] = columns[output.name]
        if role == "value" and (training := describe_answers(packaged.answers, held_out)) is not None:
            entry["training"] = training
        described.append(entry)
    return described


def find_column_names(packaged: Packaged, about: About) -> dict[str, list[str]]:
    """What the columns of each output are called: values by the owner, probabilities of several labels by their classes."""
    if packaged.several:
        return {label.shares_name: [str(each) for each in label.classes.tolist()] for label in packaged.several}
    outputs = onnx.load_from_string(packaged.weights).graph.output if about.value_names else []
    return {output.name: list(about.value_names or ()) for output in outputs}


def describe_feature(packaged: Packaged, about: About, index: int) -> dict[str, Any]:
    """One feature, its place in the inputs, and the values it has in the sample."""
    columns = packaged.columns
    column = columns.columns[index]
    meaning = f", {MEANING}" if column.name in columns.times else ""
    units = {**dict.fromkeys(columns.times, UNIT), **about.units}
    return {
        "name": column.name,
        "description": about.descriptions.get(column.name, f"The column {column.name} of the training data{meaning}."),
        **({"unit": units[column.name]} if column.name in units else {}),
        "input": columns.tensors[index if columns.is_split else 0],
        "column": 0 if columns.is_split else index,
        **describe_values(column, columns.sample[column.name], packaged),
    }


def describe_values(column: Column, values: "pd.Series[Any]", packaged: Packaged) -> dict[str, Any]:
    """Categories of strings, and of numbers if the estimator accepts no others; ranges of numbers."""
    if column.words is not None:
        return {"tokenizer": column.words.describe()}
    if column.datatype == "BOOL":
        return {"categoryShares": share_categories(column, set())}
    categories: dict[str, Any] = {}
    visible = packaged.visible(column.name) if column.datatype == "BYTES" else set()
    if column.is_listed or (column.datatype == "BYTES" and not packaged.unknown[column.name]):
        categories = {"categories": list_categories(column, values), "unknownCategories": "refuse"}
    elif column.datatype == "BYTES" and len(column.categories) <= MOST_CATEGORIES:
        known = [each for each in list_categories(column, values) if each in visible]
        categories = {"categories": known, "unknownCategories": "pass"} if known else {}
    if column.datatype == "BYTES":
        gaps = {"nullable": True, "default": MISSING if MISSING in column.categories else None}
        shares = share_categories(column, visible)
        return {
            **categories,
            **(gaps if values.isna().any() else {}),
            **({"categoryShares": shares} if shares else {}),
        }
    return {**categories, **describe_numbers(column)}


def describe_numbers(column: Column) -> dict[str, Any]:
    """Whether numbers may be missing, and how they are distributed."""
    return {
        **({"nullable": True} if column.has_missing else {}),
        "training": {
            **describe_column(column.present.astype(np.float64)),
            **({"missing": share(column.is_missing)} if column.has_missing else {}),
        },
    }


def list_categories(column: Column, values: "pd.Series[Any]") -> list[Any]:
    """The distinct values as callers send them."""
    return sorted({value for value in to_json_values(column, values) if value is not None})


def describe_data(packaged: Packaged, labels: list[str] | None) -> dict[str, object]:
    """The number of rows, the share of each label, and the rows that explanations compare with."""
    columns = packaged.columns
    described: dict[str, object] = {"rows": len(columns.sample)}
    if labels is not None:
        given = packaged.answers.labels if packaged.targets is None else packaged.targets
        described["labelShares"] = dict(zip(labels, share_labels(given, packaged.classes), strict=True))
    if packaged.is_private and packaged.shown is None:
        return described
    shown = columns.sample if packaged.shown is None else packaged.shown
    step = max(1, len(shown) // BACKGROUND_ROWS)
    rows = shown.iloc[::step][:BACKGROUND_ROWS]
    return {**described, "background": [list(instance.values()) for instance in to_instances(columns, rows)]}
