"""Packages a fitted estimator as a model directory that the endpoint serves: weights, card and golden samples.

    from package_model import About, package_model

    package_model(pipeline, training_frame, "model", about=About(name="churn", title="Churn", …))

or, from a shell, with a function that gives these arguments as a dict:

    python model/training/package_model.py --factory my_training:create --out model

It takes classifiers, regressors, transformers (as embeddings) and pipelines of scikit-learn, and the estimators of XGBoost
and LightGBM. What does not agree with its estimator is not written.
"""

import argparse
import hashlib
import importlib
import json
import pickle
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
from sklearn.base import is_classifier, is_regressor
from sklearn.compose import ColumnTransformer

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from json_files import to_document, to_lines  # noqa: E402
from packager.agreement import Answer, Answers, create_runner, require_agreement, takes_unknown  # noqa: E402
from packager.agreement import Disagreement as Disagreement  # noqa: E402
from packager.columns import Columns, Unsupported, read_columns  # noqa: E402
from packager.conversion import convert  # noqa: E402
from packager.description import (  # noqa: E402
    DEFAULT_TOLERANCE,
    SAMPLES,
    About,
    Packaged,
    Task,
    create_card,
    create_samples,
)

SCHEMA = HERE.parent / "card.schema.json"
PACKAGE = HERE.parents[1] / "package.json"


def package_model(
    estimator: Any,
    sample: Any,
    directory: str | Path,
    *,
    about: About,
    feature_names: Sequence[str] | None = None,
    targets: Any = None,
    holdout: tuple[Any, Any] | None = None,
    tolerance: float = DEFAULT_TOLERANCE,
    accept_splits: bool = False,
    seed: int = 0,
) -> dict[str, float]:
    """Writes `model.onnx`, `card.json`, `samples.json` and the card's schema into a directory; the same bytes each time.

    `sample` has rows that the estimator was fitted with, shape [rows, features]: a frame for an estimator that was fitted
    with one, else an array. Their ranges, categories and missing values are what the endpoint will take. `targets`
    are the labels of these rows, for the shares of each; `holdout` are rows and targets that the estimator has not
    seen, for the card's evaluation.

    Numbers may differ by `tolerance`, absolutely up to 1 and relatively beyond. With `accept_splits` rows within a
    rounding of a split may be answered by the split's other side; the card then says how many are.

    Returns the largest difference on each kind of rows. Raises Unsupported for what cannot be served, and
    Disagreement, with how far and where, for weights that answer otherwise than the estimator. Nothing is written then.
    """
    require_estimator(estimator)
    require_served_runtime()
    task = find_task(estimator)
    columns = read_columns(sample, feature_names, is_split=needs_names(estimator))
    answer = create_answer(estimator, task, columns)
    converted = convert(estimator, columns, has_probabilities=hasattr(estimator, "predict_proba"))
    classes = np.asarray(estimator.classes_) if task == "classification" else None
    run = create_runner(converted.weights, columns, classes, are_places=converted.labels_are_places)
    report = require_agreement(answer, run, columns, tolerance=tolerance, seed=seed, accept_splits=accept_splits)

    words = [column.name for column in columns.columns if column.datatype == "BYTES"]
    packaged = Packaged(
        estimator=estimator,
        task=task,
        columns=columns,
        weights=converted.weights,
        tolerance=tolerance,
        classes=np.empty(0) if classes is None else classes,
        labels_are_places=converted.labels_are_places,
        unknown={name: takes_unknown(answer, run, columns, name, tolerance) for name in words},
        holdout=holdout,
        targets=None if targets is None else np.asarray(targets),
    )
    rows = columns.sample.iloc[:: max(1, len(columns.sample) // SAMPLES)][:SAMPLES]
    card = create_card(packaged, with_report(about, report), answer_holdout(packaged, answer, columns))
    samples = create_samples(packaged, about, answer(rows), rows)
    write(Path(directory), converted.weights, card, samples)
    return report


def require_estimator(estimator: Any) -> None:
    """A path is none: loading a pickle runs whatever it says."""
    if not isinstance(estimator, str | Path) and hasattr(estimator, "get_params"):
        return
    raise Unsupported(f"expected a fitted estimator, came {estimator!r}; a pickle is loaded by --trust-pickle only")


def require_served_runtime() -> None:
    """The runtime that compares must be the one that serves."""
    served = json.loads(PACKAGE.read_text(encoding="utf-8"))["dependencies"]["onnxruntime-node"]
    if onnxruntime.__version__ != served:
        raise Unsupported(f"the endpoint serves with ONNX Runtime {served}, here is {onnxruntime.__version__}: install that")


def find_task(estimator: Any) -> Task:
    """What the estimator does."""
    if is_classifier(estimator):
        if np.asarray(getattr(estimator, "classes_", [[]])).ndim != 1:
            raise Unsupported("the classifier answers several labels a row; one can be served")
        return "classification"
    if is_regressor(estimator):
        return "regression"
    if hasattr(estimator, "transform"):
        return "embedding"
    raise Unsupported(f"{type(estimator).__name__} neither predicts nor transforms")


def needs_names(estimator: Any) -> bool:
    """Whether a part of it chooses columns by name: then each has a tensor of its own."""
    parts = [step for _, step in estimator.steps] if hasattr(estimator, "steps") else [estimator]
    return any(isinstance(part, ColumnTransformer) for part in parts)


def create_answer(estimator: Any, task: Task, columns: Columns) -> Answer:
    """The estimator's own answers to rows as the endpoint gets them."""

    def answer(rows: pd.DataFrame) -> Answers:
        given = columns.for_estimator(rows)
        if task == "classification":
            has_shares = hasattr(estimator, "predict_proba")
            shares = estimator.predict_proba(given) if has_shares else np.empty((len(rows), 0))
            return Answers(np.asarray(estimator.predict(given)), np.asarray(shares, np.float64))
        numbers = estimator.predict(given) if task == "regression" else estimator.transform(given)
        numbers = numbers.toarray() if hasattr(numbers, "toarray") else numbers
        return Answers(np.empty(0), np.asarray(numbers, np.float64).reshape(len(rows), -1))

    return answer


def answer_holdout(packaged: Packaged, answer: Answer, columns: Columns) -> Answers | None:
    """The estimator's answers to the rows that it has not seen."""
    if packaged.holdout is None:
        return None
    held_out = read_columns(packaged.holdout[0], columns.names, is_split=columns.is_split)
    return answer(columns.to_rows([column.values for column in held_out.columns]))


def with_report(about: About, report: dict[str, float]) -> About:
    """The card says where the weights may answer otherwise."""
    share = report.get("share beside a split that differs", 0.0)
    if share == 0:
        return about
    limit = (
        "Within a rounding of the places where its answer changes, "
        f"{share:.1%} of the rows tested got the answer of the other side."
    )
    return About(**{**vars(about), "limits": [*about.limits, limit]})


def write(directory: Path, weights: bytes, card: dict[str, Any], samples: list[dict[str, object]]) -> None:
    """All files, or none when the directory cannot be made."""
    directory.mkdir(parents=True, exist_ok=True)
    schema = SCHEMA.read_bytes()
    (directory / "model.onnx").write_bytes(weights)
    (directory / "card.json").write_bytes(to_document(card))
    (directory / "samples.json").write_bytes(to_lines({"samples": samples}))
    if not (directory / SCHEMA.name).exists():
        (directory / SCHEMA.name).write_bytes(schema)


def read_arguments(parser: argparse.ArgumentParser) -> dict[str, Any]:
    """The arguments of package_model from a factory, or from a pickle, a table and a JSON file about the model."""
    options = parser.parse_args()
    if options.factory is not None:
        sys.path.insert(0, str(Path.cwd()))
        module, _, name = options.factory.partition(":")
        return {"directory": options.out, **getattr(importlib.import_module(module), name)()}
    if options.trust_pickle is None or options.sample is None or options.about is None:
        parser.error("expected --factory, or --trust-pickle with --sample and --about")
    content = options.trust_pickle.read_bytes()
    print(f"trusting {options.trust_pickle}, sha256 {hashlib.sha256(content).hexdigest()}")
    about = {to_snake(key): value for key, value in json.loads(options.about.read_text(encoding="utf-8")).items()}
    return {
        "directory": options.out,
        "estimator": pickle.loads(content),  # noqa: S301: the caller has said that it trusts this file.
        "sample": pd.read_csv(options.sample),
        "about": About(**about),
    }


def to_snake(key: str) -> str:
    """`intendedUse`, as cards write it, to `intended_use`."""
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", key)


def main() -> None:
    """Reads the command line, packages, and says how far the weights are from the estimator."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="directory to write")
    parser.add_argument("--factory", help="module:function that gives the arguments of package_model as a dict")
    parser.add_argument("--trust-pickle", type=Path, help="a pickled estimator: loading one runs whatever it says")
    parser.add_argument("--sample", type=Path, help="CSV file of rows that the pickled estimator was fitted with")
    parser.add_argument("--about", type=Path, help="JSON file with name, title, description, intendedUse, limits …")
    arguments = read_arguments(parser)
    try:
        report = package_model(**arguments)
    except (Unsupported, Disagreement) as refusal:
        sys.exit(f"nothing written: {refusal}")
    for title, difference in report.items():
        print(f"{title}: at most {difference:.1e}" if "share" not in title else f"{title}: {difference:.1%}")
    print(f"wrote {arguments['directory']}")


if __name__ == "__main__":
    main()
