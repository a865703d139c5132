"""Models of CatBoost are served where it is installed; it is an optional package of 100 MB."""

from pathlib import Path

import pytest

from package_model import Unsupported, package_model
from packager import table
from packager.boosted import ROWS
from packager.boosted_oblivious import FEW, OBLIVIOUS
from packager.fitted import ABOUT, read_json

catboost = pytest.importorskip("catboost", reason="packager/catboost.txt is not installed")
SERVED = ["nan_mode=Max", "early stopping", "Depthwise", "three quantiles", "Poisson", "CatBoostClassifier of two classes"]


@pytest.fixture(autouse=True)
def without_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without node, only Python's runtime checks what is written, which takes a third of the time."""
    monkeypatch.setenv("PATH", "")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("title", [*SERVED, "of three classes", "MultiClassOneVsAll", "CatBoostRanker"])
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
        ("cat_features", "with categorical features, .* no graph has: encode them before, as TargetEncoder"),
        ("text_features", "with text features: put TfidfVectorizer before it"),
        ("RMSEWithUncertainty", "with the loss RMSEWithUncertainty"),
    ],
)
def test_says_what_to_fit_instead(title: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(*OBLIVIOUS[title](), tmp_path / "model", about=ABOUT)


def test_a_model_without_a_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="CatBoost has no task: fit CatBoostClassifier"):
        package_model(catboost.CatBoost(FEW), ROWS, tmp_path / "model", about=ABOUT)


def test_the_table_of_the_docs_has_every_variant() -> None:
    text = (table.DOCUMENTS / "estimators.md").read_text(encoding="utf-8")
    for title in OBLIVIOUS:
        assert f"| {title} |" in text.split("### CatBoost")[1]
