"""Writes what double precision costs: packages estimators in float32 and float64, and times both with the runtime that serves.

python model/training/packager/price.py [--out DIRECTORY]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

sys.path.insert(0, str(Path(__file__).parents[1]))

from package_model import package_model  # noqa: E402

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "precision.md"
TIMER = Path(__file__).parents[3] / "docs" / "bench" / "precision.mjs"
PRECISIONS = ("float32", "float64")
# In float32 numbers differ more, and rows beside a split may get the other side's answer.
TOLERANCE = 1e-3
HEAD = """# Precision

What float64 costs in time and size, compared with float32: microseconds of a run on one thread of `onnxruntime-node`, and bytes of the weights.
Runs of both precisions alternate, and the fastest of each counts. A ratio below 1 means that float64 takes longer. `package_model` writes both graphs, with
`precision="float32"` and `precision="float64"`; they often differ in more than their datatypes, so the difference is
not due to precision alone. float32 was allowed a tolerance of {tolerance:g} and `accept_splits=True`.

`npm run train -- price` writes this page.

| model | 1 row, µs | float32 ÷ float64 | 1 000 rows, µs | float32 ÷ float64 | bytes | float32 ÷ float64 |
|---|---|---|---|---|---|---|
"""


def create_models() -> dict[str, tuple[BaseEstimator, Any]]:
    """Fitted estimators of several kinds, with their rows."""
    cells, kinds = load_breast_cancer(return_X_y=True)
    patients, progress = load_diabetes(return_X_y=True)
    fixed = {"random_state": 0}
    forest = RandomForestRegressor(100, n_jobs=1, **fixed)
    network = MLPClassifier((64, 64), max_iter=300, **fixed)
    return {
        "scaler, logistic regression": (make_pipeline(StandardScaler(), LogisticRegression()).fit(cells, kinds), cells),
        "gradient boosting, 100 trees": (GradientBoostingRegressor(**fixed).fit(patients, progress), patients),
        "regression forest, 100 trees": (forest.fit(patients, progress), patients),
        "scaler, support vector machine": (make_pipeline(StandardScaler(), SVC()).fit(cells, kinds), cells),
        "scaler, network of 64 and 64": (make_pipeline(StandardScaler(), network).fit(cells, kinds), cells),
    }


def measure(estimator: BaseEstimator, rows: Any, place: Path) -> str:
    """The cells of one line: times, sizes and their ratios."""
    directories = [place / precision for precision in PRECISIONS]
    for precision, directory in zip(PRECISIONS, directories, strict=True):
        options = {"accept_splits": True, "tolerance": TOLERANCE} if precision == "float32" else {}
        package_model(estimator, rows, directory, precision=precision, **options)
    command = ["node", str(TIMER), *map(str, directories)]
    prices = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    sizes = [(directory / "model.onnx").stat().st_size for directory in directories]
    cells = [cell for count in ("1", "1000") for cell in show(prices[count])]
    return " | ".join([*cells, *show(sizes)])


def show(pair: Sequence[float]) -> tuple[str, str]:
    """Two figures and their ratio."""
    first, second = (f"{number:,.0f}".replace(",", " ") for number in pair)
    return f"{first} → {second}", f"{pair[0] / pair[1]:.2f}"


def main() -> None:
    """Measures each model and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="the page")
    out = parser.parse_args().out
    lines = []
    for name, (estimator, rows) in create_models().items():
        with tempfile.TemporaryDirectory() as place:
            lines.append(f"| {name} | {measure(estimator, rows, Path(place))} |")
        print(lines[-1], flush=True)
    out.write_text(HEAD.format(tolerance=TOLERANCE) + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
