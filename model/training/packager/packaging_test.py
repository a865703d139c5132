"""package_model writes models that agree with their estimator and can be served, and no others."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

import package_model as packaging
from package_model import Disagreement, Unsupported, package_model
from packager import conversion
from packager.fitted import ABOUT, CLASSES, FITTED, FRAME, GAPS, ONE_JOB, ROWS, encode, read_json


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
    # float32 scaling moves values across the splits that follow.
    scaled = make_pipeline(StandardScaler(), RandomForestClassifier(10, **ONE_JOB)).fit(ROWS, CLASSES)
    with pytest.raises(Disagreement, match=r"\d+ of 800 rows beside a split differ .* Worst: \{'x0': .*expected .*, got "):
        package_model(scaled, ROWS, tmp_path / "model", about=ABOUT, precision="float32")
    assert not (tmp_path / "model").exists()

    report = package_model(scaled, ROWS, tmp_path / "model", about=ABOUT, accept_splits=True, precision="float32")
    share = report["share beside a split that differs"]
    assert 0 < share < 0.5
    assert f"{share:.1%}" in read_json(tmp_path / "model" / "card.json")["limits"][-1]


def test_sees_a_threshold_that_was_rounded_the_wrong_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "round_thresholds", lambda estimator: estimator)
    estimator, sample = FITTED["LightGBM regressor"]
    with pytest.raises(Disagreement, match="rows beside a split differ"):
        package_model(estimator, sample, tmp_path, about=ABOUT, precision="float32")


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
    """An estimator without a converter."""

    classes_ = np.array([0, 1])

    def predict(self, rows: Any) -> Any:
        return np.zeros(len(rows), int)


@pytest.mark.parametrize(
    ("estimator", "sample", "message"),
    [
        ("model.pkl", ROWS, "--trust-pickle"),
        (Unknown(), ROWS, "no float64 graph for Unknown, and no converter has one"),
        (FITTED["ridge"][0], ROWS[0], r"the shape \(3,\)"),
        (FITTED["frame"][0], FRAME.assign(kind=[None, *FRAME["kind"][1:]]), "the estimator rejects the sample: .*unknown categories"),
    ],
)
def test_says_what_cannot_be_served(estimator: Any, sample: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(estimator, sample, tmp_path / "model", about=ABOUT)
    assert not (tmp_path / "model").exists()


def test_packs_with_the_runtime_that_serves_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging.onnxruntime, "__version__", "1.2.3")
    with pytest.raises(Unsupported, match=r"expected ONNX Runtime 1\.\d+\.\d+, which serves the model, got 1\.2\.3"):
        package_model(*FITTED["ridge"], tmp_path, about=ABOUT)
