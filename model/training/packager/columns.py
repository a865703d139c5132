"""The columns of a sample: their tensors, and their values for the estimator and for ONNX Runtime."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .times import to_times

# A text becomes the ids of its words.
Datatype = Literal["FP32", "FP64", "INT64", "BOOL", "BYTES", "TEXT"]
Precision = Literal["FP32", "FP64"]

# The NumPy type of each datatype in a tensor; strings are objects there.
NUMPY_TYPES: dict[Datatype, Any] = {
    "FP32": np.float32,
    "FP64": np.float64,
    "INT64": np.int64,
    "BOOL": np.bool_,
    "BYTES": np.object_,
    "TEXT": np.object_,
}
ONLY_INPUT = "X"
# What a missing string is in a tensor; callers send null.
MISSING = ""


class Unsupported(Exception):
    """The given model or data cannot be served; the message says why."""


class Encoding(Protocol):
    """How texts become ids."""

    document: bytes
    longest: int

    def to_feeds(self, name: str, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """The input of ids, `name`, and those that the tokenizer fills beside it."""

    def to_ids(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Ids of the shape [rows, tokens of the longest]."""

    def draw(self, texts: Sequence[str], random: np.random.Generator, count: int) -> NDArray[np.object_]:
        """Random texts."""

    def describe(self) -> dict[str, object]:
        """What the card says of it."""


@dataclass(frozen=True)
class Column:
    """One feature; `values` are the sample's as JSON carries them: float64, int64, booleans or strings, shape [rows].

    Missing strings stay as the sample has them, NaN or None.

    `is_listed` means that the estimator accepts only the numbers that it was fitted with. `words` are those of a text.
    """

    name: str
    datatype: Datatype
    values: NDArray[Any]
    is_listed: bool = False
    words: Encoding | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.is_float or self.datatype == "INT64"

    @property
    def is_float(self) -> bool:
        """Whether its values are floating-point numbers, of which some may be missing."""
        return self.datatype in ("FP32", "FP64")

    @cached_property
    def has_missing(self) -> bool:
        """Whether the sample has NaN here; only then are missing values tested and served."""
        return bool(self.is_missing.any())

    @cached_property
    def is_missing(self) -> NDArray[np.bool_]:
        """Which values are missing, shape [rows]."""
        can_miss = self.is_float or self.datatype == "BYTES"
        return np.asarray(pd.isna(self.values)) if can_miss else np.zeros(len(self.values), np.bool_)

    @cached_property
    def present(self) -> NDArray[Any]:
        """The values that are not missing."""
        return self.values[~self.is_missing]

    @cached_property
    def categories(self) -> list[Any]:
        """The distinct values, sorted."""
        return sorted(set(self.present.tolist()))


@dataclass(frozen=True)
class Columns:
    """All features in order. With `is_split` each has a tensor of its own; otherwise all share one tensor of floating-point numbers.

    `sample` has the given values and dtypes under the features' names; `given_names` are the original names of a frame.
    `tensors` are the names of the weights' inputs, which may differ from the features' names. With `is_vector` the estimator
    takes a list of the only column's values. `times` are the dtypes of columns of dates, which `sample` has as seconds.
    """

    columns: Sequence[Column]
    sample: pd.DataFrame
    is_split: bool
    given_names: "pd.Index[Any] | None"
    tensors: Sequence[str]
    is_vector: bool = False
    times: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> Column | None:
        """The column that is a text."""
        return next((column for column in self.columns if column.words is not None), None)

    @property
    def names(self) -> list[str]:
        """The features' names."""
        return [column.name for column in self.columns]

    @property
    def is_frame(self) -> bool:
        """Whether the estimator was fitted with a frame."""
        return self.given_names is not None

    def in_precision(self, precision: Precision) -> "Columns":
        """The same columns with another datatype for floating-point numbers."""
        changed = [replace(column, datatype=precision) if column.is_float else column for column in self.columns]
        return replace(self, columns=changed)

    def to_rows(self, values: Sequence[NDArray[Any]]) -> pd.DataFrame:
        """Rows from generated values: numbers are float64 or int64, all others have the sample's dtype."""
        series = {
            column.name: pd.Series(each, dtype=each.dtype).astype(
                np.float64
                if column.is_float
                else np.int64
                if column.datatype == "INT64"
                else np.object_
                if isinstance(self.sample[column.name].dtype, pd.CategoricalDtype)
                else self.sample[column.name].dtype
            )
            for column, each in zip(self.columns, values, strict=True)
        }
        return pd.DataFrame(series)

    def for_estimator(self, rows: pd.DataFrame) -> Any:
        """Rows as the estimator was fitted with them: a list, a frame with its names, or an array."""
        if self.is_vector:
            return rows[self.names[0]].tolist()
        if self.given_names is None:
            return rows.to_numpy()
        levels = {name: dtype for name, dtype in self.sample.dtypes.items() if isinstance(dtype, pd.CategoricalDtype)}
        known = rows.assign(**{str(name): to_level(rows[name], dtype) for name, dtype in levels.items()})
        known = known.assign(**{name: to_times(rows[name], dtype).set_axis(rows.index) for name, dtype in self.times.items()})
        return known.set_axis(self.given_names, axis=1)

    def to_feeds(self, rows: pd.DataFrame) -> dict[str, NDArray[Any]]:
        """Input tensors with the values that JSON carries: [rows, 1] for each column, or one of [rows, columns]; ids of texts."""
        sent = [to_sent(rows[column.name], column.datatype) for column in self.columns]
        if not self.is_split:
            return {self.tensors[0]: np.column_stack(sent).astype(NUMPY_TYPES[self.columns[0].datatype])}
        tensors = zip(self.tensors, self.columns, sent, strict=True)
        return {
            name: each.astype(NUMPY_TYPES[column.datatype])[:, None] if column.words is None else column.words.to_ids(each)
            for name, column, each in tensors
        }


def to_sent(values: "pd.Series[Any]", datatype: Datatype) -> NDArray[Any]:
    """Values as JSON carries them: numbers are float64, except the integers of an INT64 column."""
    if datatype in ("FP32", "FP64"):
        return np.asarray(values.to_numpy(np.float64, na_value=np.nan))
    sent = values.to_numpy(NUMPY_TYPES[datatype])
    return np.where(pd.isna(sent), MISSING, sent).astype(np.object_) if datatype == "BYTES" else sent


def to_level(values: "pd.Series[Any]", dtype: pd.CategoricalDtype) -> "pd.Series[Any]":
    """Values in a categorical dtype of pandas; one that is none of its categories is missing there."""
    codes = pd.Index(dtype.categories, dtype=object).get_indexer(pd.Index(values.to_numpy(np.object_), dtype=object))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype), index=values.index)
