"""Functions and a transformer of dates as people write them."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from packager import patients as p


def count_days(rows: Any) -> Any:
    """Days, with their fraction."""
    return (rows - p.START) / np.timedelta64(1, "D")


def read_parts(rows: Any) -> Any:
    """Month, weekday, and whether it is a weekend."""
    day = rows["visited"].dt
    return pd.DataFrame({"month": day.month, "weekday": day.dayofweek, "weekend": day.dayofweek > 4, "year": day.year})


def wave(rows: Any) -> Any:
    """The hour on a circle, and the season."""
    hour = rows["visited"].dt.hour
    turns = [np.sin(2 * np.pi * hour / 24), np.cos(2 * np.pi * hour / 24), rows["visited"].dt.quarter]
    return np.column_stack(turns)


def be_odd(rows: Any) -> Any:
    """Whether the number of days since 1970 is odd."""
    return rows.astype("int64") // 86_400_000_000 % 2


def be_first(rows: Any) -> Any:
    """Whether it is one certain day."""
    return rows["visited"].dt.strftime("%Y-%m-%d").eq("2023-02-11").to_frame()


class Age(BaseEstimator, TransformerMixin):
    """Whole days since the first of the fit, and the day of the year."""

    def fit(self, rows: Any, targets: Any = None) -> Any:  # noqa: ARG002
        self.first_ = rows["visited"].min()
        return self

    def transform(self, rows: Any) -> Any:
        visited = rows["visited"]
        return np.column_stack([(visited - self.first_).dt.days, visited.dt.dayofyear, visited.dt.day])
