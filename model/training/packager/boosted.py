"""Models of XGBoost and LightGBM as people fit them, on real data: what the table of estimators and the tests package."""

from collections.abc import Callable
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

ROWS, VALUES = load_diabetes(return_X_y=True, as_frame=True)
WINE, KINDS = load_wine(return_X_y=True, as_frame=True)
CANCER, IS_BENIGN = load_breast_cancer(return_X_y=True, as_frame=True)
GAPS = ROWS.mask(np.random.default_rng(0).random(ROWS.shape) < 0.1)
SHARES = (VALUES - VALUES.min()) / (VALUES.max() - VALUES.min())
PAIRS = np.column_stack([VALUES, ROWS["bmi"] * VALUES])
# Each group of 17 rows is a query.
GROUPS = np.full(len(ROWS) // 17, 17)
GRADES = (SHARES * 4).astype(int)

def with_levels() -> pd.DataFrame:
    """Three numbers of diabetes beside categories of words, of numbers, and with missing ones."""
    random = np.random.default_rng(1)
    count = len(ROWS)
    town = pd.Series(pd.Categorical(random.choice(["Ulm", "Köln", "Bad Ems"], count)))
    size = pd.Categorical(random.choice([3, 1, 7], count))
    stage = pd.Series(pd.Categorical(random.choice([1, 2, 3, 4], count)))
    gaps = {"town": town.mask(random.random(count) < 0.1), "size": size, "stage": stage.mask(random.random(count) < 0.1)}
    return ROWS[["age", "bmi", "bp"]].assign(smokes=random.random(count) < 0.5, **gaps)


LEVELS = with_levels()
BY_TOWN = VALUES + LEVELS["town"].cat.codes * 50 + (LEVELS["size"].cat.codes == 1) * 80

Variant = Callable[[], tuple[Any, Any]]
FEW: dict[str, Any] = {"n_estimators": 20, "n_jobs": 1}
LIGHT: dict[str, Any] = {**FEW, "verbose": -1, "min_child_samples": 5}


def values(model: Any, rows: Any = ROWS, targets: Any = VALUES, **options: Any) -> Variant:
    """A regressor of diabetes' progress."""
    return lambda: (model.fit(rows, targets, **options), rows)


def wine(model: Any) -> Variant:
    """A classifier of three kinds of wine."""
    return lambda: (model.fit(WINE, KINDS), WINE)


def tumours(model: Any) -> Variant:
    """A classifier of two kinds of tumours."""
    return lambda: (model.fit(CANCER, IS_BENIGN), CANCER)


def stopped(model: Any, **options: Any) -> Variant:
    """A regressor that stopped early, on rows held out."""
    return values(model, ROWS[::2], VALUES[::2], eval_set=[(ROWS[1::2], VALUES[1::2])], **options)


def trained(rows: Any = ROWS, targets: Any = VALUES, **parameters: Any) -> Variant:
    """A native booster of XGBoost."""
    return lambda: (
        xgb.train({"nthread": 1, **parameters}, xgb.DMatrix(rows, targets, enable_categorical=True), 20),
        rows,
    )


def trained_lightly(rows: Any = ROWS, targets: Any = VALUES, **parameters: Any) -> Variant:
    """A native booster of LightGBM."""
    known = {"verbose": -1, "num_threads": 1, "min_data_in_leaf": 5, **parameters}
    return lambda: (lgb.train(known, lgb.Dataset(rows, targets), 20), rows)


def minus(rows: Any, targets: Any) -> Any:
    """The gradient and curvature of squared errors, as an objective of the user's own."""
    return targets - rows, np.ones(len(rows))


EXTREME: dict[str, Variant] = {
    "XGBRegressor of a frame": values(xgb.XGBRegressor(**FEW)),
    "300 trees": values(xgb.XGBRegressor(**{**FEW, "n_estimators": 300})),
    "missing values": values(xgb.XGBRegressor(**FEW), GAPS),
    "categorical columns, some missing": values(xgb.XGBRegressor(enable_categorical=True, **FEW), LEVELS, BY_TOWN),
    "one-hot categories": values(
        xgb.XGBRegressor(enable_categorical=True, max_cat_to_onehot=9, **FEW), LEVELS, BY_TOWN
    ),
    "missing=-1": values(xgb.XGBRegressor(missing=-1.0, **FEW), GAPS.fillna(-1.0)),
    "early stopping": stopped(xgb.XGBRegressor(n_estimators=300, n_jobs=1, early_stopping_rounds=3), verbose=0),
    "early stopping by a callback": stopped(
        xgb.XGBRegressor(n_estimators=300, n_jobs=1, callbacks=[xgb.callback.EarlyStopping(rounds=3)]), verbose=0
    ),
    "base_score": values(xgb.XGBRegressor(base_score=100, **FEW)),
    "monotone_constraints": values(xgb.XGBRegressor(monotone_constraints={"bmi": 1}, **FEW)),
    "num_parallel_tree": values(xgb.XGBRegressor(num_parallel_tree=3, **FEW)),
    "dart": values(xgb.XGBRegressor(booster="dart", rate_drop=0.3, **FEW)),
    "gblinear": values(xgb.XGBRegressor(booster="gblinear", **FEW)),
    "reg:quantileerror": values(xgb.XGBRegressor(objective="reg:quantileerror", quantile_alpha=0.9, **FEW)),
    "three quantiles": values(xgb.XGBRegressor(objective="reg:quantileerror", quantile_alpha=[0.1, 0.5, 0.9], **FEW)),
    "two targets": values(xgb.XGBRegressor(**FEW), ROWS, PAIRS),
    "two targets in a tree": values(xgb.XGBRegressor(multi_strategy="multi_output_tree", **FEW), ROWS, PAIRS),
    **{
        objective: values(xgb.XGBRegressor(objective=objective, **FEW))
        for objective in ("reg:squaredlogerror", "reg:absoluteerror", "reg:pseudohubererror", "count:poisson")
    },
    **{
        objective: values(xgb.XGBRegressor(objective=objective, **FEW))
        for objective in ("reg:gamma", "reg:tweedie", "survival:cox")
    },
    "reg:logistic": values(xgb.XGBRegressor(objective="reg:logistic", **FEW), ROWS, SHARES),
    "an objective of one's own": values(xgb.XGBRegressor(objective=minus, **FEW)),
    "logarithm of the target": values(
        TransformedTargetRegressor(xgb.XGBRegressor(**FEW), func=np.log1p, inverse_func=np.expm1)
    ),
    "XGBRanker": values(xgb.XGBRanker(**FEW), ROWS, GRADES, group=GROUPS),
    "XGBRFRegressor": values(xgb.XGBRFRegressor(**FEW)),
    "XGBClassifier of two classes": tumours(xgb.XGBClassifier(**FEW)),
    "of three classes": wine(xgb.XGBClassifier(**FEW)),
    "multi:softmax": wine(xgb.XGBClassifier(objective="multi:softmax", **FEW)),
    "binary:hinge": tumours(xgb.XGBClassifier(objective="binary:hinge", **FEW)),
    "XGBRFClassifier": tumours(xgb.XGBRFClassifier(**FEW)),
    "several labels": values(xgb.XGBClassifier(**FEW), ROWS, PAIRS > PAIRS.mean(axis=0)),
    "native booster": trained(),
    "native booster, categorical columns": trained(LEVELS, BY_TOWN),
    "native booster of two classes": trained(WINE, KINDS > 0, objective="binary:logistic"),
    "native booster of three classes": trained(WINE, KINDS, objective="multi:softprob", num_class=3),
}

STOP = [lgb.early_stopping(3, verbose=False)]
BAGGED: dict[str, Any] = {"boosting_type": "rf", "subsample": 0.7, "subsample_freq": 1, **LIGHT}
LIGHTS: dict[str, Variant] = {
    "LGBMRegressor of a frame": values(lgb.LGBMRegressor(**LIGHT)),
    "missing values": values(lgb.LGBMRegressor(**LIGHT), GAPS),
    "categorical columns, some missing": values(lgb.LGBMRegressor(**LIGHT), LEVELS, BY_TOWN),
    "classes by categorical columns": values(lgb.LGBMClassifier(**LIGHT), LEVELS, BY_TOWN > 200),
    "zero_as_missing": values(lgb.LGBMRegressor(zero_as_missing=True, **LIGHT), GAPS.fillna(0.0)),
    "early stopping": stopped(lgb.LGBMRegressor(**{**LIGHT, "n_estimators": 300}), callbacks=STOP),
    "monotone_constraints": values(lgb.LGBMRegressor(monotone_constraints=[0, 0, 1, *[0] * 7], **LIGHT)),
    "dart": values(lgb.LGBMRegressor(boosting_type="dart", **LIGHT)),
    "rf": values(lgb.LGBMRegressor(**BAGGED)),
    "linear_tree": values(lgb.LGBMRegressor(linear_tree=True, **LIGHT)),
    "reg_sqrt": values(lgb.LGBMRegressor(reg_sqrt=True, **LIGHT)),
    **{
        objective: values(lgb.LGBMRegressor(objective=objective, **LIGHT))
        for objective in ("regression_l1", "huber", "fair", "quantile", "mape", "poisson", "gamma", "tweedie")
    },
    **{
        objective: values(lgb.LGBMRegressor(objective=objective, **LIGHT), ROWS, SHARES)
        for objective in ("cross_entropy", "cross_entropy_lambda")
    },
    "an objective of one's own": values(lgb.LGBMRegressor(objective=minus, **LIGHT)),
    "LGBMRanker": values(lgb.LGBMRanker(**LIGHT), ROWS, GRADES, group=GROUPS),
    "LGBMClassifier of two classes": tumours(lgb.LGBMClassifier(**LIGHT)),
    "of three classes": wine(lgb.LGBMClassifier(**LIGHT)),
    "multiclassova": wine(lgb.LGBMClassifier(objective="multiclassova", **LIGHT)),
    "rf of classes": wine(lgb.LGBMClassifier(**BAGGED)),
    "native booster": trained_lightly(),
    "native booster, categorical columns": trained_lightly(LEVELS, BY_TOWN),
    "native booster of two classes": trained_lightly(WINE, KINDS > 0, objective="binary"),
    "native booster of three classes": trained_lightly(WINE, KINDS, objective="multiclass", num_class=3),
}

LIBRARIES: dict[str, dict[str, Variant]] = {"XGBoost": EXTREME, "LightGBM": LIGHTS}
