"""An estimator's task, and its own answers for rows as given."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import is_classifier, is_clusterer, is_outlier_detector, is_regressor
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags

from .about import About, Task
from .answers import Answer, Answers, first_line, in_chunks
from .columns import Columns, Unsupported
from .labels import Label, answer_each, find_each_classes, name_labels
from .missing import show_value
from .validity import shorten

MOST_NAMES = 5
# They predict a score for each row, and are no regressors to scikit-learn.
RANKERS = ("LGBMRanker", "XGBRanker", "CatBoostRanker")


def require_estimator(estimator: Any) -> None:
    """Rejects anything else, paths included, because loading a pickle executes code from it."""
    if isinstance(estimator, type):
        raise Unsupported(
            f"expected a fitted estimator, got the class {estimator.__name__}: pass what {estimator.__name__}(…).fit(…) returns"
        )
    if not isinstance(estimator, str | Path) and hasattr(estimator, "get_params"):
        return
    if isinstance(estimator, list | tuple | dict):
        raise Unsupported(f"expected a fitted estimator, got {shorten(estimator)}: package one estimator at a time")
    cure = "; to load a pickle, use --trust-pickle" if isinstance(estimator, str | Path | bytes) else ": pass what fit(…) returns"
    raise Unsupported(f"expected a fitted estimator, got {shorten(estimator)}{cure}")


def find_task(estimator: Any) -> Task:
    """The estimator's task."""
    if is_classifier(estimator):
        return "classification" if find_each_classes(estimator) is None else "tensors"
    if is_regressor(estimator) or type(estimator).__name__ in RANKERS:
        return "regression"
    if hasattr(estimator, "predict") and (is_outlier_detector(estimator) or find_clusters(estimator) is not None):
        return "classification"
    if hasattr(estimator, "transform"):
        return "embedding"
    kind = type(estimator).__name__
    if hasattr(estimator, "fit_predict") and not hasattr(estimator, "predict"):
        raise Unsupported(
            f"{kind} labels only the rows that it was fitted with: expected an estimator that predicts new rows. "
            "Use KMeans or Birch for clusters, IsolationForest or LocalOutlierFactor(novelty=True) for outliers"
        )
    raise Unsupported(f"{kind} neither predicts nor transforms: expected a classifier, regressor or transformer")


def find_labels(estimator: Any, task: Task, about: About, targets: Any, holdout: Any) -> list[Label]:
    """Several labels a row, under the names of the owner or of the targets; none for other tasks."""
    if task != "tensors":
        return []
    held_out = None if holdout is None else holdout[1]
    return name_labels(find_each_classes(estimator) or [], about.value_names, targets, held_out)


def find_classes(estimator: Any) -> NDArray[Any]:
    """What a classifier, an outlier detector or a clusterer tells apart."""
    if hasattr(estimator, "classes_"):
        return np.asarray(estimator.classes_)
    if is_outlier_detector(estimator):
        return np.array([-1, 1])
    return np.arange(find_clusters(estimator) or 0)


def require_classes(classes: NDArray[Any]) -> None:
    """Rejects a classifier that has nothing to tell apart."""
    if len(classes) < 2:
        known = ", ".join(map(show_value, classes.tolist())) or "none"
        raise Unsupported(f"the estimator knows one class, {known}: expected at least two. Fit it on rows of two classes or more")


def find_clusters(estimator: Any) -> int | None:
    """How many clusters a fitted estimator assigns rows to; None for others."""
    if not hasattr(estimator, "predict"):
        return None
    last = estimator[-1] if hasattr(estimator, "steps") else estimator
    if hasattr(last, "subcluster_labels_"):
        return int(last.subcluster_labels_.max()) + 1
    if get_tags(last).estimator_type == "density_estimator" and hasattr(last, "means_"):
        return len(last.means_)
    if is_clusterer(last):
        return len(last.cluster_centers_) if hasattr(last, "cluster_centers_") else getattr(last, "n_clusters", None)
    return None


def require_columns(estimator: Any, sample: Any) -> None:
    """Rejects a frame with other columns than the fit had, or the same in another order."""
    fitted = getattr(estimator, "feature_names_in_", None)
    if fitted is None or not isinstance(sample, pd.DataFrame) or list(fitted) == list(sample.columns):
        return
    # Reading the columns refuses two of one name.
    if not sample.columns.is_unique:
        return
    cure = "pass sample[list(estimator.feature_names_in_)]"
    lacking = [name for name in fitted if name not in sample.columns]
    if lacking:
        raise Unsupported(f"the sample lacks the {name_columns(lacking)}, which the fit had: pass the frame that fit was given")
    strange = [name for name in sample.columns if name not in fitted]
    if strange:
        raise Unsupported(f"the sample has the {name_columns(strange)}, which the fit did not have: {cure}")
    raise Unsupported(f"the sample has its columns in another order than the fit had: {cure}")


def name_columns(names: Sequence[Any]) -> str:
    """The first of some columns, and how many more there are."""
    shown = ", ".join(map(str, names[:MOST_NAMES]))
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"column{'s' if len(names) > 1 else ''} {shown}{more}"


def needs_names(estimator: Any) -> bool:
    """Whether a step selects columns by name; then each column has a tensor of its own."""
    estimator = getattr(estimator, "best_estimator_", estimator)
    parts = [step for _, step in estimator.steps] if hasattr(estimator, "steps") else [estimator]
    return any(isinstance(part, ColumnTransformer) for part in parts)


def create_answer(estimator: Any, task: Task, columns: Columns, several: Sequence[Label] = ()) -> Answer:
    """The estimator's own answers for rows in their given dtypes; `several` are the labels of the task of tensors."""

    def answer(rows: pd.DataFrame) -> Answers:
        given = columns.for_estimator(rows)
        if task == "tensors":
            return answer_each(estimator, given, several)
        if task == "classification":
            has_shares = hasattr(estimator, "predict_proba")
            shares = estimator.predict_proba(given) if has_shares else np.empty((len(rows), 0))
            labels = to_column(estimator.predict(given))
            require_each(labels, rows)
            return Answers(labels, np.asarray(shares, np.float64))
        numbers = estimator.predict(given) if task == "regression" else estimator.transform(given)
        require_each(numbers, rows)
        numbers = numbers.toarray() if hasattr(numbers, "toarray") else numbers
        return Answers(np.empty(0), np.asarray(numbers, np.float64).reshape(len(rows), -1))

    return in_chunks(answer)


def require_each(answers: Any, rows: pd.DataFrame) -> None:
    """Rejects answers that do not belong to the rows."""
    if np.shape(answers)[:1] != (len(rows),):
        raise Unsupported(
            f"the estimator gives answers of the shape {np.shape(answers)} for {len(rows)} rows: expected one for each. "
            "TfidfVectorizer and CountVectorizer take a list of texts: pass the column, such as sample['text'], not the frame"
        )


def to_column(labels: Any) -> Any:
    """One label per row."""
    found = np.asarray(labels)
    if found.ndim == 1 or found.shape[1:] == (1,):
        return found.ravel()
    raise Unsupported(f"the estimator predicts {found.shape[1]} labels per row: expected one. Fit one estimator per label")


def ask(answer: Answer, rows: pd.DataFrame, title: str) -> Answers:
    """The answers for rows that the estimator must accept."""
    try:
        return answer(rows)
    except Unsupported:
        raise
    except NotFittedError as failure:
        raise Unsupported("the estimator is not fitted: call fit, and pass what it returns") from failure
    except AttributeError as failure:
        raise Unsupported(
            f"the estimator fails on {title}: {first_line(failure)}. "
            "Expected a fitted estimator, and rows like those it was fitted with"
        ) from failure
    except Exception as failure:
        raise Unsupported(
            f"the estimator rejects {title}: {first_line(failure)}. Expected rows like those it was fitted with"
        ) from failure
