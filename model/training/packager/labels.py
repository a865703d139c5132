"""Estimators that predict several labels a row: which they are, and their answers in one form."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .answers import Answers
from .columns import Unsupported
from .margins import last_of

MULTI_LABEL_LOSSES = ("MultiLogloss", "MultiCrossEntropy")


@dataclass(frozen=True)
class Label:
    """One of several labels: its output in the weights, and the values that it has."""

    name: str
    classes: NDArray[Any]

    @property
    def shares_name(self) -> str:
        """The output with the probabilities of its values."""
        return f"{self.name}_probabilities"


def find_each_classes(estimator: Any) -> list[NDArray[Any]] | None:
    """The values of each label; None for an estimator that predicts one label a row."""
    last = last_of(estimator)
    classes = getattr(last, "classes_", None)
    if isinstance(classes, list):
        # A chain has them in its own order.
        order = np.argsort(last.order_) if type(last).__name__ == "ClassifierChain" else range(len(classes))
        return [np.asarray(classes[place]) for place in order]
    return [np.array([0, 1])] * count_marks(last) or None


def count_marks(last: Any) -> int:
    """How many labels an estimator marks with 0 or 1; 0 for others, which choose one of their classes."""
    binarizer = getattr(last, "_label_binarizer", None)
    if getattr(last, "multilabel_", False) or getattr(binarizer, "y_type_", "") == "multilabel-indicator":
        return len(last.classes_)
    library = type(last).__module__.partition(".")[0]
    if library == "xgboost" and hasattr(last, "get_booster") and last.__sklearn_is_fitted__():
        learner = json.loads(last.get_booster().save_config())["learner"]
        several = int(learner["learner_model_param"].get("num_target", "1"))
        return several if several > 1 else 0
    if library == "catboost" and last.is_fitted():
        loss = str(last.get_all_params().get("loss_function", "")).partition(":")[0]
        return len(last.classes_) if loss in MULTI_LABEL_LOSSES else 0
    return 0


def name_labels(classes: Sequence[NDArray[Any]], given: Sequence[str] | None, *targets: Any) -> list[Label]:
    """The labels under the owner's names, else those of the columns of the targets, else numbered."""
    numbered = [f"output_{place}" for place in range(len(classes))]
    found = (find_names(each, len(classes)) for each in targets)
    names = list(given or next((each for each in found if each), numbered))
    if len(names) != len(classes):
        raise Unsupported(f"the estimator predicts {len(classes)} labels per row: expected a name for each, got {names}")
    labels = [Label(name, each) for name, each in zip(names, classes, strict=True)]
    outputs = [name for label in labels for name in (label.name, label.shares_name)]
    twice = next((name for at, name in enumerate(outputs) if name in outputs[:at]), None)
    if twice is not None or "" in names:
        raise Unsupported(f"two outputs would have the name {twice!r} among the labels {names}: expected distinct names")
    return labels


def find_names(targets: Any, count: int) -> list[str]:
    """The columns of a frame of targets, if it has one for each label."""
    is_known = isinstance(targets, pd.DataFrame) and targets.shape[1] == count
    return [str(name) for name in targets.columns] if is_known else []


def has_shares(estimator: Any, labels: Sequence[Label]) -> bool:
    """Whether each value of each label has a probability: a chain tells that of the second only."""
    is_chain = type(last_of(estimator)).__name__ == "ClassifierChain"
    return hasattr(estimator, "predict_proba") and not (is_chain and any(len(each.classes) != 2 for each in labels))


def answer_each(estimator: Any, rows: Any, labels: Sequence[Label]) -> Answers:
    """The labels, shape [rows, labels], and the probabilities of all of them side by side."""
    found = estimator.predict(rows)
    table = np.asarray(found.toarray() if hasattr(found, "toarray") else found, np.object_)
    columns = [to_classes(table[:, place], label.classes) for place, label in enumerate(labels)]
    if not has_shares(estimator, labels):
        return Answers(np.column_stack(columns), np.empty((len(table), 0)))
    shares = estimator.predict_proba(rows)
    if not isinstance(shares, list):
        # The probability of 1 alone.
        dense = np.asarray(shares.toarray() if hasattr(shares, "toarray") else shares, np.float64)
        shares = [np.column_stack([1.0 - each, each]) for each in dense.T]
    return Answers(np.column_stack(columns), np.column_stack(shares).astype(np.float64))


def to_classes(found: NDArray[Any], classes: NDArray[Any]) -> NDArray[Any]:
    """Labels as the values of the fit: an array of several labels makes strings or floats of them."""
    known = {to_key(each): each for each in classes.tolist()}
    strange = next((each for each in found if to_key(each) not in known), None)
    if strange is not None:
        raise Unsupported(f"the estimator predicts the label {strange!r}: expected one of {', '.join(known)}, as it was fitted")
    return np.array([*(known[to_key(each)] for each in found), None], np.object_)[:-1]


def to_key(value: Any) -> str:
    """A label as text, whole numbers without a fraction."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def to_named(values: NDArray[Any], numbers: Sequence[float], labels: Sequence[Label]) -> dict[str, Any]:
    """One answer as the endpoint replies: each label by its name, beside its probabilities."""
    found: dict[str, Any] = {}
    at = 0
    for label, value in zip(labels, values, strict=True):
        found[label.name] = value
        if numbers:
            classes = [str(each) for each in label.classes.tolist()]
            found[label.shares_name] = dict(zip(classes, numbers[at : at + len(classes)], strict=True))
            at += len(classes)
    return found
