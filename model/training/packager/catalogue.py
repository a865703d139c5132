"""Every estimator of scikit-learn that answers for new rows, fitted on real data."""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.datasets import load_diabetes, load_digits, load_wine
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.gaussian_process.kernels import RBF
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import all_estimators, get_tags

KINDS = ("classifier", "regressor", "cluster", "outlier", "transformer")
COUNTS = ["MultinomialNB", "ComplementNB", "BernoulliNB", "CategoricalNB", "BernoulliRBM"]
PAIR = [("first", LogisticRegression(max_iter=5000)), ("second", DecisionTreeClassifier(max_depth=3, random_state=0))]
LINES = [("first", LinearRegression()), ("second", Ridge())]
SPECIAL: dict[str, dict[str, Any]] = {
    "VotingClassifier": {"estimators": PAIR, "voting": "soft"},
    "StackingClassifier": {"estimators": PAIR},
    "VotingRegressor": {"estimators": LINES},
    "StackingRegressor": {"estimators": LINES},
    "ColumnTransformer": {"transformers": [("keep", "passthrough", [0, 1])]},
    "FeatureUnion": {"transformer_list": [("keep", "passthrough")]},
    "LocalOutlierFactor": {"novelty": True},
    "IsotonicRegression": {"out_of_bounds": "clip"},
    "GaussianRandomProjection": {"n_components": 5},
    "SparseRandomProjection": {"n_components": 5},
    "DictionaryLearning": {"n_components": 3, "max_iter": 10},
    "GaussianMixture": {"n_components": 3},
    "BayesianGaussianMixture": {"n_components": 3},
    "RadiusNeighborsClassifier": {"radius": 60.0, "outlier_label": "most_frequent"},
    "LabelPropagation": {"gamma": 0.001},
    "LabelSpreading": {"gamma": 0.001},
    "GaussianProcessClassifier": {"kernel": RBF(100.0)},
    "SparseCoder": {"dictionary": np.eye(13)},
}
# Their answers are words or lists, or they need what no estimator alone has.
LEFT_OUT = [
    "KernelCenterer",
    "LabelBinarizer", "LabelEncoder", "MultiLabelBinarizer", "CountVectorizer", "TfidfVectorizer", "HashingVectorizer",
    "DictVectorizer", "FeatureHasher", "PatchExtractor", "Pipeline",
]  # fmt: skip
LABELS = "ClassifierChain", "MultiOutputClassifier"
SEVERAL = "MultiTask", "MultiOutputRegressor", "RegressorChain", "PLSCanonical", "CCA", "PLSSVD"
TWO_CLASSES = "FixedThresholdClassifier", "TunedThresholdClassifierCV"
FILLING = "SimpleImputer", "KNNImputer", "IterativeImputer", "MissingIndicator"


def list_names(kinds: tuple[str, ...] = KINDS) -> Iterator[tuple[str, str]]:
    """The kind and name of each."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, found in all_estimators():
            if name in LEFT_OUT:
                continue
            kind = find_kind(name, found)
            if kind in kinds:
                yield kind, name


def find_kind(name: str, found: type[BaseEstimator]) -> str:
    """The kind of an estimator's class."""
    for kind in ("classifier", "regressor"):
        if name in dict(all_estimators(type_filter=kind)):
            return kind
    if name in ("IsolationForest", "LocalOutlierFactor", "OneClassSVM", "SGDOneClassSVM", "EllipticEnvelope"):
        return "outlier"
    if name in dict(all_estimators(type_filter="cluster")) or name.endswith("GaussianMixture"):
        return "cluster"
    return "transformer" if hasattr(found, "transform") else "none"


def fit(kind: str, name: str) -> tuple[Any, NDArray[Any]]:
    """The fitted estimator and its rows."""
    estimator = create(name, dict(all_estimators())[name])
    rows, targets = draw(kind, name, estimator)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator.fit(rows, targets), rows


def create(name: str, found: type[BaseEstimator]) -> Any:
    """The estimator with a fixed seed, and with parts where it needs some."""
    arguments: dict[str, Any] = dict(SPECIAL.get(name, {}))
    known = found._get_param_names()
    if "random_state" in known:
        arguments["random_state"] = 0
    if "n_estimators" in known and "estimators" not in known:
        arguments["n_estimators"] = 20
    if "param_grid" in known or "param_distributions" in known:
        return found(LogisticRegression(max_iter=5000), {"C": [0.1, 1.0]})
    if "estimator" in known and "n_estimators" not in known and name not in FILLING:
        is_regressor = name in dict(all_estimators(type_filter="regressor"))
        arguments["estimator"] = LinearRegression() if is_regressor else LogisticRegression(max_iter=5000)
    return found(**arguments)


def draw(kind: str, name: str, estimator: Any) -> tuple[NDArray[Any], Any]:
    """Wine, diabetes, or the counts of digits."""
    if kind == "regressor" or name in SEVERAL:
        rows, targets = load_diabetes(return_X_y=True)
        if name == "IsotonicRegression":
            return rows[:, 2:3], targets
        if name.startswith(SEVERAL):
            return rows, np.column_stack([targets, rows[:, 2] * targets])
        return rows, targets
    if name in COUNTS:
        rows, targets = load_digits(return_X_y=True)
        return (rows[:600] > 7).astype(float) if name == "CategoricalNB" else rows[:600], targets[:600]
    rows, targets = load_wine(return_X_y=True)
    if name in FILLING:
        return np.where(np.random.default_rng(0).random(rows.shape) < 0.1, np.nan, rows), targets
    if name in LABELS:
        return rows, np.column_stack([targets > 0, rows[:, 0] > 13.0]).astype(int)
    if name in TWO_CLASSES:
        return rows, (targets > 0).astype(int)
    needs_positive = get_tags(estimator).input_tags.positive_only
    return (np.abs(rows) if needs_positive else rows), targets
