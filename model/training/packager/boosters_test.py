"""Models of boosting libraries answer as their library does: sums of XGBoost are the same bits, up to its own exponentials."""

from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
import pytest

from package_model import Unsupported, package_model
from packager import table
from packager.boosted import EXTREME, LEVELS, LIBRARIES, LIGHTS, Variant
from packager.fitted import ABOUT, read_json

# The raw sums are the same bits; a probability differs by what the library's exponential in float32 is off.
IDENTICAL: dict[str, tuple[Variant, float]] = {
    **{
        f"XGBoost, {title}": (EXTREME[title], 0.0)
        for title in ("300 trees", "one-hot categories", "missing=-1", "early stopping by a callback", "dart", "three quantiles", "two targets")
    },
    **{f"XGBoost, {title}": (EXTREME[title], 3e-7) for title in ("count:poisson", "reg:logistic", "multi:softmax")},
    **{f"LightGBM, {title}": (LIGHTS[title], 1e-15) for title in ("zero_as_missing", "early stopping", "reg_sqrt")},
    **{f"LightGBM, {title}": (LIGHTS[title], 1e-15) for title in ("cross_entropy_lambda", "multiclassova", "rf of classes")},
}


@pytest.mark.parametrize("title", IDENTICAL)
@pytest.mark.filterwarnings("ignore")
def test_answers_as_the_library_does(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variant, tolerance = IDENTICAL[title]
    # Without node, only Python's runtime checks what is written, which takes a third of the time.
    monkeypatch.setenv("PATH", "")
    report = package_model(*variant(), tmp_path, about=ABOUT)
    assert max(report.values()) <= tolerance


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        (EXTREME["gblinear"], "XGBRegressor is not served with the booster gblinear: fit Ridge"),
        (EXTREME["two targets in a tree"], "several numbers in a leaf: fit with multi_strategy='one_output_per_tree'"),
        (EXTREME["binary:hinge"], "the objective binary:hinge: fit with binary:logistic"),
        (LIGHTS["linear_tree"], "LGBMRegressor is not served with linear leaves: fit with linear_tree=False"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_says_what_to_fit_instead(variant: Variant, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(*variant(), tmp_path / "model", about=ABOUT)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("library", LIBRARIES)
def test_missing_and_unseen_categories_are_served(library: str, tmp_path: Path) -> None:
    model, rows = LIBRARIES[library]["categorical columns, some missing"]()
    report = package_model(model, rows, tmp_path, about=ABOUT)
    assert max(report.values()) <= 1e-15
    features = {each["name"]: each for each in read_json(tmp_path / "card.json")["features"]}
    assert features["town"]["categories"] == ["", "Bad Ems", "Köln", "Ulm"]
    assert (features["town"]["unknownCategories"], features["town"]["default"]) == ("pass", "")
    assert features["stage"]["nullable"]

    odd = rows.iloc[:40].assign(size=2, stage=[np.nan, 1.5, 4.0, 9.0] * 10, town=["", "Bonn", "Ulm", "köln"] * 10)
    feeds = {name: odd[[name]].to_numpy() for name in odd}
    for name, kind in (("town", object), ("size", np.int64), ("stage", np.float64)):
        feeds[name] = feeds[name].astype(kind)
    (values,) = onnxruntime.InferenceSession(tmp_path / "model.onnx").run(None, feeds)
    # As a service in Python would ask: with the categories of the fit, in which others are missing.
    known = {name: pd.Categorical(odd[name].where(odd[name].isin(level)), level) for name, level in find_levels(rows)}
    assert values.ravel() == pytest.approx(model.predict(odd.assign(**known)), rel=1e-12)
    assert len(set(values.ravel())) > 20


def find_levels(rows: pd.DataFrame) -> list[tuple[str, list[object]]]:
    """The categories of each categorical column."""
    return [(name, list(rows[name].cat.categories)) for name in ("town", "size", "stage")]


def test_says_that_missing_and_empty_words_are_one(tmp_path: Path) -> None:
    rows = LEVELS.assign(town=LEVELS["town"].cat.rename_categories({"Ulm": ""}))
    model = LIGHTS["categorical columns, some missing"]()[0]
    with pytest.raises(Unsupported, match="column town has missing and empty strings: expected one of the two"):
        package_model(model, rows, tmp_path / "model", about=ABOUT)


def test_the_table_of_the_docs_has_every_variant() -> None:
    text = (table.DOCUMENTS / "estimators.md").read_text(encoding="utf-8")
    for library, variants in LIBRARIES.items():
        assert f"### {library}" in text
        for title in variants:
            assert f"| {title} |" in text
