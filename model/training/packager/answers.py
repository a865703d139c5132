"""Answers of a model to rows, and how far those of two models are apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as runtime_errors

from .columns import Columns, Unsupported

# Rows that go into a model at once, so that a large sample needs no memory for all its votes.
CHUNK_ROWS = 10_000
# What estimators raise for values that they do not take, and the runtime for rows that it cannot run.
REFUSALS = (ValueError, KeyError, TypeError)
FAILURES = (runtime_errors.Fail, runtime_errors.RuntimeException, runtime_errors.InvalidArgument)


@dataclass(frozen=True)
class Answers:
    """Labels, shape [rows], empty without labels; and probabilities, values or vectors, shape [rows, columns]."""

    labels: NDArray[Any]
    numbers: NDArray[np.float64]

    def take(self, places: NDArray[np.int64]) -> "Answers":
        """The answers of some rows."""
        return Answers(self.labels[places] if len(self.labels) > 0 else self.labels, self.numbers[places])

    def show(self, row: int) -> str:
        """One answer."""
        if len(self.labels) > 0 and self.labels[row] is None:
            return "no answer"
        numbers = [float(f"{number:.9g}") for number in self.numbers[row].tolist()]
        return f"{self.labels[row]} {numbers}" if len(self.labels) > 0 else str(numbers)


Answer = Callable[[pd.DataFrame], Answers]


@dataclass(frozen=True)
class Differences:
    """How far apart two models are on some rows: the largest difference of each, and which rows are off."""

    deltas: NDArray[np.float64]
    is_off: NDArray[np.bool_]

    @property
    def worst(self) -> int:
        """The row that is furthest off."""
        return int(np.argmax(np.where(self.is_off, self.deltas, -1.0)))


def in_chunks(answer: Answer) -> Answer:
    """The same answers, for any number of rows."""

    def answer_all(rows: pd.DataFrame) -> Answers:
        if len(rows) <= CHUNK_ROWS:
            return answer(rows)
        return join([answer(rows.iloc[at : at + CHUNK_ROWS]) for at in range(0, len(rows), CHUNK_ROWS)])

    return answer_all


def join(parts: Sequence[Answers]) -> Answers:
    """The answers to rows of several runs."""
    return Answers(np.concatenate([part.labels for part in parts]), np.concatenate([part.numbers for part in parts]))


def create_runner(weights: bytes, columns: Columns, classes: NDArray[Any] | None, *, are_places: bool) -> Answer:
    """Answers as the server does: ONNX Runtime with one thread. `classes` are those of a classifier.

    A row that makes the run fail has no answer, which is NaN and no label; the others have theirs.
    """
    try:
        session = open_quietly(weights)
    except Exception as failure:
        raise Unsupported(f"ONNX Runtime cannot load the converted weights: {first_line(failure)}") from failure
    widths = [np.prod(output.shape[1:], dtype=int) for output in session.get_outputs()]

    def run(rows: pd.DataFrame) -> Answers:
        outputs = session.run(None, columns.to_feeds(rows))
        labels = np.empty(0) if classes is None else to_labels(outputs.pop(0).ravel(), classes, are_places=are_places)
        numbers = outputs[0].reshape(len(rows), -1) if outputs else np.empty((len(rows), 0))
        return Answers(labels, numbers.astype(np.float64))

    def run_each(rows: pd.DataFrame) -> Answers:
        if len(rows) == 1:
            width = 0 if classes is not None and len(widths) == 1 else widths[-1]
            return Answers(np.array([] if classes is None else [None], np.object_), np.full((1, width), np.nan))
        return join([run_where_possible(rows.iloc[[row]]) for row in range(len(rows))])

    def run_where_possible(rows: pd.DataFrame) -> Answers:
        try:
            return run(rows)
        except FAILURES:
            return run_each(rows)

    return in_chunks(run_where_possible)


def open_quietly(weights: bytes) -> onnxruntime.InferenceSession:
    """A session of one thread that raises its errors and prints nothing."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def to_labels(found: NDArray[Any], classes: NDArray[Any], *, are_places: bool) -> NDArray[Any]:
    """Labels as the estimator gives them."""
    if are_places:
        return classes[found]
    # Converters make integers of classes that are whole float64.
    return found.astype(classes.dtype) if classes.dtype.kind in "iuf" else found


def compare(expected: Answers, actual: Answers, tolerance: float) -> Differences:
    """Differences are relative beyond 1, as the server compares golden samples."""
    if expected.numbers.shape != actual.numbers.shape:
        raise Unsupported(
            f"the converted weights answer {actual.numbers.shape[1]} numbers a row, "
            f"expected {expected.numbers.shape[1]} as of the estimator: its converter does not know this model"
        )
    is_same = (actual.numbers == expected.numbers) | (np.isnan(actual.numbers) & np.isnan(expected.numbers))
    with np.errstate(invalid="ignore", over="ignore"):
        distances = np.abs(actual.numbers - expected.numbers) / np.maximum(1.0, np.abs(expected.numbers))
    deltas = np.where(is_same, 0.0, distances).max(axis=1, initial=0.0)
    # A number where the other has none is as far off as can be.
    is_off = ~(deltas <= tolerance)
    if len(expected.labels) > 0:
        is_off |= np.asarray(actual.labels).astype(str) != np.asarray(expected.labels).astype(str)
    return Differences(np.where(np.isnan(deltas), np.inf, deltas), is_off)


def first_line(failure: Exception) -> str:
    """What an error says, without its stack."""
    lines = str(failure).strip().splitlines()
    return (lines[0] if lines else type(failure).__name__)[:300].rstrip(".")
