"""The columns of a sample: which tensors they become, and what they look like to the estimator and to ONNX Runtime."""

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
    """One feature; `values` are those of the sample as JSON gives them: float64, int64, truth values or strings, shape [rows].

    `is_listed` tells that the estimator takes no numbers but those that it was fitted with.
    """

    name: str
    datatype: Datatype
    values: NDArray[Any]
    is_listed: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.datatype in ("FP32", "INT64")

    @cached_property
    def has_missing(self) -> bool:
        """Whether the sample has NaN here: only then is a missing value tested, and served."""
        return self.datatype == "FP32" and bool(np.isnan(self.values).any())

    @cached_property
    def present(self) -> NDArray[Any]:
        """The values that are not missing."""
        return self.values[~np.isnan(self.values)] if self.datatype == "FP32" else self.values

    @cached_property
    def categories(self) -> list[Any]:
        """The distinct values, in their order."""
        return sorted(set(self.present.tolist()))


@dataclass(frozen=True)
class Columns:
    """All features in order. With `is_split` each has a tensor of its own, else all share one of float32.

    `sample` has the values and dtypes that were given, under the features' names; `given_names` are those of a frame.
    `tensors` are the inputs' names in the weights, which are not always those of the features.
    """

    columns: Sequence[Column]
    sample: pd.DataFrame
    is_split: bool
    given_names: "pd.Index[Any] | None"
    tensors: Sequence[str]

    @property
    def names(self) -> list[str]:
        """The features' names."""
        return [column.name for column in self.columns]

    @property
    def is_frame(self) -> bool:
        """Whether the estimator was fitted with a frame."""
        return self.given_names is not None

    def to_rows(self, values: Sequence[NDArray[Any]]) -> pd.DataFrame:
        """Values that the sample does not have as rows: numbers are float64 and int64, all else has the sample's dtype."""
        series = {
            column.name: pd.Series(each).astype(
                np.float64
                if column.datatype == "FP32"
                else np.int64
                if column.datatype == "INT64"
                else self.sample[column.name].dtype
            )
            for column, each in zip(self.columns, values, strict=True)
        }
        return pd.DataFrame(series)

    def for_estimator(self, rows: pd.DataFrame) -> Any:
        """Rows as the estimator was fitted with them: a frame with its names, or an array."""
        return rows.to_numpy() if self.given_names is None else rows.set_axis(self.given_names, axis=1)

    def to_feeds(self, rows: pd.DataFrame) -> dict[str, NDArray[Any]]:
        """Rows as input tensors, as JSON brings them there: [rows, 1] of each column, or one [rows, columns]."""
        sent = [to_sent(rows[column.name], column.datatype) for column in self.columns]
        if not self.is_split:
            return {self.tensors[0]: np.column_stack(sent).astype(np.float32)}
        tensors = zip(self.tensors, self.columns, sent, strict=True)
        return {name: each.astype(NUMPY_TYPES[column.datatype])[:, None] for name, column, each in tensors}


def to_sent(values: "pd.Series[Any]", datatype: Datatype) -> NDArray[Any]:
    """Values as JSON has them: numbers are float64 there, but for the integers of an INT64."""
    if datatype == "FP32":
        return np.asarray(values.to_numpy(np.float64, na_value=np.nan))
    return values.to_numpy(NUMPY_TYPES[datatype])
