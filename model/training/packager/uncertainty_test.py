"""What the holdout tells: errors from which sets follow that hold the truth as often as asked, and calibrations."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from scipy.stats import betabinom
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC

from conformal import MOST_SCORES, describe_uncertainty
from package_model import Unsupported, package_model
from packager.fitted import ABOUT, read_json

BY_CHANCE = 1e-3
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "uncertainty.md"
DIABETES, PROGRESS = load_diabetes(return_X_y=True)
CANCER, IS_BENIGN = load_breast_cancer(return_X_y=True)
DIGITS, DIGIT = load_digits(return_X_y=True)


def split(rows: Any, targets: Any, fitted: int, held_out: int) -> tuple[Any, ...]:
    """Rows to fit, to hold out, and to test with, shuffled."""
    order = np.random.default_rng(5).permutation(len(rows))
    places = np.split(order, [fitted, fitted + held_out])
    return tuple((rows[place], targets[place]) for place in places)


def find_score(known: dict[str, Any], coverage: float) -> float:
    """As the endpoint finds it."""
    rank = int(np.ceil((known["rows"] + 1) * coverage - 1e-9))
    return float(known["scores"][(rank - 1) * len(known["scores"]) // known["rows"]])


def run(directory: Path, rows: Any) -> Any:
    """The numbers of the written weights."""
    session = onnxruntime.InferenceSession(directory / "model.onnx", providers=["CPUExecutionProvider"])
    kind = {"tensor(float)": np.float32, "tensor(double)": np.float64}[session.get_inputs()[0].type]
    return session.run(None, {session.get_inputs()[0].name: rows.astype(kind)})[-1]


Cover = Callable[[Any, Any, float], Any]


@pytest.mark.parametrize(
    ("estimator", "data", "sizes", "covers"),
    [
        (
            GradientBoostingRegressor(n_estimators=30, random_state=0),
            (DIABETES, PROGRESS),
            (182, 100),
            lambda values, actual, score: np.abs(values.ravel() - actual) <= score,
        ),
        (
            RandomForestClassifier(20, random_state=0, n_jobs=1),
            (DIGITS, DIGIT),
            (400, 600),
            lambda shares, actual, score: shares[np.arange(len(actual)), actual] >= 1 - score,
        ),
    ],
)
def test_sets_hold_the_truth_as_often_as_asked(
    estimator: Any, data: Any, sizes: Any, covers: Cover, tmp_path: Path
) -> None:
    fitted, held_out, fresh = split(*data, *sizes)
    package_model(estimator.fit(*fitted), fitted[0], tmp_path, about=ABOUT, holdout=held_out)
    known = read_json(tmp_path / "card.json")["uncertainty"]
    assert (known["method"], known["rows"]) == ("split-conformal", sizes[1])
    assert known["scores"] == sorted(known["scores"])
    answers = run(tmp_path, fresh[0])
    for coverage in (0.5, 0.8, 0.9, 0.95):
        held = int(covers(answers, fresh[1], find_score(known, coverage)).sum())
        rank = int(np.ceil((sizes[1] + 1) * coverage))
        assert betabinom.cdf(held, len(fresh[1]), rank, sizes[1] + 1 - rank) > BY_CHANCE


def test_keeps_a_bounded_number_of_scores_and_errs_to_the_wide_side() -> None:
    scores = np.random.default_rng(0).exponential(size=12_345)
    known = describe_uncertainty("split-conformal", scores)
    assert len(known["scores"]) == MOST_SCORES
    for coverage in np.random.default_rng(1).uniform(0, 12_345 / 12_346, 200):
        exact = np.sort(scores)[int(np.ceil(12_346 * coverage)) - 1]
        assert 0 <= find_score(known, coverage) - exact <= exact * 1e-5 + np.quantile(scores, min(1, coverage + 0.0011)) - exact


@pytest.mark.parametrize(
    ("estimator", "targets"),
    [(LinearSVC(), IS_BENIGN), (LinearRegression(), np.column_stack([IS_BENIGN, IS_BENIGN]))],
)
def test_says_nothing_without_probabilities_or_with_several_values(estimator: Any, targets: Any, tmp_path: Path) -> None:
    rows = CANCER[:, :4]
    held_out = (rows[400:], targets[400:])
    package_model(estimator.fit(rows[:400], targets[:400]), rows[:400], tmp_path, about=ABOUT, holdout=held_out)
    assert "uncertainty" not in read_json(tmp_path / "card.json")


@pytest.mark.parametrize(
    ("estimator", "method"),
    [(GaussianNB(), "temperature"), (LinearSVC(), "temperature"), (GaussianNB(), "isotonic"), (LinearSVC(), "sigmoid")],
)
def test_calibrates_with_one_half_of_the_holdout(estimator: Any, method: str, tmp_path: Path) -> None:
    fitted, held_out, fresh = split(CANCER[:, :6], IS_BENIGN, 200, 200)
    own = estimator.fit(*fitted)
    package_model(own, fitted[0], tmp_path, about=ABOUT, holdout=held_out, calibrate=method)
    card = read_json(tmp_path / "card.json")
    assert card["evaluation"]["rows"] == card["uncertainty"]["rows"] == 100
    assert card["training"]["estimator"] == "sklearn.CalibratedClassifierCV"
    loss = brier_score_loss(fresh[1], run(tmp_path, fresh[0])[:, 1])
    assert loss < 0.1
    if hasattr(own, "predict_proba"):
        assert loss < brier_score_loss(fresh[1], own.predict_proba(fresh[0])[:, 1])


def test_calibrates_many_classes_by_a_temperature_as_the_reference_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted, (unseen, targets), fresh = split(DIGITS, DIGIT, 400, 600)
    own = RandomForestClassifier(20, random_state=0, n_jobs=1).fit(*fitted)
    monkeypatch.chdir(tmp_path)
    [program] = re.findall(r"```python\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)
    names = {"package_model": package_model, "model": own, "rows": fitted[0], "about": ABOUT}
    exec(program, {**names, "unseen": unseen, "targets": targets})
    shares = run(tmp_path / "model", fresh[0])
    assert (shares.argmax(axis=1) == own.predict_proba(fresh[0]).argmax(axis=1)).all()
    assert log_loss(fresh[1], shares) < log_loss(fresh[1], own.predict_proba(fresh[0]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"calibrate": "platt"}, "calibrate must be"),
        ({"calibrate": "temperature"}, "needs a holdout"),
        ({"calibrate": "isotonic", "holdout": (CANCER[:6, :4], IS_BENIGN[:6])}, "ten"),
    ],
)
def test_says_what_a_calibration_needs(arguments: Any, message: str, tmp_path: Path) -> None:
    own = GaussianNB().fit(CANCER[:, :4], IS_BENIGN)
    with pytest.raises(Unsupported, match=message):
        package_model(own, CANCER[:, :4], tmp_path, about=ABOUT, **arguments)
    with pytest.raises(Unsupported, match="needs a classifier"):
        package_model(LinearRegression().fit(CANCER[:, :4], IS_BENIGN), CANCER[:, :4], tmp_path, about=ABOUT, calibrate="isotonic")
