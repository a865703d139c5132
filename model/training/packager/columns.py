"""The columns of a sample: which tensors they become, and what they look like to the estimator, to ONNX Runtime and in JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Datatype = Literal["FP32", "INT64", "BOOL", "BYTES"]

# What a column of each datatype is made of in a tensor. Strings are objects there.
NUMPY_TYPES: dict[Datatype, Any] = {"FP32": np.float32, "INT64": np.int64, "BOOL": np.bool_, "BYTES": np.object_}
ONLY_INPUT = "X"


class Unsupported(Exception):
    """What was given cannot be served, and why."""


@dataclass(frozen=True)
class Column:
    """One feature; `values` are those of the sample, shape [rows]."""

    name: str
    datatype: Datatype
    values: NDArray[Any]

    @cached_property
    def has_missing(self) -> bool:
        """Whether the sample has NaN here: only then is a missing value tested, and served."""
        return self.datatype == "FP32" and bool(np.isnan(self.values).any())

    @cached_property
    def present(self) -> NDArray[Any]:
        """The values that are not missing."""
        return self.values[~np.isnan(self.values)] if self.datatype == "FP32" else self.values

    @cached_property
    def categories(self) -> list[str]:
        """The distinct strings, in their order."""
        return sorted(set(self.values.tolist()))


@dataclass(frozen=True)
class Columns:
    """All features in order. With `is_split` each has a tensor of its own, else all share one of float32."""

    columns: Sequence[Column]
    is_split: bool
    is_frame: bool

    @property
    def names(self) -> list[str]:
        """The features' names."""
        return [column.name for column in self.columns]

    def to_rows(self, values: Sequence[NDArray[Any]]) -> pd.DataFrame:
        """Values of each column as rows, rounded to what their tensor holds: what a caller's rows become, too."""
        narrowed = [
            each.astype(NUMPY_TYPES[column.datatype]).astype(np.float64)
            if column.datatype == "FP32"
            else each.astype(NUMPY_TYPES[column.datatype])
            for column, each in zip(self.columns, values, strict=True)
        ]
        return pd.DataFrame(dict(zip(self.names, narrowed, strict=True)))

    @cached_property
    def sample(self) -> pd.DataFrame:
        """The rows of the sample."""
        return self.to_rows([column.values for column in self.columns])

    def for_estimator(self, rows: pd.DataFrame) -> Any:
        """Rows as the estimator was fitted with them: a frame with its dtypes, or an array."""
        return rows if self.is_frame else rows.to_numpy(np.float64)

    def to_feeds(self, rows: pd.DataFrame) -> dict[str, NDArray[Any]]:
        """Rows as input tensors: [rows, 1] of each column, or one [rows, columns]."""
        if not self.is_split:
            return {ONLY_INPUT: rows.to_numpy(np.float32)}
        types = {column.name: NUMPY_TYPES[column.datatype] for column in self.columns}
        return {name: rows[[name]].to_numpy().astype(types[name]) for name in self.names}


def read_columns(sample: Any, names: Sequence[str] | None, *, is_split: bool) -> Columns:
    """The columns of a frame, or of an array [rows, features] with names of their own."""
    if isinstance(sample, pd.DataFrame):
        columns = [read_column(str(name), sample[name]) for name in sample.columns]
        has_words = any(column.datatype in ("BYTES", "BOOL") for column in columns)
        if not (is_split or has_words):
            columns = [Column(each.name, "FP32", each.values.astype(np.float64)) for each in columns]
        return Columns(columns, is_split=is_split or has_words, is_frame=True)
    values = np.asarray(sample, dtype=np.float64)
    if values.ndim != 2 or values.size == 0:
        raise Unsupported(f"the sample has the shape {values.shape}; expected rows of features")
    known = list(names or [f"x{index}" for index in range(values.shape[1])])
    if len(known) != values.shape[1]:
        raise Unsupported(f"there are {len(known)} names for {values.shape[1]} features")
    columns = [Column(name, "FP32", values[:, index]) for index, name in enumerate(known)]
    return Columns(columns, is_split=is_split, is_frame=False)


def read_column(name: str, series: "pd.Series[Any]") -> Column:
    """A column by its dtype."""
    if pd.api.types.is_bool_dtype(series.dtype):
        return Column(name, "BOOL", series.to_numpy(np.bool_))
    if pd.api.types.is_integer_dtype(series.dtype):
        return Column(name, "INT64", series.to_numpy(np.int64))
    if pd.api.types.is_float_dtype(series.dtype):
        return Column(name, "FP32", series.to_numpy(np.float64))
    values = series.to_numpy(np.object_)
    strange = next((value for value in values if not isinstance(value, str)), None)
    if strange is None:
        return Column(name, "BYTES", values)
    raise Unsupported(f"the column {name} has {strange!r} among its values; expected numbers, truth values or strings")
