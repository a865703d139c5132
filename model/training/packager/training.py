"""What a model was trained with: its estimator, its parameters and the versions of its packages."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from .boosting import last_step

PACKAGES = ["numpy", "pandas", "scikit-learn", "skl2onnx", "onnx", "onnxruntime", "onnxmltools"]
LIBRARIES = {"xgboost": ["xgboost", "xgboost-cpu"], "lightgbm": ["lightgbm"], "catboost": ["catboost"], "packager": ["lightgbm"]}


def describe_training(estimator: Any, *, hides_values: bool = False) -> dict[str, object]:
    """The estimator, its parameters, and the version of every package that influenced the weights.

    Lists and steps may hold values of the sample, such as the categories of an encoder; hidden, only their class is named.
    """
    to_text = to_kind if hides_values else to_plain
    library = type(last_step(estimator)).__module__.partition(".")[0]
    packages = [*PACKAGES, *LIBRARIES.get(library, [])]
    installed = {name: found for name in packages if (found := find_version(name)) is not None}
    return {
        "estimator": f"{type(estimator).__module__.partition('.')[0]}.{type(estimator).__name__}",
        "parameters": {key: to_text(value) for key, value in estimator.get_params(deep=False).items()},
        "environment": {"python": platform.python_version(), **installed},
    }


def find_version(package: str) -> str | None:
    """The installed version of a package, if any."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def to_kind(value: Any) -> Any:
    """A number, boolean or None as it is, and the name of the class of anything else."""
    return to_plain(value) if isinstance(value, bool | int | float) or value is None else type(value).__name__


def to_plain(value: Any) -> Any:
    """A parameter as JSON: anything but numbers, booleans and strings becomes a string without line breaks."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else str(value)
    return " ".join(repr(value).split())
