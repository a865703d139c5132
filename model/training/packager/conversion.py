"""Converts a fitted estimator to ONNX with its library's converter; all outputs are tensors."""

import copy
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from onnx import ModelProto, checker, compose
from skl2onnx import to_onnx, update_registered_converter
from skl2onnx.common.data_types import BooleanTensorType, FloatTensorType, Int64TensorType, StringTensorType
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)
from sklearn.ensemble import RandomForestClassifier

import export

from .answers import FAILURES, first_line, open_quietly
from .columns import ONLY_INPUT, Columns, Unsupported

TARGET = {"": export.OPSET, "ai.onnx.ml": export.ML_OPSET}
# LightGBM treats values up to this magnitude as zero.
NEARLY_ZERO = np.float32(1e-35)
TENSOR_TYPES = {"FP32": FloatTensorType, "INT64": Int64TensorType, "BOOL": BooleanTensorType, "BYTES": StringTensorType}


@dataclass(frozen=True)
class Converted:
    """The weights and their inputs' names; `labels_are_places` if labels are indices into the estimator's classes."""

    weights: bytes
    tensors: list[str]
    labels_are_places: bool


def convert(estimator: Any, columns: Columns, *, has_probabilities: bool) -> Converted:
    """Converts the estimator. A classifier has the outputs label and, if it has any, probabilities."""
    is_forest = type(last_step(estimator)) is RandomForestClassifier
    model = convert_forest(estimator, columns) if is_forest else convert_other(estimator, columns)
    if not has_probabilities:
        # Without probabilities, the second output of a classifier holds scores; a regressor has no second output.
        del model.graph.output[1:]
    model.ir_version = export.IR_VERSION
    tensors = [tensor.name for tensor in model.graph.input]
    try:
        declare_widths(model, replace(columns, tensors=tensors))
        checker.check_model(model, full_check=True)
    except Unsupported:
        raise
    except Exception as failure:
        raise Unsupported(f"{type(estimator).__name__} converts to invalid ONNX: {first_line(failure)}") from failure
    has_truth = np.asarray(getattr(estimator, "classes_", ())).dtype == np.bool_
    return Converted(bytes(model.SerializeToString(deterministic=True)), tensors, is_forest or has_truth)


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


def last_step(estimator: Any) -> Any:
    """The last step of a pipeline, or the estimator itself."""
    return estimator[-1] if hasattr(estimator, "steps") else estimator


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
        cure = ". Fit it on an array and pass feature_names" if "should follow pattern 'f%d'" in str(failure) else ""
        raise Unsupported(
            f"{type(estimator).__name__} cannot be converted to ONNX: {first_line(failure)}{cure}"
        ) from failure


def to_types(columns: Columns) -> list[tuple[str, Any]]:
    """The input types for the converter; the number of rows is free."""
    if not columns.is_split:
        return [(ONLY_INPUT, FloatTensorType([None, len(columns.columns)]))]
    return [(column.name, TENSOR_TYPES[column.datatype]([None, 1])) for column in columns.columns]


def register_boosting() -> None:
    """Registers the estimators of XGBoost and LightGBM with skl2onnx, if they are installed."""
    try:
        from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
        from xgboost import XGBClassifier, XGBRegressor

        register(XGBClassifier, XGBRegressor, "XGBoost", convert_xgboost, {})
    except ImportError:
        pass
    try:
        from lightgbm import LGBMClassifier, LGBMRegressor
        from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm

        register(LGBMClassifier, LGBMRegressor, "LightGbm", convert_lightgbm, {"split": None})
    except ImportError:
        pass


def register(classifier: Any, regressor: Any, library: str, converter: Any, options: dict[str, Any]) -> None:
    """Registers a library's classifier and regressor."""
    classifying = {"nocl": [True, False], "zipmap": [True, False, "columns"], "raw_scores": [True, False]}
    shapes = calculate_linear_classifier_output_shapes
    update_registered_converter(classifier, f"{library}{classifier.__name__}", shapes, converter, options=classifying)
    shapes = calculate_linear_regressor_output_shapes
    update_registered_converter(regressor, f"{library}{regressor.__name__}", shapes, converter, options=options)


def round_thresholds(estimator: Any) -> Any:
    """Rounds LightGBM's float64 thresholds down to float32; the converter's nearest float32 may be on a row's other side.

    A float32 value is at most t exactly when it is at most the largest float32 that is not above t.
    """
    if type(last_step(estimator)).__module__.partition(".")[0] != "lightgbm":
        return estimator
    from lightgbm import Booster

    rounded = copy.deepcopy(estimator)
    last = last_step(rounded)
    text = last.booster_.model_to_string()
    text = re.sub(r"(?m)^threshold=(.*)$", lambda found: f"threshold={round_down(found[1])}", text)
    # The tree sizes in the text no longer match.
    last._Booster = Booster(model_str=re.sub(r"(?m)^tree_sizes=.*\n", "", text))
    return rounded


def round_down(thresholds: str) -> str:
    """Rounds each to the largest float32 that is not above it and that LightGBM does not treat as zero."""
    exact = np.array(thresholds.split(), np.float64)
    near = exact.astype(np.float32)
    is_above = (near > exact) | (near == -NEARLY_ZERO)
    below = np.where(is_above, np.nextafter(near, np.float32(-np.inf)), near)
    return " ".join(repr(float(value)) for value in below)
