"""Native boosters of XGBoost and LightGBM, and the files of these and of CatBoost, as estimators."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from .columns import Unsupported
from .graphs.oblivious import refuse_features

EXTREME_FILES, LIGHT_FILES, OBLIVIOUS_FILES = (".json", ".ubj"), (".txt",), (".cbm",)
FORMATS = "XGBoost (.json, .ubj), LightGBM (.txt) or CatBoost (.cbm)"
# The losses of classifiers.
CLASSIFYING = ("Logloss", "CrossEntropy", "MultiClass", "MultiClassOneVsAll")


def read_native(given: Any) -> Any:
    """An estimator for a native booster or the path of a model file; anything else as it is."""
    if isinstance(given, str | Path):
        path = Path(given)
        if path.suffix in (*EXTREME_FILES, *LIGHT_FILES, *OBLIVIOUS_FILES):
            return read_file(path)
    library = type(given).__module__.partition(".")[0]
    if type(given).__name__ == "Booster" and library == "xgboost":
        return wrap_extreme(given, is_native=True)
    if type(given).__name__ == "Booster" and library == "lightgbm":
        return wrap_light(given)
    if library == "catboost":
        require_task(given)
    return given


def require_task(model: Any) -> None:
    """Rejects models of CatBoost that no graph answers like, before they are asked: they raise errors of their own."""
    if type(model).__name__ == "CatBoost":
        raise Unsupported("CatBoost has no task: fit CatBoostClassifier or CatBoostRegressor, or pass the .cbm file that it saves")
    if model.is_fitted():
        refuse_features(model)


def read_file(path: Path) -> Any:
    """The model in a file. Their formats hold numbers and no code."""
    if not path.is_file():
        raise Unsupported(f"{path} does not exist: expected a model file of {FORMATS}")
    try:
        if path.suffix in OBLIVIOUS_FILES:
            return load_oblivious(path)
        if path.suffix in LIGHT_FILES:
            from lightgbm import Booster

            return wrap_light(Booster(model_file=path))
        from xgboost import Booster as ExtremeBooster

        booster = ExtremeBooster(model_file=path)
        return wrap_extreme(booster, is_native=booster.attr("scikit_learn") is None)
    except ImportError as failure:
        raise Unsupported(f"{path} needs a library that is not installed: {failure}. Install it") from failure
    except Exception as failure:
        reason = str(failure).strip().splitlines()[0][:200]
        raise Unsupported(f"{path} is no model file of {FORMATS}: {reason}") from failure


def load_oblivious(path: Path) -> Any:
    """An estimator of CatBoost: a classifier if the loss is one's."""
    from catboost import CatBoost, CatBoostClassifier, CatBoostRegressor

    loss = str(CatBoost().load_model(str(path)).get_all_params().get("loss_function", "")).partition(":")[0]
    kind = CatBoostClassifier if loss in CLASSIFYING else CatBoostRegressor
    return kind().load_model(str(path))


def wrap_extreme(booster: Any, *, is_native: bool) -> Any:
    """An estimator of XGBoost. A native booster predicts with all its trees, also after early stopping."""
    from xgboost import XGBClassifier, XGBRanker, XGBRegressor

    own = booster.copy()
    if is_native:
        own.set_attr(best_iteration=None, best_score=None)
    objective = json.loads(own.save_config())["learner"]["objective"]["name"]
    kind = XGBRegressor
    if objective.startswith("multi:") or objective == "binary:logistic":
        kind = XGBClassifier
    elif objective.startswith("rank:"):
        kind = XGBRanker
    estimator = kind(n_jobs=1)
    estimator.load_model(own.save_raw("ubj"))
    return estimator


def wrap_light(booster: Any) -> Any:
    """An estimator that asks the booster of LightGBM, which predicts up to its best iteration."""
    objective = str(booster.dump_model(num_iteration=1).get("objective", "")).split(" ")[0]
    is_classifier = objective in ("binary", "multiclass", "multiclassova")
    return LightGBMClassifier(booster) if is_classifier else LightGBMRegressor(booster)


class LightGBM(BaseEstimator):
    """What both have: the booster, its features and its parameters."""

    def __init__(self, booster: Any) -> None:
        self.booster_ = booster
        self.n_features_in_ = booster.num_feature()

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002
        """The parameters of the training, as far as the booster has them."""
        return dict(self.booster_.params)


class LightGBMRegressor(RegressorMixin, LightGBM):
    """Answers with what the booster predicts."""

    def predict(self, rows: Any) -> NDArray[np.float64]:
        return np.asarray(self.booster_.predict(rows))


class LightGBMClassifier(ClassifierMixin, LightGBM):
    """Answers with the likeliest class; classes are numbers from 0 on."""

    def __init__(self, booster: Any) -> None:
        super().__init__(booster)
        self.classes_ = np.arange(max(2, booster.num_model_per_iteration()))

    def predict_proba(self, rows: Any) -> NDArray[np.float64]:
        found = np.asarray(self.booster_.predict(rows))
        return found if found.ndim == 2 else np.column_stack([1.0 - found, found])

    def predict(self, rows: Any) -> NDArray[np.int64]:
        return np.asarray(self.predict_proba(rows).argmax(axis=1))
