"""Rows that the estimator has not seen, for the card's evaluation and for one more comparison with the weights."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .arguments import read_targets
from .columns import MISSING, Column, Columns, Unsupported, to_sent
from .reading import LARGEST_FLOAT32, LARGEST_INTEGER
from .times import is_time, to_seconds
from .validity import shorten


def read_holdout(columns: Columns, holdout: Any) -> pd.DataFrame:
    """The rows of a pair of rows and targets."""
    if not isinstance(holdout, tuple | list) or len(holdout) != 2:
        raise Unsupported(f"holdout must be a pair of rows and targets, got {shorten(holdout)}")
    targets = read_targets(holdout[1], "the targets of the holdout")
    rows = read_like(columns, holdout[0], "the holdout")
    if len(rows) != len(targets) or len(rows) == 0:
        raise Unsupported(
            f"the holdout has {len(rows)} rows and {len(targets)} targets: expected as many rows as targets, at least one"
        )
    return rows


def read_like(columns: Columns, given: Any, title: str) -> pd.DataFrame:
    """Other rows than the sample's in their own dtypes, under the features' names."""
    frame = given if isinstance(given, pd.DataFrame) else read_rows(given, title)
    if frame.shape[1] != len(columns.columns):
        raise Unsupported(f"{title} has {frame.shape[1]} features: expected {len(columns.columns)}, as in the sample")
    lacking = [] if columns.given_names is None else [each for each in columns.given_names if each not in frame.columns]
    if isinstance(given, pd.DataFrame) and lacking:
        raise Unsupported(f"{title} lacks the column {lacking[0]}, which the sample has: expected the same columns")
    if isinstance(given, pd.DataFrame) and columns.given_names is not None:
        frame = frame[list(columns.given_names)]
    rows = frame.set_axis(columns.names, axis=1).reset_index(drop=True)
    for column in columns.columns:
        dtype = rows[column.name].dtype
        if column.name in columns.times and not is_time(dtype):
            raise Unsupported(f"{title} has no dates in the column {column.name} (dtype {dtype}): expected dates, as in the sample")
        if column.is_numeric and column.name not in columns.times and getattr(dtype, "kind", "") in "mM":
            raise Unsupported(
                f"{title} has dates or times in the column {column.name} (dtype {dtype}): expected numbers, as in the sample"
            )
    return rows.assign(**{name: to_seconds(rows[name]) for name in columns.times})


def read_rows(given: Any, title: str) -> pd.DataFrame:
    """Rows that are no frame; texts are a column."""
    array = np.asarray(given)
    if array.ndim not in (1, 2):
        raise Unsupported(f"{title} has rows of the shape {array.shape}: expected rows like the sample's")
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
