"""Steps that the pipelines of the table share."""

from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import (
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)
from sklearn.tree import DecisionTreeClassifier

from packager import patients as p

FEW = {"n_estimators": 20, "random_state": 0, "n_jobs": 1}
LOGISTIC = LogisticRegression(max_iter=5000)
FOREST = RandomForestClassifier(**FEW)
LINES = [("line", LinearRegression()), ("ridge", Ridge())]
PARTS = [("line", LOGISTIC), ("tree", DecisionTreeClassifier(max_depth=4, random_state=0))]
ONE_HOT = OneHotEncoder(handle_unknown="ignore")
RANK = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
BOOSTED = HistGradientBoostingRegressor(max_iter=20, random_state=0)


def encode(words: Any, numbers: Any = "passthrough") -> ColumnTransformer:
    """A transformer for the words, and one for the numbers."""
    return ColumnTransformer([("words", words, p.WORDS), ("numbers", numbers, p.NUMBERS)])


def mixed(last: Any) -> Any:
    """Words one-hot, gaps filled, numbers scaled, then an estimator."""
    return make_pipeline(encode(ONE_HOT, make_pipeline(SimpleImputer(), StandardScaler())), last)


def filled(*options: Any) -> Any:
    """Words whose gaps are filled, one-hot; a ridge behind it."""
    return make_pipeline(encode(make_pipeline(SimpleImputer(**dict(options)), ONE_HOT), SimpleImputer()), Ridge())


def of(function: Any, **options: Any) -> Any:
    """A function of the numbers before a ridge."""
    return make_pipeline(FunctionTransformer(function, **options), StandardScaler(), Ridge())


def add_ratio(rows: Any) -> Any:
    """A function of one's own."""
    return np.column_stack([rows, np.asarray(rows)[:, 0] / np.asarray(rows)[:, 1]])


MOST = ("strategy", "most_frequent")
CONSTANT = (("strategy", "constant"), ("fill_value", "none"))
BY_DTYPE = ColumnTransformer(
    [
        ("words", ONE_HOT, make_column_selector(dtype_exclude="number")),
        ("rest", StandardScaler(), make_column_selector(dtype_include="number")),
    ]
)
TO_LOG = {"func": np.log1p, "inverse_func": np.expm1}
SEARCH = {"ridge__alpha": [0.1, 1.0]}
