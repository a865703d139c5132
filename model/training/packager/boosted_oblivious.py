"""Models of CatBoost as people fit them, on real data; none where CatBoost is not installed."""

from typing import Any

import numpy as np
import pandas as pd

from .boosted import (
    BY_TOWN,
    CANCER,
    GAPS,
    GRADES,
    IS_BENIGN,
    KINDS,
    LEVELS,
    LIBRARIES,
    PAIRS,
    ROWS,
    VALUES,
    WINE,
    Variant,
    values,
)

try:
    import catboost as cb
except ImportError:
    cb = None

FEW: dict[str, Any] = {"iterations": 20, "verbose": 0, "thread_count": 1, "allow_writing_files": False}
WORDS = LEVELS[["age", "bmi"]].assign(town=LEVELS["town"].astype(object).fillna("none"))

BANDS = pd.cut(VALUES.sample(frac=1, random_state=0).to_numpy(), 8).astype(str)
MANY = WORDS.assign(size=LEVELS["size"].astype(int), band=BANDS)
IS_HIGH = (PAIRS > PAIRS.mean(axis=0)).astype(int)
IN_TREES = {"grow_policy": "Lossguide", **FEW}


def create_variants() -> dict[str, Variant]:
    """The models by title."""
    regressor, classifier = cb.CatBoostRegressor, cb.CatBoostClassifier
    losses = ["MAE", "Quantile:alpha=0.9", "Huber:delta=1.0", "Poisson", "Tweedie:variance_power=1.5"]
    return {
        "CatBoostRegressor of a frame": values(regressor(**FEW)),
        "missing values": values(regressor(**FEW), GAPS),
        "nan_mode=Max": values(regressor(nan_mode="Max", **FEW), GAPS),
        "early stopping": values(
            regressor(**{**FEW, "iterations": 300}, early_stopping_rounds=3),
            ROWS[::2],
            VALUES[::2],
            eval_set=(ROWS[1::2], VALUES[1::2]),
        ),
        "monotone_constraints": values(regressor(monotone_constraints={"bmi": 1}, **FEW)),
        "Depthwise": values(regressor(grow_policy="Depthwise", **FEW), GAPS),
        "Lossguide": values(regressor(grow_policy="Lossguide", **FEW), GAPS),
        **{loss: values(regressor(loss_function=loss, **FEW)) for loss in losses},
        "three quantiles": values(regressor(loss_function="MultiQuantile:alpha=0.1,0.5,0.9", **FEW)),
        "MultiRMSE": values(regressor(loss_function="MultiRMSE", **FEW), ROWS, PAIRS),
        "RMSEWithUncertainty": values(regressor(loss_function="RMSEWithUncertainty", **FEW)),
        "CatBoostRanker": values(cb.CatBoostRanker(**FEW), ROWS, GRADES, group_id=np.arange(len(ROWS)) // 17),
        "CatBoostClassifier of two classes": values(classifier(**FEW), CANCER, IS_BENIGN),
        "of three classes": values(classifier(**FEW), WINE, KINDS),
        "MultiClassOneVsAll": values(classifier(loss_function="MultiClassOneVsAll", **FEW), WINE, KINDS),
        "MultiLogloss": values(classifier(loss_function="MultiLogloss", **FEW), ROWS, IS_HIGH),
        "cat_features": values(regressor(cat_features=["town"], **FEW), WORDS, BY_TOWN),
        "cat_features, one-hot": values(regressor(cat_features=["town"], one_hot_max_size=9, **FEW), WORDS, BY_TOWN),
        "cat_features of words and numbers": values(regressor(cat_features=["town", "size", "band"], **FEW), MANY, BY_TOWN),
        "cat_features of two classes": values(
            classifier(cat_features=["town", "size"], **FEW), MANY.drop(columns="band"), BY_TOWN > 200
        ),
        "cat_features, Lossguide": values(regressor(cat_features=["town"], **IN_TREES), WORDS, BY_TOWN),
        "text_features": values(classifier(text_features=["town"], **FEW), WORDS.assign(town=WORDS["town"] + " am See"), VALUES > 150),
    }


OBLIVIOUS = {} if cb is None else create_variants()
EVERY = {**LIBRARIES, **({"CatBoost": OBLIVIOUS} if OBLIVIOUS else {})}
