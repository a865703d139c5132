"""A model's answers for rows, and the differences between two models' answers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as runtime_errors

from .columns import Columns, Unsupported

# Rows per model run, so a large sample does not need memory for all its votes at once.
CHUNK_ROWS = 10_000
LONGEST_LINE = 300
# NumPy writes its scalars as np.str_('a').
NUMPY_SCALAR = re.compile(r"\bnp\.\w+\(([^()]*)\)")
# Raised by estimators for values that they do not accept, and by the runtime for rows that it cannot run.
REFUSALS = (ValueError, KeyError, TypeError, IndexError, OverflowError)
FAILURES = (runtime_errors.Fail, runtime_errors.RuntimeException, runtime_errors.InvalidArgument)


@dataclass(frozen=True)
class Answers:
    """Labels, shape [rows], or [rows, labels] where each row has several, or empty; and numbers, shape [rows, columns].

    Numbers are probabilities, values or vectors.
    """

    labels: NDArray[Any]
    numbers: NDArray[np.float64]

    def take(self, places: NDArray[np.int64]) -> "Answers":
        """The answers for some of the rows."""
        return Answers(self.labels[places] if len(self.labels) > 0 else self.labels, self.numbers[places])

    def show(self, row: int) -> str:
        """One answer as text."""
        label = self.labels[row] if len(self.labels) > 0 else ""
        if np.any(np.equal(label, None)):
            return "no answer"
        numbers = [float(f"{number:.9g}") for number in self.numbers[row].tolist()]
        shown = ", ".join(map(str, np.atleast_1d(label)))
        return f"{shown} {numbers}" if len(self.labels) > 0 else str(numbers)


Answer = Callable[[pd.DataFrame], Answers]


@dataclass(frozen=True)
class Differences:
    """Differences between two models' answers: the largest of each row, and which rows differ beyond the tolerance."""

    deltas: NDArray[np.float64]
    is_off: NDArray[np.bool_]

    @property
    def worst(self) -> int:
        """The differing row with the largest difference."""
        return int(np.argmax(np.where(self.is_off, self.deltas, -1.0)))


def in_chunks(answer: Answer) -> Answer:
    """Answers any number of rows, at most CHUNK_ROWS at a time."""

    def answer_all(rows: pd.DataFrame) -> Answers:
        if len(rows) <= CHUNK_ROWS:
            return answer(rows)
        return join([answer(rows.iloc[at : at + CHUNK_ROWS]) for at in range(0, len(rows), CHUNK_ROWS)])

    return answer_all


def join(parts: Sequence[Answers]) -> Answers:
    """Joins the answers of several runs."""
    return Answers(np.concatenate([part.labels for part in parts]), np.concatenate([part.numbers for part in parts]))


def create_runner(
    weights: bytes, columns: Columns, classes: NDArray[Any] | None, *, are_places: bool, has_several: bool = False
) -> Answer:
    """Answers as the server does, in ONNX Runtime with one thread. `classes` are those of a classifier of one label.

    A row that makes its run fail gets NaN and no label; the other rows still get their answers.
    """
    try:
        session = open_quietly(weights)
    except Exception as failure:
        raise Unsupported(f"ONNX Runtime cannot load the converted weights: {first_line(failure)}") from failure
    shapes = [output.shape[1:] for output in session.get_outputs()]
    widths = [np.prod(shape, dtype=int) for shape in shapes]

    def run(rows: pd.DataFrame) -> Answers:
        outputs = session.run(None, columns.to_feeds(rows))
        if has_several:
            return read_each(outputs)
        labels = np.empty(0) if classes is None else to_labels(outputs.pop(0).ravel(), classes, are_places=are_places)
        numbers = outputs[0].reshape(len(rows), -1) if outputs else np.empty((len(rows), 0))
        return Answers(labels, numbers.astype(np.float64))

    def run_each(rows: pd.DataFrame) -> Answers:
        if len(rows) == 1 and has_several:
            labels = np.full((1, shapes.count([])), None, np.object_)
            return Answers(labels, np.full((1, sum(width for width, shape in zip(widths, shapes, strict=True) if shape)), np.nan))
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


def read_each(outputs: Sequence[NDArray[Any]]) -> Answers:
    """The answers with several labels a row: outputs of one element a row are labels, all others their probabilities."""
    labels = [output.astype(np.object_) for output in outputs if output.ndim == 1]
    shares = [np.empty((len(labels[0]), 0)), *(output for output in outputs if output.ndim > 1)]
    return Answers(np.column_stack(labels), np.column_stack(shares).astype(np.float64))


def open_quietly(weights: bytes) -> onnxruntime.InferenceSession:
    """A single-threaded session that raises errors and logs nothing."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def to_labels(found: NDArray[Any], classes: NDArray[Any], *, are_places: bool) -> NDArray[Any]:
    """Labels as the estimator returns them."""
    if are_places:
        return classes[found]
    # Converters turn float64 classes with whole values into integers.
    return found.astype(classes.dtype) if classes.dtype.kind in "iuf" else found


def compare(expected: Answers, actual: Answers, tolerance: float) -> Differences:
    """Compares answers as the server compares golden samples: differences are relative beyond 1."""
    if expected.numbers.shape != actual.numbers.shape:
        raise Unsupported(
            f"the converted weights return {actual.numbers.shape[1]} numbers per row, "
            f"expected {expected.numbers.shape[1]} as from the estimator: the converter does not support this model"
        )
    is_same = (actual.numbers == expected.numbers) | (np.isnan(actual.numbers) & np.isnan(expected.numbers))
    with np.errstate(invalid="ignore", over="ignore"):
        distances = np.abs(actual.numbers - expected.numbers) / np.maximum(1.0, np.abs(expected.numbers))
    deltas = np.where(is_same, 0.0, distances).max(axis=1, initial=0.0)
    # Negated, so that NaN on one side only counts as a difference.
    is_off = ~(deltas <= tolerance)
    if len(expected.labels) > 0:
        is_off |= ~has_same_labels(expected, actual)
    return Differences(np.where(np.isnan(deltas), np.inf, deltas), is_off)


def has_same_labels(one: Answers, other: Answers) -> NDArray[np.bool_]:
    """Which rows have the same label, or the same of several."""
    is_same = np.asarray(one.labels).astype(str) == np.asarray(other.labels).astype(str)
    return np.asarray(is_same.reshape(len(is_same), -1).all(axis=1))


def first_line(failure: Exception) -> str:
    """The first line of an error's message."""
    lines = str(failure).strip().splitlines()
    line = NUMPY_SCALAR.sub(r"\1", (lines[0] if lines else type(failure).__name__).rstrip("."))
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
