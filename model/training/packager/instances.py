"""Rows and answers as JSON: what callers send to the endpoint, and what they get back."""

from typing import Any

import numpy as np
import pandas as pd

from json_files import round_number

from .about import ROLES, About, Packaged, label_names
from .answers import Answers
from .columns import Column, Columns, to_sent
from .labels import to_named


def to_instances(columns: Columns, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as callers send them, each value as given; null for missing values."""
    values = [to_json_values(column, rows[column.name]) for column in columns.columns]
    return [dict(zip(columns.names, row, strict=True)) for row in zip(*values, strict=True)]


def to_json_values(column: Column, values: "pd.Series[Any]") -> list[Any]:
    """The values of one column as JSON has them."""
    if isinstance(values.dtype, pd.CategoricalDtype) and column.datatype == "BYTES":
        return [str(value) for value in to_sent(values, "BYTES")]
    if column.datatype in ("BYTES", "TEXT"):
        return [None if pd.isna(value) else str(value) for value in values]
    if column.datatype == "BOOL":
        return [bool(value) for value in values]
    if column.datatype == "INT64":
        return [int(value) for value in values]
    return [to_number(value) for value in values.to_numpy()]


def to_number(value: Any) -> int | float | None:
    """The shortest decimal that reads back as the number in its own dtype; null if it is missing."""
    if pd.isna(value):
        return None
    number = float(str(value)) if isinstance(value, np.float32) else float(value)
    is_whole = number.is_integer() and abs(number) < 2**53 and (number != 0 or not np.signbit(number))
    return int(number) if is_whole else number


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
    """One answer in the format of the endpoint's reply."""
    numbers = [round_number(number) for number in answers.numbers[row].tolist()]
    if packaged.several:
        return to_named(answers.labels[row], numbers, packaged.several)
    labels = label_names(packaged, about)
    if labels is not None:
        label = labels[packaged.classes.tolist().index(answers.labels[row])]
        return {"label": label, **({"probabilities": dict(zip(labels, numbers, strict=True))} if numbers else {})}
    if about.value_names:
        return {"value": dict(zip(about.value_names, numbers, strict=True))}
    is_number = packaged.task == "regression" and len(numbers) == 1
    return {ROLES[packaged.task]: numbers[0] if is_number else numbers}
