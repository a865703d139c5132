"""Estimators, rows and steps that the tests share."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier, XGBRegressor

from package_model import About

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
    """One-hot encodes the strings and passes on the other columns."""
    return ColumnTransformer([("kind", OneHotEncoder(**options), ["kind"])], remainder="passthrough")


FITTED = {
    "forest": (RandomForestClassifier(10, **ONE_JOB).fit(ROWS, CLASSES), ROWS),
    "forest of two classes": (RandomForestClassifier(10, **ONE_JOB).fit(ROWS, CLASSES > 0), ROWS),
    "forest behind an imputer": (
        make_pipeline(SimpleImputer(), RandomForestClassifier(10, **ONE_JOB)).fit(GAPS, CLASSES),
        GAPS,
    ),
    "regression forest": (RandomForestRegressor(10, **ONE_JOB).fit(ROWS, VALUES), ROWS),
    "gradient boosting": (GradientBoostingClassifier(n_estimators=10, random_state=0).fit(ROWS, CLASSES), ROWS),
    "logistic regression": (make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, CLASSES), ROWS),
    "ridge": (Ridge().fit(ROWS, VALUES), ROWS),
    "network": (
        make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(4,), alpha=1, random_state=0)).fit(ROWS, VALUES),
        ROWS,
    ),
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


def read_json(path: Path) -> Any:
    """Reads a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
