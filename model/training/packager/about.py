"""What its owner says of a model, and all that is known of it once its weights agree with its estimator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

from .columns import Columns, Unsupported

Task = Literal["classification", "regression", "embedding"]
# The part of the output of a model without labels.
ROLES: dict[Task, str] = {"regression": "value", "embedding": "embedding"}


@dataclass(frozen=True)
class About:
    """What only its owner knows of a model; the card's schema says what each is."""

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
    """A model whose weights agree with its estimator."""

    estimator: Any
    task: Task
    columns: Columns
    weights: bytes
    tolerance: float
    classes: NDArray[Any]
    labels_are_places: bool
    unknown: Mapping[str, bool]
    holdout: tuple[Any, Any] | None
    targets: NDArray[Any] | None


def describe_owner(about: About) -> dict[str, Any]:
    """The members of the card that are its owner's words."""
    members = {
        "name": about.name,
        "version": about.version,
        "title": about.title,
        "description": about.description,
        "intendedUse": about.intended_use,
        "limits": about.limits,
        "license": about.license,
    }
    # Text has letters where a list has entries.
    members["limits"] = about.limits if isinstance(about.limits, str) else list(about.limits)
    return {key: value for key, value in members.items() if key != "license" or value is not None}


def label_names(packaged: Packaged, about: About) -> list[str] | None:
    """The classes' names: the owner's, or the classes themselves."""
    if packaged.task != "classification":
        return None
    classes = [str(label) for label in packaged.classes.tolist()]
    if about.labels is None:
        return classes
    labels = list(about.labels)
    if len(labels) != len(classes):
        raise Unsupported(f"expected a label for each of the classes {', '.join(classes)}, got {labels}")
    are_strings = packaged.classes.dtype.kind not in "iufb" and not packaged.labels_are_places
    if are_strings and labels != classes:
        raise Unsupported(
            f"the weights answer the classes themselves, which are strings: expected the labels {classes}, got {labels}. "
            "Leave them out, or fit on integers"
        )
    return labels
