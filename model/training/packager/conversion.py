"""Converts a fitted estimator to ONNX with its library's converter; all outputs are tensors."""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from onnx import ModelProto, checker, compose
from skl2onnx import to_onnx
from skl2onnx.common.data_types import (
    BooleanTensorType,
    DoubleTensorType,
    FloatTensorType,
    Int64TensorType,
    StringTensorType,
)
from sklearn.ensemble import RandomForestClassifier

import export

from .about import Task
from .answers import FAILURES, first_line, open_quietly
from .boosting import last_step, register_boosting, round_thresholds
from .columns import ONLY_INPUT, Columns, Unsupported
from .graphs.build import build_model
from .graphs.graph import NoGraph, Refused
from .labels import Label

NO_CONVERTER = "neither this packager nor skl2onnx converts"
TARGET = {"": export.OPSET, "ai.onnx.ml": export.ML_OPSET}
TENSOR_TYPES = {
    "FP32": FloatTensorType,
    "FP64": DoubleTensorType,
    "INT64": Int64TensorType,
    "BOOL": BooleanTensorType,
    "BYTES": StringTensorType,
}


@dataclass(frozen=True)
class Converted:
    """The weights and their inputs' names; `labels_are_places` if labels are indices into the estimator's classes."""

    weights: bytes
    tensors: list[str]
    labels_are_places: bool


def convert_to_double(
    estimator: Any, task: Task, columns: Columns, *, has_probabilities: bool, several: Sequence[Label] = ()
) -> Converted:
    """Builds the packager's own graph, which computes in float64."""
    try:
        model = build_model(estimator, task, columns, has_probabilities=has_probabilities, several=several)
    except (NoGraph, Refused):
        raise
    except Exception as failure:
        raise NoGraph(f"no float64 graph for {type(estimator).__name__}: {first_line(failure)}") from failure
    return finish(estimator, model, columns, labels_are_places=True)


def convert(estimator: Any, columns: Columns, *, has_probabilities: bool) -> Converted:
    """Converts by a library's converter. A classifier has the outputs label and, if it has any, probabilities."""
    is_forest = type(last_step(estimator)) is RandomForestClassifier
    model = convert_forest(estimator, columns) if is_forest else convert_other(estimator, columns)
    if not has_probabilities:
        # Without probabilities, the second output of a classifier holds scores; a regressor has no second output.
        del model.graph.output[1:]
    has_truth = np.asarray(getattr(estimator, "classes_", ())).dtype == np.bool_
    return finish(estimator, model, columns, labels_are_places=is_forest or has_truth)


def finish(estimator: Any, model: ModelProto, columns: Columns, *, labels_are_places: bool) -> Converted:
    """Checks a model and corrects what it declares."""
    model.ir_version = export.IR_VERSION
    tensors = [tensor.name for tensor in model.graph.input]
    try:
        declare_widths(model, replace(columns, tensors=tensors))
        checker.check_model(model, full_check=True)
    except Unsupported:
        raise
    except Exception as failure:
        raise Unsupported(f"{type(estimator).__name__} converts to invalid ONNX: {first_line(failure)}") from failure
    return Converted(bytes(model.SerializeToString(deterministic=True)), tensors, labels_are_places)


def declare_widths(model: ModelProto, columns: Columns) -> None:
    """Corrects declared shapes to those of real runs; some converters declare wrong ones for several outputs."""
    session = open_quietly(model.SerializeToString())
    try:
        runs = {rows: session.run(None, columns.to_feeds(columns.sample.iloc[[0] * rows])) for rows in (1, 2)}
    except FAILURES:
        # The comparison with the estimator reports which row fails, and why.
        return
    for place, output in enumerate(model.graph.output):
        one, two = (np.shape(runs[rows][place]) for rows in (1, 2))
        if not (len(one) > 0 and one[0] == 1 and two == (2, *one[1:])):
            raise Unsupported(
                f"the output {output.name} has the shape {list(one)} for one row and {list(two)} for two: "
                "expected one entry per row, all of the same width"
            )
        shape = output.type.tensor_type.shape
        declared = [dimension.dim_value for dimension in shape.dim]
        if declared[1:] != list(one[1:]) or declared[:1] != [0]:
            del shape.dim[:]
            shape.dim.add()
            for width in one[1:]:
                shape.dim.add().dim_value = width


def convert_other(estimator: Any, columns: Columns) -> ModelProto:
    """Converts with the library's own converter."""
    register_boosting()
    return convert_by_library(round_thresholds(estimator), columns)


def convert_forest(estimator: Any, columns: Columns) -> ModelProto:
    """Uses the project's own export, which adds votes as scikit-learn does; earlier steps of a pipeline are converted."""
    forest = copy.copy(last_step(estimator))
    forest.classes_ = np.arange(len(forest.classes_))
    model = export.export_forest(forest, name="model")
    if not hasattr(estimator, "steps"):
        return model
    head = convert_by_library(estimator[:-1], columns)
    head.ir_version = model.ir_version
    del head.opset_import[:]
    head.opset_import.extend(model.opset_import)
    tail = compose.add_prefix(model, "forest_", rename_outputs=False)
    if {export.LABEL, export.PROBABILITIES} & {tensor.name for tensor in head.graph.input}:
        head = compose.add_prefix(head, "given_")
    return compose.merge_models(head, tail, io_map=[(head.graph.output[0].name, f"forest_{export.INPUT}")], name="model")


def convert_by_library(estimator: Any, columns: Columns) -> ModelProto:
    """Converts without skl2onnx's default maps of labels, because only tensors can be served."""
    arguments = {"initial_types": to_types(columns), "target_opset": TARGET, "name": "model"}
    try:
        try:
            return to_onnx(estimator, options={id(estimator): {"zipmap": False}}, **arguments)
        except Exception as failure:
            # An estimator without a map does not have this option.
            if "'zipmap'" not in str(failure):
                raise
            return to_onnx(estimator, **arguments)
    except Exception as failure:
        cure = ""
        if "shape calculator" in str(failure):
            named = re.search(r"<class '[\w.]*?(\w+)'>", str(failure))
            kind = named.group(1) if named else type(last_step(estimator)).__name__
            reason = f"{NO_CONVERTER} {kind} with these parameters"
            raise Unsupported(f"{reason}. docs/reference/estimators.md lists what is served") from failure
        if "should follow pattern 'f%d'" in str(failure):
            cure = ". Fit it on an array and pass feature_names"
        raise Unsupported(
            f"{type(estimator).__name__} cannot be converted to ONNX: {first_line(failure)}{cure}"
        ) from failure


def to_types(columns: Columns) -> list[tuple[str, Any]]:
    """The input types for the converter; the number of rows is free."""
    if not columns.is_split:
        return [(ONLY_INPUT, TENSOR_TYPES[columns.columns[0].datatype]([None, len(columns.columns)]))]
    return [(column.name, TENSOR_TYPES[column.datatype]([None, 1])) for column in columns.columns]
