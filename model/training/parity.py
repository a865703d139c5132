"""Checks that the exported weights answer like scikit-learn, and stores its answers for the endpoint's tests."""

import base64
from collections.abc import Iterator

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

import drawing
from json_files import round_number

TOLERANCE = 1e-6
ROWS = 20_000

Answers = tuple[NDArray[np.int64], NDArray[np.float64]]


class Disagreement(Exception):
    """The exported weights answer differently from scikit-learn. `picture` is an SVG of where, or empty."""

    def __init__(self, message: str, picture: str = "") -> None:
        super().__init__(message)
        self.picture = picture

    def _repr_svg_(self) -> str | None:
        """What a notebook shows of a caught one."""
        return self.picture or None


def require_parity(forest: RandomForestClassifier, weights: bytes, rows: NDArray[np.float64]) -> float:
    """The largest |Δp| over rows, shape [n, features]; raises Disagreement if any row differs."""
    expected = answer(forest, rows)
    return max(compare(expected, answers, rows) for answers in run_every_way(weights, rows))


def answer(forest: RandomForestClassifier, rows: NDArray[np.float64]) -> Answers:
    """scikit-learn's labels, shape [n], and probabilities, shape [n, classes]."""
    return forest.predict(rows), forest.predict_proba(rows)


def run_every_way(weights: bytes, rows: NDArray[np.float64]) -> Iterator[Answers]:
    """ONNX Runtime's answers for one row and many, one thread and two, because each takes another code path."""
    narrow = rows.astype(np.float32)
    for threads in (1, 2):
        session = create_session(weights, threads=threads)
        yield session.run(["label", "probabilities"], {"X": narrow})
        singles = [session.run(["label", "probabilities"], {"X": row[None]}) for row in narrow]
        labels, probabilities = zip(*singles, strict=True)
        yield np.concatenate(labels), np.concatenate(probabilities)


def create_session(weights: bytes, *, threads: int) -> onnxruntime.InferenceSession:
    """A CPU session with a fixed number of intra-op threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def compare(expected: Answers, actual: Answers, rows: NDArray[np.float64]) -> float:
    """The largest |Δp|; raises Disagreement with the worst row if a label or a probability differs."""
    deltas = np.abs(actual[1] - expected[1]).max(axis=1)
    is_off = (actual[0] != expected[0]) | ~(deltas <= TOLERANCE)
    if not is_off.any():
        return float(deltas.max())
    worst = int(np.argmax(np.where(is_off, deltas, -1.0)))
    raise Disagreement(
        f"{is_off.sum()} of {len(rows)} rows differ. Worst is row {worst}, {rows[worst].tolist()}: "
        f"expected label {expected[0][worst]}, got {actual[0][worst]}; probabilities differ by {deltas[worst]:.3g} "
        f"(expected at most {TOLERANCE:g})."
    )


def create_parity(
    forest: RandomForestClassifier, space: drawing.Space, rows: NDArray[np.float64], *, seed: int
) -> dict[str, object]:
    """The content of parity.json: how to draw the rows, the distinct answers, and the index of each row's answer."""
    labels, probabilities = answer(forest, rows)
    table, answer_of_row = np.unique(
        np.column_stack([labels.astype(np.float64), probabilities.round(9)]), axis=0, return_inverse=True
    )
    return {
        "drawing": drawing.DESCRIPTION,
        "seed": seed,
        "rows": len(rows),
        "every": drawing.EVERY,
        "thresholds": [[float(str(value)) for value in values] for values in space.thresholds],
        "answerColumns": ["label index", *(f"probability of label {index}" for index in range(forest.n_classes_))],
        "answers": [[round_number(value) for value in entry] for entry in table.tolist()],
        "answerOfRow": base64.b64encode(answer_of_row.astype("<u2").tobytes()).decode("ascii"),
    }
