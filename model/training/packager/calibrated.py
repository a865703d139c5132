"""Calibrates a classifier with one half of the holdout, and leaves the other half to measure what comes out."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import train_test_split

from .about import Task
from .answers import first_line
from .columns import Columns, Unsupported

METHODS = (None, "temperature", "isotonic", "sigmoid")

Holdout = tuple[pd.DataFrame, Any]


def require_calibration(method: Any, task: Task, estimator: Any, holdout: Any) -> None:
    """Rejects a method that cannot be used."""
    if method not in METHODS:
        raise Unsupported(f"calibrate must be 'temperature', 'isotonic', 'sigmoid' or None, got {method!r}")
    if method is None:
        return
    if task != "classification" or not any(hasattr(estimator, name) for name in ("predict_proba", "decision_function")):
        raise Unsupported("calibrate needs a classifier with predict_proba or decision_function")
    if holdout is None:
        raise Unsupported("calibrate needs a holdout: rows that the estimator has not seen, with their targets")


def calibrate(estimator: Any, columns: Columns, holdout: Holdout, method: str, seed: int) -> tuple[Any, Holdout]:
    """The estimator with its calibration, and the half of the holdout that neither has seen."""
    rows, targets = holdout
    actual = np.asarray(targets).ravel()
    try:
        fitting, measuring = train_test_split(np.arange(len(rows)), test_size=0.5, stratify=actual, random_state=seed)
        calibrated = CalibratedClassifierCV(FrozenEstimator(estimator), method=method)
        calibrated.fit(columns.for_estimator(rows.iloc[fitting]), actual[fitting])
    except ValueError as failure:
        raise Unsupported(
            f"calibrate fails on a half of the holdout: {first_line(failure)}. Expected ten rows of each class in the holdout, or more"
        ) from failure
    if calibrated.classes_.tolist() != np.asarray(estimator.classes_).tolist():
        raise Unsupported("calibrate needs rows of every class in the holdout: ten, or more")
    return calibrated, (rows.iloc[measuring].reset_index(drop=True), actual[measuring])
