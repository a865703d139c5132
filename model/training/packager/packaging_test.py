"""What package_model writes agrees with its estimator and can be served; what does not agree is not written."""

import hashlib
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier, XGBRegressor

TRAINING = Path(__file__).parents[1]
sys.path.insert(0, str(TRAINING))

import package_model as packaging  # noqa: E402
from package_model import About, Disagreement, Unsupported, package_model  # noqa: E402
from packager import conversion  # noqa: E402

README = TRAINING.parents[1] / "README.md"
ABOUT = About(name="test", title="Test", description="Answers.", intended_use="Tests.")
RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(size=(150, 3))
GAPS = np.where(RANDOM.random(ROWS.shape) < 0.1, np.nan, ROWS)
CLASSES = np.digitize(ROWS[:, 0] + ROWS[:, 1] * ROWS[:, 2], [-0.5, 0.5])
VALUES = ROWS[:, 0] * 3 + np.abs(ROWS[:, 1])
FRAME = pd.DataFrame(
    {
        "size": RANDOM.uniform(1, 9, 150).round(2),
        "kind": RANDOM.choice(["a", "b", "c"], 150),
        "count": RANDOM.integers(0, 9, 150),
        "new": RANDOM.random(150) < 0.5,
    }
)
WORDS = np.where((FRAME["size"] > 5) & (FRAME["kind"] != "a") | FRAME["new"], "yes", "no")
ONE_JOB = {"random_state": 0, "n_jobs": 1}


def encode(**options: Any) -> ColumnTransformer:
    """Strings to columns, the others as they are."""
    return ColumnTransformer([("kind", OneHotEncoder(**options), ["kind"])], remainder="passthrough")


FITTED = {
    "forest": (RandomForestClassifier(10, **ONE_JOB).fit(ROWS, CLASSES), ROWS),
    "forest of two classes": (RandomForestClassifier(10, **ONE_JOB).fit(ROWS, CLASSES > 0), ROWS),
    "forest behind an imputer": (make_pipeline(SimpleImputer(), RandomForestClassifier(10, **ONE_JOB)).fit(GAPS, CLASSES), GAPS),
    "regression forest": (RandomForestRegressor(10, **ONE_JOB).fit(ROWS, VALUES), ROWS),
    "gradient boosting": (GradientBoostingClassifier(n_estimators=10, random_state=0).fit(ROWS, CLASSES), ROWS),
    "logistic regression": (make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, CLASSES), ROWS),
    "ridge": (Ridge().fit(ROWS, VALUES), ROWS),
    "network": (make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(4,), alpha=1, random_state=0)).fit(ROWS, VALUES), ROWS),
    "embedding": (make_pipeline(StandardScaler(), PCA(2)).fit(ROWS), ROWS),
    "frame": (make_pipeline(encode(), RandomForestClassifier(10, **ONE_JOB)).fit(FRAME, WORDS), FRAME),
    "frame of words": (make_pipeline(encode(), LogisticRegression(max_iter=500)).fit(FRAME, WORDS), FRAME),
    "XGBoost classifier": (XGBClassifier(n_estimators=10, **ONE_JOB).fit(ROWS, CLASSES), ROWS),
    "XGBoost with gaps": (XGBClassifier(n_estimators=10, **ONE_JOB).fit(GAPS, CLASSES), GAPS),
    "XGBoost regressor": (XGBRegressor(n_estimators=10, **ONE_JOB).fit(ROWS, VALUES), ROWS),
    "LightGBM classifier": (LGBMClassifier(n_estimators=10, verbose=-1, **ONE_JOB).fit(ROWS, CLASSES), ROWS),
    "LightGBM with gaps": (LGBMClassifier(n_estimators=10, verbose=-1, **ONE_JOB).fit(GAPS, CLASSES), GAPS),
    "LightGBM regressor": (LGBMRegressor(n_estimators=10, verbose=-1, **ONE_JOB).fit(ROWS, VALUES), ROWS),
}


@pytest.mark.parametrize("title", FITTED)
def test_writes_what_agrees(title: str, tmp_path: Path) -> None:
    estimator, sample = FITTED[title]
    report = package_model(estimator, sample, tmp_path, about=ABOUT, tolerance=2e-6)
    assert set(report) == {"rows of the sample", "random rows", "rows beside a split"}
    assert max(report.values()) <= 2e-6

    card = read_json(tmp_path / "card.json")
    content = (tmp_path / "model.onnx").read_bytes()
    assert card["weights"]["sha256"] == hashlib.sha256(content).hexdigest()
    session = onnxruntime.InferenceSession(content)
    assert [each.name for each in session.get_inputs()] == [each["name"] for each in card["inputs"]]
    assert [each.name for each in session.get_outputs()] == [each["name"] for each in card["outputs"]]
    assert card["training"]["environment"]["onnxruntime"] == onnxruntime.__version__
    assert len(read_json(tmp_path / "samples.json")["samples"]) >= 60


def test_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    estimator, sample = FITTED["frame"]
    for name in ("first", "second"):
        package_model(estimator, sample, tmp_path / name, about=ABOUT)
    for name in ("model.onnx", "card.json", "samples.json"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_refuses_what_differs_beside_a_split_and_writes_nothing(tmp_path: Path) -> None:
    # float32 scaling moves values across the splits behind it.
    scaled = make_pipeline(StandardScaler(), RandomForestClassifier(10, **ONE_JOB)).fit(ROWS, CLASSES)
    with pytest.raises(Disagreement, match=r"\d+ of 800 rows beside a split differ .* Worst: \{'x0': .*expected .*, got "):
        package_model(scaled, ROWS, tmp_path / "model", about=ABOUT)
    assert not (tmp_path / "model").exists()

    report = package_model(scaled, ROWS, tmp_path / "model", about=ABOUT, accept_splits=True)
    share = report["share beside a split that differs"]
    assert 0 < share < 0.5
    assert f"{share:.1%}" in read_json(tmp_path / "model" / "card.json")["limits"][-1]


def test_sees_a_threshold_that_was_rounded_the_wrong_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "round_thresholds", lambda estimator: estimator)
    estimator, sample = FITTED["LightGBM regressor"]
    with pytest.raises(Disagreement, match="rows beside a split differ"):
        package_model(estimator, sample, tmp_path, about=ABOUT)


def test_missing_values_are_served_where_the_sample_has_some(tmp_path: Path) -> None:
    gaps = GAPS.copy()
    gaps[:, 2] = ROWS[:, 2]
    estimator = XGBClassifier(n_estimators=5, **ONE_JOB).fit(gaps, CLASSES)
    package_model(estimator, gaps, tmp_path, about=ABOUT, feature_names=["a", "b", "c"])
    features = read_json(tmp_path / "card.json")["features"]
    assert [feature.get("nullable") for feature in features] == [True, True, None]
    assert any(None in sample["instance"] for sample in read_json(tmp_path / "samples.json")["samples"])


@pytest.mark.parametrize(("handling", "expected"), [("ignore", "pass"), ("error", "refuse")])
def test_unknown_strings_are_taken_where_the_estimator_takes_them(handling: str, expected: str, tmp_path: Path) -> None:
    estimator = make_pipeline(encode(handle_unknown=handling), Ridge()).fit(FRAME, FRAME["size"] * 2)
    package_model(estimator, FRAME, tmp_path, about=ABOUT, tolerance=1e-5)
    kind = read_json(tmp_path / "card.json")["features"][1]
    assert (kind["categories"], kind["unknownCategories"]) == (["a", "b", "c"], expected)


def test_says_how_good_the_model_is(tmp_path: Path) -> None:
    forest = RandomForestClassifier(10, **ONE_JOB).fit(ROWS[:100], CLASSES[:100])
    held_out = (ROWS[100:], CLASSES[100:])
    package_model(forest, ROWS[:100], tmp_path, about=ABOUT, targets=CLASSES[:100], holdout=held_out)
    card = read_json(tmp_path / "card.json")
    assert card["evaluation"]["accuracy"] == pytest.approx(forest.score(*held_out))
    assert sum(map(sum, card["evaluation"]["confusionMatrix"])) == 50
    assert sum(card["data"]["labelShares"].values()) == pytest.approx(1, abs=1e-5)


class Unknown(ClassifierMixin, BaseEstimator):
    """An estimator of no library."""

    classes_ = np.array([0, 1])

    def predict(self, rows: Any) -> Any:
        return np.zeros(len(rows), int)


@pytest.mark.parametrize(
    ("estimator", "sample", "message"),
    [
        ("model.pkl", ROWS, "--trust-pickle"),
        (Unknown(), ROWS, "Unknown cannot be converted to ONNX"),
        (FITTED["ridge"][0], ROWS[0], r"the shape \(3,\)"),
        (FITTED["frame"][0], FRAME.assign(kind=[None, *FRAME["kind"][1:]]), "column kind has (None|nan)"),
    ],
)
def test_says_what_cannot_be_served(estimator: Any, sample: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(estimator, sample, tmp_path / "model", about=ABOUT)
    assert not (tmp_path / "model").exists()


def test_packs_with_the_runtime_that_serves_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging.onnxruntime, "__version__", "1.2.3")
    with pytest.raises(Unsupported, match=r"serves with ONNX Runtime 1\.\d+\.\d+, here is 1\.2\.3"):
        package_model(*FITTED["ridge"], tmp_path, about=ABOUT)


def test_the_command_loads_no_pickle_that_it_was_not_told_to_trust(tmp_path: Path) -> None:
    rows = pd.DataFrame(ROWS, columns=["a", "b", "c"])
    content = pickle.dumps(Ridge().fit(rows, VALUES))
    (tmp_path / "ridge.pkl").write_bytes(content)
    rows.to_csv(tmp_path / "rows.csv", index=False)
    about = {"name": "ridge", "title": "Ridge", "description": "A line.", "intendedUse": "Tests."}
    (tmp_path / "about.json").write_text(json.dumps(about), encoding="utf-8")
    options = ["--out", "model", "--sample", "rows.csv", "--about", "about.json"]

    refused = run_command(tmp_path, *options)
    assert (refused.returncode, "expected --factory, or --trust-pickle" in refused.stderr) == (2, True)

    packaged = run_command(tmp_path, *options, "--trust-pickle", "ridge.pkl")
    assert packaged.returncode == 0, packaged.stderr
    assert hashlib.sha256(content).hexdigest() in packaged.stdout
    assert read_json(tmp_path / "model" / "card.json")["name"] == "ridge"


def test_the_command_takes_a_function_and_exits_1_when_nothing_was_written(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def create():\n    return {'estimator': 'x', 'sample': [], 'about': None}\n")
    refused = run_command(tmp_path, "--out", "model", "--factory", "mine:create")
    assert refused.returncode == 1
    assert refused.stderr.startswith("nothing written: expected a fitted estimator, got 'x'")


def snippets() -> list[str]:
    """The Python of the README's guides to packaging."""
    guides = README.read_text(encoding="utf-8").split("### From Python")[1].split("\n### ")[0]
    return re.findall(r"```python\n(.*?)```", guides, re.DOTALL)


@pytest.mark.parametrize("snippet", snippets())
def test_the_guides_of_the_readme_work(snippet: str, tmp_path: Path) -> None:
    (tmp_path / "guide.py").write_text(snippet, encoding="utf-8")
    environment = {"PYTHONPATH": str(TRAINING), "ORT_DISABLE_TELEMETRY": "1", "PATH": ""}
    subprocess.run([sys.executable, "guide.py"], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "model" / "model.onnx").exists()


def run_command(directory: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command as a shell runs it."""
    command = [sys.executable, str(TRAINING / "package_model.py"), *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def read_json(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
