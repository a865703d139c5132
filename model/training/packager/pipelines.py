"""Pipelines as data scientists build them: a title each, what is fitted, and on what."""

from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.feature_selection import RFE, SelectFromModel, SelectKBest, f_regression
from sklearn.impute import IterativeImputer, KNNImputer, MissingIndicator, SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    KBinsDiscretizer,
    OneHotEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import LinearSVC

from packager import patients as p
from packager.compositions import COMPOSITIONS
from packager.steps import (
    BOOSTED,
    BY_DTYPE,
    CONSTANT,
    FEW,
    FOREST,
    LOGISTIC,
    MOST,
    ONE_HOT,
    RANK,
    add_ratio,
    encode,
    filled,
    mixed,
    of,
)

# Group, title: estimator, rows, targets.
PIPELINES: dict[str, dict[str, tuple[Any, Any, Any]]] = {
    "Words and numbers": {
        "OneHotEncoder, StandardScaler, LogisticRegression": (mixed(LOGISTIC), p.PATIENTS, p.LEVEL),
        "the same with missing numbers": (mixed(LOGISTIC), p.GAPS, p.LEVEL),
        "the same before RandomForestClassifier": (mixed(FOREST), p.GAPS, p.LEVEL),
        "columns chosen by make_column_selector": (make_pipeline(BY_DTYPE, LOGISTIC), p.PATIENTS, p.LEVEL),
        "OneHotEncoder(drop='first')": (
            make_pipeline(encode(OneHotEncoder(drop="first")), Ridge()),
            p.PATIENTS,
            p.PROGRESS,
        ),
        "OneHotEncoder(min_frequency=150)": (
            make_pipeline(encode(OneHotEncoder(min_frequency=150, handle_unknown="infrequent_if_exist")), Ridge()),
            p.PATIENTS,
            p.PROGRESS,
        ),
        "OrdinalEncoder, RandomForestRegressor": (
            make_pipeline(encode(RANK), RandomForestRegressor(**FEW)),
            p.PATIENTS,
            p.PROGRESS,
        ),
        "OrdinalEncoder, HistGradientBoosting with categories": (
            make_pipeline(encode(RANK), HistGradientBoostingRegressor(max_iter=20, categorical_features=[0, 1])),
            p.GAPS,
            p.PROGRESS,
        ),
        "TargetEncoder": (make_pipeline(encode(TargetEncoder(random_state=0)), Ridge()), p.PATIENTS, p.PROGRESS),
        "TargetEncoder of three classes": (
            make_pipeline(encode(TargetEncoder(random_state=0)), LOGISTIC),
            p.PATIENTS,
            p.LEVEL,
        ),
        "category columns, HistGradientBoosting": (BOOSTED, p.CATEGORIES, p.PROGRESS),
        "ColumnTransformer alone": (encode(ONE_HOT), p.PATIENTS, None),
        "remainder='drop', sparse output": (
            make_pipeline(ColumnTransformer([("words", ONE_HOT, p.WORDS)], sparse_threshold=1.0), LinearSVC()),
            p.PATIENTS,
            p.LEVEL,
        ),
    },
    "Missing words": {
        "most_frequent of NaN": (filled(MOST), p.WORD_GAPS, p.PROGRESS),
        "constant of NaN": (filled(*CONSTANT), p.WORD_GAPS, p.PROGRESS),
        "constant of None": (filled(*CONSTANT, ("missing_values", None)), p.NONES, p.PROGRESS),
        "OneHotEncoder takes NaN": (make_pipeline(encode(ONE_HOT, SimpleImputer()), Ridge()), p.WORD_GAPS, p.PROGRESS),
        "OneHotEncoder takes None": (make_pipeline(encode(ONE_HOT, SimpleImputer()), Ridge()), p.NONES, p.PROGRESS),
        "OrdinalEncoder takes NaN": (make_pipeline(encode(RANK), BOOSTED), p.WORD_GAPS, p.PROGRESS),
        "TargetEncoder takes NaN": (
            make_pipeline(encode(TargetEncoder(random_state=0)), BOOSTED),
            p.WORD_GAPS,
            p.PROGRESS,
        ),
    },
    "Missing numbers": {
        "SimpleImputer(strategy='median', add_indicator=True)": (
            make_pipeline(SimpleImputer(strategy="median", add_indicator=True), Ridge()),
            p.GAPS[p.NUMBERS],
            p.PROGRESS,
        ),
        "SimpleImputer beside MissingIndicator": (
            make_pipeline(make_union(SimpleImputer(), MissingIndicator()), Ridge()),
            p.GAPS[p.NUMBERS],
            p.PROGRESS,
        ),
        "KNNImputer": (make_pipeline(KNNImputer(), Ridge()), p.MEASURED_GAPS, p.PROGRESS),
        "KNNImputer, rows equally far": (make_pipeline(KNNImputer(), Ridge()), p.GAPS[p.NUMBERS], p.PROGRESS),
        "IterativeImputer": (make_pipeline(IterativeImputer(random_state=0), Ridge()), p.GAPS[p.NUMBERS], p.PROGRESS),
        "HistGradientBoosting": (BOOSTED, p.GAPS[p.NUMBERS], p.PROGRESS),
    },
    "Functions": {
        **{
            f"FunctionTransformer(np.{each.__name__})": (of(each), p.NUMERIC, p.PROGRESS)
            for each in (np.log1p, np.sqrt, np.log, np.log10, np.square, np.cbrt, np.sin)
        },
        "FunctionTransformer of a function of one's own": (of(add_ratio), p.NUMERIC, p.PROGRESS),
        "FunctionTransformer(np.clip) with kw_args": (
            of(np.clip, kw_args={"a_min": 20, "a_max": 90}),
            p.NUMERIC,
            p.PROGRESS,
        ),
        "PowerTransformer": (make_pipeline(PowerTransformer(), Ridge()), p.NUMERIC, p.PROGRESS),
        "QuantileTransformer": (make_pipeline(QuantileTransformer(n_quantiles=50), Ridge()), p.NUMERIC, p.PROGRESS),
        "PolynomialFeatures": (make_pipeline(PolynomialFeatures(), StandardScaler(), Ridge()), p.NUMERIC, p.PROGRESS),
        "SplineTransformer": (make_pipeline(SplineTransformer(), Ridge()), p.NUMERIC, p.PROGRESS),
        "KBinsDiscretizer": (make_pipeline(KBinsDiscretizer(encode="onehot"), LOGISTIC), p.NUMERIC, p.LEVEL),
    },
    "Selection and projection": {
        "SelectKBest": (make_pipeline(mixed(SelectKBest(f_regression, k=4)), Ridge()), p.GAPS, p.PROGRESS),
        "SelectFromModel": (make_pipeline(SelectFromModel(FOREST), LOGISTIC), p.NUMERIC, p.LEVEL),
        "RFE": (make_pipeline(StandardScaler(), RFE(LOGISTIC, n_features_to_select=2)), p.NUMERIC, p.LEVEL),
        "PCA": (mixed(make_pipeline(PCA(3), LOGISTIC)), p.GAPS, p.LEVEL),
        "FeatureUnion of PCA and SelectKBest": (
            make_pipeline(StandardScaler(), make_union(PCA(2), SelectKBest(f_regression, k=2)), Ridge()),
            p.NUMERIC,
            p.PROGRESS,
        ),
    },
    **COMPOSITIONS,
}
