"""What the packager asks of a network, whichever framework it comes from."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import onnx
from numpy.typing import NDArray

# Arrays by the name of an input or output; the first dimension counts rows.
Tensors = dict[str, NDArray[Any]]


class Network(Protocol):
    """A network that answers without training: no dropout, no statistics of a batch."""

    # Its class, for messages and the card.
    kind: str
    library: str
    # What was decided without asking; told after the packaging.
    notes: list[str]
    # The names of its classes, if it knows them.
    labels: list[str] | None
    # What its numbers are, if it says so: see `outputs` in `tasks.py`.
    outputs: str | None

    def ask(self, feeds: Tensors) -> Tensors:
        """Its own answers."""

    def export(self, feeds: Tensors) -> onnx.ModelProto:
        """The weights by the framework's exporter, with the names of `feeds` and a free number of rows."""

    def describe(self) -> dict[str, Any]:
        """The card's `training`: what it is, and the versions of what made it."""


@dataclass(frozen=True)
class Reading:
    """What the numbers of a network are: the task, the role of each output, and what is added to the graph."""

    task: str
    roles: dict[str, str]
    labels: list[str] | None = None
    # "softmax", "sigmoid" or "exp" for an output that is no probability yet.
    activation: str | None = None
    # Names of a value's columns.
    columns: list[str] | None = None
    notes: list[str] = field(default_factory=list)


def to_probabilities(numbers: NDArray[Any], activation: str | None) -> NDArray[np.float64]:
    """A row of probabilities for each row of a classifier's own numbers."""
    found = np.asarray(numbers, np.float64)
    found = found.reshape(len(found), -1)
    if activation == "exp":
        found = np.exp(found)
    elif activation == "sigmoid":
        found = 1.0 / (1.0 + np.exp(-found))
    elif activation == "softmax":
        shifted = np.exp(found - found.max(axis=1, keepdims=True))
        found = shifted / shifted.sum(axis=1, keepdims=True)
    return np.column_stack([1.0 - found, found]) if found.shape[1] == 1 else found
