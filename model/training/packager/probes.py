"""Generates rows that the sample does not have: random rows around it, and pairs between which an answer changes."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .answers import REFUSALS, Answer, Answers
from .columns import Column, Columns
from .reading import LARGEST_FLOAT32

# A range from its negative to itself is still finite.
LARGEST_FLOAT64 = float(np.finfo(np.float64).max) / 4

RANDOM_ROWS = 1_000
PROBES = 400
# Random rows exceed the sample's range by at most this share of it.
MARGIN = 0.1
# After this many halvings any two numbers are neighbours, unless they enclose 0 closely.
MOST_HALVINGS = 160
# Rows used to see whether an estimator accepts a value.
FEW_ROWS = 20
# Numbers with up to this many decimals are assumed to be typed or measured.
MOST_DECIMALS = 6


def mark_listed(answer: Answer, columns: Columns) -> Columns:
    """Marks the columns in which the estimator accepts only numbers that it was fitted with."""
    marked = [
        replace(column, is_listed=column.is_numeric and refuses_others(answer, columns, column))
        for column in columns.columns
    ]
    return replace(columns, columns=marked)


def refuses_others(answer: Answer, columns: Columns, column: Column) -> bool:
    """Whether the estimator rejects a number that the sample does not have."""
    rows = columns.sample.iloc[:FEW_ROWS].copy()
    beyond = column.present.max() + 1
    rows[column.name] = np.full(len(rows), beyond, dtype=column.values.dtype)
    try:
        answer(rows)
    except REFUSALS:
        return True
    return False


def draw_random(answer: Answer, columns: Columns, random: np.random.Generator) -> pd.DataFrame:
    """Rows of independent values, up to a little beyond the sample's ranges.

    Uses the sample's own values if the estimator rejects others.
    """
    rows = columns.to_rows([draw_column(column, random) for column in columns.columns])
    if is_taken(answer, rows):
        return rows
    rows = columns.to_rows([random.choice(column.values, RANDOM_ROWS) for column in columns.columns])
    return rows if is_taken(answer, rows) else rows.iloc[:0]


def is_taken(answer: Answer, rows: pd.DataFrame) -> bool:
    """Whether the estimator accepts the rows."""
    try:
        answer(rows)
    except REFUSALS:
        return False
    return True


def draw_column(column: Column, random: np.random.Generator) -> NDArray[Any]:
    """Random values of one column, missing as often as in the sample."""
    if column.words is not None:
        return column.words.draw(column.values, random, RANDOM_ROWS)
    if column.datatype == "BYTES":
        values = random.choice(np.array(column.categories, np.object_), RANDOM_ROWS)
        if not column.has_missing:
            return values
        is_missing = random.random(RANDOM_ROWS) < column.is_missing.mean()
        return np.where(is_missing, column.values[column.is_missing][0], values).astype(np.object_)
    if column.datatype == "BOOL":
        return random.random(RANDOM_ROWS) < 0.5
    if column.is_listed:
        return random.choice(column.values, RANDOM_ROWS)
    low, high = column.present.min(), column.present.max()
    margin = MARGIN * (high - low)
    if column.datatype == "INT64":
        return random.integers(low - int(margin), high + int(margin) + 1, RANDOM_ROWS)
    largest = LARGEST_FLOAT32 if column.datatype == "FP32" else LARGEST_FLOAT64
    bounds = np.clip([low - margin, high + margin], -largest, largest)
    values = round_alike(random.uniform(*bounds, RANDOM_ROWS), column)
    share = np.isnan(column.values).mean()
    return np.where(random.random(RANDOM_ROWS) < share, np.nan, values)


def round_alike(values: NDArray[np.float64], column: Column) -> NDArray[np.float64]:
    """Rounds numbers to the sample's decimals, which callers will send; otherwise to its datatype.

    Boosting puts thresholds half way between two values; with few decimals, callers often send that very value.
    """
    for decimals in range(MOST_DECIMALS + 1):
        if np.array_equal(np.round(column.present, decimals), column.present):
            return np.round(values, decimals)
    return to_float32(values) if column.datatype == "FP32" else values


def to_float32(values: NDArray[Any]) -> NDArray[np.float64]:
    """Rounds numbers as a float32 tensor does."""
    return values.astype(np.float32).astype(np.float64)


def draw_splits(answer: Answer, columns: Columns, random: np.random.Generator) -> pd.DataFrame:
    """Neighbouring values of a feature between which the answer changes; for trees, the two sides of a split.

    Each probe is a row of the sample with two values of one feature that get different answers. Bisection keeps the half
    in which the answer changes, until no value is left between the two.
    """
    probed = [index for index, column in enumerate(columns.columns) if column.is_numeric and not column.is_listed]
    if not probed:
        return columns.sample.iloc[:0]
    at = random.integers(len(columns.sample), size=PROBES)
    base = [narrow(column.values[at], column) for column in columns.columns]
    features = random.choice(probed, PROBES)
    low, high = ([each.copy() for each in base] for _ in range(2))
    for index in probed:
        is_probed = features == index
        for side in (low, high):
            values = random.choice(columns.columns[index].present, is_probed.sum())
            side[index][is_probed] = narrow(values, columns.columns[index])

    at_low = answer(columns.to_rows(low))
    for _ in range(MOST_HALVINGS):
        middle = halve(low, high, columns, features)
        has_settled = [is_settled(middle[index], low[index], high[index]) for index in probed]
        if np.all(has_settled):
            break
        stays = is_alike(answer(columns.to_rows(middle)), at_low)
        for index in probed:
            low[index] = np.where(stays, middle[index], low[index])
            high[index] = np.where(stays, high[index], middle[index])
    return pd.concat([columns.to_rows(low), columns.to_rows(high)], ignore_index=True)


def narrow(values: NDArray[Any], column: Column) -> NDArray[Any]:
    """Values as their tensor holds them, so the two sides of a split stay distinct there."""
    return to_float32(values) if column.datatype == "FP32" and not column.is_listed else values


def halve(
    low: list[NDArray[Any]], high: list[NDArray[Any]], columns: Columns, features: NDArray[np.int64]
) -> list[NDArray[Any]]:
    """The midpoint between low and high in each row's probed feature; integers are truncated."""
    middle = [each.copy() for each in low]
    for index in np.unique(features):
        is_probed = features == index
        half = low[index][is_probed] / 2 + high[index][is_probed] / 2
        middle[index][is_probed] = narrow(half.astype(low[index].dtype), columns.columns[index])
    return middle


def is_settled(middle: NDArray[Any], low: NDArray[Any], high: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether no value is left between two, or one of them is missing."""
    return (middle == low) | (middle == high) | pd.isna(middle)


def is_alike(answers: Answers, others: Answers) -> NDArray[np.bool_]:
    """Which rows have exactly the same answers."""
    is_same = (answers.numbers == others.numbers).all(axis=1)
    if len(answers.labels) == 0:
        return is_same
    return is_same & (answers.labels == others.labels).reshape(len(is_same), -1).all(axis=1)
