"""Rows that the estimator has not seen, for the card's evaluation and for one more comparison with the weights."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .arguments import read_targets
from .columns import MISSING, Column, Columns, Unsupported, to_sent
from .reading import LARGEST_FLOAT32, LARGEST_INTEGER
from .times import to_seconds
from .validity import shorten


def read_holdout(columns: Columns, holdout: Any) -> pd.DataFrame:
    """The rows in their own dtypes, under the features' names."""
    if not isinstance(holdout, tuple | list) or len(holdout) != 2:
        raise Unsupported(f"holdout must be a pair of rows and targets, got {shorten(holdout)}")
    given, targets = holdout[0], read_targets(holdout[1], "the targets of the holdout")
    frame = given if isinstance(given, pd.DataFrame) else read_rows(given)
    if frame.shape[1] != len(columns.columns):
        raise Unsupported(f"the holdout has {frame.shape[1]} features: expected {len(columns.columns)}, as in the sample")
    lacking = [] if columns.given_names is None else [each for each in columns.given_names if each not in frame.columns]
    if isinstance(given, pd.DataFrame) and lacking:
        raise Unsupported(f"the holdout lacks the column {lacking[0]}, which the sample has: expected the same columns")
    if isinstance(given, pd.DataFrame) and columns.given_names is not None:
        frame = frame[list(columns.given_names)]
    if len(frame) != len(targets) or len(frame) == 0:
        raise Unsupported(
            f"the holdout has {len(frame)} rows and {len(targets)} targets: expected as many rows as targets, at least one"
        )
    rows = frame.set_axis(columns.names, axis=1).reset_index(drop=True)
    return rows.assign(**{name: to_seconds(rows[name]) for name in columns.times})


def read_rows(given: Any) -> pd.DataFrame:
    """Rows that are no frame; texts are a column."""
    array = np.asarray(given)
    if array.ndim not in (1, 2):
        raise Unsupported(f"the rows of the holdout have the shape {array.shape}: expected those of other rows like the sample")
    return pd.DataFrame(array)


def keep_served(columns: Columns, rows: pd.DataFrame) -> NDArray[np.int64]:
    """Indices of the rows that the endpoint will accept, by their strings, missing values and numbers."""
    is_served = np.ones(len(rows), np.bool_)
    for column in columns.columns:
        is_served &= is_taken(column, rows[column.name])
    return np.flatnonzero(is_served)


def is_taken(column: Column, values: "pd.Series[Any]") -> NDArray[np.bool_]:
    """Whether the endpoint will accept each value of a column."""
    if column.words is not None:
        return (values.str.len() <= column.words.longest).to_numpy(np.bool_)
    if column.datatype == "BYTES":
        sent = to_sent(values, "BYTES")
        return np.isin(sent, column.categories) | ((sent == MISSING) & column.has_missing)
    if not column.is_numeric:
        return values.isin(column.values).to_numpy(np.bool_)
    numbers = to_sent(values, "FP64")
    is_missing = np.isnan(numbers)
    if column.is_listed:
        return np.isin(numbers, column.present) | (is_missing & column.has_missing)
    if column.datatype == "INT64":
        return (numbers == np.floor(numbers)) & (np.abs(numbers) <= LARGEST_INTEGER)
    return np.where(is_missing, column.has_missing, is_in_range(column, numbers))


def is_in_range(column: Column, numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether numbers stay finite in the column's tensor."""
    return np.abs(numbers) <= LARGEST_FLOAT32 if column.datatype == "FP32" else np.isfinite(numbers)
