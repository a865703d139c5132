"""Evaluates an estimator on rows that it has not seen."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, mean_absolute_error, r2_score, root_mean_squared_error

from card import DECIMALS
from json_files import round_number

from .about import Packaged
from .answers import Answer, Answers, first_line, has_same_labels
from .columns import Unsupported
from .labels import to_classes
from .uncertainty import measure_uncertainty


def measure(packaged: Packaged, rows: pd.DataFrame, answers: Answers, answer_served: Answer) -> dict[str, object]:
    """What the card says of the holdout: how good the estimator is on it, and how far off the weights are row by row."""
    evaluation = evaluate(packaged, answers)
    return {"evaluation": evaluation, "uncertainty": measure_uncertainty(packaged, rows, answer_served)}


def evaluate(packaged: Packaged, answers: Answers) -> dict[str, object]:
    """The card's evaluation, from the estimator's answers for the holdout."""
    assert packaged.holdout is not None
    actual = np.asarray(packaged.holdout[1])
    try:
        if packaged.task == "classification":
            measured = measure_labels(packaged.classes, actual, answers.labels)
        elif packaged.task == "tensors":
            measured = measure_each(packaged, actual, answers)
        else:
            measured = measure_values(actual, answers.numbers)
        return {"method": "hold-out", "rows": len(actual), **measured}
    except (ValueError, TypeError) as failure:
        raise Unsupported(f"the targets of the holdout do not match the estimator's answers: {first_line(failure)}") from failure


def measure_labels(classes: NDArray[Any], actual: NDArray[Any], labels: NDArray[Any]) -> dict[str, object]:
    """The share of correct labels, and the confusion matrix."""
    matrix = confusion_matrix(actual.ravel(), labels, labels=classes)
    accuracy = round_number(matrix.trace() / matrix.sum(), DECIMALS)
    return {"accuracy": accuracy, "confusionMatrix": matrix.tolist()}


def measure_each(packaged: Packaged, actual: NDArray[Any], answers: Answers) -> dict[str, object]:
    """The share of rows in which all of several labels are right."""
    columns = [to_classes(column, label.classes) for column, label in zip(actual.T, packaged.several, strict=True)]
    is_right = has_same_labels(answers, Answers(np.column_stack(columns), answers.numbers))
    return {"accuracy": round_number(is_right.mean(), DECIMALS)}


def measure_values(actual: NDArray[Any], numbers: NDArray[np.float64]) -> dict[str, object]:
    """Errors in the value's unit, and R² if there are at least two rows."""
    predicted = numbers.reshape(actual.shape)
    measured = {
        "rootMeanSquaredError": round_number(root_mean_squared_error(actual, predicted), DECIMALS),
        "meanAbsoluteError": round_number(mean_absolute_error(actual, predicted), DECIMALS),
    }
    if len(actual) < 2:
        return measured
    return {**measured, "rSquared": round_number(r2_score(actual, predicted), DECIMALS)}
