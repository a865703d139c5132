"""Columns of dates and times: callers send seconds since 1970, the estimator gets what it was fitted with."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

UNIT = "s"
MICROSECONDS = 10**6
MEANING = "in seconds since 1970-01-01T00:00:00Z"
CURE = (
    "Put a ColumnTransformer with a step that makes numbers of it into the pipeline, or make them before fitting, "
    "such as the days since a date"
)


def is_time(dtype: Any) -> bool:
    """Whether a dtype of pandas holds instants."""
    return bool(pd.api.types.is_datetime64_any_dtype(dtype))


def to_seconds(values: "pd.Series[Any]") -> "pd.Series[float]":
    """Seconds since 1970 in UTC, NaN for missing ones."""
    plain = values.dt.tz_convert(None) if values.dt.tz is not None else values
    counted = plain.to_numpy("datetime64[us]").astype(np.int64) / MICROSECONDS
    return pd.Series(np.where(values.isna(), np.nan, counted), values.index)


def to_times(seconds: Any, dtype: Any) -> "pd.Series[Any]":
    """Seconds since 1970 as a column of the dtype of the fit, to the nearest microsecond."""
    values = np.asarray(seconds, np.float64)
    counted: NDArray[np.int64] = np.rint(np.nan_to_num(values) * MICROSECONDS).astype(np.int64)
    found = pd.Series(np.where(np.isnan(values), np.datetime64("NaT"), counted.astype("datetime64[us]")))
    zone = getattr(dtype, "tz", None)
    return (found.dt.tz_localize("UTC").dt.tz_convert(zone) if zone is not None else found).astype(dtype)
