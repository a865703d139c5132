"""Pipelines within ensembles and searches, of several answers, and of dates: a title each, what is fitted, and on what."""

from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import (
    RandomForestRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    PowerTransformer,
    QuantileTransformer,
    StandardScaler,
)
from sklearn.svm import SVC, LinearSVC

from packager import patients as p
from packager.dated import Age, be_odd, count_days, read_parts, wave
from packager.steps import BOOSTED, FEW, FOREST, LINES, LOGISTIC, ONE_HOT, PARTS, SEARCH, TO_LOG, mixed

COMPOSITIONS: dict[str, dict[str, tuple[Any, Any, Any]]] = {
    "Ensembles of pipelines": {
        "VotingClassifier(voting='soft')": (
            VotingClassifier([("a", mixed(LOGISTIC)), ("b", mixed(FOREST))], voting="soft"),
            p.GAPS,
            p.LEVEL,
        ),
        "VotingClassifier(voting='hard')": (mixed(VotingClassifier(PARTS)), p.GAPS, p.LEVEL),
        "VotingRegressor": (mixed(VotingRegressor(LINES)), p.GAPS, p.PROGRESS),
        "StackingClassifier": (mixed(StackingClassifier(PARTS)), p.GAPS, p.LEVEL),
        "StackingRegressor with passthrough": (mixed(StackingRegressor(LINES, passthrough=True)), p.GAPS, p.PROGRESS),
        "CalibratedClassifierCV(LinearSVC)": (mixed(CalibratedClassifierCV(LinearSVC())), p.GAPS, p.LEVEL),
        "CalibratedClassifierCV of a pipeline": (
            CalibratedClassifierCV(mixed(FOREST), method="isotonic"),
            p.GAPS,
            p.LEVEL,
        ),
        "OneVsRestClassifier": (mixed(OneVsRestClassifier(LOGISTIC)), p.GAPS, p.LEVEL),
    },
    "Searches and targets": {
        "GridSearchCV of a pipeline": (GridSearchCV(mixed(Ridge()), SEARCH), p.GAPS, p.PROGRESS),
        "GridSearchCV as a step": (mixed(GridSearchCV(SVC(), {"C": [1.0, 10.0]})), p.GAPS, p.LEVEL),
        "RandomizedSearchCV": (
            RandomizedSearchCV(mixed(Ridge()), SEARCH, n_iter=2, random_state=0),
            p.GAPS,
            p.PROGRESS,
        ),
        "TransformedTargetRegressor(log1p)": (TransformedTargetRegressor(mixed(Ridge()), **TO_LOG), p.GAPS, p.PROGRESS),
        "TransformedTargetRegressor(StandardScaler)": (
            TransformedTargetRegressor(mixed(Ridge()), transformer=StandardScaler()),
            p.GAPS,
            p.PROGRESS,
        ),
        "TransformedTargetRegressor(QuantileTransformer)": (
            TransformedTargetRegressor(mixed(Ridge()), transformer=QuantileTransformer(n_quantiles=50)),
            p.GAPS,
            p.PROGRESS,
        ),
        "TransformedTargetRegressor(PowerTransformer)": (
            TransformedTargetRegressor(mixed(Ridge()), transformer=PowerTransformer()),
            p.GAPS,
            p.PROGRESS,
        ),
    },
    "Several values or labels": {
        "Ridge of two values": (mixed(Ridge()), p.GAPS, p.SEVERAL),
        "RandomForestRegressor of two values": (mixed(RandomForestRegressor(**FEW)), p.GAPS, p.SEVERAL),
        "MultiOutputRegressor": (mixed(MultiOutputRegressor(BOOSTED)), p.GAPS, p.SEVERAL),
        "RegressorChain": (mixed(RegressorChain(Ridge(), order=[1, 0])), p.GAPS, p.SEVERAL),
        "MultiOutputClassifier": (mixed(MultiOutputClassifier(LOGISTIC)), p.GAPS, p.LABELS),
        "MultiOutputClassifier of words": (
            mixed(MultiOutputClassifier(FOREST)),
            p.GAPS,
            np.column_stack([p.LEVEL, p.PATIENTS["band"]]),
        ),
        "ClassifierChain": (mixed(ClassifierChain(LOGISTIC)), p.GAPS, p.LABELS),
        "OneVsRestClassifier of several labels": (mixed(OneVsRestClassifier(LOGISTIC)), p.GAPS, p.LABELS),
        "RandomForestClassifier of several labels": (mixed(FOREST), p.GAPS, p.LABELS),
        "KNeighborsClassifier of several labels": (mixed(KNeighborsClassifier()), p.GAPS, p.LABELS),
        "MLPClassifier of several labels": (mixed(MLPClassifier((8,), random_state=0, max_iter=300)), p.GAPS, p.LABELS),
    },
    "Dates": {
        "a column of dates, made into days by a function": (
            make_pipeline(
                ColumnTransformer([("day", FunctionTransformer(count_days), ["visited"])], remainder=ONE_HOT), Ridge()
            ),
            p.DATES,
            p.PROGRESS,
        ),
        "month and weekday by a function": (
            make_pipeline(
                ColumnTransformer([("parts", FunctionTransformer(read_parts), ["visited"]), ("words", ONE_HOT, p.WORDS)]), Ridge()
            ),
            p.DATES,
            p.PROGRESS,
        ),
        "waves of the hour by a function": (
            make_pipeline(ColumnTransformer([("hour", FunctionTransformer(wave), ["visited"])], remainder=ONE_HOT), FOREST),
            p.TIMES,
            p.LEVEL,
        ),
        "a transformer of one's own": (
            make_pipeline(ColumnTransformer([("age", Age(), ["visited"])], remainder=ONE_HOT), FOREST),
            p.DATES,
            p.LEVEL,
        ),
        "an odd function of dates": (
            make_pipeline(ColumnTransformer([("odd", FunctionTransformer(be_odd), ["visited"])], remainder=ONE_HOT), Ridge()),
            p.DATES,
            p.PROGRESS,
        ),
        "days since a date, month and weekday": (
            make_pipeline(
                ColumnTransformer([("one", ONE_HOT, [*p.WORDS, "month", "weekday"])], remainder=MinMaxScaler()), Ridge()
            ),
            p.DAYS,
            p.PROGRESS,
        ),
        "seconds since 1970": (make_pipeline(StandardScaler(), Ridge()), p.SECONDS, p.PROGRESS),
    },
}
