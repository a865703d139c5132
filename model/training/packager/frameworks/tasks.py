"""Decides what the numbers of a network are: classes, values, a vector, or tensors by name."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..columns import Unsupported
from .network import Reading, Tensors

TASKS = ("classification", "regression", "embedding", "tensors")
OUTPUTS = ("probabilities", "logits", "scores")
ROLES = {"regression": "value", "embedding": "embedding"}
# How far a row of probabilities may be from 1.
SUM = 1e-4
MOST_CLASSES = 1_000
WAYS = (
    "about=About(…, labels=[…]) for a classifier, or task='regression' for values, 'embedding' for a vector, "
    "'tensors' for the numbers by their names"
)


def require_choices(task: Any, outputs: Any) -> None:
    """Rejects what is no task or no kind of outputs."""
    if task is not None and task not in TASKS:
        raise Unsupported(f"task must be {', '.join(map(repr, TASKS))} or None, got {task!r}")
    if outputs is not None and outputs not in OUTPUTS:
        raise Unsupported(f"outputs must be {', '.join(map(repr, OUTPUTS))} or None, got {outputs!r}")


def read_task(
    answers: Tensors,
    find_activation: Callable[[str], str | None],
    *,
    task: str | None,
    outputs: str | None,
    labels: Sequence[str] | None,
    targets: Any,
) -> Reading:
    """What the answers to the sample are; `labels`, `task` and `outputs` are those that somebody has named."""
    if task == "tensors" or (task is None and len(answers) > 1):
        return Reading("tensors", dict.fromkeys(answers, "tensor"))
    if len(answers) > 1:
        raise Unsupported(
            f"the network has the outputs {', '.join(answers)}: expected one for task={task!r}. "
            "Wrap it in a module that returns that one, or pass task='tensors'"
        )
    ((name, numbers),) = answers.items()
    width = int(np.prod(numbers.shape[1:], dtype=int))
    is_flat = numbers.ndim <= 2 or width == 1
    if not is_flat or numbers.dtype.kind != "f":
        if task is not None:
            raise Unsupported(
                f"the network answers {numbers.dtype} of the shape {list(numbers.shape[1:])} for a row: "
                f"expected a list of floating-point numbers for task={task!r}. Pass task='tensors'"
            )
        return Reading("tensors", {name: "tensor"})
    flat = numbers.reshape(len(numbers), -1)
    activation = find_activation(name)
    if isinstance(labels, str):
        raise Unsupported(f"the labels are the string {labels!r}: expected a list of names")
    known = list(labels) if labels else None
    notes: list[str] = []
    if known is None and task in (None, "classification"):
        known, notes = infer_labels(flat, activation, targets, is_asked=task is not None)
    if task is None and known is None and width > 1:
        raise Unsupported(f"the network answers {width} numbers a row, which may be anything: pass {WAYS}")
    if task == "classification" or (task is None and known is not None):
        return read_classes(name, flat, activation, outputs, known or [], notes)
    chosen = task or "regression"
    return Reading(chosen, {name: ROLES[chosen]})


def infer_labels(
    numbers: NDArray[Any], activation: str | None, targets: Any, *, is_asked: bool
) -> tuple[list[str] | None, list[str]]:
    """The places of the classes as their names: where the targets are such places, or the numbers are probabilities."""
    count = max(2, numbers.shape[1])
    found = None if targets is None else np.asarray(targets).ravel()
    are_places = found is not None and found.dtype.kind in "iub" and found.max() < count and found.min() >= 0
    is_sure = is_asked or are_places or (numbers.shape[1] > 1 and are_probabilities(numbers, activation))
    if not is_sure or count > MOST_CLASSES:
        return None, []
    names = [str(place) for place in range(count)]
    return names, [f"the classes are named {names[0]} to {names[-1]}; about=About(…, labels=[…]) gives them names"]


def are_probabilities(numbers: NDArray[Any], activation: str | None) -> bool:
    """Whether the graph ends in a softmax, or every row is one of shares that sum to 1."""
    if activation in ("Softmax", "LogSoftmax"):
        return True
    return bool((numbers >= 0).all() and (np.abs(numbers.sum(axis=1) - 1) < SUM).all())


def read_classes(
    name: str, numbers: NDArray[Any], activation: str | None, outputs: str | None, labels: list[str], notes: list[str]
) -> Reading:
    """A number for each label, or one for two labels."""
    width = numbers.shape[1]
    if len(labels) < 2:
        raise Unsupported(f"the labels are {labels}: expected at least two")
    if width != len(labels) and not (width == 1 and len(labels) == 2):
        raise Unsupported(f"the network answers {width} numbers a row and has {len(labels)} labels: expected a number for each")
    if width > 1 and activation == "Sigmoid" and outputs is None and not are_probabilities(numbers, None):
        notes = [*notes, "each label has a probability of its own (sigmoid), so they are served as values by name, without a label"]
        return Reading("regression", {name: "value"}, columns=labels, notes=notes)
    if outputs == "scores":
        if width == 1:
            raise Unsupported("outputs='scores' needs a number for each label, the network answers one: leave outputs out")
        return Reading("classification", {name: "scores"}, labels, notes=[*notes, "the numbers are served as scores, as they are"])
    found = find_function(numbers, activation, outputs, width)
    added = {
        None: "the numbers are probabilities, and served as they are",
        "exp": "the numbers are logarithms of probabilities; exp is added to the weights",
        "softmax": "the numbers are logits; softmax is added to the weights, so callers get probabilities",
        "sigmoid": "the number is a logit of the second label; sigmoid is added to the weights, so callers get probabilities",
    }[found]
    return Reading("classification", {name: "probabilities"}, labels, found, notes=[*notes, added])


def find_function(numbers: NDArray[Any], activation: str | None, outputs: str | None, width: int) -> str | None:
    """What makes probabilities of the numbers."""
    if outputs == "probabilities":
        is_share = numbers.min() >= -SUM and numbers.max() <= 1 + SUM
        if not is_share or (width > 1 and not are_probabilities(numbers, None)):
            raise Unsupported(
                f"outputs='probabilities', but a row of the answers is {show(numbers[0])}: expected shares that sum to 1. "
                "Pass outputs='logits' or 'scores'"
            )
        return None
    if outputs is None and width == 1 and activation == "Sigmoid":
        return None
    if outputs is None and width > 1:
        if activation == "LogSoftmax":
            return "exp"
        if are_probabilities(numbers, activation):
            return None
    return "sigmoid" if width == 1 else "softmax"


def show(row: NDArray[Any]) -> str:
    """The first numbers of a row."""
    shown = ", ".join(f"{number:.4g}" for number in row[:5].tolist())
    return f"[{shown}{', …' if len(row) > 5 else ''}]"
