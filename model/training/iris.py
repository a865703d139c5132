"""Fisher's Iris as bundled with scikit-learn, its split, and a hash that does not depend on how it is stored."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

LABELS = ["setosa", "versicolor", "virginica"]

CANONICAL_FORM = (
    "One ASCII line per row, ended by LF: the feature values in the card's order as shortest decimals, "
    "then the index of the label, separated by commas; rows in the source's order."
)


@dataclass(frozen=True)
class Rows:
    """Feature values in centimetres, shape [n, 4], and label indices, shape [n]."""

    features: NDArray[np.float64]
    labels: NDArray[np.int64]


def read_iris() -> Rows:
    """All 150 rows in the source's order."""
    features, labels = load_iris(return_X_y=True)
    return Rows(features.astype(np.float64), labels.astype(np.int64))


def split(rows: Rows, *, holdout_rows: int, seed: int) -> tuple[Rows, Rows]:
    """Splits into training and hold-out rows; every label keeps its share in both."""
    train_x, test_x, train_y, test_y = train_test_split(
        rows.features, rows.labels, test_size=holdout_rows, stratify=rows.labels, random_state=seed
    )
    return Rows(train_x, train_y), Rows(test_x, test_y)


def draw(rows: Rows, *, rows_drawn: int, seed: int) -> Rows:
    """Draws some of the rows; every label keeps its share."""
    drawn, _ = split(rows, holdout_rows=len(rows.labels) - rows_drawn, seed=seed)
    return drawn


def hash_rows(rows: Rows) -> str:
    """The sha256 of the rows in CANONICAL_FORM, in hexadecimal."""
    lines = (
        ",".join([*(repr(value) for value in values), str(label)])
        for values, label in zip(rows.features.tolist(), rows.labels.tolist(), strict=True)
    )
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode("ascii")).hexdigest()
