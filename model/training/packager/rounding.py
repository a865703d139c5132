"""Finds out whether rows get different answers because float32 cannot represent their numbers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .answers import REFUSALS, Answer, Answers, compare
from .columns import Column, Columns, to_sent
from .probes import to_float32


def round_rows(rows: pd.DataFrame, rounded: Sequence[Column]) -> pd.DataFrame:
    """Rows with the numbers of some columns rounded to float32."""
    return rows.assign(**{column.name: to_float32(to_sent(rows[column.name], "FP64")) for column in rounded})


def find_rounded(expected: Answer, row: pd.DataFrame, columns: Columns, tolerance: float) -> list[Column]:
    """The columns of a row, shape [1, features], whose rounding to float32 changes the estimator's answer.

    The column with the largest effect comes first; all are returned if they change it only together.
    """
    changed = [column for column in columns.columns if may_round(column) and is_changed(row, column)]
    answers = expected(row)
    distances = {column.name: measure(expected, answers, round_rows(row, [column]), tolerance) for column in changed}
    found = [column for column in changed if distances[column.name] > 0]
    if found:
        return sorted(found, key=lambda column: -distances[column.name])
    return changed if measure(expected, answers, round_rows(row, changed), tolerance) > 0 else []


def may_round(column: Column) -> bool:
    """Whether the column's numbers may become float32 in the weights; integers of a tensor of their own do in some."""
    return column.is_numeric and column.datatype != "FP64"


def is_changed(row: pd.DataFrame, column: Column) -> bool:
    """Whether rounding to float32 changes the row's number."""
    value = to_sent(row[column.name], "FP64")
    return not np.array_equal(to_float32(value), value, equal_nan=True)


def measure(expected: Answer, answers: Answers, rounded: pd.DataFrame, tolerance: float) -> float:
    """How far the answer moves when the row is rounded; 0 within the tolerance, infinite if the estimator rejects the row."""
    try:
        differences = compare(answers, expected(rounded), tolerance)
    except REFUSALS:
        return np.inf
    return max(float(differences.deltas[0]), tolerance) if differences.is_off[0] else 0.0


def is_only_rounded(expected: Answer, actual: Answers, rows: pd.DataFrame, columns: Columns, tolerance: float) -> bool:
    """Whether the weights answer every row as the estimator answers the rounded row."""
    try:
        rounded = expected(round_rows(rows, [column for column in columns.columns if may_round(column)]))
    except REFUSALS:
        return False
    return not compare(rounded, actual, tolerance).is_off.any()


def describe_rounding(row: pd.DataFrame, rounded: Sequence[Column]) -> str:
    """Which column float32 cannot represent, with an example."""
    first, *others = rounded
    value = float(to_sent(row[first.name], "FP64")[0])
    also = f" (nor those of {', '.join(column.name for column in others[:5])})" if others else ""
    return (
        f"the endpoint uses float32, which cannot represent the values of the column {first.name}{also}: "
        f"{show(value)} becomes {show(float(np.float32(value)))}"
    )


def show(value: float) -> str:
    """A number with all its digits."""
    return str(int(value)) if value.is_integer() and abs(value) < 2**63 else repr(value)
