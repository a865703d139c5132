"""Models of CatBoost are served where it is installed; it is an optional package of 100 MB."""

from pathlib import Path

import onnxruntime
import pytest

from package_model import Unsupported, package_model
from packager import table
from packager.boosted import ROWS
from packager.boosted_oblivious import FEW, OBLIVIOUS
from packager.fitted import ABOUT, read_json

catboost = pytest.importorskip("catboost", reason="packager/catboost.txt is not installed")
SERVED = ["nan_mode=Max", "early stopping", "Depthwise", "three quantiles", "Poisson", "CatBoostClassifier of two classes"]

CATEGORIES = ["cat_features, one-hot", "cat_features of words and numbers"]


@pytest.fixture(autouse=True)
def without_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without node, only Python's runtime checks what is written, which takes a third of the time."""
    monkeypatch.setenv("PATH", "")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("title", [*SERVED, *CATEGORIES, "of three classes", "MultiClassOneVsAll", "CatBoostRanker"])
def test_answers_as_catboost_does(title: str, tmp_path: Path) -> None:
    report = package_model(*OBLIVIOUS[title](), tmp_path, about=ABOUT)
    assert max(report.values()) <= 1e-12
    assert "catboost" in read_json(tmp_path / "card.json")["training"]["environment"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("title", ["CatBoostRegressor of a frame", "of three classes"])
def test_model_files_are_served(title: str, tmp_path: Path) -> None:
    model, rows = OBLIVIOUS[title]()
    model.save_model(str(tmp_path / "model.cbm"))
    assert max(package_model(tmp_path / "model.cbm", rows, tmp_path / "model", about=ABOUT).values()) <= 1e-12


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("cat_features, Lossguide", "with categories in trees that are not symmetric: fit with grow_policy='SymmetricTree'"),
        ("text_features", "with text features: put TfidfVectorizer before it"),
        ("RMSEWithUncertainty", "with the loss RMSEWithUncertainty"),
    ],
)
def test_says_what_to_fit_instead(title: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(*OBLIVIOUS[title](), tmp_path / "model", about=ABOUT)


@pytest.mark.parametrize("title", ["cat_features", "cat_features, one-hot"])
def test_a_category_is_known_or_answered_as_unknown(title: str, tmp_path: Path) -> None:
    model, rows = OBLIVIOUS[title]()
    package_model(model, rows, tmp_path, about=ABOUT)
    odd = rows.iloc[:40].assign(town=["Bonn", "", "köln", "Ulm"] * 10)
    feeds = {name: odd[[name]].to_numpy(object if name == "town" else float) for name in odd}
    (values,) = onnxruntime.InferenceSession(tmp_path / "model.onnx").run(None, feeds)
    assert values.ravel() == pytest.approx(model.predict(odd), rel=1e-12)
    with pytest.raises(Unsupported, match="a sample that lacks categories of town: pass all rows of the fit"):
        package_model(model, rows[rows["town"] != "Ulm"], tmp_path / "few", about=ABOUT)


def test_a_model_without_a_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="CatBoost has no task: fit CatBoostClassifier"):
        package_model(catboost.CatBoost(FEW), ROWS, tmp_path / "model", about=ABOUT)


def test_the_table_of_the_docs_has_every_variant() -> None:
    text = (table.DOCUMENTS / "estimators.md").read_text(encoding="utf-8")
    for title in OBLIVIOUS:
        assert f"| {title} |" in text.split("### CatBoost")[1]
