"""An owner may leave everything out but the estimator and its rows, and decides what of these rows is published."""

import json
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from package_model import Unsupported, package_model
from packager import serving
from packager.fitted import FITTED, FRAME, ROWS, VALUES, WORDS, encode, read_json
from packager.public import OPEN


def test_infers_what_the_owner_leaves_out(tmp_path: Path) -> None:
    report = package_model(*FITTED["logistic regression"], tmp_path)
    card = read_json(tmp_path / "card.json")
    assert (card["name"], card["title"], card["intendedUse"]) == ("logistic-regression", "Logistic regression", OPEN)
    assert report.public == [
        "32 rows of the sample, which explanations compare with",
        "60 rows of the sample with their predictions",
        "range and quantiles of 3 columns",
    ]


def test_private_models_publish_no_row_and_no_list_of_optional_words(tmp_path: Path) -> None:
    estimator = make_pipeline(encode(handle_unknown="ignore"), LogisticRegression(max_iter=500)).fit(FRAME, WORDS)
    report = package_model(estimator, FRAME, tmp_path, private=True)
    card = read_json(tmp_path / "card.json")
    assert "background" not in card["data"]
    assert not any("categories" in feature for feature in card["features"])
    given = {tuple(row) for row in FRAME.to_numpy().tolist()}
    samples = read_json(tmp_path / "samples.json")["samples"]
    assert len(samples) > 10
    assert not {tuple(sample["instance"].values()) for sample in samples} & given
    assert report.public == ["range and quantiles of 2 columns"]


def test_private_models_need_an_estimator_that_takes_other_values(tmp_path: Path) -> None:
    days = np.arange(40.0)[:, None] % 7
    with pytest.raises(Unsupported, match="private=True cannot keep the rows secret"):
        package_model(make_pipeline(OneHotEncoder(), Ridge()).fit(days, days[:, 0]), days, tmp_path / "m", private=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(serving.find_obstacle() is not None, reason="npm ci and npm run build have not run")
def test_serves_at_once_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = package_model(*FITTED["ridge"], tmp_path, serve=True)
    assert report.server is not None
    try:
        address, body = capsys.readouterr().out.split("curl ")[1].split(" --json ")
        content = body.strip().strip("'").encode()
        request = urllib.request.Request(f"http://{address}", content, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as reply:
            (prediction,) = json.load(reply)["predictions"]
        (instance,) = json.loads(content)["instances"]
        assert prediction["value"] == pytest.approx(FITTED["ridge"][0].predict([instance])[0], abs=1e-12)
    finally:
        report.server.terminate()
        report.server.wait(timeout=10)


def test_says_what_stands_in_the_way_of_texts_and_other_samples(tmp_path: Path) -> None:
    frame = FITTED["frame"][0]
    for estimator, sample, message in (
        (Ridge().fit(ROWS, VALUES), ["good film", "awful day"], "list of texts: .*starts with TfidfVectorizer"),
        (Ridge().fit(ROWS, VALUES), csr_matrix(ROWS), "sparse csr_matrix.*Call toarray"),
        (frame, FRAME[["kind", "size", "count", "new"]], "columns in another order than the fit had: pass sample"),
        (Ridge(), ROWS, "the estimator is not fitted: call fit"),
    ):
        with pytest.raises(Unsupported, match=message):
            package_model(estimator, sample, tmp_path / "model")
