"""Packages a fitted estimator as a model directory that the endpoint serves: weights, card and golden samples.

    from package_model import About, package_model

    package_model(pipeline, training_frame, "model", about=About(name="churn", title="Churn", …))

or from a shell, with a function that returns these arguments as a dict:

    python model/training/package_model.py --factory my_training:create --out model

It supports classifiers, regressors, transformers (as embeddings) and pipelines of scikit-learn, the estimators of
XGBoost, LightGBM and CatBoost, also as native boosters and model files, and networks: modules of PyTorch, pipelines of
Transformers and models of Keras. Weights that disagree with their model are not written.
"""

import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from packager.requirements import require_packages  # noqa: E402

# Before an import fails.
require_packages(is_command=__name__ == "__main__")

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402

from json_files import to_document, to_lines  # noqa: E402
from packager.about import About, Packaged, describe_owner  # noqa: E402
from packager.agreement import Disagreement as Disagreement  # noqa: E402
from packager.agreement import require_finite, takes_unknown, with_report  # noqa: E402
from packager.arguments import PRECISIONS, read_targets, require_lengths, require_none, require_options, require_targets  # noqa: E402
from packager.calibrated import calibrate as calibrate_by  # noqa: E402
from packager.calibrated import require_calibration  # noqa: E402
from packager.candidates import Asked, choose  # noqa: E402
from packager.columns import Column  # noqa: E402
from packager.columns import Unsupported as Unsupported  # noqa: E402
from packager.command import run  # noqa: E402
from packager.description import create_card  # noqa: E402
from packager.estimator import (  # noqa: E402
    ask,
    create_answer,
    find_classes,
    find_labels,
    find_task,
    needs_names,
    require_classes,
    require_columns,
    require_estimator,
)
from packager.evaluation import measure  # noqa: E402
from packager.frameworks.find import find_network  # noqa: E402
from packager.frameworks.packaging import Options, package_network  # noqa: E402
from packager.holdout import read_holdout  # noqa: E402
from packager.instances import create_samples  # noqa: E402
from packager.margins import create_margins  # noqa: E402
from packager.native import read_native  # noqa: E402
from packager.places import SCHEMA, read_served_runtime  # noqa: E402
from packager.probes import mark_listed  # noqa: E402
from packager.progress import tell  # noqa: E402
from packager.public import choose_shown, infer_about, list_public, read_public  # noqa: E402
from packager.reading import read_columns  # noqa: E402
from packager.report import Report  # noqa: E402
from packager.running import start_server  # noqa: E402
from packager.serving import DEFAULT_TOLERANCE, NotServed, check_by_endpoint, check_by_python  # noqa: E402
from packager.texts import TOKENIZER, find_vectorizers, mark_texts  # noqa: E402
from packager.unforeseen import refuse_unforeseen  # noqa: E402
from packager.validity import require_card, require_members  # noqa: E402
from packager.writing import write_checked  # noqa: E402


@refuse_unforeseen
def package_model(
    estimator: Any,
    sample: Any,
    directory: str | Path,
    *,
    about: About | None = None,
    feature_names: Sequence[str] | None = None,
    targets: Any = None,
    holdout: tuple[Any, Any] | None = None,
    tolerance: float | None = None,
    accept_splits: bool = False,
    precision: str | None = None,
    calibrate: str | None = None,
    task: str | None = None,
    outputs: str | None = None,
    private: bool = False,
    public_rows: Any = None,
    serve: bool = False,
    seed: int = 0,
) -> Report:
    """Writes `model.onnx`, `card.json`, `samples.json` and the card's schema into a directory; the same bytes each time.

    `sample` has rows that the estimator was fitted with, shape [rows, features]: a frame if it was fitted with a frame,
    otherwise an array. Their ranges, categories and missing values define what the endpoint accepts. `targets` are the
    labels of these rows, for the card's label shares; `holdout` is a pair of rows and targets that the estimator has not
    seen, for the card's evaluation, and for the label sets and intervals that callers may ask for.

    The estimator gets the rows as given, in their own dtypes; the weights get the same values as the endpoint reads them
    from JSON. Numbers may differ by `tolerance`, absolute up to 1 and relative beyond. With `accept_splits`, rows within a
    rounding error of a split may get the answer of its other side: any of the probes generated there, and up to 1 % of
    the given rows. The card then states their share.

    With `calibrate`, a half of the holdout fits a temperature ("temperature") or a curve for each class ("isotonic",
    "sigmoid"), which become part of the weights; the other half is left for the card's evaluation.

    A network takes what it was trained with: arrays, tensors, several of them by name, or texts beside a tokenizer. `task`
    ("classification", "regression", "embedding", "tensors") and `outputs` ("probabilities", "logits", "scores") say what its
    numbers are where neither labels nor targets nor the graph do; the report's `notes` say what was decided. Its default
    `tolerance` is 1e-5, that of estimators 1e-6.

    The weights of an estimator take and compute float64 where that repeats it, and float32 otherwise; `precision` allows
    only one of the two, "float64" or "float32".

    With `private`, no row of the sample and no string that the estimator does not insist on is published: golden samples
    are random rows. `public_rows`, rows like the sample's that may be shown, take the place of the sample's. The report's
    `public` lists what callers of the endpoint can read.
    `serve` starts the endpoint on a free port, prints a request, and gives its process as the report's `server`.

    Returns the largest difference for each kind of rows; printed, it is a summary with the next command. Raises Unsupported for what cannot be served, and Disagreement
    with the size and place of the difference if weights and estimator disagree; nothing is written then. Warns NotServed
    if the endpoint's own runtime is not available to check what was written.
    """
    require_options(directory, about, precision, seed, accept_splits=accept_splits, private=private, serve=serve)
    require_served_runtime()
    network = find_network(estimator)
    if network is not None:
        require_none(
            accept_splits=accept_splits, precision=precision, calibrate=calibrate, public_rows=public_rows is not None
        )
        options = Options(about, feature_names, targets, holdout, tolerance, task, outputs, private, seed)
        made = package_network(network, sample, options)
        write(Path(directory), made.weights, made.card, made.samples, made.text)
        public = list_public(made.card, made.samples, is_private=private)
        report = Report(made.report, public, Path(directory), made.card, made.notes, is_inferred=about is None)
        return serve_with(report, made.samples) if serve else report
    require_none(task=task, outputs=outputs)
    tolerance = DEFAULT_TOLERANCE if tolerance is None else tolerance
    estimator = read_native(estimator)
    require_estimator(estimator)
    task = find_task(estimator)
    is_inferred = about is None
    about = about or infer_about(estimator, task)
    require_members({**describe_owner(about), "tolerance": tolerance})
    require_columns(estimator, sample)
    takes_texts = len(find_vectorizers(estimator, 0)) > 0
    columns = read_columns(sample, feature_names, is_split=needs_names(estimator), takes_texts=takes_texts)
    columns = mark_texts(estimator, columns)
    require_calibration(calibrate, task, estimator, holdout)
    held_out = None if holdout is None else read_holdout(columns, holdout)
    if calibrate is not None and holdout is not None and held_out is not None:
        estimator, (held_out, rest) = calibrate_by(estimator, columns, (held_out, holdout[1]), calibrate, seed)
        holdout = (held_out, rest)
    several = find_labels(estimator, task, about, targets, holdout)
    answer = create_answer(estimator, task, columns, several)
    tell(f"asking the estimator about {len(columns.sample)} rows of the sample")
    answers = ask(answer, columns.sample, "the sample")
    require_finite(answers, columns)
    columns = mark_listed(answer, columns)
    classes = find_classes(estimator) if task == "classification" else None
    if classes is not None:
        require_classes(classes)
    given_targets = None if targets is None else read_targets(targets, "targets")
    require_lengths(about, columns, given_targets)
    require_targets(given_targets, classes, several)
    held_out_answers = None if held_out is None else ask(answer, held_out, "the holdout")

    margins = create_margins(estimator, columns)
    asked = Asked(answer, answers, held_out, held_out_answers, margins)
    options = {"tolerance": tolerance, "accept_splits": accept_splits, "precision": PRECISIONS[precision], "seed": seed}
    chosen = choose(estimator, task, columns, asked, classes, **options, several=several)
    converted, columns, agreement = chosen.converted, chosen.columns, chosen.agreement

    words = [column.name for column in columns.columns if column.datatype == "BYTES"]
    packaged = Packaged(
        estimator=estimator,
        task=task,
        columns=columns,
        weights=converted.weights,
        tolerance=tolerance,
        classes=np.empty(0) if classes is None else classes,
        labels_are_places=converted.labels_are_places,
        unknown={name: takes_unknown(answer, chosen.answer_served, columns, name, tolerance) for name in words},
        answers=answers,
        holdout=holdout,
        targets=given_targets,
        is_private=private,
        several=several,
        shown=None if public_rows is None else read_public(columns, public_rows),
    )
    measured = {}
    if held_out is not None and held_out_answers is not None:
        measured = measure(packaged, held_out, held_out_answers, chosen.answer_served)
    card = create_card(packaged, with_report(about, agreement.report), measured, held_out_answers)
    require_card(card)
    shown = choose_shown(packaged, agreement, answer, chosen.answer_served, seed)
    samples = create_samples(packaged, about, *shown)
    write(Path(directory), packaged.weights, card, samples, columns.text)
    public = list_public(card, samples, is_private=private, has_public_rows=public_rows is not None)
    report = Report(agreement.report, public, Path(directory), card, is_inferred=is_inferred)
    return serve_with(report, samples) if serve else report


def serve_with(report: Report, samples: Sequence[Mapping[str, Any]]) -> Report:
    """The report with the endpoint that serves what was written."""
    report.server = start_server(report.directory, samples[0]["instance"])
    return report


def require_served_runtime() -> None:
    """The runtime used for the comparison must be the version that serves."""
    served = read_served_runtime()
    if onnxruntime.__version__ != served:
        raise Unsupported(
            f"expected ONNX Runtime {served}, which serves the model, got {onnxruntime.__version__}: "
            f"install onnxruntime=={served}"
        )


def write(
    directory: Path, weights: bytes, card: dict[str, Any], samples: list[dict[str, object]], text: Column | None
) -> None:
    """Writes all files or none; they are loaded, run and compared once more before they are moved into place."""
    files = {
        "model.onnx": weights,
        "card.json": to_document(card),
        "samples.json": to_lines({"samples": samples}),
    }
    if text is not None and text.words is not None:
        files[TOKENIZER] = text.words.document
    if not (directory / SCHEMA.name).exists():
        files[SCHEMA.name] = SCHEMA.read_bytes()
    obstacles: list[str] = []

    def check(stage: Path) -> None:
        tell("checking what is written with Python's runtime and the endpoint's")
        check_by_python(stage, text)
        obstacle = check_by_endpoint(stage)
        if obstacle is not None:
            obstacles.append(obstacle)

    write_checked(directory, files, check)
    for obstacle in obstacles:
        warnings.warn(
            f"{directory} was checked with Python's ONNX Runtime {onnxruntime.__version__} but not with the endpoint's: "
            f"{obstacle}. Then run npm run model -- check {directory}",
            NotServed,
            stacklevel=4,
        )


if __name__ == "__main__":
    run(package_model, __doc__ or "")
