"""Trains the Iris forest and writes weights, card, samples and parity file: the same bytes on every run."""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier

import drawing
import iris
import parity
from captured import Unusable, join, read_captured
from card import FEATURES, FIRST_VERSION, Trained, create_card
from export import export_forest
from json_files import round_number, to_document, to_lines

SEED = 42
TREES = 100
HOLDOUT_ROWS = 30


def main() -> None:
    """Reads the command line, trains, and writes only what agrees with scikit-learn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="output directory")
    parser.add_argument("--with", type=Path, dest="captured", help="rows that `npm run loop -- rows` wrote")
    parser.add_argument("--version", default=FIRST_VERSION, help="version in the card")
    options = parser.parse_args()
    out: Path = options.out
    try:
        files = create_files(train(options.captured), options.version)
    except (parity.Disagreement, Unusable) as problem:
        sys.exit(f"nothing written: {problem}")
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def train(captured_path: Path | None = None) -> Trained:
    """A forest fitted to 120 rows and those that were captured, with one job because several add probabilities in a varying order."""
    rows = iris.read_iris()
    own, holdout = iris.split(rows, holdout_rows=HOLDOUT_ROWS, seed=SEED)
    captured = captured_path and read_captured(captured_path, list(FEATURES), own=rows, unseen=holdout)
    training = join(own, captured.rows) if captured else own
    forest = RandomForestClassifier(n_estimators=TREES, random_state=SEED, n_jobs=1)
    forest.fit(training.features, training.labels)
    weights = export_forest(forest, name="iris").SerializeToString(deterministic=True)
    return Trained(forest, weights, rows, own, training, holdout, SEED, captured)


def create_files(trained: Trained, version: str = FIRST_VERSION) -> dict[str, bytes]:
    """Every file's name and content; raises parity.Disagreement if the weights do not answer like the forest."""
    card = create_card(trained, version)
    space = create_space(trained, card["features"])
    drawn = drawing.draw_rows(space, rows=parity.ROWS, seed=SEED)
    for title, rows in {"samples": trained.all_rows.features, "drawn rows": drawn}.items():
        largest = parity.require_parity(trained.forest, trained.weights, rows)
        print(f"parity: {len(rows)} {title}, every label equal, |Δp| at most {largest:.1e}")
    return {
        "model.onnx": trained.weights,
        "card.json": to_document(card),
        "samples.json": to_lines({"samples": create_samples(trained)}),
        "held-out.json": to_lines({"rows": create_held_out(trained)}),
        "parity.json": to_lines(parity.create_parity(trained.forest, space, drawn, seed=SEED)),
    }


def create_space(trained: Trained, features: list[dict[str, Any]]) -> drawing.Space:
    """The card's training ranges and each feature's distinct thresholds, ascending, at the nearest float32."""
    ranges = [feature["training"] for feature in features]
    splits = [estimator.tree_ for estimator in trained.forest.estimators_]
    thresholds = [
        np.unique(np.concatenate([tree.threshold[tree.feature == column] for tree in splits]).astype(np.float32))
        for column in range(len(features))
    ]
    return drawing.Space(
        minimum=np.array([each["minimum"] for each in ranges], np.float64),
        maximum=np.array([each["maximum"] for each in ranges], np.float64),
        thresholds=thresholds,
    )


def create_samples(trained: Trained) -> list[dict[str, object]]:
    """Every row of the data with scikit-learn's own label and probabilities."""
    labels, probabilities = parity.answer(trained.forest, trained.all_rows.features)
    return [
        {"instance": instance, "prediction": to_prediction(label, shares)}
        for instance, label, shares in zip(
            trained.all_rows.features.tolist(), labels.tolist(), probabilities.tolist(), strict=True
        )
    ]


def create_held_out(trained: Trained) -> list[dict[str, object]]:
    """The hold-out rows with their true labels."""
    pairs = zip(trained.holdout.features.tolist(), trained.holdout.labels.tolist(), strict=True)
    return [{"instance": instance, "label": iris.LABELS[label]} for instance, label in pairs]


def to_prediction(label: int, probabilities: list[float]) -> dict[str, object]:
    """One answer in the format of the endpoint's reply."""
    shares = [round_number(share) for share in probabilities]
    return {"label": iris.LABELS[label], "probabilities": dict(zip(iris.LABELS, shares, strict=True))}


if __name__ == "__main__":
    main()
