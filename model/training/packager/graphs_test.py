"""The packager's own graphs answer in float64 as estimators do: no label differs, and numbers by roundings only."""

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder
from sklearn.svm import SVC, LinearSVC
from xgboost import XGBClassifier, XGBRegressor

from package_model import package_model
from packager.agreement import Comparison
from packager.answers import Answers
from packager.fitted import ABOUT, FRAME, GAPS, ONE_JOB, VALUES, WORDS, read_json
from packager.margins import create_margins
from packager.reading import read_columns

WINE, KINDS = load_wine(return_X_y=True)
CANCER, IS_BENIGN = load_breast_cancer(return_X_y=True)
DIABETES, PROGRESS = load_diabetes(return_X_y=True)
LEVELS = FRAME.assign(kind=FRAME["kind"].astype("category"))
PARTS = [("line", LogisticRegression(max_iter=5000)), ("forest", RandomForestClassifier(5, **ONE_JOB))]
FEW = {"n_estimators": 10, **ONE_JOB}

EXACT: dict[str, tuple[Any, Any, Any]] = {
    "scaled support vectors": (make_pipeline(StandardScaler(), SVC()), WINE, KINDS),
    "forest behind a scaler": (make_pipeline(StandardScaler(), RandomForestClassifier(10, **ONE_JOB)), WINE, KINDS),
    "float labels": (LogisticRegression(max_iter=5000), WINE, KINDS.astype(float)),
    "boolean labels": (LogisticRegression(max_iter=5000), WINE, KINDS > 0),
    "voting": (VotingClassifier(PARTS, voting="soft"), WINE, KINDS),
    "stacking": (StackingClassifier(PARTS), WINE, KINDS),
    "isotonic calibration": (CalibratedClassifierCV(LinearSVC(), method="isotonic"), CANCER, IS_BENIGN),
    "search": (GridSearchCV(make_pipeline(SelectKBest(k=5), LogisticRegression(max_iter=5000)), {}), WINE, KINDS),
    "clusters": (KMeans(3, n_init=1, random_state=0), WINE, None),
    "outliers": (IsolationForest(n_estimators=20, random_state=0), WINE, None),
    "histogram boosting with gaps": (HistGradientBoostingRegressor(max_iter=10, min_samples_leaf=2), GAPS, VALUES),
    "histogram boosting with levels": (HistGradientBoostingClassifier(max_iter=10, min_samples_leaf=2), LEVELS, WORDS),
    "LightGBM with levels": (LGBMClassifier(verbose=-1, min_child_samples=2, **FEW), LEVELS, WORDS),
    "LightGBM of counts": (LGBMRegressor(verbose=-1, objective="poisson", **FEW), DIABETES, PROGRESS),
    "XGBoost with levels": (XGBClassifier(enable_categorical=True, **FEW), LEVELS, WORDS == "yes"),
    "XGBoost with names": (XGBRegressor(**FEW), pd.DataFrame(GAPS, columns=["a", "b", "c"]), VALUES),
    "logarithms": (
        TransformedTargetRegressor(make_pipeline(StandardScaler(), Ridge()), func=np.log1p, inverse_func=np.expm1),
        DIABETES,
        PROGRESS,
    ),
    "mixed columns": (
        make_pipeline(
            ColumnTransformer(
                [
                    ("one", OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=45), ["kind"]),
                    ("rank", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["kind"]),
                    ("mean", TargetEncoder(random_state=0), ["kind"]),
                    ("size", FunctionTransformer(np.log1p), ["size", "count"]),
                ],
                remainder="passthrough",
            ),
            LogisticRegression(max_iter=5000),
        ),
        FRAME,
        WORDS,
    ),
}


@pytest.mark.parametrize("title", EXACT)
def test_is_served_exactly(title: str, tmp_path: Path) -> None:
    estimator, rows, targets = EXACT[title]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = package_model(estimator.fit(rows, targets), rows, tmp_path, about=ABOUT)
    assert max(report[kind] for kind in ("rows of the sample", "random rows", "rows beside a split")) <= 1e-6
    datatypes = {each["datatype"] for each in read_json(tmp_path / "card.json")["inputs"]}
    assert "FP64" in datatypes
    assert "FP32" not in datatypes


def test_labels_may_differ_where_scores_tie_and_nowhere_else() -> None:
    columns = read_columns(WINE, None, is_split=False).in_precision("FP64")
    rows = columns.sample
    for estimator in (SVC(), LinearSVC(), LogisticRegression(max_iter=5000), KMeans(3, n_init=1, random_state=0)):
        margins = create_margins(estimator.fit(WINE, KINDS), columns)
        assert margins is not None
        assert margins(rows).shape == (len(rows),)
        assert np.median(margins(rows)) > 1e-6
    assert create_margins(VotingClassifier(PARTS, voting="hard").fit(WINE, KINDS), columns) is None

    tied = Comparison(None, None, columns, 1e-6, False, lambda asked: np.full(len(asked), 1e-9))  # type: ignore[arg-type]
    apart = replace(tied, margins=lambda asked: np.full(len(asked), 1e-3))
    sides = Answers(np.array(["a", "b"]), np.empty((2, 0)))
    swapped = Answers(np.array(["b", "b"]), np.empty((2, 0)))
    is_off = np.array([True, False])
    assert tied.is_tied(rows.iloc[:2], sides, swapped, is_off)
    assert not apart.is_tied(rows.iloc[:2], sides, swapped, is_off)
    assert not replace(tied, margins=None).is_tied(rows.iloc[:2], sides, swapped, is_off)


def test_numbers_of_categories_count_without_their_fraction(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    rows = np.column_stack([random.integers(0, 6, 300), random.random(300)]).astype(float)
    model = LGBMRegressor(verbose=-1, min_child_samples=2, **FEW)
    model.fit(rows, np.sin(rows[:, 0] * 9) + rows[:, 1], categorical_feature=[0])
    package_model(model, rows, tmp_path, about=ABOUT)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    odd = np.column_stack([np.linspace(-1.5, 7.5, 40), random.random(40)])
    (values,) = session.run(None, {"X": odd})
    assert values.ravel() == pytest.approx(model.predict(odd), abs=1e-9)
