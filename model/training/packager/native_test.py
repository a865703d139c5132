"""Native boosters and model files answer as their library predicts from them."""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import xgboost as xgb
from numpy.typing import NDArray

from package_model import Unsupported, package_model
from packager.boosted import EXTREME, LIGHTS, ROWS, VALUES
from packager.fitted import ABOUT, read_json


@pytest.fixture(autouse=True)
def without_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without node, only Python's runtime checks what is written, which takes a third of the time."""
    monkeypatch.setenv("PATH", "")


def serve(model: Any, rows: Any, directory: Path) -> NDArray[np.float64]:
    """The numbers that the packaged weights answer with."""
    package_model(model, rows, directory, about=ABOUT)
    session = onnxruntime.InferenceSession(directory / "model.onnx")
    return np.asarray(session.run(None, {"X": rows.to_numpy(np.float64)})[-1])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("title", ["native booster of two classes", "native booster of three classes"])
def test_boosters_of_classes_are_served(title: str, tmp_path: Path) -> None:
    booster, rows = EXTREME[title]()
    light, _ = LIGHTS[title]()
    for name, found, expected in (
        ("extreme", serve(booster, rows, tmp_path / "extreme"), booster.predict(xgb.DMatrix(rows))),
        ("light", serve(light, rows, tmp_path / "light"), light.predict(rows)),
    ):
        assert read_json(tmp_path / name / "card.json")["task"] == "classification"
        width = expected.shape[1] if expected.ndim == 2 else 1
        assert found[:, -width:].ravel() == pytest.approx(expected.ravel(), rel=1e-12, abs=3e-7)


@pytest.mark.filterwarnings("ignore")
def test_a_native_booster_has_all_trees_and_its_part_those_up_to_the_best(tmp_path: Path) -> None:
    fitting, held_out = (xgb.DMatrix(ROWS[half::2], VALUES[half::2]) for half in (0, 1))
    booster = xgb.train({}, fitting, 100, [(held_out, "rest")], early_stopping_rounds=3, verbose_eval=False)
    rows = xgb.DMatrix(ROWS)
    part = booster[: booster.best_iteration + 1]
    every, some = booster.predict(rows), part.predict(rows)
    assert serve(booster, ROWS, tmp_path / "every").ravel().tolist() == every.tolist()
    assert serve(part, ROWS, tmp_path / "some").ravel().tolist() == some.tolist()
    assert every.tolist() != some.tolist()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["model.ubj", "model.txt"])
def test_model_files_are_served(name: str, tmp_path: Path) -> None:
    estimator, rows = (LIGHTS if name.endswith(".txt") else EXTREME)["early stopping"]()
    getattr(estimator, "booster_", estimator).save_model(tmp_path / name)
    found = serve(str(tmp_path / name), rows, tmp_path / "model")
    assert found.ravel() == pytest.approx(estimator.predict(rows), rel=1e-12)


@pytest.mark.parametrize("name", ["model.json", "model.ubj", "model.txt"])
def test_says_what_is_wrong_with_a_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=f"{name} does not exist"):
        package_model(tmp_path / name, ROWS, tmp_path / "out", about=ABOUT)
    (tmp_path / name).write_text("{}", encoding="utf-8")
    with pytest.raises(Unsupported, match=rf"{name} is no model file of XGBoost \(.json, .ubj\), LightGBM"):
        package_model(tmp_path / name, ROWS, tmp_path / "out", about=ABOUT)
