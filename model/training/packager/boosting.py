"""Prepares estimators of XGBoost and LightGBM for their libraries' converters."""

import copy
import re
from typing import Any

import numpy as np
from skl2onnx import update_registered_converter
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)

# LightGBM treats values up to this magnitude as zero.
NEARLY_ZERO = np.float32(1e-35)


def last_step(estimator: Any) -> Any:
    """The last step of a pipeline, or the estimator itself."""
    return estimator[-1] if hasattr(estimator, "steps") else estimator


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
