"""The estimator gets the rows as given; numbers that float32 cannot represent are refused with a reason."""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from lightgbm import LGBMRegressor
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBRegressor

from package_model import Disagreement, Unsupported, package_model
from packager.fitted import ABOUT, ONE_JOB, read_json

RANDOM = np.random.default_rng(3)
DAYS = RANDOM.integers(0, 40, (400, 1)).astype(float)
PARITY = np.where(DAYS[:, 0] % 2 == 0, "even", "odd")
SECONDS = 1.7e9 + np.sort(RANDOM.choice(3_000, (500, 1), replace=False), axis=0)
WAVES = ((SECONDS[:, 0] - 1.7e9) // 20 % 3) * 3
CLOSE = 1 + 1e-7 * RANDOM.integers(0, 50, (2_000, 1))
TENTHS = RANDOM.uniform(0, 10, (600, 2)).round(1)
BINS = {"encode": "ordinal", "strategy": "quantile", "quantile_method": "averaged_inverted_cdf"}
BOOSTED = {"n_estimators": 20, "verbose": -1, **ONE_JOB}
ONE_HOT = {"handle_unknown": "ignore"}
TINY = 1e-42 * RANDOM.normal(size=(200, 1))

LOST: dict[str, tuple[Any, Any, Any]] = {
    "one-hot ids": (make_pipeline(OneHotEncoder(**ONE_HOT), LogisticRegression()), DAYS + 1.7e9, PARITY),
    "known ids only": (make_pipeline(OneHotEncoder(), LogisticRegression()), DAYS + 1.7e9, PARITY),
    "ids of an integer dtype": (
        make_pipeline(OneHotEncoder(), LogisticRegression()),
        (DAYS + 1.7e9).astype(np.int64),
        PARITY,
    ),
    "ids just above 2^24": (make_pipeline(OneHotEncoder(), LogisticRegression()), DAYS + 2**24, PARITY),
    "ordinal ids": (make_pipeline(OrdinalEncoder(), DecisionTreeClassifier()), DAYS + 1.7e9, PARITY),
    "integers of a frame": (LGBMRegressor(**BOOSTED), pd.DataFrame(SECONDS.astype(np.int64), columns=["x0"]), WAVES),
    "nullable integers": (
        make_pipeline(OneHotEncoder(), LogisticRegression()),
        pd.DataFrame(DAYS + 1.7e9, columns=["x0"]).astype("Int64"),
        PARITY,
    ),
    "boosting on seconds": (LGBMRegressor(**BOOSTED), SECONDS, WAVES),
    "boosting on close values": (LGBMRegressor(**BOOSTED), CLOSE, (CLOSE[:, 0] - 1) * 1e7 % 7),
    "scaled seconds": (make_pipeline(StandardScaler(), Ridge()), SECONDS, WAVES),
    "denormal numbers": (make_pipeline(StandardScaler(), Ridge()), TINY, TINY[:, 0] * 1e42),
}


@pytest.mark.parametrize("title", LOST)
def test_refuses_numbers_that_float32_does_not_hold(title: str, tmp_path: Path) -> None:
    estimator, rows, targets = LOST[title]
    message = r"cannot represent the values of the column x0: \S+ becomes \S+\. \d+ of \d+ rows of the sample .* (Subtract|Rescale)"
    with pytest.raises(Disagreement, match=message):
        package_model(estimator.fit(rows, targets), rows, tmp_path / "model", about=ABOUT, precision="float32")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("title", sorted(set(LOST) - {"denormal numbers"}))
def test_float64_holds_the_same_numbers(title: str, tmp_path: Path) -> None:
    estimator, rows, targets = LOST[title]
    report = package_model(estimator.fit(rows, targets), rows, tmp_path, about=ABOUT)
    assert max(report.values()) <= 1e-6
    assert read_json(tmp_path / "card.json")["inputs"][0]["datatype"] == "FP64"


def test_samples_are_the_answers_to_the_rows_as_they_are_given(tmp_path: Path) -> None:
    # Bins end at tenths, which float32 moves into the bin below.
    estimator = make_pipeline(KBinsDiscretizer(10, **BINS), Ridge()).fit(TENTHS, TENTHS @ [0.3, 1.0])
    assert (estimator.predict(TENTHS) != estimator.predict(TENTHS.astype(np.float32))).sum() > 20
    package_model(estimator, TENTHS, tmp_path, about=ABOUT, accept_splits=True)
    assert_serves(tmp_path, estimator, TENTHS)


@pytest.mark.parametrize(
    ("estimator", "rows", "targets"),
    [
        (make_pipeline(OneHotEncoder(), LogisticRegression()), DAYS, PARITY),
        (LGBMRegressor(**BOOSTED), SECONDS - 1.7e9, WAVES),
        (LGBMRegressor(**BOOSTED), CLOSE.astype(np.float32), (CLOSE[:, 0] - 1) * 1e7 % 7),
        (make_pipeline(KBinsDiscretizer(10, **BINS), Ridge()), TENTHS.astype(np.float32), TENTHS @ [0.3, 1.0]),
        # These estimators round to float32 themselves.
        (XGBRegressor(n_estimators=20, **ONE_JOB), SECONDS, WAVES),
        (RandomForestRegressor(10, **ONE_JOB), SECONDS, WAVES),
    ],
)
def test_packages_once_the_advice_is_followed(estimator: Any, rows: Any, targets: Any, tmp_path: Path) -> None:
    package_model(estimator.fit(rows, targets), rows, tmp_path, about=ABOUT, tolerance=1e-5)
    assert_serves(tmp_path, estimator, rows)


def test_integers_of_a_tensor_of_their_own_are_exact(tmp_path: Path) -> None:
    frame = pd.DataFrame({"user id": (DAYS[:, 0] + 1.7e9).astype(np.int64), "label": DAYS[:, 0]})
    encode = ColumnTransformer([("id", OneHotEncoder(), ["user id"])], remainder="passthrough")
    package_model(
        make_pipeline(encode, LogisticRegression()).fit(frame, PARITY), frame, tmp_path, about=ABOUT, tolerance=1e-5
    )
    first = read_json(tmp_path / "card.json")["features"][0]
    assert first["categories"] == sorted(set(frame["user id"].tolist()))
    assert first["unknownCategories"] == "refuse"


@pytest.mark.parametrize("dataset", [load_diabetes, load_breast_cancer])
def test_real_data_is_answered_alike_or_refused(dataset: Any, tmp_path: Path) -> None:
    rows, targets = dataset(return_X_y=True)
    estimator = LGBMRegressor(verbose=-1, **ONE_JOB).fit(rows, targets)
    try:
        package_model(estimator, rows, tmp_path, about=ABOUT, precision="float32")
    except Disagreement as refusal:
        assert "float32" in str(refusal)
        return
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    (values,) = session.run(None, {"X": rows.astype(np.float32)})
    assert values.ravel() == pytest.approx(estimator.predict(rows), rel=1e-6, abs=1e-6)


def test_a_few_rows_within_a_rounding_of_a_split_are_accepted_when_told(tmp_path: Path) -> None:
    # Two values that are equal in float32, in separate rows beyond the others.
    rows = np.concatenate([np.repeat(np.arange(100.0), 20), [300.0000001] * 5, [300.0000002] * 5])[:, None]
    targets = np.where(rows[:, 0] > 300.00000015, 9.0, 1.0)
    estimator = LGBMRegressor(**BOOSTED, min_child_samples=1, min_data_in_bin=1).fit(rows, targets)
    with pytest.raises(Disagreement, match="or pass accept_splits=True"):
        package_model(estimator, rows, tmp_path / "model", about=ABOUT, precision="float32")
    report = package_model(estimator, rows, tmp_path / "model", about=ABOUT, accept_splits=True, precision="float32")
    assert 0 < report["share of the sample that differs"] < 0.02
    assert "of the rows of the sample" in " ".join(read_json(tmp_path / "model" / "card.json")["limits"])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1e39, r"the column x0 has 1e\+39, which becomes infinite in float32.*at most 3.4e\+38"),
        (-1e308, "becomes infinite in float32"),
        (np.inf, "has inf, which JSON cannot carry"),
    ],
)
def test_refuses_what_no_caller_could_send(value: float, message: str, tmp_path: Path) -> None:
    rows = np.array([[1.0], [2.0], [value]])
    with pytest.raises(Unsupported, match=message):
        package_model(Ridge().fit([[1.0], [2.0]], [1, 2]), rows, tmp_path / "model", about=ABOUT, precision="float32")


def test_unseen_decimals_on_the_thresholds_of_boosting_are_looked_at(tmp_path: Path) -> None:
    # Thresholds lie on odd hundredths, half way between two even ones.
    even, odd = (np.arange(start, 400, 2)[:, None] / 100 for start in (0, 1))
    estimator = LGBMRegressor(**BOOSTED, min_child_samples=1).fit(even, even[:, 0])
    holdout = (odd, odd[:, 0])
    with pytest.raises(Disagreement, match=r"float32.* of 200 rows of the holdout"):
        package_model(estimator, even, tmp_path / "model", about=ABOUT, holdout=holdout, precision="float32")
    with pytest.raises(Disagreement, match=r"float32.* of 1000 random rows"):
        package_model(estimator, even, tmp_path / "model", about=ABOUT, precision="float32")


def assert_serves(directory: Path, estimator: Any, rows: Any) -> None:
    """The samples hold the rows as given, and the estimator's own answers for them."""
    samples = read_json(directory / "samples.json")["samples"]
    given = np.array([sample["instance"] for sample in samples])
    assert set(given.ravel().tolist()) <= {float(str(value)) for value in rows.ravel()}
    answers = estimator.predict(given.astype(rows.dtype)).tolist()
    told = [sample["prediction"].get("label", sample["prediction"].get("value")) for sample in samples]
    assert told == (answers if isinstance(told[0], str) else pytest.approx(answers, abs=1e-8))
