"""Several labels a row are served as outputs of their own, named like the columns of the targets."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from package_model import About, Unsupported, package_model
from packager import running, serving
from packager.fitted import CLASSES, FRAME, ONE_JOB, ROWS, WORDS, encode, read_json
from packager.steps import LOGISTIC

MARKS = np.column_stack([CLASSES > 0, ROWS[:, 1] > 0, ROWS[:, 2] * ROWS[:, 0] > 0]).astype(int)
GRADES = np.array(["low", "middle", "high"])[CLASSES]
TARGETS = pd.DataFrame({"sold": WORDS, "grade": GRADES})
MARKING = {
    "chain": ClassifierChain(LogisticRegression(), order=[2, 0, 1]),
    "chain of probabilities": ClassifierChain(GaussianNB(), order=[1, 2, 0], chain_method="predict_proba"),
    "one against the rest": OneVsRestClassifier(GaussianNB()),
    "scores alone": MultiOutputClassifier(LinearSVC()),
    "forest": RandomForestClassifier(5, **ONE_JOB),
    "tree": DecisionTreeClassifier(max_depth=4, random_state=0),
    "neighbours by distance": KNeighborsClassifier(3, weights="distance"),
    "network": MLPClassifier((4,), max_iter=50, random_state=0),
    "ridge": RidgeClassifier(),
    "XGBoost": XGBClassifier(n_estimators=5, n_jobs=1),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("title", MARKING)
def test_each_mark_is_an_output(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without node, only Python's runtime checks what is written, which takes a third of the time.
    monkeypatch.setenv("PATH", "")
    estimator = MARKING[title].fit(ROWS, MARKS)
    package_model(estimator, ROWS, tmp_path, targets=MARKS)
    card = read_json(tmp_path / "card.json")
    assert card["task"] == "tensors"
    names = [output["name"] for output in card["outputs"]]
    assert [name for name in names if "prob" not in name] == ["output_0", "output_1", "output_2"]
    assert len(names) == (6 if hasattr(estimator, "predict_proba") else 3)
    samples = read_json(tmp_path / "samples.json")["samples"]
    found = [[each["prediction"][f"output_{place}"] for place in range(3)] for each in samples]
    assert np.array_equal(found, estimator.predict(np.array([each["instance"] for each in samples])))


@pytest.mark.skipif(serving.find_obstacle() is not None, reason="npm ci and npm run build have not run")
def test_the_endpoint_answers_with_each_label_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = pd.DataFrame(encode().fit_transform(FRAME), columns=["a", "b", "c", "size", "count", "is_new"]).astype(float)
    estimator = MultiOutputClassifier(LOGISTIC).fit(rows, TARGETS)
    package_model(estimator, rows, tmp_path, targets=TARGETS, holdout=(rows, TARGETS))
    assert read_json(tmp_path / "card.json")["evaluation"]["accuracy"] == pytest.approx(estimator.score(rows, TARGETS), abs=1e-5)
    server = running.start_server(tmp_path, rows.iloc[0].to_dict())
    try:
        port = capsys.readouterr().out.split("localhost:")[1].split("/")[0]
        body = json.dumps({"instances": rows.iloc[:9].to_dict("records")}).encode()
        request = urllib.request.Request(f"http://localhost:{port}/predict", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as reply:
            predictions = json.load(reply)["predictions"]
    finally:
        server.terminate()
        server.wait(timeout=10)
    shares = estimator.predict_proba(rows.iloc[:9])
    for row, labels in enumerate(estimator.predict(rows.iloc[:9])):
        found = predictions[row]
        assert (found["sold"], found["grade"]) == tuple(labels)
        assert list(found["grade_probabilities"]) == ["high", "low", "middle"]
        assert list(found["grade_probabilities"].values()) == pytest.approx(shares[1][row], abs=1e-9)


@pytest.mark.parametrize(
    ("about", "targets", "message"),
    [
        ({"value_names": ["sold"]}, None, r"predicts 3 labels per row: expected a name for each, got \['sold'\]"),
        ({"value_names": ["sold", "sold", "new"]}, None, "expected distinct names"),
        ({}, MARKS[:, 0], r"expected 3 targets for each row of the sample, got the shape \(150,\)"),
    ],
)
def test_says_how_to_name_them(about: dict[str, Any], targets: Any, message: str, tmp_path: Path) -> None:
    given = About("test", "Test", "Answers.", "Tests.", **about)
    with pytest.raises(Unsupported, match=message):
        package_model(RidgeClassifier().fit(ROWS, MARKS), ROWS, tmp_path / "model", about=given, targets=targets)
