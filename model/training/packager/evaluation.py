"""How well an estimator answers rows that it has not seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, mean_absolute_error, r2_score, root_mean_squared_error

from card import DECIMALS
from json_files import round_number

from .about import Packaged
from .answers import Answers
from .columns import Unsupported


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
