"""Holds the converted weights against the estimator: on its sample, on random rows, and on both sides of its splits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
from numpy.typing import NDArray

import parity

from .columns import Column, Columns

SAMPLE_ROWS = 2_000
RANDOM_ROWS = 1_000
PROBES = 400
# Beyond the range of the sample by this share of it.
MARGIN = 0.1
# Halvings after which two float32 of any size are neighbours.
MOST_HALVINGS = 160
UNKNOWN = "a value that is none of the categories"

Disagreement = parity.Disagreement


@dataclass(frozen=True)
class Answers:
    """Labels, shape [rows], empty without labels; and probabilities, values or vectors, shape [rows, columns]."""

    labels: NDArray[Any]
    numbers: NDArray[np.float64]


Answer = Callable[[pd.DataFrame], Answers]


@dataclass(frozen=True)
class Differences:
    """How far apart two models are on some rows: the largest difference of each, and which rows are off."""

    deltas: NDArray[np.float64]
    is_off: NDArray[np.bool_]


def create_runner(weights: bytes, columns: Columns, classes: NDArray[Any] | None, *, are_places: bool) -> Answer:
    """Answers as the server does: ONNX Runtime with one thread. `classes` are those of a classifier."""
    session = parity.create_session(weights, threads=1)

    def run(rows: pd.DataFrame) -> Answers:
        outputs = session.run(None, columns.to_feeds(rows))
        labels = np.empty(0) if classes is None else outputs.pop(0).ravel()
        if classes is not None and are_places:
            labels = classes[labels]
        numbers = outputs[0].reshape(len(rows), -1) if outputs else np.empty((len(rows), 0))
        return Answers(labels, numbers.astype(np.float64))

    return run


def require_agreement(
    expected: Answer, actual: Answer, columns: Columns, *, tolerance: float, seed: int, accept_splits: bool
) -> dict[str, float]:
    """The largest difference on each kind of rows; raises Disagreement with the worst row of the first kind that is off.

    With `accept_splits` rows beside a split may differ: they are counted, and the share of those that do is given back.
    """
    random = np.random.default_rng(seed)
    drawn = {
        "rows of the sample": draw_sample(columns, random),
        "random rows": draw_random(columns, random),
        "rows beside a split": draw_splits(expected, columns, random),
    }
    report: dict[str, float] = {}
    for title, rows in drawn.items():
        differences = compare(expected(rows), actual(rows), tolerance)
        is_accepted = accept_splits and title == "rows beside a split"
        if differences.is_off.any() and not is_accepted:
            raise Disagreement(describe(title, rows, expected(rows), actual(rows), differences, tolerance))
        agreeing = differences.deltas[~differences.is_off]
        report[title] = float(agreeing.max(initial=0.0))
        if is_accepted:
            report["share beside a split that differs"] = float(differences.is_off.mean())
    return report


def compare(expected: Answers, actual: Answers, tolerance: float) -> Differences:
    """Differences are relative beyond 1, as the server compares golden samples."""
    scale = np.maximum(1.0, np.abs(expected.numbers))
    deltas = (np.abs(actual.numbers - expected.numbers) / scale).max(axis=1, initial=0.0)
    # A number where the other has none is as far off as can be.
    is_off = ~(deltas <= tolerance)
    if len(expected.labels) > 0:
        is_off |= np.asarray(actual.labels).astype(str) != np.asarray(expected.labels).astype(str)
    return Differences(np.nan_to_num(deltas, nan=np.inf), is_off)


def describe(
    title: str, rows: pd.DataFrame, expected: Answers, actual: Answers, differences: Differences, tolerance: float
) -> str:
    """How many rows are off, by how much, and the worst of them with both answers."""
    worst = int(np.argmax(np.where(differences.is_off, differences.deltas, -1.0)))
    hint = (
        " Where the sides of a split may change places, say accept_splits=True."
        if title == "rows beside a split"
        else ""
    )
    return (
        f"{differences.is_off.sum()} of {len(rows)} {title} differ by more than {tolerance:g}, "
        f"or in their label. Worst: {rows.iloc[worst].to_dict()}, expected {show(expected, worst)}, "
        f"came {show(actual, worst)}.{hint}"
    )


def show(answers: Answers, row: int) -> str:
    """One row's answer."""
    label = [str(answers.labels[row])] if len(answers.labels) > 0 else []
    return " ".join([*label, str(answers.numbers[row].tolist())])


def draw_sample(columns: Columns, random: np.random.Generator) -> pd.DataFrame:
    """The sample, or as many of its rows as are worth the time."""
    rows = columns.sample
    if len(rows) <= SAMPLE_ROWS:
        return rows
    return rows.iloc[np.sort(random.choice(len(rows), SAMPLE_ROWS, replace=False))]


def draw_random(columns: Columns, random: np.random.Generator) -> pd.DataFrame:
    """Rows of values that have nothing to do with each other, a little beyond the ranges of the sample."""
    return columns.to_rows([draw_column(column, random) for column in columns.columns])


def draw_column(column: Column, random: np.random.Generator) -> NDArray[Any]:
    """Values of one column, as often missing as in the sample."""
    if column.datatype == "BYTES":
        return random.choice(np.array(column.categories, np.object_), RANDOM_ROWS)
    if column.datatype == "BOOL":
        return random.random(RANDOM_ROWS) < 0.5
    low, high = column.present.min(), column.present.max()
    margin = MARGIN * (high - low)
    if column.datatype == "INT64":
        return random.integers(low - int(margin), high + int(margin) + 1, RANDOM_ROWS)
    values = random.uniform(low - margin, high + margin, RANDOM_ROWS)
    share = np.isnan(column.values).mean()
    return np.where(random.random(RANDOM_ROWS) < share, np.nan, values)


def draw_splits(answer: Answer, columns: Columns, random: np.random.Generator) -> pd.DataFrame:
    """Neighbouring values of a feature between which the answer changes: for trees, the two sides of a split.

    Each probe is a row of the sample with two values of one feature that are answered differently. The half of the way
    between them where the answer changes is kept, until no value is left between the two.
    """
    numeric = [index for index, column in enumerate(columns.columns) if column.datatype in ("FP32", "INT64")]
    if not numeric:
        return columns.sample.iloc[:0]
    sample = columns.sample
    base = sample.iloc[random.integers(len(sample), size=PROBES)].reset_index(drop=True)
    features = random.choice(numeric, PROBES)
    low, high = base.copy(), base.copy()
    for index in numeric:
        column = columns.columns[index]
        is_probed = features == index
        for side in (low, high):
            side.loc[is_probed, column.name] = random.choice(column.present, is_probed.sum())
    low, high = narrow(low, columns), narrow(high, columns)

    at_low = to_comparable(answer(low))
    for _ in range(MOST_HALVINGS):
        middle = halve(low, high, columns, features)
        is_same = (to_comparable(answer(middle)) == at_low).all(axis=1)
        settled = ((middle == low) | (middle == high)).to_numpy() | base.isna().to_numpy()
        if settled.all():
            break
        low.loc[is_same] = middle.loc[is_same]
        high.loc[~is_same] = middle.loc[~is_same]
    return pd.concat([low, high], ignore_index=True)


def narrow(rows: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Rows as their tensors hold them."""
    return columns.to_rows([rows[name].to_numpy() for name in columns.names])


def halve(low: pd.DataFrame, high: pd.DataFrame, columns: Columns, features: NDArray[np.int64]) -> pd.DataFrame:
    """Half the way, in each row along its own feature; halves of integers are rounded down."""
    middle = low.copy()
    for index in np.unique(features):
        name, is_probed = columns.names[index], features == index
        half = low.loc[is_probed, name] / 2 + high.loc[is_probed, name] / 2
        middle.loc[is_probed, name] = half.astype(low[name].dtype)
    return narrow(middle, columns)


def to_comparable(answers: Answers) -> NDArray[np.float64]:
    """Everything in numbers that are the same in every call, shape [rows, columns]."""
    codes = [float(int.from_bytes(str(label).encode()[:6], "big")) for label in answers.labels]
    return np.column_stack([answers.numbers, codes]) if codes else answers.numbers


def takes_unknown(expected: Answer, actual: Answer, columns: Columns, name: str, tolerance: float) -> bool:
    """Whether both models take a string that the sample does not have in this column, and answer alike."""
    rows = columns.sample.iloc[:100].copy()
    rows[name] = UNKNOWN
    try:
        return not compare(expected(rows), actual(rows), tolerance).is_off.any()
    except (ValueError, KeyError, onnxruntime.capi.onnxruntime_pybind11_state.Fail):
        return False
