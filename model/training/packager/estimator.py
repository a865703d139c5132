"""What an estimator does, and its own answers to rows as they were given."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import is_classifier, is_regressor
from sklearn.compose import ColumnTransformer

from .about import Task
from .answers import Answer, Answers, first_line, in_chunks
from .columns import Columns, Unsupported


def require_estimator(estimator: Any) -> None:
    """A path is none: loading a pickle runs whatever it says."""
    if not isinstance(estimator, str | Path) and hasattr(estimator, "get_params"):
        return
    raise Unsupported(f"expected a fitted estimator, got {estimator!r}; a pickle is loaded by --trust-pickle only")


def find_task(estimator: Any) -> Task:
    """What the estimator does."""
    if is_classifier(estimator):
        if isinstance(getattr(estimator, "classes_", None), list):
            raise Unsupported(f"{type(estimator).__name__} answers several labels a row: expected one. Package one for each")
        return "classification"
    if is_regressor(estimator):
        return "regression"
    if hasattr(estimator, "transform"):
        return "embedding"
    raise Unsupported(
        f"{type(estimator).__name__} neither predicts nor transforms: expected a classifier, regressor or transformer"
    )


def needs_names(estimator: Any) -> bool:
    """Whether a part of it chooses columns by name: then each has a tensor of its own."""
    parts = [step for _, step in estimator.steps] if hasattr(estimator, "steps") else [estimator]
    return any(isinstance(part, ColumnTransformer) for part in parts)


def create_answer(estimator: Any, task: Task, columns: Columns) -> Answer:
    """The estimator's own answers to rows in the dtypes in which they are given."""

    def answer(rows: pd.DataFrame) -> Answers:
        given = columns.for_estimator(rows)
        if task == "classification":
            has_shares = hasattr(estimator, "predict_proba")
            shares = estimator.predict_proba(given) if has_shares else np.empty((len(rows), 0))
            return Answers(to_column(estimator.predict(given)), np.asarray(shares, np.float64))
        numbers = estimator.predict(given) if task == "regression" else estimator.transform(given)
        numbers = numbers.toarray() if hasattr(numbers, "toarray") else numbers
        return Answers(np.empty(0), np.asarray(numbers, np.float64).reshape(len(rows), -1))

    return in_chunks(answer)


def to_column(labels: Any) -> Any:
    """One label a row."""
    found = np.asarray(labels)
    if found.ndim == 1 or found.shape[1:] == (1,):
        return found.ravel()
    raise Unsupported(f"the estimator answers {found.shape[1]} labels a row: expected one. Package one estimator for each")


def ask(answer: Answer, rows: pd.DataFrame, title: str) -> Answers:
    """The answers to rows that the estimator must take."""
    try:
        return answer(rows)
    except Unsupported:
        raise
    except Exception as failure:
        raise Unsupported(
            f"the estimator refuses {title}: {first_line(failure)}. Expected rows as it was fitted with"
        ) from failure
