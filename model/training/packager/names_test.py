"""Names, labels and numbers of a card are checked against its schema before anything is written."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from package_model import About, Unsupported, package_model
from packager.fitted import ABOUT, CLASSES, FRAME, ONE_JOB, ROWS, VALUES, WORDS, read_json

RIDGE = Ridge().fit(ROWS, VALUES)
OWNER = {"name": "test", "title": "Test", "description": "Answers.", "intended_use": "Tests."}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"name": "my model"}, "name must be a string that matches .*, got 'my model'"),
        ({"name": "test\n"}, r"name must be a string that matches .*, got 'test\\n'"),
        ({"name": None}, "name must be a string, got None"),
        ({"version": 2}, "version must be a string, got 2"),
        ({"version": "1 β"}, "version must be a string that matches"),
        ({"title": ""}, "title must be a non-empty string, got ''"),
        ({"limits": "none"}, "limits must be a list, got 'none'"),
        ({"units": {"x0": ""}}, r"features\.0\.unit must be a non-empty string"),
        ({"units": {"length": "m"}}, "units and descriptions name the unknown feature 'length': expected x0, x1, x2"),
    ],
)
def test_words_of_the_owner(words: dict[str, Any], message: str, tmp_path: Path) -> None:
    refuses(tmp_path, message, RIDGE, ROWS, about=About(**{**OWNER, **words}))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a", "b", "a"], "two columns have the name 'a'"),
        ([1, "1", "b"], "two columns have the name '1' as text"),
        (["a", "b", ""], "a column has the name ''"),
        (["a", "b", "__proto__"], "a column has the name '__proto__'"),
        (["a", "b"], "expected a name for each of 3 features, got 2 names"),
    ],
)
def test_names_of_features(names: list[Any], message: str, tmp_path: Path) -> None:
    refuses(tmp_path, message, RIDGE, ROWS, feature_names=names)
    if len(names) == 3:
        refuses(tmp_path, message, RIDGE, pd.DataFrame(ROWS, columns=names))


@pytest.mark.parametrize(
    ("classes", "labels", "message"),
    [
        (CLASSES, ["low", "low", "high"], r"labels must be a list of distinct entries, got \['low', 'low', 'high'\]"),
        (CLASSES, ["low", "high"], r"expected a label for each of the classes 0, 1, 2, got \['low', 'high'\]"),
        (WORDS, ["nay", "yea"], r"expected the labels \['no', 'yes'\], got \['nay', 'yea'\]"),
        (np.where(CLASSES > 0, "", "b"), None, r"labels\.0 must be a non-empty string"),
    ],
)
def test_labels(classes: Any, labels: Any, message: str, tmp_path: Path) -> None:
    about = About(**OWNER, labels=labels)
    refuses(tmp_path, message, LogisticRegression().fit(ROWS, classes), ROWS, about=about, precision="float32")


def test_names_of_values(tmp_path: Path) -> None:
    plane = LinearRegression().fit(ROWS, ROWS[:, :2])
    for names, message in (
        (["a"], "value_names has 1 names: expected one for each of 2"),
        (["a", "a"], "distinct entries"),
    ):
        refuses(tmp_path, message, plane, ROWS, about=About(**OWNER, value_names=names))


@pytest.mark.parametrize("tolerance", [0, -1e-6, np.nan, 0.5, "1e-6"])
def test_tolerances(tolerance: Any, tmp_path: Path) -> None:
    refuses(tmp_path, "the card cannot be written: tolerance must be", RIDGE, ROWS, tolerance=tolerance)


@pytest.mark.parametrize("name", ["label", "probabilities", "transformed_column", "size (cm)", "sizé/m"])
def test_columns_may_have_any_name_that_an_instance_takes(name: str, tmp_path: Path) -> None:
    rows = FRAME.rename(columns={"size": name})
    encode = ColumnTransformer([("kind", OneHotEncoder(), ["kind"])], remainder="passthrough")
    for last in (RandomForestClassifier(3, **ONE_JOB), LogisticRegression(max_iter=500)):
        package_model(make_pipeline(encode, last).fit(rows, WORDS), rows, tmp_path, about=ABOUT, tolerance=1e-5)
        assert read_json(tmp_path / "card.json")["features"][0]["name"] == name
        assert name in read_json(tmp_path / "samples.json")["samples"][0]["instance"]


def refuses(directory: Path, message: str, estimator: Any, rows: Any, **options: Any) -> None:
    """Packaging fails with the message and leaves nothing behind."""
    with pytest.raises(Unsupported, match=message):
        package_model(estimator, rows, directory / "models" / "new", **{"about": ABOUT, **options})
    assert list(directory.iterdir()) == []
