"""What the owner says about a model, and what is known once its weights agree with the estimator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
from numpy.typing import NDArray
from sklearn.base import is_outlier_detector

from .answers import Answers
from .columns import Columns, Unsupported, to_sent
from .labels import Label

# With several labels a row, a card lists them as tensors by name.
Task = Literal["classification", "regression", "embedding", "tensors"]
# The names of -1 and 1.
OUTLIERS = ["outlier", "inlier"]
# The role of the outputs of a model that does not choose one label.
ROLES: dict[Task, str] = {"regression": "value", "embedding": "embedding", "tensors": "tensor"}


@dataclass(frozen=True)
class About:
    """What only the owner knows about a model; the card's schema explains each field."""

    name: str
    title: str
    description: str
    intended_use: str
    limits: Sequence[str] = ()
    version: str = "1"
    license: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    labels: Sequence[str] | None = None
    value_names: Sequence[str] | None = None


@dataclass(frozen=True)
class Packaged:
    """A model whose weights agree with its estimator, which gives `answers` for the rows of the sample."""

    estimator: Any
    task: Task
    columns: Columns
    weights: bytes
    tolerance: float
    classes: NDArray[Any]
    labels_are_places: bool
    unknown: Mapping[str, bool]
    answers: Answers
    holdout: tuple[Any, Any] | None
    targets: NDArray[Any] | None
    is_private: bool = False
    several: Sequence[Label] = ()
    shown: pd.DataFrame | None = None

    @property
    def hides_sample(self) -> bool:
        """Whether no row of the sample may be shown."""
        return self.is_private or self.shown is not None

    def visible(self, name: str) -> set[str]:
        """The strings of a column that may be shown even where the estimator does not insist on them."""
        if self.is_private:
            return set()
        rows = self.columns.sample if self.shown is None else self.shown
        return set(to_sent(rows[name], "BYTES").tolist())


def describe_owner(about: About) -> dict[str, Any]:
    """The members of the card that the owner supplies."""
    members = {
        "name": about.name,
        "version": about.version,
        "title": about.title,
        "description": about.description,
        "intendedUse": about.intended_use,
        "limits": about.limits,
        "license": about.license,
    }
    # list() would split a string into letters; kept as it is, the schema rejects it.
    members["limits"] = about.limits if isinstance(about.limits, str) else list(about.limits)
    return {key: value for key, value in members.items() if key != "license" or value is not None}


def label_names(packaged: Packaged, about: About) -> list[str] | None:
    """The names of the classes: the owner's, or the classes themselves."""
    if packaged.task != "classification":
        return None
    classes = [str(label) for label in packaged.classes.tolist()]
    if is_outlier_detector(packaged.estimator):
        classes = OUTLIERS
    if about.labels is None:
        return classes
    labels = list(about.labels)
    if len(labels) != len(classes):
        raise Unsupported(f"expected a label for each of the classes {', '.join(classes)}, got {labels}")
    are_strings = packaged.classes.dtype.kind not in "iufb" and not packaged.labels_are_places
    if are_strings and labels != classes:
        raise Unsupported(
            f"the weights return the classes themselves, which are strings: expected the labels {classes}, got {labels}. "
            "Leave the labels out, or fit on integers"
        )
    return labels
