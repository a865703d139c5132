"""What people pass by mistake, or fit in other ways than usual, is served or refused with what to do, and never ends in a stack."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csc_array, csr_matrix
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, StackingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from package_model import About, Unsupported, package_model
from packager.fitted import CLASSES, FRAME, ROWS, VALUES, WORDS, encode

RIDGE = Ridge().fit(ROWS, VALUES)
LOGISTIC = LogisticRegression().fit(ROWS, CLASSES)
NUMBERS = FRAME[["size", "count"]]
LINE = make_pipeline(encode(), Ridge()).fit(FRAME, VALUES)
TEXTS = [f"good film {place % 7}" for place in range(len(ROWS))]
READER = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(TEXTS, CLASSES)
OWNER = {"name": "test", "title": "Test", "description": "Answers.", "intended_use": "Tests."}


def encode_kind(encoder: Any) -> ColumnTransformer:
    return ColumnTransformer([("kind", encoder, ["kind"])], remainder="passthrough")


def encode_names(*names: Any) -> Pipeline:
    """Ridge behind words that are encoded, with the other columns."""
    words = ColumnTransformer([("words", OneHotEncoder(handle_unknown="ignore"), list(names))], remainder="passthrough")
    return make_pipeline(words, Ridge())


def test_refuses_what_no_request_can_carry(tmp_path: Path) -> None:
    for column, message in (
        ([[1, 2]] * len(FRAME), r"count has \[1, 2\] .*Give each element a column of its own"),
        ([np.ones(2)] * len(FRAME), "Give each element a column of its own"),
        ([Decimal("1.5")] * len(FRAME), r"Decimal\('1.5'\) .*astype\(float\)"),
        ([1 + 1j] * len(FRAME), "JSON has no complex numbers"),
        ([b"a"] * len(FRAME), "strings with .str.decode"),
        (["\ud800"] * len(FRAME), r"count has '\\ud800' in its texts, which is not Unicode"),
        ([True, None] * (len(FRAME) // 2), "A boolean cannot be missing"),
        ([1, "1"] * (len(FRAME) // 2), "numeric dtype with astype .*or make all its values strings"),
        (pd.to_timedelta(FRAME["count"], "D"), "JSON has no dates or times"),
        (pd.period_range("2024-01", periods=len(FRAME), freq="M"), "JSON has no dates or times"),
        (pd.cut(FRAME["count"], 3), "count has Interval.*Convert the column"),
        (np.inf, "count has inf, which JSON cannot carry.*Drop such rows"),
        (np.nan, "the column count has no values.*Leave the column out"),
    ):
        refuses(tmp_path, message, LINE, FRAME.assign(count=column))


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        (csr_matrix(ROWS), r"sparse csr_matrix: .*Call toarray\(\)"),
        (csc_array(ROWS), "sparse csc_array"),
        (ROWS[:0], r"the shape \(0, 3\): expected \[rows, features\], at least one of each"),
        (ROWS[0], r"the shape \(3,\): .*reshape\(-1, 1\)"),
        (ROWS[None], r"the shape \(1, 150, 3\)"),
        (ROWS[:, :2], "X has 2 features, but Ridge is expecting 3"),
        (ROWS + 1j, "it has the dtype complex128"),
        (np.full((5, 3), np.datetime64("2024-01-01")), r"it has the dtype datetime64\[D\]"),
        (np.where(ROWS > 2, np.inf, ROWS), "has inf, which JSON cannot carry"),
        ([{"a": 1.0}] * 9, "not an array of numbers"),
        ({"a": [1.0]}, "a frame or an array, got dict"),
        ((row for row in ROWS), "got generator"),
        (5, "got 5"),
        (pd.DataFrame(ROWS, columns=["a", "b", "a"]), "two columns have the name 'a'"),
        (pd.DataFrame(ROWS, columns=["a", "b", "\ud800"]), "a character that is not Unicode"),
    ],
)
def test_refuses_other_samples(sample: Any, message: str, tmp_path: Path) -> None:
    refuses(tmp_path, message, RIDGE, sample)


def test_refuses_a_frame_of_another_library(tmp_path: Path) -> None:
    class DataFrame:
        """As frames of Polars are to those who do not import it."""

        def to_pandas(self) -> None: ...

    refuses(tmp_path, r"a DataFrame of packager: pass sample.to_pandas\(\)", RIDGE, DataFrame())


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        ({"a": RIDGE}, "got {'a': Ridge.*}: package one estimator at a time"),
        ([RIDGE], "package one estimator at a time"),
        (ROWS, r"got array\(\[\[.*…: pass what fit\(…\) returns$"),
        (lambda rows: rows, "expected a fitted estimator, got <function"),
        (Ridge, "got the class Ridge"),
        (None, "got None"),
        (b"\x80", "use --trust-pickle"),
        (make_pipeline(StandardScaler().fit(ROWS), Ridge()), "is not fitted: call fit"),
        (Pipeline([("scale", StandardScaler()), ("ridge", RIDGE)]), "is not fitted: call fit"),
        (HistGradientBoostingRegressor(), "is not fitted: call fit"),
        (StackingRegressor([("ridge", Ridge())]), "Expected a fitted estimator"),
        (GridSearchCV(Ridge(), {"alpha": [1, 2]}, refit=False).fit(ROWS, VALUES), "Expected a fitted estimator"),
        (DummyClassifier().fit(ROWS, ["a"] * len(ROWS)), "knows one class, 'a': expected at least two"),
        (LogisticRegression().fit(ROWS, np.array(["a\n", "b", "c"])[CLASSES]), r"labels\.0 must be a string that matches"),
    ],
)
def test_refuses_other_estimators(estimator: Any, message: str, tmp_path: Path) -> None:
    refuses(tmp_path, message, estimator, ROWS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"targets": CLASSES[:9]}, "expected 150 targets, one for each row of the sample, got 9"),
        ({"targets": 5}, "targets must be a list or an array with one value for each row, got 5"),
        ({"targets": [[1], [1, 2]] * 75}, "targets have lists of different lengths"),
        ({"holdout": ROWS}, r"holdout must be a pair of rows and targets, got array\("),
        ({"holdout": (None, None)}, "the targets of the holdout must be a list or an array"),
        ({"holdout": (None, CLASSES)}, r"the holdout has rows of the shape \(\)"),
        ({"holdout": (ROWS, CLASSES[:9])}, "the holdout has 150 rows and 9 targets"),
        ({"precision": [32]}, r"precision must be 'float32', 'float64' or None, got \[32\]"),
        ({"feature_names": "abc"}, "feature_names must be a list of strings, got 'abc'"),
        ({"feature_names": 3}, "feature_names must be a list of strings, got 3"),
        ({"private": "no"}, "private must be True or False, got 'no'"),
        ({"about": OWNER}, r"about must be About\(name=….*got {'name'"),
        ({"about": About(**OWNER, labels=3)}, "labels must be a list of strings or None, got 3"),
        ({"about": About(**OWNER, value_names="v")}, "value_names must be a list of strings or None, got 'v'"),
        ({"about": About(**OWNER, units=["cm"])}, r"units must be a dict by feature name, got \['cm'\]"),
        ({"directory": None}, "directory must be a path, got None"),
        ({"directory": "a\0"}, "directory must be a path without the character NUL"),
        ({"directory": __file__}, "is a file: expected a directory"),
        ({"directory": "a" * 300}, "cannot be written: File name too long"),
        ({"sampel": ROWS}, "got an unexpected keyword argument 'sampel'"),
    ],
)
def test_refuses_other_options(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(**{"estimator": LOGISTIC, "sample": ROWS, "directory": tmp_path / "model", **options})


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        (pd.DataFrame({"text": TEXTS}), r"answers of the shape \(1,\) for 150 rows: .*pass the column, such as sample\['text'\]"),
        ([*TEXTS, None], "has missing texts: expected strings"),
        ([*TEXTS, "\ud800"], "which is not Unicode"),
        ([], r"the shape \(0,\)"),
    ],
)
def test_refuses_other_texts(sample: Any, message: str, tmp_path: Path) -> None:
    refuses(tmp_path, message, READER, sample)


def test_a_failure_that_nobody_foresaw_is_refused_in_one_line(tmp_path: Path) -> None:
    class Strange(RegressorMixin, BaseEstimator):
        """Fails where nothing is expected to."""

        def __sklearn_tags__(self) -> Any:
            raise RuntimeError("no tags\nfor you")

    refuses(tmp_path, r"failed with RuntimeError: no tags \(failures_test.py, line \d+\)\. This is a defect of the packager", Strange(), ROWS)


ODD = FRAME.rename(columns={"size": "größe (cm)", "count": "a\n{b}", "kind": "label", "new": "X"})
ODD_PLACES = FRAME.set_axis([0, 1, 2, 3], axis=1)
LEVELS = FRAME.assign(kind=FRAME["kind"].astype("category"), count=FRAME["count"].astype("category"))
ORDINAL = make_pipeline(
    encode_kind(OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)),
    HistGradientBoostingClassifier(max_iter=5, categorical_features=[0]),
)
SERVED = {
    "odd names": (encode_names("label"), ODD, VALUES),
    "places as names": (encode_names(1), ODD_PLACES, VALUES),
    "two levels of names": (Ridge(), NUMBERS.set_axis(pd.MultiIndex.from_tuples([("a", "m"), ("b", "m")]), axis=1), VALUES),
    "nullable integers": (Ridge(), NUMBERS.astype({"count": "Int64"}), VALUES),
    "missing integers": (
        make_pipeline(SimpleImputer(), Ridge()),
        NUMBERS.assign(count=NUMBERS["count"].astype("Int64").mask(FRAME["new"])),
        VALUES,
    ),
    "nullable booleans": (make_pipeline(encode(), Ridge()), FRAME.astype({"new": "boolean"}), VALUES),
    "strings of pandas": (make_pipeline(encode(), Ridge()), FRAME.astype({"kind": "string"}), VALUES),
    "numbers as objects": (make_pipeline(encode(), Ridge()), FRAME.astype({"size": object, "count": object, "new": object}), VALUES),
    "categories of words and numbers": (encode_names("kind", "count"), LEVELS, VALUES),
    "a constant column with gaps": (
        HistGradientBoostingRegressor(max_iter=5),
        NUMBERS.assign(flat=np.where(FRAME["new"], 1.0, np.nan)),
        VALUES,
    ),
    "words alone": (make_pipeline(OneHotEncoder(), Ridge()), FRAME[["kind"]], VALUES),
    "booleans alone": (Ridge(), FRAME[["new"]], VALUES),
    "one row": (Ridge(), ROWS[:1], VALUES[:1]),
    "lists": (Ridge(), ROWS.tolist(), VALUES),
    "half precision": (Ridge(), ROWS.astype(np.float16), VALUES),
    "seconds since 1970": (
        make_pipeline(StandardScaler(), Ridge()),
        NUMBERS.assign(count=1_700_000_000 + FRAME["count"] * 86_400),
        VALUES,
    ),
    "float labels": (LogisticRegression(), ROWS, CLASSES.astype(float)),
    "bool labels": (DecisionTreeClassifier(), ROWS, CLASSES > 0),
    "negative labels": (LogisticRegression(), ROWS, CLASSES - 1),
    "labels of a categorical dtype": (LogisticRegression(), ROWS, pd.Categorical.from_codes(CLASSES, ["low", "größer", "high"])),
    "boosting behind an encoder": (ORDINAL, FRAME, WORDS),
}


@pytest.mark.parametrize("name", SERVED)
def test_serves_what_is_fitted_in_another_way_than_usual(name: str, tmp_path: Path) -> None:
    estimator, sample, targets = SERVED[name]
    report = package_model(estimator.fit(sample, targets), sample, tmp_path / "model")
    assert max(report.values()) <= 1e-6


def test_the_sample_may_lack_a_class(tmp_path: Path) -> None:
    assert max(package_model(LOGISTIC, ROWS[CLASSES == 1], tmp_path / "model").values()) <= 1e-6


def refuses(tmp_path: Path, message: str, estimator: Any, sample: Any) -> None:
    """Nothing is written, and the message says why."""
    with pytest.raises(Unsupported, match=message):
        package_model(estimator, sample, tmp_path / "model")
    assert not (tmp_path / "model").exists()
